//! Intake forms: creating, changing, rotating the key; and what a post makes. Every use case: policy, lock, rules, write.

use std::collections::HashMap;

use async_graphql::MaybeUndefined;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::intake_form::{Model, Origins};
use entity::{intake_form, lead, user};
use rand::TryRngCore;
use serde_json::json;

use super::input::{CreateIntakeFormInput, IntakeFormIdInput, UpdateIntakeFormInput};
use super::rules;
use crate::auth::policy;
use crate::data::write::{Write, check_version};
use crate::domains::fields::Cleaner;
use crate::domains::lead::input::CreateLeadInput;
use crate::domains::{lead as leads, references};
use crate::error::{Error, Result, UserErrorCode};
use crate::graphql::common::given;
use crate::graphql::ids;
use crate::values::text::TextLimit;

/// The bytes of a key: nobody guesses it.
const KEY_BYTES: usize = 24;

/// Creates a form, active.
pub async fn create(write: &Write<'_>, input: CreateIntakeFormInput) -> Result<Model> {
    policy::may_direct_leads(write.actor)?;
    let key = input.idempotency_key.as_deref();
    if let Some(answer) = write.first_answer(key, "createIntakeForm", &input).await? {
        return write.made_before::<intake_form::Entity>(&answer).await;
    }
    let mut cleaner = Cleaner::new("");
    let mut form = blank(write)?;
    cleaner.required_text("name", &MaybeUndefined::Value(input.name.clone()), TextLimit::Name, &mut form.name);
    rules::apply(&mut cleaner, &input.fields, &mut form);
    check_references(write, &mut cleaner, &form, true).await?;
    cleaner.problems.check()?;
    let form = write.insert(form, "created").await?;
    write.remember_answer(key, json!({ "intake_form": form.id.uuid() })).await?;
    Ok(form)
}

/// Changes a form. An inactive one takes nothing in.
pub async fn update(write: &Write<'_>, input: UpdateIntakeFormInput) -> Result<Model> {
    policy::may_direct_leads(write.actor)?;
    let before = write.lock::<intake_form::Entity>(write.scope(), ids::subject(&input.id, "id")?, "id").await?;
    check_version(before.version, input.expected_version)?;
    let mut cleaner = Cleaner::new("");
    let mut form = before.clone();
    cleaner.required_text("name", &input.name, TextLimit::Name, &mut form.name);
    match input.active {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => cleaner.problem(UserErrorCode::Required, "active", "Give true or false, or leave it out."),
        MaybeUndefined::Value(active) => form.active = active,
    }
    rules::apply(&mut cleaner, &input.fields, &mut form);
    check_references(write, &mut cleaner, &form, form.owner_id != before.owner_id).await?;
    cleaner.problems.check()?;
    write.update(&before, form, "updated").await
}

/// Gives a form a new key. Posts with the old one are turned away from here on.
pub async fn rotate_key(write: &Write<'_>, input: IntakeFormIdInput) -> Result<Model> {
    policy::may_direct_leads(write.actor)?;
    let before = write.lock::<intake_form::Entity>(write.scope(), ids::subject(&input.id, "id")?, "id").await?;
    check_version(before.version, input.expected_version)?;
    write.update(&before, Model { key: new_key()?, ..before.clone() }, "key_rotated").await
}

/// Makes a lead of a post, with the form's source and campaign. One that looks like another lead is made all the same: whoever posts
/// must not learn whom we know.
pub async fn take_in(write: &Write<'_>, form: &Model, posted: &HashMap<String, String>) -> Result<lead::Model> {
    let (mut fields, unreadable) = rules::lead_fields(posted);
    fields.source_id = given(form.source_id.map(|id| id.to_string().into()));
    fields.campaign_id = given(form.campaign_id.map(|id| id.to_string().into()));
    let owner = match form.owner_id {
        Some(id) => write.find::<user::Entity>(id).await?.filter(|user| user.active),
        None => None,
    };
    let owner_id = given(owner.map(|owner| owner.id.to_string().into()));
    let input = CreateLeadInput { fields, owner_id, ..CreateLeadInput::default() };
    let origin = json!({ "field": "intakeForm", "before": null, "after": { "id": form.id.to_string(), "name": form.name } });
    let made = leads::service::make(write, &input, vec![origin]).await;
    let mut unreadable = unreadable.into_vec();
    match made {
        Ok(lead) if unreadable.is_empty() => Ok(lead),
        Ok(_) => Err(Error::Refused(unreadable)),
        Err(Error::Refused(problems)) => {
            unreadable.extend(problems);
            Err(Error::Refused(unreadable))
        }
        Err(fault) => Err(fault),
    }
}

async fn check_references(write: &Write<'_>, cleaner: &mut Cleaner<'_>, form: &Model, new_owner: bool) -> Result<()> {
    references::check(write, &mut cleaner.problems, "sourceId", form.source_id).await?;
    references::check(write, &mut cleaner.problems, "campaignId", form.campaign_id).await?;
    references::check_owner(write, &mut cleaner.problems, "ownerId", form.owner_id.filter(|_| new_owner)).await?;
    Ok(())
}

fn new_key() -> Result<String> {
    let mut bytes = [0_u8; KEY_BYTES];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).map_err(Error::internal)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn blank(write: &Write<'_>) -> Result<Model> {
    Ok(Model {
        id: write.new_id(),
        version: 1,
        name: String::new(),
        name_key: String::new(),
        key: new_key()?,
        active: true,
        source_id: None,
        campaign_id: None,
        owner_id: None,
        allowed_origins: Origins::default(),
        redirect_url: None,
        honeypot: rules::HONEYPOT.to_owned(),
        most_per_minute: rules::PER_MINUTE.0,
        most_per_hour: rules::PER_HOUR.0,
        created_at: write.now,
        updated_at: write.now,
    })
}
