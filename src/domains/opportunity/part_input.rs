//! What callers say about an opportunity's competitors and milestones.

use async_graphql::{ID, InputObject, MaybeUndefined};

use crate::graphql::enums::MilestoneKind;
use crate::graphql::scalars::Date;

/// What a caller says about a competitor, the same when it is added and when it is changed.
#[derive(Debug, Clone, Default, InputObject)]
pub struct CompetitorFields {
    /// Whether the account buys from them today; no when absent at first. It can't be cleared.
    pub incumbent: MaybeUndefined<bool>,
    /// Whether the buyer has dismissed them; no when absent at first. It can't be cleared. It stands for itself: the milestone
    /// INCUMBENT_DISMISSED changes no competitor, and no competitor changes the milestone.
    pub dismissed: MaybeUndefined<bool>,
    /// What speaks for them; at most 10 000 characters.
    pub strengths: MaybeUndefined<String>,
    /// What speaks against them; at most 10 000 characters.
    pub weaknesses: MaybeUndefined<String>,
}

/// Somebody else who wants to make the sale.
#[derive(Debug, Clone, InputObject)]
pub struct AddCompetitorInput {
    /// The same key and input answer the first result again, for 24 hours.
    pub idempotency_key: Option<String>,
    /// The opportunity, open or closed.
    pub opportunity_id: ID,
    /// Their name; at most 200 characters. An opportunity lists a name once, whatever the case and accents.
    pub name: String,
    /// What else is known about them.
    #[graphql(flatten)]
    pub fields: CompetitorFields,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
}

/// What to change on a competitor: an absent field stays, null clears it.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateCompetitorInput {
    /// The competitor.
    pub id: ID,
    /// Their name; at most 200 characters. It can't be cleared. `lostTo` of an opportunity that was lost to them follows.
    pub name: MaybeUndefined<String>,
    /// What else is known about them.
    #[graphql(flatten)]
    pub fields: CompetitorFields,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
}

/// A competitor to take off the list.
#[derive(Debug, Clone, InputObject)]
pub struct RemoveCompetitorInput {
    /// The competitor.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
}

/// A step towards the signature that was reached.
#[derive(Debug, Clone, InputObject)]
pub struct ReachMilestoneInput {
    /// The opportunity, open or closed.
    pub opportunity_id: ID,
    /// Which step. They may be reached in any order: a contract may be signed before the need was ever confirmed.
    pub milestone: MilestoneKind,
    /// The day it was reached, not in the future. Absent: it stays where there is one, otherwise today.
    pub reached_on: Option<Date>,
    /// More about it; at most 10 000 characters. Absent: it stays, null clears it.
    pub note: MaybeUndefined<String>,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
}

/// A step towards the signature that is open after all.
#[derive(Debug, Clone, InputObject)]
pub struct ClearMilestoneInput {
    /// The opportunity, open or closed.
    pub opportunity_id: ID,
    /// Which step.
    pub milestone: MilestoneKind,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
}
