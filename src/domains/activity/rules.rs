//! What may happen to an activity: pure decisions.

use std::collections::HashSet;

use async_graphql::ID;
use chrono::{DateTime, Utc};
use entity::activity::Model;
use entity::{ActivityKind, Direction, RecordKind, id::parse_any};
use serde_json::json;
use uuid::Uuid;

use super::input::ActivityFields;
use crate::domains::fields::Cleaner;
use crate::error::{Error, Problems, Result, UserError, UserErrorCode};
use crate::values::text::TextLimit;

/// How many records an activity may be about.
pub const MOST_SUBJECTS: usize = 50;

/// A record that an activity is to be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// What kind of record it is.
    pub kind: RecordKind,
    /// The record's id.
    pub record: Uuid,
    /// The path of the input that named it first, for what is wrong with it.
    pub path: String,
}

impl Subject {
    /// The record's id as the API writes it.
    pub fn id(&self) -> String {
        entity::id::write_any(self.kind.prefix(), self.record)
    }
}

/// Reads the ids of the records that an activity is to be about, each once, and notes what is wrong with them.
pub fn subjects(problems: &mut Problems, ids: &[ID]) -> Vec<Subject> {
    if ids.is_empty() {
        let sentence = "An activity is about something: name at least one lead, contact, account or opportunity.";
        problems.push(UserError::at(UserErrorCode::Required, "aboutIds", sentence));
    }
    if ids.len() > MOST_SUBJECTS {
        let sentence = format!("An activity is about at most {MOST_SUBJECTS} records, not {}.", ids.len());
        problems.push(UserError::at(UserErrorCode::OutOfRange, "aboutIds", sentence));
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let read = ids.iter().enumerate().filter_map(|(index, id)| {
        let path = format!("aboutIds.{index}");
        let (kind, record) =
            problems.keep(subject(id).map_err(|sentence| UserError::at(UserErrorCode::Invalid, &path, sentence)))?;
        seen.insert(record).then_some(Subject { kind, record, path })
    });
    read.collect()
}

fn subject(id: &str) -> Result<(RecordKind, Uuid), String> {
    const KINDS: [RecordKind; 4] = [RecordKind::Lead, RecordKind::Contact, RecordKind::Account, RecordKind::Opportunity];
    let Some((prefix, record)) = parse_any(id) else {
        return Err("This is no id of a record: it should look like lead_01jqz3w8d2e5tbn0r8x4c6v7mk.".to_owned());
    };
    KINDS.into_iter().find(|kind| kind.prefix() == prefix).map(|kind| (kind, record)).ok_or_else(|| {
        format!("An activity is about leads, contacts, accounts and opportunities; this is the id of another record ({prefix}).")
    })
}

/// Sets what the caller gave, and notes what is wrong with it. Whether the owner is there is for the service to check.
pub fn apply(cleaner: &mut Cleaner<'_>, fields: &ActivityFields, activity: &mut Model) {
    cleaner.text("body", &fields.body, TextLimit::Long, &mut activity.body);
    cleaner.value(&fields.direction, &mut activity.direction);
    cleaner.text("outcome", &fields.outcome, TextLimit::Short, &mut activity.outcome);
    cleaner.value(&fields.due_at, &mut activity.due_at);
    cleaner.value(&fields.duration_minutes, &mut activity.duration_minutes);
    if activity.duration_minutes.is_some_and(|minutes| minutes < 0) {
        cleaner.problem(UserErrorCode::OutOfRange, "durationMinutes", "A duration can't be negative: give 0 minutes or more.");
    }
    cleaner.id("ownerId", &fields.owner_id, &mut activity.owner_id);
}

/// Notes where something is said to have been done in the future.
pub fn check_done_by(problems: &mut Problems, completed_at: Option<DateTime<Utc>>, now: DateTime<Utc>) {
    if completed_at.is_some_and(|moment| moment > now) {
        let sentence = "An activity can't have been done in the future: give now or an earlier moment.";
        problems.push(UserError::at(UserErrorCode::OutOfRange, "completedAt", sentence));
    }
}

/// Refuses to complete what was done already.
pub fn check_open(activity: &Model) -> Result<()> {
    let Some(completed_at) = activity.completed_at else { return Ok(()) };
    let sentence = "This activity was completed already: create another one for what was done since.";
    let details = json!({ "completedAt": crate::graphql::scalars::write_date_time(completed_at), "allowed": [] });
    Err(Error::refused(UserError::new(UserErrorCode::IllegalTransition, sentence).with_details(details)))
}

/// Refuses to open what is open.
pub fn check_done(activity: &Model) -> Result<()> {
    if activity.completed_at.is_some() {
        return Ok(());
    }
    let sentence = "This activity is open already: there is nothing to take back.";
    let problem = UserError::new(UserErrorCode::IllegalTransition, sentence).with_details(json!({ "allowed": [] }));
    Err(Error::refused(problem))
}

/// Whether somebody of ours has reached out with it: a call, e-mail or meeting of our own making that was done.
pub fn is_outreach(activity: &Model) -> bool {
    activity.completed_at.is_some()
        && activity.deleted_at.is_none()
        && activity.direction == Some(Direction::Outbound)
        && matches!(activity.kind, ActivityKind::Call | ActivityKind::Email | ActivityKind::Meeting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_read_once_and_refused_by_place() {
        let id = |prefix: &str, number: u128| ID(entity::id::write_any(prefix, Uuid::from_u128(number)));
        let mut problems = Problems::default();
        let ids = [id("lead", 1), id("user", 2), id("account", 3), id("lead", 1), "nonsense".into()];
        let read = subjects(&mut problems, &ids);
        assert_eq!(read.iter().map(|subject| subject.kind).collect::<Vec<_>>(), [RecordKind::Lead, RecordKind::Account]);
        let paths: Vec<_> = problems.into_vec().into_iter().map(|problem| problem.field.unwrap().join(".")).collect();
        assert_eq!(paths, ["input.aboutIds.1", "input.aboutIds.4"]);

        for (ids, code) in [(Vec::new(), UserErrorCode::Required), (vec![id("lead", 1); 51], UserErrorCode::OutOfRange)] {
            let mut problems = Problems::default();
            assert!(subjects(&mut problems, &ids).is_empty());
            assert_eq!(problems.into_vec()[0].code, code);
        }
    }
}
