//! Many accounts in one call.

use async_graphql::{Context, Object};
use entity::account::Entity;
use futures_util::FutureExt;

use super::input::{AccountPayload, CreateAccountInput, UpdateAccountInput};
use super::service;
use crate::domains::lead::input::{AssignInput, DeleteInput, DeletePayload, RestoreInput};
use crate::error::Result;
use crate::graphql::bulk::{self, BulkInput, BulkPayload};

/// Many accounts in one call.
#[derive(Default)]
pub struct AccountBulkMutation;

#[Object]
impl AccountBulkMutation {
    /// Creates up to 500 accounts in one call, each with its own result; each may bear an idempotency key of its own.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn create_accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The accounts to create.")] input: BulkInput<CreateAccountInput>,
    ) -> Result<BulkPayload<AccountPayload>> {
        bulk::create::<Entity, _, _, _>(
            ctx,
            input,
            |item| item.idempotency_key.as_deref(),
            |_| &[],
            |write, item| service::create(write, item).boxed(),
            AccountPayload::new,
        )
        .await
    }

    /// Changes up to 500 accounts in one call, each with its own result: an absent field stays, null clears it.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn update_accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The accounts and what to change.")] input: BulkInput<UpdateAccountInput>,
    ) -> Result<BulkPayload<AccountPayload>> {
        bulk::change::<Entity, _, _, _>(
            ctx,
            input,
            |item| &item.id,
            |write, item| service::update(write, item).boxed(),
            AccountPayload::new,
        )
        .await
    }

    /// Gives up to 500 accounts to active users, or to nobody, each with its own result.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn assign_accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The accounts and their new owners.")] input: BulkInput<AssignInput>,
    ) -> Result<BulkPayload<AccountPayload>> {
        bulk::change::<Entity, _, _, _>(
            ctx,
            input,
            |item| &item.id,
            |write, item| service::assign(write, item).boxed(),
            AccountPayload::new,
        )
        .await
    }

    /// Deletes up to 500 accounts, each with its own result. They can be restored.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn delete_accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The accounts to delete.")] input: BulkInput<DeleteInput>,
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

    /// Brings up to 500 deleted accounts back as they were, each with its own result.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn restore_accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The accounts to bring back.")] input: BulkInput<RestoreInput>,
    ) -> Result<BulkPayload<AccountPayload>> {
        bulk::change::<Entity, _, _, _>(
            ctx,
            input,
            |item| &item.id,
            |write, item| service::restore(write, item).boxed(),
            AccountPayload::new,
        )
        .await
    }
}
