//! Changing accounts.

use async_graphql::{Context, Object};
use futures_util::FutureExt;

use super::input::{AccountPayload, CreateAccountInput, UpdateAccountInput};
use super::service;
use crate::domains::lead::input::{DeleteInput, DeletePayload, RestoreInput};
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};

/// Changing accounts.
#[derive(Default)]
pub struct AccountMutation;

fn answer(answer: Result<entity::account::Model>) -> Result<AccountPayload> {
    payload(answer, AccountPayload::new)
}

#[Object]
impl AccountMutation {
    /// Creates an account, a PROSPECT; yours unless it is given another owner.
    async fn create_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account to create.")] input: CreateAccountInput,
    ) -> Result<AccountPayload> {
        answer(in_transaction(ctx, |write| service::create(write, input).boxed()).await)
    }

    /// Changes an account: an absent field stays, null clears it. A parent that would close a circle is INVALID.
    async fn update_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateAccountInput,
    ) -> Result<AccountPayload> {
        answer(in_transaction(ctx, |write| service::update(write, input).boxed()).await)
    }

    /// Deletes an account. It can be restored. IN_USE while it has contacts, opportunities or accounts below it, or where a lead
    /// was converted into it.
    async fn delete_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account to delete.")] input: DeleteInput,
    ) -> Result<DeletePayload> {
        payload(in_transaction(ctx, |write| service::delete(write, input).boxed()).await, DeletePayload::new)
    }

    /// Brings a deleted account back as it was. Its parent must be there.
    async fn restore_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account to restore.")] input: RestoreInput,
    ) -> Result<AccountPayload> {
        answer(in_transaction(ctx, |write| service::restore(write, input).boxed()).await)
    }
}
