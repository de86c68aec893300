//! What callers say about products, and what they are answered.

use async_graphql::{ID, InputObject, MaybeUndefined, SimpleObject};

use super::types::Product;
use crate::error::UserError;
use crate::graphql::common::MoneyInput;

/// The fields of a product that a caller sets, the same when it is created and when it is changed.
#[derive(Debug, Clone, Default, InputObject)]
pub struct ProductFields {
    /// The code that the product is ordered by; at most 255 characters. No other product has it, whatever the case and accents.
    pub code: MaybeUndefined<String>,
    /// The group of products that it belongs to; at most 255 characters.
    pub family: MaybeUndefined<String>,
    /// What it is, in words; at most 10 000 characters.
    pub description: MaybeUndefined<String>,
    /// What one unit costs, once per currency, not negative; all prices that the product is to have. Line items that are there
    /// already keep theirs.
    pub prices: MaybeUndefined<Vec<MoneyInput>>,
    /// Whether the product is offered, which a new one is. It can't be cleared. Line items that name it already keep it.
    pub active: MaybeUndefined<bool>,
}

/// A product to create.
#[derive(Debug, Clone, InputObject)]
pub struct CreateProductInput {
    /// The same key and input answer the first result again, for 24 hours.
    pub idempotency_key: Option<String>,
    /// The product's name; at most 200 characters.
    pub name: String,
    /// The product's other fields.
    #[graphql(flatten)]
    pub fields: ProductFields,
}

/// What to change on a product: an absent field stays, null clears it.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateProductInput {
    /// The product.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the product has this version.
    pub expected_version: Option<i32>,
    /// The product's name; at most 200 characters. It can't be cleared.
    pub name: MaybeUndefined<String>,
    /// The product's other fields.
    #[graphql(flatten)]
    pub fields: ProductFields,
}

/// The product as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct ProductPayload {
    /// The product as it is now; null where the call was refused.
    pub product: Option<Product>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}
