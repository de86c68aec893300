//! Creating, changing, deleting and restoring contacts. Every use case: policy, one transaction, the order of steps.

use async_graphql::MaybeUndefined;
use entity::contact::{Entity, Model};
use entity::{ContactId, account, campaign, lead_source};
use serde_json::json;

use super::input::{CreateContactInput, UpdateContactInput};
use super::{rules, store};
use crate::auth::policy;
use crate::data::write::{Write, check_version};
use crate::domains::campaign_member::rules::Person;
use crate::domains::fields::Cleaner;
use crate::domains::lead::input::{AssignInput, DeleteInput, RestoreInput};
use crate::domains::{campaign_member, references};
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::graphql::ids;

/// Creates a contact. Without an owner it is the actor's.
pub async fn create(write: &Write<'_>, input: CreateContactInput) -> Result<Model> {
    policy::may_create(write.actor)?;
    let key = input.idempotency_key.as_deref();
    if let Some(answer) = write.first_answer(key, "createContact", &input).await? {
        return write.made_before::<Entity>(&answer).await;
    }
    let mut cleaner = Cleaner::new(&write.app.workspace().base_currency);
    let blank = blank(write);
    let mut contact = blank.clone();
    rules::apply(&mut cleaner, &MaybeUndefined::Value(input.last_name), &input.fields, &mut contact);
    if let Some(owner) = &input.owner_id {
        contact.owner_id = ids::reference(&mut cleaner.problems, "ownerId", Some(owner));
    }
    check_references(write, &mut cleaner, &blank, &contact).await?;
    cleaner.problems.check()?;
    let contact = write.insert(contact, "created").await?;
    campaign_member::service::follow(write, None, contact.campaign_id, Person::Contact(contact.id)).await?;
    write.remember_answer(key, json!({ "contact": contact.id.uuid() })).await?;
    Ok(contact)
}

/// Changes a contact's fields.
pub async fn update(write: &Write<'_>, input: UpdateContactInput) -> Result<Model> {
    let before = for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    let mut cleaner = Cleaner::new(&write.app.workspace().base_currency);
    let mut contact = before.clone();
    rules::apply(&mut cleaner, &input.last_name, &input.fields, &mut contact);
    cleaner.id("ownerId", &input.owner_id, &mut contact.owner_id);
    check_references(write, &mut cleaner, &before, &contact).await?;
    cleaner.problems.check()?;
    check_move(write, &before, &contact).await?;
    let contact = write.update(&before, contact, "updated").await?;
    campaign_member::service::follow(write, before.campaign_id, contact.campaign_id, Person::Contact(contact.id)).await?;
    Ok(contact)
}

/// Gives a contact to an active user, or to nobody.
pub async fn assign(write: &Write<'_>, input: AssignInput) -> Result<Model> {
    let before = for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    let owner_id = references::new_owner(write, &input.owner_id).await?;
    write.update(&before, Model { owner_id, ..before.clone() }, "assigned").await
}

/// Deletes a contact that nothing depends on. It can be restored.
pub async fn delete(write: &Write<'_>, input: DeleteInput) -> Result<ContactId> {
    let before = for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    let uses = store::uses(write.connection(), write.scope(), before.id).await?;
    uses.check("id", |names| {
        format!("The contact still stands for {names}: `details` names them. Give opportunities another primary contact first.")
    })?;
    write.update(&before, Model { deleted_at: Some(write.now), ..before.clone() }, "deleted").await?;
    Ok(before.id)
}

/// Brings a deleted contact back. Its account must be there.
pub async fn restore(write: &Write<'_>, input: RestoreInput) -> Result<Model> {
    policy::may_create(write.actor)?;
    let before = write.lock::<Entity>(write.scope().with_deleted(), ids::subject(&input.id, "id")?, "id").await?;
    policy::may_change(write.actor, before.owner_id)?;
    if let Some(account) = before.account_id.filter(|_| before.deleted_at.is_some())
        && write.find(account).await?.is_none()
    {
        let problem =
            UserError::at(UserErrorCode::NotFound, "id", "The contact's account was deleted: restore the account first.");
        return Err(Error::refused(problem.with_details(json!({ "accountId": account.to_string() }))));
    }
    write.update(&before, Model { deleted_at: None, ..before.clone() }, "restored").await
}

/// Reads a contact for a change: visible, permitted, of the expected version.
pub async fn for_change(write: &Write<'_>, id: ContactId, expected_version: Option<i32>) -> Result<Model> {
    policy::may_create(write.actor)?;
    let contact = write.lock::<Entity>(write.scope(), id, "id").await?;
    policy::may_change(write.actor, contact.owner_id)?;
    check_version(contact.version, expected_version)?;
    Ok(contact)
}

/// Checks that what the contact newly refers to is there.
async fn check_references(write: &Write<'_>, cleaner: &mut Cleaner<'_>, before: &Model, after: &Model) -> Result<()> {
    let problems = &mut cleaner.problems;
    let account = after.account_id.filter(|_| after.account_id != before.account_id);
    let source = after.source_id.filter(|_| after.source_id != before.source_id);
    let campaign = after.campaign_id.filter(|_| after.campaign_id != before.campaign_id);
    let owner = after.owner_id.filter(|_| after.owner_id != before.owner_id);
    references::check::<account::Entity>(write, problems, "accountId", account).await?;
    references::check::<lead_source::Entity>(write, problems, "sourceId", source).await?;
    references::check::<campaign::Entity>(write, problems, "campaignId", campaign).await?;
    references::check_owner(write, problems, "ownerId", owner).await?;
    Ok(())
}

/// Refuses to take a contact out of an account that has opportunities of which it is the primary contact.
pub async fn check_move(write: &Write<'_>, before: &Model, after: &Model) -> Result<()> {
    let Some(account) = before.account_id.filter(|_| after.account_id != before.account_id) else { return Ok(()) };
    store::ties(write.connection(), write.scope(), before.id, account).await?.check("accountId", |_| {
        "The contact is the primary contact of opportunities of its account: `details` names them. Give those another one first."
            .to_owned()
    })
}

/// A new contact with nothing known about it, owned by the actor.
pub fn blank(write: &Write<'_>) -> Model {
    Model {
        id: write.new_id(),
        version: 1,
        account_id: None,
        first_name: None,
        last_name: None,
        job_title: None,
        email: None,
        phone: None,
        street: None,
        city: None,
        region: None,
        postal_code: None,
        country: None,
        description: None,
        owner_id: Some(write.actor.id()),
        source_id: None,
        campaign_id: None,
        first_name_key: String::new(),
        last_name_key: String::new(),
        email_key: String::new(),
        phone_match: String::new(),
        external_id: None,
        created_at: write.now,
        updated_at: write.now,
        deleted_at: None,
    }
}
