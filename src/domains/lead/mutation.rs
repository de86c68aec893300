//! Changing leads.

use async_graphql::{Context, Object};
use futures_util::FutureExt;

use super::input::{
    AssessLeadInput, AssignLeadInput, CreateLeadInput, DeleteInput, DeletePayload, DisqualifyLeadInput, LeadIdInput, LeadPayload,
    QualifyLeadInput, RecordBuyingSignalInput, RestoreInput, SetLeadStatusInput, UpdateLeadInput,
};
use super::{service, work};
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};

/// Changing leads.
#[derive(Default)]
pub struct LeadMutation;

fn answer(answer: Result<entity::lead::Model>) -> Result<LeadPayload> {
    payload(answer, LeadPayload::new)
}

#[Object]
impl LeadMutation {
    /// Creates a lead, OPEN_NOT_CONTACTED, in the pool unless it is given an owner.
    async fn create_lead(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead to create.")] input: CreateLeadInput,
    ) -> Result<LeadPayload> {
        answer(in_transaction(ctx, |write| service::create(write, input).boxed()).await)
    }

    /// Changes a lead's fields: an absent field stays, null clears it. A converted lead is read-only.
    async fn update_lead(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateLeadInput,
    ) -> Result<LeadPayload> {
        answer(in_transaction(ctx, |write| service::update(write, input).boxed()).await)
    }

    /// Deletes a lead. It can be restored. A converted lead can't be deleted.
    async fn delete_lead(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead to delete.")] input: DeleteInput,
    ) -> Result<DeletePayload> {
        payload(in_transaction(ctx, |write| service::delete(write, input).boxed()).await, DeletePayload::new)
    }

    /// Brings a deleted lead back as it was.
    async fn restore_lead(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead to restore.")] input: RestoreInput,
    ) -> Result<LeadPayload> {
        answer(in_transaction(ctx, |write| service::restore(write, input).boxed()).await)
    }

    /// Gives a lead to an active user, or back to the pool.
    async fn assign_lead(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and its new owner.")] input: AssignLeadInput,
    ) -> Result<LeadPayload> {
        answer(in_transaction(ctx, |write| work::assign(write, input).boxed()).await)
    }

    /// Takes a lead from the pool. Of several who try at once, exactly one gets it; the others are told ALREADY_OWNED.
    async fn claim_lead(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead to take.")] input: LeadIdInput,
    ) -> Result<LeadPayload> {
        answer(in_transaction(ctx, |write| work::claim(write, input).boxed()).await)
    }

    /// Puts a lead back into the pool.
    async fn release_lead(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead to put back.")] input: LeadIdInput,
    ) -> Result<LeadPayload> {
        answer(in_transaction(ctx, |write| work::release(write, input).boxed()).await)
    }

    /// Moves a lead to OPEN_NOT_CONTACTED or WORKING_CONTACTED; the other moves have mutations of their own.
    async fn set_lead_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and where it moves.")] input: SetLeadStatusInput,
    ) -> Result<LeadPayload> {
        answer(in_transaction(ctx, |write| work::set_status(write, input).boxed()).await)
    }

    /// Notes what was found out about need, budget, timeline and authority.
    async fn assess_lead(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was found out.")] input: AssessLeadInput,
    ) -> Result<LeadPayload> {
        answer(in_transaction(ctx, |write| work::assess(write, input).boxed()).await)
    }

    /// Notes that a lead did something that says it is time to convert.
    async fn record_buying_signal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was seen.")] input: RecordBuyingSignalInput,
    ) -> Result<LeadPayload> {
        answer(in_transaction(ctx, |write| work::record_buying_signal(write, input).boxed()).await)
    }

    /// Declares a lead worth pursuing: QUALIFIED. Refused with NOT_QUALIFIED while need, budget or timeline are not met, unless
    /// a manager overrides it with a reason.
    async fn qualify_lead(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead, and what was found out last.")] input: QualifyLeadInput,
    ) -> Result<LeadPayload> {
        answer(in_transaction(ctx, |write| work::qualify(write, input).boxed()).await)
    }

    /// Closes a lead that will not be pursued: CLOSED_NOT_CONVERTED. It can be reopened. With `keep` it leaves a prospect account and
    /// a contact behind, in the same transaction: they are made or filled as a conversion does it, nothing is overwritten, and the
    /// lead's activities so far and its campaign memberships are theirs, too. Converted later, it uses them unless told otherwise.
    async fn disqualify_lead(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and why.")] input: DisqualifyLeadInput,
    ) -> Result<LeadPayload> {
        answer(in_transaction(ctx, |write| work::disqualify(write, input).boxed()).await)
    }

    /// Takes up a lead again that was closed without conversion: WORKING_CONTACTED. The history keeps why it was closed.
    async fn reopen_lead(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead to reopen.")] input: LeadIdInput,
    ) -> Result<LeadPayload> {
        answer(in_transaction(ctx, |write| work::reopen(write, input).boxed()).await)
    }
}
