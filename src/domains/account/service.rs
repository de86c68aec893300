//! Creating, changing, deleting and restoring accounts. Every use case: policy, one transaction, the order of steps.

use async_graphql::MaybeUndefined;
use entity::account::{Entity, Model};
use entity::{AccountId, AccountKind, AccountLifecycle};
use serde_json::json;

use super::input::{CreateAccountInput, UpdateAccountInput};
use super::{rules, store};
use crate::auth::policy;
use crate::data::write::{Write, check_version};
use crate::domains::fields::Cleaner;
use crate::domains::lead::input::{AssignInput, DeleteInput, RestoreInput};
use crate::domains::references;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::graphql::ids;
use crate::values::text::TextLimit;

/// Creates an account. Without an owner it is the actor's.
pub async fn create(write: &Write<'_>, input: CreateAccountInput) -> Result<Model> {
    policy::may_create(write.actor)?;
    let key = input.idempotency_key.as_deref();
    if let Some(answer) = write.first_answer(key, "createAccount", &input).await? {
        return write.made_before::<Entity>(&answer).await;
    }
    let mut cleaner = Cleaner::new(&write.app.workspace().base_currency);
    let blank = blank(write);
    let mut account = blank.clone();
    cleaner.required_text("name", &MaybeUndefined::Value(input.name), TextLimit::Name, &mut account.name);
    account.kind = input.kind.map_or(account.kind, Into::into);
    rules::apply(&mut cleaner, &input.fields, &mut account);
    if let Some(owner) = &input.owner_id {
        account.owner_id = ids::reference(&mut cleaner.problems, "ownerId", Some(owner));
    }
    check_references(write, &mut cleaner, &blank, &account).await?;
    cleaner.problems.check()?;
    let account = write.insert(account, "created").await?;
    write.remember_answer(key, json!({ "account": account.id.uuid() })).await?;
    Ok(account)
}

/// Changes an account's fields.
pub async fn update(write: &Write<'_>, input: UpdateAccountInput) -> Result<Model> {
    if input.fields.parent_id.is_value() {
        store::lock_parents(write.connection()).await?;
    }
    let before = for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    let mut cleaner = Cleaner::new(&write.app.workspace().base_currency);
    let mut account = before.clone();
    cleaner.required_text("name", &input.name, TextLimit::Name, &mut account.name);
    rules::apply(&mut cleaner, &input.fields, &mut account);
    cleaner.id("ownerId", &input.owner_id, &mut account.owner_id);
    check_references(write, &mut cleaner, &before, &account).await?;
    cleaner.problems.check()?;
    write.update(&before, account, "updated").await
}

/// Gives an account to an active user, or to nobody.
pub async fn assign(write: &Write<'_>, input: AssignInput) -> Result<Model> {
    let before = for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    let owner_id = references::new_owner(write, &input.owner_id).await?;
    write.update(&before, Model { owner_id, ..before.clone() }, "assigned").await
}

/// Deletes an account that nothing uses any more. It can be restored.
pub async fn delete(write: &Write<'_>, input: DeleteInput) -> Result<AccountId> {
    let before = for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    let uses = store::uses(write.connection(), write.scope(), before.id).await?;
    uses.check("id", |names| {
        format!("The account still has {names}: `details` names them. Delete them or move them to another account first.")
    })?;
    write.update(&before, Model { deleted_at: Some(write.now), ..before.clone() }, "deleted").await?;
    Ok(before.id)
}

/// Brings a deleted account back. Its parent must be there.
pub async fn restore(write: &Write<'_>, input: RestoreInput) -> Result<Model> {
    policy::may_create(write.actor)?;
    let before = write.lock::<Entity>(write.scope().with_deleted(), ids::subject(&input.id, "id")?, "id").await?;
    policy::may_change(write.actor, before.owner_id)?;
    if let Some(parent) = before.parent_id.filter(|_| before.deleted_at.is_some())
        && write.find(parent).await?.is_none()
    {
        let problem = UserError::at(UserErrorCode::NotFound, "id", "The account's parent was deleted: restore the parent first.");
        return Err(Error::refused(problem.with_details(json!({ "parentId": parent.to_string() }))));
    }
    write.update(&before, Model { deleted_at: None, ..before.clone() }, "restored").await
}

/// Reads an account for a change: visible, permitted, of the expected version.
pub async fn for_change(write: &Write<'_>, id: AccountId, expected_version: Option<i32>) -> Result<Model> {
    policy::may_create(write.actor)?;
    let account = write.lock::<Entity>(write.scope(), id, "id").await?;
    policy::may_change(write.actor, account.owner_id)?;
    check_version(account.version, expected_version)?;
    Ok(account)
}

/// Checks that what the account newly refers to is there, and that its parents close no circle.
async fn check_references(write: &Write<'_>, cleaner: &mut Cleaner<'_>, before: &Model, after: &Model) -> Result<()> {
    let new_owner = after.owner_id.filter(|_| after.owner_id != before.owner_id);
    references::check_owner(write, &mut cleaner.problems, "ownerId", new_owner).await?;
    let new_parent = after.parent_id.filter(|_| after.parent_id != before.parent_id);
    if let Some(parent) = references::check::<Entity>(write, &mut cleaner.problems, "parentId", new_parent).await? {
        let chain = store::with_parents(write.connection(), write.scope(), parent.id, rules::MOST_LEVELS).await?;
        cleaner.problems.keep(rules::problem_with_parent(after.id, &chain).map_or(Ok(()), Err));
    }
    Ok(())
}

/// A new account with nothing known about it: a business and a prospect, owned by the actor.
pub fn blank(write: &Write<'_>) -> Model {
    Model {
        id: write.new_id(),
        version: 1,
        name: String::new(),
        kind: AccountKind::Business,
        lifecycle: AccountLifecycle::Prospect,
        industry: None,
        employees: None,
        annual_revenue: None,
        annual_revenue_currency: None,
        website: None,
        phone: None,
        street: None,
        city: None,
        region: None,
        postal_code: None,
        country: None,
        description: None,
        parent_id: None,
        owner_id: Some(write.actor.id()),
        name_key: String::new(),
        industry_key: String::new(),
        company_match: String::new(),
        phone_match: String::new(),
        web_domain: String::new(),
        external_id: None,
        created_at: write.now,
        updated_at: write.now,
        deleted_at: None,
    }
}
