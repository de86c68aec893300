//! What an activity is about, after it was created: records that are added and taken away.
//!
//! All leads, those that it is about and those that are named, are locked together and before the activity.

use entity::{ActivityId, LeadId, LeadStatus, RecordKind, activity, activity_subject, lead};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::input::ActivitySubjectsInput;
use super::rules::{self, MOST_SUBJECTS, Subject};
use super::service::{check_subjects, for_change};
use super::store;
use crate::data::write::Write;
use crate::domains::lead::activity as lead_activity;
use crate::domains::lead::service::what_it_became;
use crate::error::{Problems, Result, UserError, UserErrorCode};
use crate::graphql::ids;

/// What the history calls it.
const SUBJECTS_CHANGED: &str = "subjects_changed";

/// Lets an activity be about further records. Leads among them follow what was done.
pub async fn add(write: &Write<'_>, input: ActivitySubjectsInput) -> Result<activity::Model> {
    let id = ids::subject(&input.id, "id")?;
    let mut problems = Problems::default();
    let named = rules::subjects(&mut problems, &input.about_ids);
    let about = held(write, id, &named).await?;
    let (before, _) = for_change(write, write.scope(), id, input.expected_version).await?;
    let is_new = |subject: &&Subject| about.iter().all(|row| row.record_id != subject.record);
    let new: Vec<Subject> = named.iter().filter(is_new).cloned().collect();
    if about.len() + new.len() > MOST_SUBJECTS {
        let sentence =
            format!("An activity is about at most {MOST_SUBJECTS} records; this one would be about {}.", about.len() + new.len());
        problems.push(UserError::at(UserErrorCode::OutOfRange, "aboutIds", sentence));
    }
    let leads = check_subjects(write, &mut problems, &new).await?;
    problems.check()?;
    if new.is_empty() {
        return Ok(before);
    }
    store::link(write.connection(), &before, new.iter().map(|subject| (subject.kind, subject.record))).await?;
    let after = named_in(&about).chain(new.iter().map(Subject::id)).collect::<Vec<_>>();
    let activity = write.update_with(&before, before.clone(), SUBJECTS_CHANGED, change(&about, &after)).await?;
    lead_activity::follow(write, leads, rules::is_outreach(&activity)).await?;
    Ok(activity)
}

/// Lets an activity no longer be about some records.
pub async fn remove(write: &Write<'_>, input: ActivitySubjectsInput) -> Result<activity::Model> {
    let id = ids::subject(&input.id, "id")?;
    let mut problems = Problems::default();
    let named = rules::subjects(&mut problems, &input.about_ids);
    let about = held(write, id, &named).await?;
    let (before, leads) = for_change(write, write.scope(), id, input.expected_version).await?;
    for subject in &named {
        if about.iter().all(|row| row.record_id != subject.record) {
            let sentence = "The activity is not about this record. Check the id.";
            problems.push(UserError::at(UserErrorCode::NotFound, &subject.path, sentence));
        }
    }
    check_converted(write, &mut problems, &named, &leads).await?;
    let goes = |row: &&activity_subject::Model| named.iter().any(|subject| subject.record == row.record_id);
    let stay: Vec<activity_subject::Model> = about.iter().filter(|row| !goes(row)).cloned().collect();
    if stay.is_empty() && !about.is_empty() {
        let sentence = "An activity is about something: leave at least one record, or delete the activity.";
        problems.push(UserError::at(UserErrorCode::Required, "aboutIds", sentence));
    }
    problems.check()?;
    store::unlink(write.connection(), id, named.iter().map(|subject| subject.record)).await?;
    let after: Vec<String> = named_in(&stay).collect();
    let activity = write.update_with(&before, before.clone(), SUBJECTS_CHANGED, change(&about, &after)).await?;
    lead_activity::follow(write, leads, false).await?;
    Ok(activity)
}

/// What the activity is about, with its leads and the named ones locked.
async fn held(write: &Write<'_>, id: ActivityId, named: &[Subject]) -> Result<Vec<activity_subject::Model>> {
    let about = store::subjects(write.connection(), [id]).await?;
    let of_activity = about.iter().filter(|row| row.record_kind == RecordKind::Lead).map(|row| row.record_id);
    let of_input = named.iter().filter(|subject| subject.kind == RecordKind::Lead).map(|subject| subject.record);
    let leads: Vec<Uuid> = of_activity.chain(of_input).collect();
    lead_activity::lock(write, write.scope().with_deleted(), leads.into_iter().map(LeadId::new)).await?;
    // Read anew: others may have changed it until the leads were ours.
    store::subjects(write.connection(), [id]).await
}

/// A converted lead is read-only, so its activities stay with it.
async fn check_converted(write: &Write<'_>, problems: &mut Problems, named: &[Subject], leads: &[lead::Model]) -> Result<()> {
    for lead in leads.iter().filter(|lead| lead.status == LeadStatus::ClosedConverted) {
        let Some(subject) = named.iter().find(|subject| subject.record == lead.id.uuid()) else { continue };
        let sentence = "This lead was converted and is read-only: its activities stay with it.";
        let problem = UserError::at(UserErrorCode::AlreadyConverted, &subject.path, sentence);
        let became = what_it_became(write, lead.id).await?;
        problems.push(became.map_or(problem.clone(), |details| problem.with_details(details)));
    }
    Ok(())
}

fn named_in(about: &[activity_subject::Model]) -> impl Iterator<Item = String> {
    about.iter().map(|row| entity::id::write_any(row.record_kind.prefix(), row.record_id))
}

fn change(before: &[activity_subject::Model], after: &[String]) -> Json {
    json!([{ "field": "about", "before": named_in(before).collect::<Vec<_>>(), "after": after }])
}
