//! What may become of a membership: pure decisions.

use async_graphql::{ID, MaybeUndefined};
use chrono::NaiveDate;
use entity::campaign_member::Model;
use entity::{CampaignMemberStatus, ContactId, LeadId, RecordKind, id::parse_any};

use crate::error::{Problems, UserError, UserErrorCode};
use crate::graphql::scalars::Date;
use crate::values::calendar;
use CampaignMemberStatus::{Attended, OptedOut, Responded, Sent, Targeted};

/// Who is a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Person {
    /// A lead.
    Lead(LeadId),
    /// A contact.
    Contact(ContactId),
}

impl Person {
    /// Whose membership it is.
    pub fn of(member: &Model) -> Option<Self> {
        member.lead_id.map(Self::Lead).or(member.contact_id.map(Self::Contact))
    }

    /// Reads the id of a lead or contact.
    pub fn read(id: &ID, path: &str) -> Result<Self, UserError> {
        let (prefix, uuid) = parse_any(id).unwrap_or_default();
        if prefix == RecordKind::Lead.prefix() {
            Ok(Self::Lead(LeadId::new(uuid)))
        } else if prefix == RecordKind::Contact.prefix() {
            Ok(Self::Contact(ContactId::new(uuid)))
        } else {
            let sentence =
                "Members of a campaign are leads and contacts: give the id of one, such as lead_01jqz3w8d2e5tbn0r8x4c6v7mk.";
            Err(UserError::at(UserErrorCode::Invalid, path, sentence))
        }
    }
}

/// Sets what became of a member and the day on which they responded, or notes what is wrong.
pub fn set(
    problems: &mut Problems,
    member: &mut Model,
    status: CampaignMemberStatus,
    responded_on: MaybeUndefined<Date>,
    today: NaiveDate,
    path: &str,
) {
    member.status = status;
    if let Some(day) = responded_on.value() {
        calendar::check_date(problems, path, day.0);
        if day.0 > today && calendar::DATE_RANGE.contains(&day.0) {
            let sentence = "Nobody can have responded in the future: give today or an earlier day.";
            problems.push(UserError::at(UserErrorCode::OutOfRange, path, sentence));
        }
    }
    member.responded_on = match (status, responded_on) {
        (Targeted | Sent, MaybeUndefined::Value(_)) => {
            let sentence =
                format!("A member who is {} has not responded: leave the day out, or say that they did.", status.as_str());
            problems.push(UserError::at(UserErrorCode::Invalid, path, sentence));
            None
        }
        (Targeted | Sent, _) => None,
        (_, MaybeUndefined::Value(day)) => Some(day.0),
        (Responded | Attended, MaybeUndefined::Null) => {
            let sentence = "Who responded did so on a day: give it, or leave it out.";
            problems.push(UserError::at(UserErrorCode::Required, path, sentence));
            member.responded_on
        }
        (OptedOut, MaybeUndefined::Null) => None,
        (Responded | Attended, MaybeUndefined::Undefined) => member.responded_on.or(Some(today)),
        (OptedOut, MaybeUndefined::Undefined) => member.responded_on,
    };
}

/// What a member is like who answered a campaign on this day: who has responded already, or opted out, stays as they are.
pub fn answered(member: &Model, day: NaiveDate) -> Model {
    match member.status {
        Targeted | Sent => Model { status: Responded, responded_on: Some(day), ..member.clone() },
        Responded | Attended | OptedOut => member.clone(),
    }
}

/// Two memberships of one person in one: how far it came in either, and the earliest response. Who opted out is asked no more.
pub fn merge(member: &Model, other: &Model) -> Model {
    let rank = |status| match status {
        Targeted => 0,
        Sent => 1,
        Responded => 2,
        Attended => 3,
        OptedOut => 4,
    };
    let status = if rank(other.status) > rank(member.status) { other.status } else { member.status };
    let responded_on = [member.responded_on, other.responded_on].into_iter().flatten().min();
    Model { status, responded_on, ..member.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use uuid::Uuid;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    fn member(status: CampaignMemberStatus, responded_on: Option<u32>) -> Model {
        Model {
            id: entity::Id::new(Uuid::nil()),
            version: 1,
            campaign_id: entity::Id::new(Uuid::nil()),
            lead_id: None,
            contact_id: None,
            status,
            responded_on: responded_on.map(day),
            carried_from: None,
            external_id: None,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_day_of_response_fits_the_status() {
        use MaybeUndefined::{Null, Undefined, Value};
        for (before, status, given, expected, codes) in [
            ((Targeted, None), Sent, Undefined, None, vec![]),
            ((Targeted, None), Responded, Undefined, Some(10), vec![]),
            ((Targeted, None), Attended, Value(Date(day(3))), Some(3), vec![]),
            ((Responded, Some(2)), Attended, Undefined, Some(2), vec![]),
            ((Responded, Some(2)), OptedOut, Undefined, Some(2), vec![]),
            ((Responded, Some(2)), OptedOut, Null, None, vec![]),
            ((Responded, Some(2)), Sent, Undefined, None, vec![]),
            ((Responded, Some(2)), Responded, Null, Some(2), vec![UserErrorCode::Required]),
            ((Targeted, None), Sent, Value(Date(day(3))), None, vec![UserErrorCode::Invalid]),
            ((Targeted, None), Responded, Value(Date(day(11))), Some(11), vec![UserErrorCode::OutOfRange]),
        ] {
            let mut member = member(before.0, before.1);
            let mut problems = Problems::default();
            set(&mut problems, &mut member, status, given, day(10), "respondedOn");
            assert_eq!(member.responded_on, expected.map(day), "{before:?} {status:?}");
            assert_eq!(problems.into_vec().iter().map(|problem| problem.code).collect::<Vec<_>>(), codes);
        }
    }

    #[test]
    fn merging_keeps_the_earliest_response() {
        for (one, two, expected) in [
            ((Targeted, None), (Responded, Some(4)), (Responded, Some(4))),
            ((Attended, Some(5)), (Responded, Some(4)), (Attended, Some(4))),
            ((Responded, Some(3)), (Responded, Some(4)), (Responded, Some(3))),
            ((OptedOut, None), (Attended, Some(4)), (OptedOut, Some(4))),
            ((Sent, None), (Targeted, None), (Sent, None)),
        ] {
            let (one, two, expected) = (member(one.0, one.1), member(two.0, two.1), member(expected.0, expected.1));
            assert_eq!(merge(&one, &two), expected);
            assert_eq!(merge(&two, &one), expected);
        }
    }
}
