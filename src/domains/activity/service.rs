//! Creating, changing, completing, deleting and restoring activities. Every use case: policy, one transaction, the order of steps.
//!
//! Leads follow what is done about them, so they are locked, and always before the activity: whoever works on a lead comes to its
//! activities in the same order.

use async_graphql::MaybeUndefined;
use entity::{ActivityId, ActivityKind, LeadId, LeadStatus, RecordKind, account, activity, contact, lead, opportunity};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::input::{CompleteActivityInput, CreateActivityInput, ReopenActivityInput, UpdateActivityInput};
use super::rules::{self, Subject};
use super::store;
use crate::auth::scope::Visible;
use crate::auth::{Scope, policy};
use crate::data::write::{Write, check_version};
use crate::domains::fields::Cleaner;
use crate::domains::lead::activity as lead_activity;
use crate::domains::lead::input::{DeleteInput, RestoreInput};
use crate::domains::{lead as leads, references};
use crate::error::{Problems, Result, UserError, UserErrorCode};
use crate::graphql::ids;
use crate::values::text::TextLimit;

/// Creates an activity. Any seller may log one on any record that they see; without an owner it is the caller's.
pub async fn create(write: &Write<'_>, input: CreateActivityInput) -> Result<activity::Model> {
    policy::may_create(write.actor)?;
    let key = input.idempotency_key.as_deref();
    if let Some(answer) = write.first_answer(key, "createActivity", &input).await? {
        return write.made_before::<activity::Entity>(&answer).await;
    }
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut activity = blank(write, input.kind.into());
    let subject = MaybeUndefined::Value(input.subject.clone());
    cleaner.required_text("subject", &subject, TextLimit::Short, &mut activity.subject);
    rules::apply(&mut cleaner, &input.fields, &mut activity);
    activity.completed_at = input.completed_at.map(|moment| moment.0);
    rules::check_done_by(&mut cleaner.problems, activity.completed_at, write.now);
    references::check_owner(write, &mut cleaner.problems, "ownerId", activity.owner_id).await?;
    let about = rules::subjects(&mut cleaner.problems, &input.about_ids);
    let leads = check_subjects(write, &mut cleaner.problems, &about).await?;
    cleaner.problems.check()?;

    let named: Vec<String> = about.iter().map(Subject::id).collect();
    let history = json!([{ "field": "about", "before": null, "after": named }]);
    let activity = write.insert_with(activity, "created", history).await?;
    store::link(write.connection(), &activity, about.iter().map(|subject| (subject.kind, subject.record))).await?;
    lead_activity::follow(write, leads, rules::is_outreach(&activity)).await?;
    write.remember_answer(key, json!({ "activity": activity.id.uuid() })).await?;
    Ok(activity)
}

/// Changes an activity's fields.
pub async fn update(write: &Write<'_>, input: UpdateActivityInput) -> Result<activity::Model> {
    let id = ids::subject(&input.id, "id")?;
    let (before, leads) = for_change(write, write.scope(), id, input.expected_version).await?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut activity = before.clone();
    cleaner.required_text("subject", &input.subject, TextLimit::Short, &mut activity.subject);
    rules::apply(&mut cleaner, &input.fields, &mut activity);
    // Only a new owner must be active: an activity may go on belonging to somebody who has left.
    let new_owner = activity.owner_id.filter(|_| activity.owner_id != before.owner_id);
    references::check_owner(write, &mut cleaner.problems, "ownerId", new_owner).await?;
    cleaner.problems.check()?;
    let reached_out = rules::is_outreach(&activity) && !rules::is_outreach(&before);
    finish(write, &before, activity, "updated", leads, reached_out).await
}

/// Notes that an activity was done, and what came of it.
pub async fn complete(write: &Write<'_>, input: CompleteActivityInput) -> Result<activity::Model> {
    let id = ids::subject(&input.id, "id")?;
    let (before, leads) = for_change(write, write.scope(), id, input.expected_version).await?;
    rules::check_open(&before)?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut activity = before.clone();
    activity.completed_at = Some(input.completed_at.map_or(write.now, |moment| moment.0));
    rules::check_done_by(&mut cleaner.problems, activity.completed_at, write.now);
    cleaner.text("outcome", &input.outcome, TextLimit::Short, &mut activity.outcome);
    cleaner.problems.check()?;
    let reached_out = rules::is_outreach(&activity);
    finish(write, &before, activity, "completed", leads, reached_out).await
}

/// Notes that an activity was not done after all. What it did to the status of leads is left as it is by now.
pub async fn reopen(write: &Write<'_>, input: ReopenActivityInput) -> Result<activity::Model> {
    let id = ids::subject(&input.id, "id")?;
    let (before, leads) = for_change(write, write.scope(), id, input.expected_version).await?;
    rules::check_done(&before)?;
    let activity = activity::Model { completed_at: None, ..before.clone() };
    finish(write, &before, activity, "reopened", leads, false).await
}

