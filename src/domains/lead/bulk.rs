//! Many leads in one call.

use async_graphql::{Context, Object};
use entity::lead::Entity;
use futures_util::FutureExt;

use super::input::{AssignLeadInput, CreateLeadInput, DeleteInput, DeletePayload, LeadPayload, RestoreInput, UpdateLeadInput};
use super::{service, work};
use crate::error::Result;
use crate::graphql::bulk::{self, BulkInput, BulkPayload};

/// Many leads in one call.
#[derive(Default)]
pub struct LeadBulkMutation;

#[Object]
impl LeadBulkMutation {
    /// Creates up to 500 leads in one call, each with its own result; each may bear an idempotency key of its own.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn create_leads(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The leads to create.")] input: BulkInput<CreateLeadInput>,
    ) -> Result<BulkPayload<LeadPayload>> {
        bulk::create::<Entity, _, _, _>(
            ctx,
            input,
            |item| item.idempotency_key.as_deref(),
            |_| &[],
            |write, item| service::create(write, item).boxed(),
            LeadPayload::new,
        )
        .await
    }

    /// Changes up to 500 leads in one call, each with its own result: an absent field stays, null clears it.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn update_leads(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The leads and what to change.")] input: BulkInput<UpdateLeadInput>,
    ) -> Result<BulkPayload<LeadPayload>> {
        bulk::change::<Entity, _, _, _>(
            ctx,
            input,
            |item| &item.id,
            |write, item| service::update(write, item).boxed(),
            LeadPayload::new,
        )
        .await
    }

    /// Gives up to 500 leads to active users, or back to the pool, each with its own result.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn assign_leads(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The leads and their new owners.")] input: BulkInput<AssignLeadInput>,
    ) -> Result<BulkPayload<LeadPayload>> {
        bulk::change::<Entity, _, _, _>(
            ctx,
            input,
            |item| &item.id,
            |write, item| work::assign(write, item).boxed(),
            LeadPayload::new,
        )
        .await
    }

    /// Deletes up to 500 leads, each with its own result. They can be restored.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn delete_leads(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The leads to delete.")] input: BulkInput<DeleteInput>,
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

    /// Brings up to 500 deleted leads back as they were, each with its own result.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn restore_leads(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The leads to bring back.")] input: BulkInput<RestoreInput>,
    ) -> Result<BulkPayload<LeadPayload>> {
        bulk::change::<Entity, _, _, _>(
            ctx,
            input,
            |item| &item.id,
            |write, item| service::restore(write, item).boxed(),
            LeadPayload::new,
        )
        .await
    }
}
