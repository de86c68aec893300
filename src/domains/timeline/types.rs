//! Timelines as the API shows them.

use async_graphql::{Context, Enum, ID, Interface, Object};
use entity::{ActivityId, ChangeId, timeline_entry};
use uuid::Uuid;

use super::store::TimelineOf;
use crate::domains::activity::types::{Activity, ActivitySubject};
use crate::domains::history::types::Change;
use crate::domains::references::by_kind;
use crate::error::Result;
use crate::graphql::at_once::{at_once, enums_at_once};
use crate::graphql::connection::Connection;
use crate::graphql::list::{PageArguments, children};
use crate::graphql::loaders;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::DateTime;
use crate::graphql::selection::Shown;

/// What an entry of a timeline tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum TimelineKind {
    /// A call, e-mail, meeting, task or note.
    Activity,
    /// A record was created.
    Created,
    /// Fields of a record were changed, filled in from a lead, or emptied again.
    Updated,
    /// A record was given to somebody; a lead was claimed, or put back into the pool.
    OwnerChanged,
    /// A lead moved to another status, without being qualified, closed or converted.
    StatusChanged,
    /// Need, budget, timeline or authority were assessed.
    Assessed,
    /// A buying signal was seen.
    BuyingSignal,
    /// A lead was qualified.
    Qualified,
    /// A lead was closed without conversion.
    Disqualified,
    /// A lead was converted.
    Converted,
    /// The conversion of a lead was undone.
    ConversionReverted,
    /// An opportunity moved to another stage.
    StageChanged,
    /// An opportunity was won.
    Won,
    /// An opportunity was lost.
    Lost,
    /// A closed lead or opportunity was taken up again.
    Reopened,
    /// A contact was given a part in an opportunity, or lost it.
    ContactRoleChanged,
    /// A milestone on the way to the signature was reached, or taken back.
    Milestone,
    /// A competitor of an opportunity was added, changed or removed.
    Competitor,
    /// An account became a customer.
    BecameCustomer,
    /// A record was deleted.
    Deleted,
    /// A deleted record was brought back.
    Restored,
    /// Anything else that the history tells of.
    Other,
}

impl TimelineKind {
    const NAMED: [Self; 21] = [
        Self::Activity,
        Self::Created,
        Self::Updated,
        Self::OwnerChanged,
        Self::StatusChanged,
        Self::Assessed,
        Self::BuyingSignal,
        Self::Qualified,
        Self::Disqualified,
        Self::Converted,
        Self::ConversionReverted,
        Self::StageChanged,
        Self::Won,
        Self::Lost,
        Self::Reopened,
        Self::ContactRoleChanged,
        Self::Milestone,
        Self::Competitor,
        Self::BecameCustomer,
        Self::Deleted,
        Self::Restored,
    ];

    /// What the history calls it.
    pub fn actions(self) -> &'static [&'static str] {
        match self {
            Self::Activity => &["activity"],
            Self::Created => &["created"],
            Self::Updated => &["updated", "filled_from_lead"],
            Self::OwnerChanged => &["assigned", "claimed", "released"],
            Self::StatusChanged => &["status_changed"],
            Self::Assessed => &["assessed"],
            Self::BuyingSignal => &["buying_signal_recorded"],
            Self::Qualified => &["qualified"],
            Self::Disqualified => &["disqualified"],
            Self::Converted => &["converted"],
            Self::ConversionReverted => &["conversion_reverted"],
            Self::StageChanged => &["moved"],
            Self::Won => &["won"],
            Self::Lost => &["lost"],
            Self::Reopened => &["reopened"],
            Self::ContactRoleChanged => &["contact_role_set", "contact_role_removed"],
            Self::Milestone => &["milestone_reached", "milestone_cleared"],
            Self::Competitor => &["competitor_added", "competitor_changed", "competitor_removed"],
            Self::BecameCustomer => &["became_customer"],
            Self::Deleted => &["deleted"],
            Self::Restored => &["restored"],
            Self::Other => &[],
        }
    }

    /// All that a kind is named for.
    pub fn all_actions() -> impl Iterator<Item = &'static str> {
        Self::NAMED.into_iter().flat_map(|kind| kind.actions().iter().copied())
    }

    /// The kind of what the history calls so.
    pub fn of(action: &str) -> Self {
        Self::NAMED.into_iter().find(|kind| kind.actions().contains(&action)).unwrap_or(Self::Other)
    }
}

