//! What callers say about line items. The answer is the opportunity that they belong to.

use async_graphql::{ID, InputObject, MaybeUndefined};

use crate::graphql::common::MoneyInput;
use crate::graphql::scalars::Decimal;

/// The fields of a line item that a caller sets, the same when it is created and when it is changed.
#[derive(Debug, Clone, Default, InputObject)]
pub struct LineItemFields {
    /// The product, one that is offered; null for something that is not in the catalogue. A line item has a product, a description,
    /// or both.
    pub product_id: MaybeUndefined<ID>,
    /// What is sold, in words; at most 255 characters.
    pub description: MaybeUndefined<String>,
    /// How many units: above 0, at most 999 999 999.999, with at most 3 decimals; 1 on a new line item where absent.
    pub quantity: MaybeUndefined<Decimal>,
    /// What one unit costs before the discount, not negative, in the opportunity's currency, which is also what it is in where the
    /// currency is absent. Null, or absent where the product is new to the line item: the product's price in that currency.
    pub unit_price: MaybeUndefined<MoneyInput>,
    /// The discount in percent, from 0 to 100 with at most 4 decimals. It takes the place of a discount that is an amount.
    pub discount_percent: MaybeUndefined<Decimal>,
    /// The discount off the whole line as an amount, from 0 to quantity times unit price, in the opportunity's currency. It takes the
    /// place of a discount in percent.
    pub discount_amount: MaybeUndefined<MoneyInput>,
}

/// A line item to create.
#[derive(Debug, Clone, InputObject)]
pub struct NewLineItemInput {
    /// The line item's fields.
    #[graphql(flatten)]
    pub fields: LineItemFields,
}

/// A line item as it is to be: one that is there where its id is given, otherwise a new one.
#[derive(Debug, Clone, InputObject)]
pub struct SetLineItemInput {
    /// The line item that it is, one of the opportunity's: then absent fields stay.
    pub id: Option<ID>,
    /// The line item's fields.
    #[graphql(flatten)]
    pub fields: LineItemFields,
}

/// Line items to add to an opportunity.
#[derive(Debug, Clone, InputObject)]
pub struct AddLineItemsInput {
    /// The opportunity.
    pub opportunity_id: ID,
    /// The same key and input answer the first result again, for 24 hours.
    pub idempotency_key: Option<String>,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
    /// The line items, which come after those that are there; at least one. An opportunity has at most 200.
    pub line_items: Vec<NewLineItemInput>,
}

/// What to change on a line item: an absent field stays, null clears it.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateLineItemInput {
    /// The line item.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
    /// The line item's fields.
    #[graphql(flatten)]
    pub fields: LineItemFields,
}

/// A line item to take away.
#[derive(Debug, Clone, InputObject)]
pub struct RemoveLineItemInput {
    /// The line item.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
}

/// The order in which an opportunity's line items are to stand.
#[derive(Debug, Clone, InputObject)]
pub struct ReorderLineItemsInput {
    /// The opportunity.
    pub opportunity_id: ID,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
    /// All of the opportunity's line items, each once, in their new order.
    pub line_item_ids: Vec<ID>,
}

/// All line items that an opportunity is to have.
#[derive(Debug, Clone, InputObject)]
pub struct SetLineItemsInput {
    /// The opportunity.
    pub opportunity_id: ID,
    /// Refuse with VERSION_CONFLICT unless the opportunity has this version.
    pub expected_version: Option<i32>,
    /// The line items in their order, at most 200. Those that are there and aren't named by their ids are taken away.
    pub line_items: Vec<SetLineItemInput>,
}
