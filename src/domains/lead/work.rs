//! Working on leads: the pool, assignment, moves, assessment, buying signals, qualification, disqualification, reopening.

use entity::{BuyingSignalKind, LeadStatus, Role, disqualification_reason, lead};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::input::{
    AssessLeadInput, AssignLeadInput, DisqualifyLeadInput, LeadIdInput, QualifyLeadInput, RecordBuyingSignalInput,
    SetLeadStatusInput,
};
use super::rules;
use super::service::{for_change, open_for_change};
use crate::auth::policy;
use crate::data::write::{Write, check_version};
use crate::domains::conversion::keep;
use crate::domains::fields::Cleaner;
use crate::domains::references;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::graphql::ids;
use crate::values::calendar;
use crate::values::text::TextLimit;

/// Gives a lead to an active user, or back to the pool.
pub async fn assign(write: &Write<'_>, input: AssignLeadInput) -> Result<lead::Model> {
    let before = open_for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    let owner_id = references::new_owner(write, &input.owner_id).await?;
    write.update(&before, lead::Model { owner_id, ..before.clone() }, "assigned").await
}

/// Takes a lead from the pool. Of several who try at once, the row lock lets exactly one find it there.
pub async fn claim(write: &Write<'_>, input: LeadIdInput) -> Result<lead::Model> {
    policy::may_create(write.actor)?;
    let id = ids::subject(&input.id, "id")?;
    let before = write.lock::<lead::Entity>(write.scope(), id, "id").await?;
    rules::check_open_for_change(&before, super::service::what_it_became(write, id).await?)?;
    // Before the version: a claimed lead has a new one, but what its claimer must hear is that it's taken.
    rules::check_in_pool(&before, write.actor.id())?;
    check_version(before.version, input.expected_version)?;
    write.update(&before, lead::Model { owner_id: Some(write.actor.id()), ..before.clone() }, "claimed").await
}

/// Puts a lead back into the pool.
pub async fn release(write: &Write<'_>, input: LeadIdInput) -> Result<lead::Model> {
    let before = open_for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    if before.owner_id.is_none() {
        let sentence = "This lead lies in the pool already: nobody owns it.";
        return Err(Error::refused(UserError::at(UserErrorCode::Invalid, "id", sentence)));
    }
    write.update(&before, lead::Model { owner_id: None, ..before.clone() }, "released").await
}

/// Moves a lead between the statuses that have no mutation of their own.
pub async fn set_status(write: &Write<'_>, input: SetLeadStatusInput) -> Result<lead::Model> {
    let before = for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    let status = LeadStatus::from(input.status);
    rules::check_move(before.status, status)?;
    let own_mutation = match status {
        LeadStatus::OpenNotContacted | LeadStatus::WorkingContacted => None,
        LeadStatus::Qualified => Some("qualifyLead"),
        LeadStatus::ClosedConverted => Some("convertLead"),
        LeadStatus::ClosedNotConverted => Some("disqualifyLead"),
    };
    if let Some(mutation) = own_mutation {
        let sentence = format!("Use {mutation} for this move: it asks for what the move needs.");
        return Err(Error::refused(UserError::at(UserErrorCode::Invalid, "status", sentence)));
    }
    let mut lead = before.clone();
    rules::set_status(&mut lead, status);
    write.update(&before, lead, "status_changed").await
}

/// Notes what was found out about the criteria.
pub async fn assess(write: &Write<'_>, input: AssessLeadInput) -> Result<lead::Model> {
    let before = open_for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    let mut cleaner = Cleaner::new(&write.app.workspace().base_currency);
    let mut lead = before.clone();
    rules::assess(&mut cleaner, &input.assessment, &mut lead.qualification);
    cleaner.problems.check()?;
    write.update(&before, lead, "assessed").await
}

