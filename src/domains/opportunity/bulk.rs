//! Many opportunities in one call.

use async_graphql::{Context, Object};
use entity::opportunity::Entity;
use futures_util::FutureExt;

use super::input::{CreateOpportunityInput, OpportunityPayload, UpdateOpportunityInput};
use super::service;
use crate::domains::lead::input::{AssignInput, DeleteInput, DeletePayload, RestoreInput};
use crate::error::Result;
use crate::graphql::bulk::{self, BulkInput, BulkPayload};

/// Many opportunities in one call.
#[derive(Default)]
pub struct OpportunityBulkMutation;

#[Object]
impl OpportunityBulkMutation {
    /// Creates up to 500 opportunities in one call, each with its own result; each may bear an idempotency key of its own.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn create_opportunities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunities to create.")] input: BulkInput<CreateOpportunityInput>,
    ) -> Result<BulkPayload<OpportunityPayload>> {
        bulk::create::<Entity, _, _, _>(
            ctx,
            input,
            |item| item.idempotency_key.as_deref(),
            |_| &[],
            |write, item| service::create(write, item).boxed(),
            OpportunityPayload::new,
        )
        .await
    }

    /// Changes up to 500 opportunities in one call, each with its own result: an absent field stays, null clears it.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn update_opportunities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunities and what to change.")] input: BulkInput<UpdateOpportunityInput>,
    ) -> Result<BulkPayload<OpportunityPayload>> {
        bulk::change::<Entity, _, _, _>(
            ctx,
            input,
            |item| &item.id,
            |write, item| service::update(write, item).boxed(),
            OpportunityPayload::new,
        )
        .await
    }

    /// Gives up to 500 opportunities to active users, or to nobody, each with its own result.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn assign_opportunities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunities and their new owners.")] input: BulkInput<AssignInput>,
    ) -> Result<BulkPayload<OpportunityPayload>> {
        bulk::change::<Entity, _, _, _>(
            ctx,
            input,
            |item| &item.id,
            |write, item| service::assign(write, item).boxed(),
            OpportunityPayload::new,
        )
        .await
    }

    /// Deletes up to 500 opportunities, each with its own result. They can be restored.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn delete_opportunities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunities to delete.")] input: BulkInput<DeleteInput>,
    ) -> Result<BulkPayload<DeletePayload>> {
        bulk::change::<Entity, _, _, _>(
            ctx,
            input,
            |item| &item.id,
            |write, item| service::delete(write, item).boxed(),
            DeletePayload::new,
        )
        .await
    }

    /// Brings up to 500 deleted opportunities back as they were, each with its own result.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn restore_opportunities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunities to bring back.")] input: BulkInput<RestoreInput>,
    ) -> Result<BulkPayload<OpportunityPayload>> {
        bulk::change::<Entity, _, _, _>(
            ctx,
            input,
            |item| &item.id,
            |write, item| service::restore(write, item).boxed(),
            OpportunityPayload::new,
        )
        .await
    }
}