/// An entry in the story of a record.
#[derive(Clone, Interface)]
#[graphql(
    field(name = "id", ty = "ID", desc = "The id of the activity or of the change."),
    field(name = "at", ty = "DateTime", desc = "When it happened; an open activity stands at the moment at which it is due."),
    field(name = "kind", ty = "TimelineKind", desc = "What it tells.")
)]
pub enum TimelineEntry {
    /// Something that was done, or is to be done.
    Activity(TimelineActivity),
    /// Something that happened to a record.
    Change(TimelineChange),
}

at_once!(TimelineEntry: id at kind);
enums_at_once!(TimelineKind);

impl From<timeline_entry::Model> for TimelineEntry {
    fn from(row: timeline_entry::Model) -> Self {
        match TimelineKind::of(&row.action) {
            TimelineKind::Activity => Self::Activity(TimelineActivity(row)),
            _ => Self::Change(TimelineChange(row)),
        }
    }
}

/// An activity.
#[derive(Clone)]
pub struct TimelineActivity(timeline_entry::Model);

/// Something that was done about a record, or is to be done: when it was done, or is due, or else was written down.
#[Object]
impl TimelineActivity {
    /// The activity's id.
    pub async fn id(&self) -> ID {
        self.activity_id().to_string().into()
    }

    /// When it was done; while it is open, when it is due; where it is never due, when it was written down.
    pub async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Always ACTIVITY.
    pub async fn kind(&self) -> TimelineKind {
        TimelineKind::Activity
    }

    /// The activity; null where it was deleted this moment.
    async fn activity(&self, ctx: &Context<'_>) -> Option<Result<Answered<Activity>>> {
        loaders::nullable(ctx, Some(self.activity_id()), Activity).await
    }
}

impl TimelineActivity {
    fn activity_id(&self) -> ActivityId {
        ActivityId::new(self.0.id.uuid())
    }
}

/// A change.
#[derive(Clone)]
pub struct TimelineChange(timeline_entry::Model);

/// Something that happened to a record, or to a lead that became it.
#[Object]
impl TimelineChange {
    /// The id of the history's entry.
    pub async fn id(&self) -> ID {
        self.change_id().to_string().into()
    }

    /// When it happened.
    pub async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// What it tells.
    pub async fn kind(&self) -> TimelineKind {
        TimelineKind::of(&self.0.action)
    }

    /// What changed, and by whom.
    async fn change(&self, ctx: &Context<'_>) -> Result<Answered<Change>> {
        loaders::answered(ctx, self.change_id(), Change).await
    }

    /// The record that it happened to; null where you may not see it, or it was deleted since.
    async fn record(&self, ctx: &Context<'_>) -> Option<Result<ActivitySubject>> {
        self.subject(ctx).await.transpose()
    }
}

impl TimelineChange {
    async fn subject(&self, ctx: &Context<'_>) -> Result<Option<ActivitySubject>> {
        let change = loaders::required_whole(ctx, self.change_id()).await?;
        by_kind(ctx, Shown::Here, change.record_kind, change.record_id).await
    }

    fn change_id(&self) -> ChangeId {
        ChangeId::new(self.0.id.uuid())
    }
}

/// A page of the story of a record, newest first. Those of sibling records are read together.
pub async fn timeline(
    ctx: &Context<'_>,
    record: Uuid,
    related: bool,
    arguments: PageArguments,
    kinds: Option<Vec<TimelineKind>>,
) -> Result<Connection<TimelineEntry>> {
    let list = TimelineOf { related, kinds: kinds.unwrap_or_default() };
    children(ctx, record, list, arguments, TimelineEntry::from).await
}
