//! Changing contacts.

use async_graphql::{Context, Object};
use futures_util::FutureExt;

use super::input::{ContactPayload, CreateContactInput, UpdateContactInput};
use super::service;
use crate::domains::lead::input::{DeleteInput, DeletePayload, RestoreInput};
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};

/// Changing contacts.
#[derive(Default)]
pub struct ContactMutation;

fn answer(answer: Result<entity::contact::Model>) -> Result<ContactPayload> {
    payload(answer, ContactPayload::new)
}

#[Object]
impl ContactMutation {
    /// Creates a contact; yours unless it is given another owner.
    async fn create_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact to create.")] input: CreateContactInput,
    ) -> Result<ContactPayload> {
        answer(in_transaction(ctx, |write| service::create(write, input).boxed()).await)
    }

    /// Changes a contact: an absent field stays, null clears it. IN_USE where the contact would leave an account that has
    /// opportunities of which it is the primary contact.
    async fn update_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateContactInput,
    ) -> Result<ContactPayload> {
        answer(in_transaction(ctx, |write| service::update(write, input).boxed()).await)
    }

    /// Deletes a contact. It can be restored. IN_USE while it is the primary contact of an opportunity, or where a lead was
    /// converted into it.
    async fn delete_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact to delete.")] input: DeleteInput,
    ) -> Result<DeletePayload> {
        payload(in_transaction(ctx, |write| service::delete(write, input).boxed()).await, DeletePayload::new)
    }

    /// Brings a deleted contact back as it was. Its account must be there.
    async fn restore_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact to restore.")] input: RestoreInput,
    ) -> Result<ContactPayload> {
        answer(in_transaction(ctx, |write| service::restore(write, input).boxed()).await)
    }
}
