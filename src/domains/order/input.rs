//! What callers say about orders, and what they are answered.

use async_graphql::{ID, InputObject, MaybeUndefined, SimpleObject};

use super::types::Order;
use crate::error::UserError;
use crate::graphql::enums::OrderStatus;

/// What to change on an order: an absent field stays, null clears it. All else on an order never changes.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateOrderInput {
    /// The order.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the order has this version.
    pub expected_version: Option<i32>,
    /// How far it has come: an OPEN one may become FULFILLED or CANCELLED, and those two OPEN again. It can't be cleared.
    pub status: MaybeUndefined<OrderStatus>,
    /// The number of the signed contract; at most 255 characters.
    pub contract_number: MaybeUndefined<String>,
}

/// The order as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct OrderPayload {
    /// The order as it is now; null where the call was refused.
    pub order: Option<Order>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}
