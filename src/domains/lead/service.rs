//! Creating, changing, deleting and restoring leads. Every use case: policy, one transaction, the order of steps.

use chrono::{DateTime, Utc};
use entity::{LeadId, LeadStatus, QualificationFacts, lead};
use serde_json::{Value as Json, json};

use super::input::{CreateLeadInput, DeleteInput, RestoreInput, UpdateLeadInput};
use super::{rules, store};
use crate::auth::policy;
use crate::data::write::{Write, check_version};
use crate::domains::campaign_member::rules::Person;
use crate::domains::fields::Cleaner;
use crate::domains::{assignment, campaign_member, duplicate, references};
use crate::error::Result;
use crate::graphql::ids;

/// Creates a lead. Where the caller doesn't say who works on it, the assignment rules do.
pub async fn create(write: &Write<'_>, input: CreateLeadInput) -> Result<lead::Model> {
    policy::may_create(write.actor)?;
    let key = input.idempotency_key.as_deref();
    if let Some(answer) = write.first_answer(key, "createLead", &input).await? {
        return write.made_before::<lead::Entity>(&answer).await;
    }
    let lead = make(write, &input, Vec::new()).await?;
    write.remember_answer(key, json!({ "lead": lead.id.uuid() })).await?;
    Ok(lead)
}

/// Makes a lead of what was given. `more` tells the history where it comes from.
pub async fn make(write: &Write<'_>, input: &CreateLeadInput, mut more: Vec<Json>) -> Result<lead::Model> {
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut lead = blank(write);
    rules::apply(&mut cleaner, &input.fields, &mut lead);
    lead.owner_id = ids::reference(&mut cleaner.problems, "ownerId", input.owner_id.value());
    check_references(write, &mut cleaner, &lead, lead.owner_id).await?;
    cleaner.problems.check()?;
    if input.allow_duplicates == Some(false) {
        duplicate::service::refuse_same_person(write, lead.email.as_deref()).await?;
    }
    if input.owner_id.is_undefined() {
        more.extend(assignment::apply::assign_new(write, &mut lead).await?);
    }
    let lead = write.insert_with(lead, "created", Json::Array(more)).await?;
    campaign_member::service::follow(write, None, lead.campaign_id, Person::Lead(lead.id)).await?;
    Ok(lead)
}

/// Changes a lead's fields.
pub async fn update(write: &Write<'_>, input: UpdateLeadInput) -> Result<lead::Model> {
    let before = open_for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut lead = before.clone();
    rules::apply(&mut cleaner, &input.fields, &mut lead);
    check_references(write, &mut cleaner, &lead, None).await?;
    cleaner.problems.check()?;
    let lead = write.update(&before, lead, "updated").await?;
    campaign_member::service::follow(write, before.campaign_id, lead.campaign_id, Person::Lead(lead.id)).await?;
    Ok(lead)
}

/// Deletes a lead. It can be restored.
pub async fn delete(write: &Write<'_>, input: DeleteInput) -> Result<LeadId> {
    let before = open_for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    let lead = lead::Model { deleted_at: Some(write.now), ..before.clone() };
    write.update(&before, lead, "deleted").await?;
    Ok(before.id)
}

/// Brings a deleted lead back.
pub async fn restore(write: &Write<'_>, input: RestoreInput) -> Result<lead::Model> {
    policy::may_create(write.actor)?;
    let before = write.lock::<lead::Entity>(write.scope().with_deleted(), ids::subject(&input.id, "id")?, "id").await?;
    policy::may_change_lead(write.actor, before.owner_id)?;
    write.update(&before, lead::Model { deleted_at: None, ..before.clone() }, "restored").await
}

/// Reads a lead for a change: visible, permitted, of the expected version and not converted.
pub async fn open_for_change(write: &Write<'_>, id: LeadId, expected_version: Option<i32>) -> Result<lead::Model> {
    let lead = for_change(write, id, expected_version).await?;
    if lead.status == LeadStatus::ClosedConverted {
        rules::check_open_for_change(&lead, what_it_became(write, id).await?)?;
    }
    Ok(lead)
}

/// Reads a lead for a move, whose own rules say from where it may start: visible, permitted, of the expected version.
pub async fn for_change(write: &Write<'_>, id: LeadId, expected_version: Option<i32>) -> Result<lead::Model> {
    policy::may_create(write.actor)?;
    let lead = write.lock::<lead::Entity>(write.scope(), id, "id").await?;
    policy::may_change_lead(write.actor, lead.owner_id)?;
    check_version(lead.version, expected_version)?;
    Ok(lead)
}

/// The records that a converted lead became, for the details of a refusal.
pub async fn what_it_became(write: &Write<'_>, id: LeadId) -> Result<Option<serde_json::Value>> {
    let conversion = store::conversion(write.connection(), id).await?;
    Ok(conversion.map(|made| {
        json!({
            "leadId": id.to_string(),
            "accountId": made.account_id.to_string(),
            "contactId": made.contact_id.to_string(),
            "opportunityId": made.opportunity_id.map(|id| id.to_string()),
        })
    }))
}

/// Checks that what the lead refers to is there.
pub async fn check_references(
    write: &Write<'_>,
    cleaner: &mut Cleaner<'_>,
    lead: &lead::Model,
    new_owner: Option<entity::UserId>,
) -> Result<()> {
    references::check(write, &mut cleaner.problems, "sourceId", lead.source_id).await?;
    references::check(write, &mut cleaner.problems, "campaignId", lead.campaign_id).await?;
    references::check_owner(write, &mut cleaner.problems, "ownerId", new_owner).await?;
    Ok(())
}

/// A new lead with nothing known about it.
pub fn blank(write: &Write<'_>) -> lead::Model {
    empty(write.new_id(), write.now)
}

/// A lead of this id and age with nothing known about it.
pub fn empty(id: LeadId, now: DateTime<Utc>) -> lead::Model {
    lead::Model {
        id,
        version: 1,
        first_name: None,
        last_name: None,
        job_title: None,
        company: None,
        employees: None,
        email: None,
        phone: None,
        website: None,
        street: None,
        city: None,
        region: None,
        postal_code: None,
        country: None,
        description: None,
        status: LeadStatus::OpenNotContacted,
        statuses_reached: 0,
        first_working_at: None,
        first_qualified_at: None,
        first_converted_at: None,
        rating: None,
        source_id: None,
        campaign_id: None,
        buying_role: None,
        owner_id: None,
        qualification: QualificationFacts::default(),
        qualified_at: None,
        qualified_by: None,
        override_reason: None,
        disqualification_reason_id: None,
        disqualification_note: None,
        disqualified_at: None,
        disqualified_by: None,
        last_activity_at: None,
        first_name_key: String::new(),
        last_name_key: String::new(),
        company_key: String::new(),
        email_key: String::new(),
        company_match: String::new(),
        phone_match: String::new(),
        web_domain: String::new(),
        external_id: None,
        created_at: now,
        updated_at: now,
        deleted_at: None,
    }
}