/// Notes a buying signal.
pub async fn record_buying_signal(write: &Write<'_>, input: RecordBuyingSignalInput) -> Result<lead::Model> {
    let before = open_for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    let mut cleaner = Cleaner::new(&write.app.workspace().base_currency);
    let note = cleaner.optional("note", input.note.as_deref(), TextLimit::Short);
    let observed_on = input.observed_on.map_or_else(|| write.today(), |date| date.0);
    calendar::check_date(&mut cleaner.problems, "observedOn", observed_on);
    if observed_on > write.today() && cleaner.fine_so_far(&["observedOn"]) {
        cleaner.problem(
            UserErrorCode::OutOfRange,
            "observedOn",
            "A signal cannot be seen in the future: give today or an earlier day.",
        );
    }
    cleaner.problems.check()?;
    let kind = BuyingSignalKind::from(input.kind);
    let signal = entity::buying_signal::ActiveModel {
        id: Set(write.new_id()),
        lead_id: Set(before.id),
        opportunity_id: Set(None),
        kind: Set(kind),
        observed_on: Set(observed_on),
        note: Set(note.clone()),
        created_at: Set(write.now),
        created_by: Set(Some(write.actor.id())),
    };
    entity::buying_signal::Entity::insert(signal).exec_without_returning(write.connection()).await?;
    let seen = json!([{
        "field": "buyingSignals", "before": null,
        "after": { "kind": kind.as_str(), "observedOn": observed_on, "note": note },
    }]);
    write.update_with(&before, before.clone(), "buying_signal_recorded", seen).await
}

/// Declares a lead worth pursuing: need, budget and timeline are met, or a manager says why it is so all the same.
pub async fn qualify(write: &Write<'_>, input: QualifyLeadInput) -> Result<lead::Model> {
    let before = for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    rules::check_move(before.status, LeadStatus::Qualified)?;
    let mut cleaner = Cleaner::new(&write.app.workspace().base_currency);
    let mut lead = before.clone();
    rules::assess(&mut cleaner, &input.assessment, &mut lead.qualification);
    let override_reason = cleaner.optional("overrideReason", input.override_reason.as_deref(), TextLimit::Short);
    cleaner.problems.check()?;
    let overrides = override_reason.is_some() && !rules::missing_criteria(&lead.qualification).is_empty();
    if overrides && !matches!(write.actor.role(), Role::Admin | Role::Manager) {
        return Err(Error::forbidden("Only a MANAGER or an ADMIN may qualify a lead whose criteria are not met."));
    }
    rules::check_criteria(&lead.qualification, override_reason.as_deref())?;
    lead.status = LeadStatus::Qualified;
    lead.qualified_at = Some(write.now);
    lead.qualified_by = Some(write.actor.id());
    lead.override_reason = override_reason.filter(|_| overrides);
    write.update(&before, lead, "qualified").await
}

/// Closes a lead that will not be pursued, and keeps what it leaves behind where that is asked for.
pub async fn disqualify(write: &Write<'_>, input: DisqualifyLeadInput) -> Result<lead::Model> {
    let before = for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    rules::check_move(before.status, LeadStatus::ClosedNotConverted)?;
    let mut cleaner = Cleaner::new(&write.app.workspace().base_currency);
    let note = cleaner.optional("note", input.note.as_deref(), TextLimit::Long);
    let reason = ids::reference(&mut cleaner.problems, "reasonId", Some(&input.reason_id));
    references::check::<disqualification_reason::Entity>(write, &mut cleaner.problems, "reasonId", reason).await?;
    let plan = match input.keep {
        Some(wanted) => keep::plan(write, &mut cleaner.problems, &before, wanted).await?,
        None => None,
    };
    cleaner.problems.check()?;
    let kept = match plan {
        Some(plan) => keep::carry_out(write, &before, plan).await?,
        None => serde_json::Value::Null,
    };
    let mut lead = before.clone();
    rules::set_status(&mut lead, LeadStatus::ClosedNotConverted);
    lead.disqualification_reason_id = reason;
    lead.disqualification_note = note;
    lead.disqualified_at = Some(write.now);
    lead.disqualified_by = Some(write.actor.id());
    write.update_with(&before, lead, "disqualified", kept).await
}

/// Takes up a closed lead again. The history keeps why it was closed.
pub async fn reopen(write: &Write<'_>, input: LeadIdInput) -> Result<lead::Model> {
    let before = for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    if before.status != LeadStatus::ClosedNotConverted {
        // The lead isn't closed: the table has no reopening from here, even where it has a move to the same status.
        return Err(rules::illegal_move(before.status, "reopened"));
    }
    let mut lead = before.clone();
    rules::set_status(&mut lead, LeadStatus::WorkingContacted);
    write.update(&before, lead, "reopened").await
}
