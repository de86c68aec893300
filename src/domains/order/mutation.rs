//! Changing orders.

use async_graphql::{Context, Object};
use futures_util::FutureExt;

use super::input::{OrderPayload, UpdateOrderInput};
use super::service;
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};

/// Changing orders.
#[derive(Default)]
pub struct OrderMutation;

#[Object]
impl OrderMutation {
    /// Changes an order's status or the number of its contract: an absent field stays, null clears it. All else on an order never
    /// changes. Refused with ILLEGAL_TRANSITION where its status doesn't allow the new one; `details.allowed` lists those that
    /// it does.
    async fn update_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateOrderInput,
    ) -> Result<OrderPayload> {
        payload(in_transaction(ctx, |write| service::update(write, input).boxed()).await, |row, user_errors| OrderPayload {
            order: row.map(Into::into),
            user_errors,
        })
    }
}