/// Deletes an activity. It can be restored.
pub async fn delete(write: &Write<'_>, input: DeleteInput) -> Result<ActivityId> {
    let id = ids::subject(&input.id, "id")?;
    let (before, leads) = for_change(write, write.scope(), id, input.expected_version).await?;
    let activity = activity::Model { deleted_at: Some(write.now), ..before.clone() };
    finish(write, &before, activity, "deleted", leads, false).await?;
    Ok(before.id)
}

/// Brings a deleted activity back. What it did to the status of leads is left as it is by now.
pub async fn restore(write: &Write<'_>, input: RestoreInput) -> Result<activity::Model> {
    let id = ids::subject(&input.id, "id")?;
    let (before, leads) = for_change(write, write.scope().with_deleted(), id, None).await?;
    let activity = activity::Model { deleted_at: None, ..before.clone() };
    finish(write, &before, activity, "restored", leads, false).await
}

/// Reads an activity for a change, permitted and of the expected version, with the leads that it is about.
pub async fn for_change(
    write: &Write<'_>,
    scope: Scope,
    id: ActivityId,
    expected_version: Option<i32>,
) -> Result<(activity::Model, Vec<lead::Model>)> {
    policy::may_create(write.actor)?;
    let about = store::subjects(write.connection(), [id]).await?;
    let about_leads = about.iter().filter(|row| row.record_kind == RecordKind::Lead).map(|row| LeadId::new(row.record_id));
    let leads = lead_activity::lock(write, write.scope().with_deleted(), about_leads).await?;
    let activity = write.lock::<activity::Entity>(scope, id, "id").await?;
    policy::may_change(write.actor, activity.owner_id)?;
    check_version(activity.version, expected_version)?;
    Ok((activity, leads))
}

async fn finish(
    write: &Write<'_>,
    before: &activity::Model,
    after: activity::Model,
    action: &str,
    leads: Vec<lead::Model>,
    reached_out: bool,
) -> Result<activity::Model> {
    let activity = write.update(before, after, action).await?;
    lead_activity::follow(write, leads, reached_out).await?;
    Ok(activity)
}

/// Notes which of the records can't have a new activity; answers the leads among them, locked.
pub async fn check_subjects(write: &Write<'_>, problems: &mut Problems, about: &[Subject]) -> Result<Vec<lead::Model>> {
    let of = |kind: RecordKind| about.iter().filter(move |subject| subject.kind == kind).collect::<Vec<_>>();
    let named_leads = of(RecordKind::Lead);
    let ids = named_leads.iter().map(|subject| LeadId::new(subject.record));
    let found = lead_activity::lock(write, write.scope(), ids).await?;
    note_missing(problems, "lead", &named_leads, &found.iter().map(|lead| lead.id.uuid()).collect::<Vec<_>>());
    for lead in found.iter().filter(|lead| lead.status == LeadStatus::ClosedConverted) {
        let path =
            named_leads.iter().find(|subject| subject.record == lead.id.uuid()).map_or("aboutIds", |subject| &subject.path);
        let sentence = "This lead was converted and is read-only: name the account, contact or opportunity that it became.";
        let problem = UserError::at(UserErrorCode::AlreadyConverted, path, sentence);
        let became = leads::service::what_it_became(write, lead.id).await?;
        problems.push(became.map_or(problem.clone(), |details| problem.with_details(details)));
    }
    check_there::<contact::Entity>(write, problems, &of(RecordKind::Contact)).await?;
    check_there::<account::Entity>(write, problems, &of(RecordKind::Account)).await?;
    check_there::<opportunity::Entity>(write, problems, &of(RecordKind::Opportunity)).await?;
    Ok(found)
}

async fn check_there<E: Visible>(write: &Write<'_>, problems: &mut Problems, named: &[&Subject]) -> Result<()> {
    if named.is_empty() {
        return Ok(());
    }
    let rows = write.scope().find::<E>().filter(E::ID.is_in(named.iter().map(|subject| subject.record)));
    let found: Vec<Uuid> = rows.select_only().column(E::ID).into_tuple().all(write.connection()).await?;
    note_missing(problems, E::PREFIX, named, &found);
    Ok(())
}

fn note_missing(problems: &mut Problems, kind: &str, named: &[&Subject], found: &[Uuid]) {
    for subject in named.iter().filter(|subject| !found.contains(&subject.record)) {
        let sentence = format!("There is no such {kind}; it may have been deleted. Check the id.");
        problems.push(UserError::at(UserErrorCode::NotFound, &subject.path, sentence));
    }
}

/// A new activity of the actor, with nothing else known about it.
pub fn blank(write: &Write<'_>, kind: ActivityKind) -> activity::Model {
    activity::Model {
        id: write.new_id(),
        version: 1,
        kind,
        subject: String::new(),
        body: None,
        direction: None,
        outcome: None,
        due_at: None,
        due_order: super::record::end_of_time(),
        completed_at: None,
        duration_minutes: None,
        owner_id: Some(write.actor.id()),
        external_id: None,
        created_at: write.now,
        updated_at: write.now,
        deleted_at: None,
    }
}
