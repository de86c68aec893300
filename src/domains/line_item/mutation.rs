//! Changing line items.

use async_graphql::{Context, Object};
use entity::opportunity;
use futures_util::FutureExt;

use super::input::{AddLineItemsInput, RemoveLineItemInput, ReorderLineItemsInput, SetLineItemsInput, UpdateLineItemInput};
use super::service;
use crate::domains::opportunity::input::OpportunityPayload;
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};

/// Changing line items.
#[derive(Default)]
pub struct LineItemMutation;

fn answer(answer: Result<opportunity::Model>) -> Result<OpportunityPayload> {
    payload(answer, |row, user_errors| OpportunityPayload { opportunity: row.map(Into::into), user_errors })
}

#[Object]
impl LineItemMutation {
    /// Adds line items to an open opportunity, after those that are there. From the first one on the opportunity's amount is their
    /// sum and can't be set by hand, and its currency stays.
    async fn add_line_items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity and the line items to add.")] input: AddLineItemsInput,
    ) -> Result<OpportunityPayload> {
        answer(in_transaction(ctx, |write| service::add(write, input).boxed()).await)
    }

    /// Changes a line item of an open opportunity: an absent field stays, null clears it. The opportunity's amount follows.
    async fn update_line_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateLineItemInput,
    ) -> Result<OpportunityPayload> {
        answer(in_transaction(ctx, |write| service::update(write, input).boxed()).await)
    }

    /// Takes a line item of an open opportunity away. The opportunity's amount follows; after the last one it stays, and can be set by
    /// hand again.
    async fn remove_line_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The line item.")] input: RemoveLineItemInput,
    ) -> Result<OpportunityPayload> {
        answer(in_transaction(ctx, |write| service::remove(write, input).boxed()).await)
    }

    /// Puts an open opportunity's line items into another order.
    async fn reorder_line_items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity and the order.")] input: ReorderLineItemsInput,
    ) -> Result<OpportunityPayload> {
        answer(in_transaction(ctx, |write| service::reorder(write, input).boxed()).await)
    }

    /// Replaces all line items of an open opportunity at once: those that are named by their ids are kept and changed, the others are
    /// new, and what isn't named goes. An empty list takes all away, and leaves the amount as it is.
    async fn set_line_items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity and its line items.")] input: SetLineItemsInput,
    ) -> Result<OpportunityPayload> {
        answer(in_transaction(ctx, |write| service::set(write, input).boxed()).await)
    }
}
