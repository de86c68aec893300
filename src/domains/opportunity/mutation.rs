//! Changing opportunities.

use async_graphql::{Context, Object};
use entity::opportunity;
use futures_util::FutureExt;

use super::input::{
    CreateOpportunityInput, LoseOpportunityInput, MoveOpportunityInput, OpportunityPayload, RemoveContactRoleInput,
    ReopenOpportunityInput, SetContactRoleInput, UpdateOpportunityInput, WinOpportunityInput,
};
use super::{moves, roles, service};
use crate::domains::lead::input::{DeleteInput, DeletePayload, RestoreInput};
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};

/// Changing opportunities.
#[derive(Default)]
pub struct OpportunityMutation;

fn answer(answer: Result<opportunity::Model>) -> Result<OpportunityPayload> {
    payload(answer, OpportunityPayload::new)
}

#[Object]
impl OpportunityMutation {
    /// Creates an opportunity in an open stage: the default pipeline's first one, unless a pipeline or a stage is named.
    async fn create_opportunity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity to create.")] input: CreateOpportunityInput,
    ) -> Result<OpportunityPayload> {
        answer(in_transaction(ctx, |write| service::create(write, input).boxed()).await)
    }

    /// Changes an opportunity's fields: an absent field stays, null clears it. A closed opportunity stays closed.
    async fn update_opportunity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateOpportunityInput,
    ) -> Result<OpportunityPayload> {
        answer(in_transaction(ctx, |write| service::update(write, input).boxed()).await)
    }

    /// Deletes an opportunity. It can be restored.
    async fn delete_opportunity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity to delete.")] input: DeleteInput,
    ) -> Result<DeletePayload> {
        payload(in_transaction(ctx, |write| service::delete(write, input).boxed()).await, DeletePayload::new)
    }

    /// Brings a deleted opportunity back as it was. Its account and its primary contact must be there.
    async fn restore_opportunity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity to restore.")] input: RestoreInput,
    ) -> Result<OpportunityPayload> {
        answer(in_transaction(ctx, |write| service::restore(write, input).boxed()).await)
    }

    /// Moves an open opportunity to another open stage. It takes the stage's probability unless one was set by hand.
    /// Refused with ILLEGAL_TRANSITION where its state doesn't allow that; `details.allowed` lists the stages that it does.
    async fn move_opportunity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity and where it moves.")] input: MoveOpportunityInput,
    ) -> Result<OpportunityPayload> {
        answer(in_transaction(ctx, |write| moves::move_to(write, input).boxed()).await)
    }

    /// Closes an open opportunity as won, in its pipeline's won stage. Its account becomes a CUSTOMER.
    async fn win_opportunity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity and what is to be said about the win.")] input: WinOpportunityInput,
    ) -> Result<OpportunityPayload> {
        answer(in_transaction(ctx, |write| moves::win(write, input).boxed()).await)
    }

    /// Closes an open opportunity as lost, in its pipeline's lost stage.
    async fn lose_opportunity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity and why it was lost.")] input: LoseOpportunityInput,
    ) -> Result<OpportunityPayload> {
        answer(in_transaction(ctx, |write| moves::lose(write, input).boxed()).await)
    }

    /// Takes a closed opportunity up again in an open stage, with that stage's probability. The history keeps why it was closed.
    async fn reopen_opportunity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity and the stage that it goes on in.")] input: ReopenOpportunityInput,
    ) -> Result<OpportunityPayload> {
        answer(in_transaction(ctx, |write| moves::reopen(write, input).boxed()).await)
    }

    /// Gives one of the account's contacts a part in an opportunity, or changes it.
    async fn set_contact_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity, the contact and its part.")] input: SetContactRoleInput,
    ) -> Result<OpportunityPayload> {
        answer(in_transaction(ctx, |write| roles::set(write, input).boxed()).await)
    }

    /// Takes away a contact's part in an opportunity. Refused with IN_USE for the primary contact.
    async fn remove_contact_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity and the contact.")] input: RemoveContactRoleInput,
    ) -> Result<OpportunityPayload> {
        answer(in_transaction(ctx, |write| roles::remove(write, input).boxed()).await)
    }
}
