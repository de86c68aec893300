//! What callers say about opportunities, and what they are answered.

use async_graphql::{ID, InputObject, MaybeUndefined, SimpleObject};

use super::types::Opportunity;
use crate::error::UserError;
use crate::graphql::common::MoneyInput;
use crate::graphql::enums::BuyingRole;
use crate::graphql::scalars::Date;

/// The fields of an opportunity that a caller sets, the same when it is created and when it is changed.
#[derive(Debug, Clone, Default, InputObject)]
pub struct OpportunityFields {
    /// The contact whom we talk to first, one of the account's. It gets the primary contact role.
    pub primary_contact_id: MaybeUndefined<ID>,
    /// What the sale is worth; not negative. Where the opportunity has line items it is their sum, and no other amount can be set.
    pub amount: MaybeUndefined<MoneyInput>,
    /// How likely it is won, in percent from 0 to 100. Set by hand it stays when the opportunity moves; null goes back to the
    /// stage's own.
    pub probability: MaybeUndefined<i32>,
    /// Where it came from.
    pub source_id: MaybeUndefined<ID>,
    /// The campaign that it came from.
    pub campaign_id: MaybeUndefined<ID>,
    /// What is to be done next; at most 255 characters.
    pub next_step: MaybeUndefined<String>,
    /// Anything else worth knowing; at most 10 000 characters.
    pub description: MaybeUndefined<String>,
}

/// An opportunity to create.
#[derive(Debug, Clone, InputObject)]
pub struct CreateOpportunityInput {
    /// The same key and input answer the first result again, for 24 hours.
    pub idempotency_key: Option<String>,
    /// The opportunity's name; at most 200 characters.
    pub name: String,
    /// Whom we sell to.
    pub account_id: ID,
    /// The pipeline to start in, at its first open stage; the default one when absent.
    pub pipeline_id: Option<ID>,
    /// The open stage to start in; the pipeline's first one when absent.
    pub stage_id: Option<ID>,
    /// The day on which it is expected to close.
    pub close_date: Date,
    /// The opportunity's other fields.
    #[graphql(flatten)]
    pub fields: OpportunityFields,
    /// Who sells, an active user; the caller when absent.
    pub owner_id: Option<ID>,
}

/// What to change on an opportunity: an absent field stays, null clears it.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateOpportunityInput {
    /// The opportunity.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
    /// The opportunity's name; at most 200 characters. It can't be cleared.
    pub name: MaybeUndefined<String>,
    /// The day on which it is expected to close, or on which it closed. It can't be cleared.
    pub close_date: MaybeUndefined<Date>,
    /// The opportunity's other fields.
    #[graphql(flatten)]
    pub fields: OpportunityFields,
    /// Who sells, an active user.
    pub owner_id: MaybeUndefined<ID>,
}

/// Where an opportunity is moved.
#[derive(Debug, Clone, InputObject)]
pub struct MoveOpportunityInput {
    /// The opportunity.
    pub id: ID,
    /// An open stage, of the same or of another pipeline. For a won or lost stage use winOpportunity or loseOpportunity.
    pub stage_id: ID,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
}

/// An opportunity that was won.
#[derive(Debug, Clone, InputObject)]
pub struct WinOpportunityInput {
    /// The opportunity.
    pub id: ID,
    /// Why it was won: a reason of category WON.
    pub reason_id: Option<ID>,
    /// More about it; at most 10 000 characters.
    pub note: Option<String>,
    /// The day on which it was won; today when absent. Not in the future.
    pub closed_on: Option<Date>,
    /// What the sale is worth in the end; stays when absent. Where the opportunity has line items it is their sum, and no other
    /// amount can be set.
    pub amount: Option<MoneyInput>,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
}

/// An opportunity that was lost.
#[derive(Debug, Clone, InputObject)]
pub struct LoseOpportunityInput {
    /// The opportunity.
    pub id: ID,
    /// Why it was lost: a reason of category LOST.
    pub reason_id: ID,
    /// More about it; at most 10 000 characters.
    pub note: Option<String>,
    /// The day on which it was lost; today when absent. Not in the future.
    pub closed_on: Option<Date>,
    /// The name of the competitor that won it, also of one that isn't listed; at most 200 characters. A listed competitor of that
    /// name, whatever the case and accents, is the one.
    pub lost_to: Option<String>,
    /// The listed competitor that won it; `lostTo` is its name then. Give one of the two.
    pub lost_to_competitor_id: Option<ID>,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
}

/// A closed opportunity to take up again.
#[derive(Debug, Clone, InputObject)]
pub struct ReopenOpportunityInput {
    /// The opportunity.
    pub id: ID,
    /// The open stage that it goes on in, of the same or of another pipeline.
    pub stage_id: ID,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
}

/// A contact's part in an opportunity.
#[derive(Debug, Clone, InputObject)]
pub struct SetContactRoleInput {
    /// The opportunity.
    pub opportunity_id: ID,
    /// The contact, one of the opportunity's account.
    pub contact_id: ID,
    /// The contact's part in the decision to buy: absent it stays, null clears it.
    pub role: MaybeUndefined<BuyingRole>,
    /// True: this contact becomes the primary one, and the one before is no longer. The first contact becomes primary anyway.
    pub primary: Option<bool>,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
}

/// A contact that has no part in an opportunity any more.
#[derive(Debug, Clone, InputObject)]
pub struct RemoveContactRoleInput {
    /// The opportunity.
    pub opportunity_id: ID,
    /// The contact, not the primary one.
    pub contact_id: ID,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
}

/// The opportunity as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct OpportunityPayload {
    /// The opportunity as it is now; null where the call was refused.
    pub opportunity: Option<Opportunity>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

impl OpportunityPayload {
    /// The answer to a call about one opportunity.
    pub fn new(row: Option<entity::opportunity::Model>, user_errors: Vec<UserError>) -> Self {
        Self { opportunity: row.map(Into::into), user_errors }
    }
}
