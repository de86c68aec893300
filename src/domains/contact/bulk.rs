//! Many contacts in one call.

use async_graphql::{Context, Object};
use entity::contact::Entity;
use futures_util::FutureExt;

use super::input::{ContactPayload, CreateContactInput, UpdateContactInput};
use super::service;
use crate::domains::lead::input::{AssignInput, DeleteInput, DeletePayload, RestoreInput};
use crate::error::Result;
use crate::graphql::bulk::{self, BulkInput, BulkPayload};

/// Many contacts in one call.
#[derive(Default)]
pub struct ContactBulkMutation;

#[Object]
impl ContactBulkMutation {
    /// Creates up to 500 contacts in one call, each with its own result; each may bear an idempotency key of its own.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn create_contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contacts to create.")] input: BulkInput<CreateContactInput>,
    ) -> Result<BulkPayload<ContactPayload>> {
        bulk::create::<Entity, _, _, _>(
            ctx,
            input,
            |item| item.idempotency_key.as_deref(),
            |_| &[],
            |write, item| service::create(write, item).boxed(),
            ContactPayload::new,
        )
        .await
    }

    /// Changes up to 500 contacts in one call, each with its own result: an absent field stays, null clears it.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn update_contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contacts and what to change.")] input: BulkInput<UpdateContactInput>,
    ) -> Result<BulkPayload<ContactPayload>> {
        bulk::change::<Entity, _, _, _>(
            ctx,
            input,
            |item| &item.id,
            |write, item| service::update(write, item).boxed(),
            ContactPayload::new,
        )
        .await
    }

    /// Gives up to 500 contacts to active users, or to nobody, each with its own result.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn assign_contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contacts and their new owners.")] input: BulkInput<AssignInput>,
    ) -> Result<BulkPayload<ContactPayload>> {
        bulk::change::<Entity, _, _, _>(
            ctx,
            input,
            |item| &item.id,
            |write, item| service::assign(write, item).boxed(),
            ContactPayload::new,
        )
        .await
    }

    /// Deletes up to 500 contacts, each with its own result. They can be restored.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn delete_contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contacts to delete.")] input: BulkInput<DeleteInput>,
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

    /// Brings up to 500 deleted contacts back as they were, each with its own result.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn restore_contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contacts to bring back.")] input: BulkInput<RestoreInput>,
    ) -> Result<BulkPayload<ContactPayload>> {
        bulk::change::<Entity, _, _, _>(
            ctx,
            input,
            |item| &item.id,
            |write, item| service::restore(write, item).boxed(),
            ContactPayload::new,
        )
        .await
    }
}
