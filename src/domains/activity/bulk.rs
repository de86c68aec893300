//! Many activities in one call.

use async_graphql::{Context, Object};
use entity::lead::Entity;
use futures_util::FutureExt;

use super::input::{ActivityPayload, CompleteActivityInput, CreateActivityInput};
use super::service;
use crate::error::Result;
use crate::graphql::bulk::{self, BulkInput, BulkPayload};

/// Many activities in one call.
#[derive(Default)]
pub struct ActivityBulkMutation;

#[Object]
impl ActivityBulkMutation {
    /// Creates up to 500 activities in one call, each with its own result; each may bear an idempotency key of its own.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn create_activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The activities to create.")] input: BulkInput<CreateActivityInput>,
    ) -> Result<BulkPayload<ActivityPayload>> {
        bulk::create::<Entity, _, _, _>(
            ctx,
            input,
            |item| item.idempotency_key.as_deref(),
            |item| &item.about_ids,
            |write, item| service::create(write, item).boxed(),
            ActivityPayload::new,
        )
        .await
    }

    /// Notes that up to 500 activities were done, each with its own result.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn complete_activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The activities, when they were done and what came of them.")] input: BulkInput<CompleteActivityInput>,
    ) -> Result<BulkPayload<ActivityPayload>> {
        // An activity's leads are held before the activity itself, so that is left to the use case, always in the same order.
        bulk::create::<Entity, _, _, _>(
            ctx,
            input,
            |item| Some(item.id.as_str()),
            |_| &[],
            |write, item| service::complete(write, item).boxed(),
            ActivityPayload::new,
        )
        .await
    }
}
