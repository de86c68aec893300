//! What callers say about campaigns, and what they are answered.

use async_graphql::{ID, InputObject, MaybeUndefined, SimpleObject};

use super::types::Campaign;
use crate::error::UserError;
use crate::graphql::common::MoneyInput;
use crate::graphql::scalars::Date;

/// The fields of a campaign that a caller sets, the same when it is created and when it is changed.
#[derive(Debug, Clone, Default, InputObject)]
pub struct CampaignFields {
    /// How it reaches people, for example `Trade show`; at most 255 characters.
    pub channel: MaybeUndefined<String>,
    /// The first day.
    pub starts_on: MaybeUndefined<Date>,
    /// The last day; not before the first.
    pub ends_on: MaybeUndefined<Date>,
    /// What it may cost; not negative.
    pub budget: MaybeUndefined<MoneyInput>,
    /// What it has cost; not negative.
    pub cost: MaybeUndefined<MoneyInput>,
    /// The campaign that this one is part of. One that closes a circle is INVALID.
    pub parent_id: MaybeUndefined<ID>,
}

/// A campaign to create.
#[derive(Debug, Clone, InputObject)]
pub struct CreateCampaignInput {
    /// The same key and input answer the first result again, for 24 hours.
    pub idempotency_key: Option<String>,
    /// The campaign's name; at most 200 characters.
    pub name: String,
    /// The campaign's other fields.
    #[graphql(flatten)]
    pub fields: CampaignFields,
}

/// What to change on a campaign: an absent field stays, null clears it.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateCampaignInput {
    /// The campaign.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the campaign has this version.
    pub expected_version: Option<i32>,
    /// The campaign's name; at most 200 characters. It can't be cleared.
    pub name: MaybeUndefined<String>,
    /// Whether new leads can name it. It can't be cleared.
    pub active: MaybeUndefined<bool>,
    /// The campaign's other fields.
    #[graphql(flatten)]
    pub fields: CampaignFields,
}

/// The campaign as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct CampaignPayload {
    /// The campaign as it is now; null where the call was refused.
    pub campaign: Option<Campaign>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}
