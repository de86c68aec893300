//! What callers say about activities, and what they are answered.

use async_graphql::{ID, InputObject, MaybeUndefined, SimpleObject};

use super::types::Activity;
use crate::error::UserError;
use crate::graphql::enums::{ActivityKind, Direction};
use crate::graphql::scalars::DateTime;

/// The fields of an activity that a caller sets, the same when it is created and when it is changed.
#[derive(Debug, Clone, Default, InputObject)]
pub struct ActivityFields {
    /// What was said, agreed or written; at most 10 000 characters.
    pub body: MaybeUndefined<String>,
    /// Who started it: they (INBOUND) or we (OUTBOUND).
    pub direction: MaybeUndefined<Direction>,
    /// What came of it; at most 255 characters.
    pub outcome: MaybeUndefined<String>,
    /// When it is due, or takes place.
    pub due_at: MaybeUndefined<DateTime>,
    /// How long it took, in minutes; not negative.
    pub duration_minutes: MaybeUndefined<i32>,
    /// Whose activity it is, an active user. Absent when it is created: the caller's.
    pub owner_id: MaybeUndefined<ID>,
}

/// An activity to create: planned, or done already. The first outbound call, e-mail or meeting that was done moves an
/// OPEN_NOT_CONTACTED lead to WORKING_CONTACTED.
#[derive(Debug, Clone, InputObject)]
pub struct CreateActivityInput {
    /// The same key and input answer the first result again, for 24 hours.
    pub idempotency_key: Option<String>,
    /// What kind of activity it is.
    pub kind: ActivityKind,
    /// What it is in a few words; at most 255 characters.
    pub subject: String,
    /// The activity's other fields.
    #[graphql(flatten)]
    pub fields: ActivityFields,
    /// When it was done, not in the future; absent: it is still to be done.
    pub completed_at: Option<DateTime>,
    /// The leads, contacts, accounts and opportunities that it is about: 1 to 50. A converted lead takes no new ones.
    pub about_ids: Vec<ID>,
}

/// What to change on an activity: an absent field stays, null clears it.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateActivityInput {
    /// The activity.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the activity has this version.
    pub expected_version: Option<i32>,
    /// What it is in a few words; at most 255 characters. It can't be cleared.
    pub subject: MaybeUndefined<String>,
    /// The activity's other fields.
    #[graphql(flatten)]
    pub fields: ActivityFields,
}

/// An activity that was done.
#[derive(Debug, Clone, InputObject)]
pub struct CompleteActivityInput {
    /// The activity.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the activity has this version.
    pub expected_version: Option<i32>,
    /// When it was done, not in the future; now when absent.
    pub completed_at: Option<DateTime>,
    /// What came of it; at most 255 characters. Absent: it stays, null clears it.
    pub outcome: MaybeUndefined<String>,
}

/// An activity that was not done after all.
#[derive(Debug, Clone, InputObject)]
pub struct ReopenActivityInput {
    /// The activity.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the activity has this version.
    pub expected_version: Option<i32>,
}

/// Records that an activity is about, or no longer.
#[derive(Debug, Clone, InputObject)]
pub struct ActivitySubjectsInput {
    /// The activity.
    pub id: ID,
    /// Leads, contacts, accounts and opportunities: 1 to 50. A converted lead is read-only.
    pub about_ids: Vec<ID>,
    /// Refuse with VERSION_CONFLICT unless the activity has this version.
    pub expected_version: Option<i32>,
}

/// The activity as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct ActivityPayload {
    /// The activity as it is now; null where the call was refused.
    pub activity: Option<Activity>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

impl ActivityPayload {
    /// The answer to a call about one activity.
    pub fn new(row: Option<entity::activity::Model>, user_errors: Vec<UserError>) -> Self {
        Self { activity: row.map(Into::into), user_errors }
    }
}
