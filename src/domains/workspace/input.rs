//! What callers say about the workspace's lists, and what they are answered.

use async_graphql::{ID, InputObject, MaybeUndefined, SimpleObject};

use super::types::{CloseReason, DisqualificationReason, LeadSource};
use crate::error::UserError;
use crate::graphql::enums::StageCategory;

/// A lead source to create. It comes last in the list.
#[derive(Debug, Clone, InputObject)]
pub struct CreateLeadSourceInput {
    /// The source's name; at most 200 characters. No other source has it, whatever the case and accents.
    pub name: String,
}

/// A reason for disqualifying leads to create. It comes last in the list.
#[derive(Debug, Clone, InputObject)]
pub struct CreateDisqualificationReasonInput {
    /// The reason in words; at most 200 characters. No other reason has them, whatever the case and accents.
    pub name: String,
}

/// A reason for closing opportunities to create. It comes last in the list.
#[derive(Debug, Clone, InputObject)]
pub struct CreateCloseReasonInput {
    /// The reason in words; at most 200 characters. No other reason of the category has them, whatever the case and accents.
    pub name: String,
    /// WON or LOST.
    pub category: StageCategory,
}

/// What to change on an entry of a list: an absent field stays.
#[derive(Debug, Clone, Default, InputObject)]
pub struct EntryFields {
    /// The entry's name; at most 200 characters. It can't be cleared.
    pub name: MaybeUndefined<String>,
    /// Whether the entry is offered. What uses it already keeps it.
    pub active: MaybeUndefined<bool>,
}

/// What to change on a lead source: an absent field stays.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateLeadSourceInput {
    /// The lead source.
    pub id: ID,
    /// The changes.
    #[graphql(flatten)]
    pub fields: EntryFields,
}

/// What to change on a reason for disqualifying leads: an absent field stays.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateDisqualificationReasonInput {
    /// The reason.
    pub id: ID,
    /// The changes.
    #[graphql(flatten)]
    pub fields: EntryFields,
}

/// What to change on a reason for closing opportunities: an absent field stays.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateCloseReasonInput {
    /// The reason.
    pub id: ID,
    /// The changes.
    #[graphql(flatten)]
    pub fields: EntryFields,
}

/// The order of a list.
#[derive(Debug, Clone, InputObject)]
pub struct ReorderInput {
    /// All entries of the list, inactive ones included, in the wanted order.
    pub ids: Vec<ID>,
}

/// The order of the reasons for winning, or of those for losing.
#[derive(Debug, Clone, InputObject)]
pub struct ReorderCloseReasonsInput {
    /// WON or LOST.
    pub category: StageCategory,
    /// All reasons of the category, inactive ones included, in the wanted order.
    pub ids: Vec<ID>,
}

/// An entry of a list to delete.
#[derive(Debug, Clone, InputObject)]
pub struct DeleteEntryInput {
    /// The entry.
    pub id: ID,
}

/// The list in its new order, or what stood in the way.
#[derive(SimpleObject)]
pub struct LeadSourcesPayload {
    /// The lead sources in their order; null where the call was refused.
    pub lead_sources: Option<Vec<LeadSource>>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

/// The list in its new order, or what stood in the way.
#[derive(SimpleObject)]
pub struct DisqualificationReasonsPayload {
    /// The reasons in their order; null where the call was refused.
    pub disqualification_reasons: Option<Vec<DisqualificationReason>>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

/// The list in its new order, or what stood in the way.
#[derive(SimpleObject)]
pub struct CloseReasonsPayload {
    /// The reasons of the category in their order; null where the call was refused.
    pub close_reasons: Option<Vec<CloseReason>>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

/// The lead source as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct LeadSourcePayload {
    /// The lead source as it is now; null where the call was refused.
    pub lead_source: Option<LeadSource>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

/// The reason as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct DisqualificationReasonPayload {
    /// The reason as it is now; null where the call was refused.
    pub disqualification_reason: Option<DisqualificationReason>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

/// The reason as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct CloseReasonPayload {
    /// The reason as it is now; null where the call was refused.
    pub close_reason: Option<CloseReason>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}
