//! What callers say about quotes, and what they are answered.

use async_graphql::{ID, InputObject, MaybeUndefined, SimpleObject};

use super::types::Quote;
use crate::domains::line_item::input::LineItemFields;
use crate::domains::opportunity::types::Opportunity;
use crate::domains::order::types::Order;
use crate::error::UserError;
use crate::graphql::scalars::Date;

/// The fields of a quote that a caller sets, the same when it is created and when it is changed.
#[derive(Debug, Clone, Default, InputObject)]
pub struct QuoteFields {
    /// When and how it is to be paid, for example `30 days net`; at most 255 characters.
    pub payment_terms: MaybeUndefined<String>,
    /// The last day on which it can be accepted, in the workspace's time zone; not in the past. Absent on a new quote it is 30 days
    /// ahead; with null the quote does not expire.
    pub expires_on: MaybeUndefined<Date>,
    /// What else the customer is told; at most 10 000 characters.
    pub notes: MaybeUndefined<String>,
}

/// One line to offer: the same as a line item of the opportunity. It keeps the product's code and name as they are now.
#[derive(Debug, Clone, Default, InputObject)]
pub struct QuoteLineInput {
    /// The line's fields.
    #[graphql(flatten)]
    pub fields: LineItemFields,
}

/// A quote to create.
#[derive(Debug, Clone, InputObject)]
pub struct CreateQuoteInput {
    /// The same key and input answer the first result again, for 24 hours.
    pub idempotency_key: Option<String>,
    /// The opportunity, an open one.
    pub opportunity_id: ID,
    /// What is offered; at most 200 lines. Absent: a copy of the opportunity's line items.
    pub lines: Option<Vec<QuoteLineInput>>,
    /// The quote's other fields.
    #[graphql(flatten)]
    pub fields: QuoteFields,
}

/// What to change on a draft: an absent field stays, null clears it.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateQuoteInput {
    /// The quote.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the quote has this version.
    pub expected_version: Option<i32>,
    /// What is offered, instead of all lines so far; at most 200 lines.
    pub lines: Option<Vec<QuoteLineInput>>,
    /// The quote's other fields.
    #[graphql(flatten)]
    pub fields: QuoteFields,
}

/// A quote, for what takes nothing else.
#[derive(Debug, Clone, InputObject)]
pub struct QuoteIdInput {
    /// The quote.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the quote has this version.
    pub expected_version: Option<i32>,
}

/// A quote of which a new version is to be made.
#[derive(Debug, Clone, InputObject)]
pub struct ReviseQuoteInput {
    /// The same key and input answer the first result again, for 24 hours.
    pub idempotency_key: Option<String>,
    /// The quote, in its latest version.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the quote has this version.
    pub expected_version: Option<i32>,
}

/// A quote that the customer said yes to.
#[derive(Debug, Clone, InputObject)]
pub struct AcceptQuoteInput {
    /// The quote.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the quote has this version.
    pub expected_version: Option<i32>,
    /// Wins the opportunity in the same call; absent or null: it stays open.
    pub win: Option<AcceptQuoteWinInput>,
}

/// What is to be said about the win that comes with an accepted quote.
#[derive(Debug, Clone, InputObject)]
pub struct AcceptQuoteWinInput {
    /// Why it was won: a reason of category WON.
    pub reason_id: Option<ID>,
    /// The day on which it was won; today when absent. Not in the future.
    pub closed_on: Option<Date>,
    /// More about it; at most 10 000 characters.
    pub note: Option<String>,
}

/// The quote as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct QuotePayload {
    /// The quote as it is now; null where the call was refused.
    pub quote: Option<Quote>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

/// What became of an accepted quote, or what stood in the way.
#[derive(SimpleObject)]
pub struct AcceptQuotePayload {
    /// The quote as it is now; null where the call was refused.
    pub quote: Option<Quote>,
    /// Its opportunity, with the quote's lines and their sum as its amount; null where the call was refused.
    pub opportunity: Option<Opportunity>,
    /// The order that the win left; null where the opportunity was not won in this call.
    pub order: Option<Order>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}
