//! Changing activities.

use async_graphql::{Context, Object};
use futures_util::FutureExt;

use super::input::{
    ActivityPayload, ActivitySubjectsInput, CompleteActivityInput, CreateActivityInput, ReopenActivityInput, UpdateActivityInput,
};
use super::{service, subjects};
use crate::domains::lead::input::{DeleteInput, DeletePayload, RestoreInput};
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};

/// Changing activities.
#[derive(Default)]
pub struct ActivityMutation;

fn answer(answer: Result<entity::activity::Model>) -> Result<ActivityPayload> {
    payload(answer, ActivityPayload::new)
}

#[Object]
impl ActivityMutation {
    /// Creates an activity about one or more records, planned or done already. Any seller may, on any record; a converted lead is
    /// refused with ALREADY_CONVERTED.
    async fn create_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The activity to create.")] input: CreateActivityInput,
    ) -> Result<ActivityPayload> {
        answer(in_transaction(ctx, |write| service::create(write, input).boxed()).await)
    }

    /// Changes an activity's fields: an absent field stays, null clears it. For its owner, managers and administrators.
    async fn update_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateActivityInput,
    ) -> Result<ActivityPayload> {
        answer(in_transaction(ctx, |write| service::update(write, input).boxed()).await)
    }

    /// Notes that an activity was done. One that was done already is refused with ILLEGAL_TRANSITION.
    async fn complete_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The activity, when it was done and what came of it.")] input: CompleteActivityInput,
    ) -> Result<ActivityPayload> {
        answer(in_transaction(ctx, |write| service::complete(write, input).boxed()).await)
    }

    /// Notes that an activity was not done after all: it is open again. One that is open is refused with ILLEGAL_TRANSITION. What it
    /// did to the status of a lead stays.
    async fn reopen_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The activity to open again.")] input: ReopenActivityInput,
    ) -> Result<ActivityPayload> {
        answer(in_transaction(ctx, |write| service::reopen(write, input).boxed()).await)
    }

    /// Lets an activity be about further records; those that it is about already stay. At most 50 in all.
    async fn add_activity_subjects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The activity and what it is about, too.")] input: ActivitySubjectsInput,
    ) -> Result<ActivityPayload> {
        answer(in_transaction(ctx, |write| subjects::add(write, input).boxed()).await)
    }

    /// Lets an activity no longer be about these records. At least one must remain: REQUIRED otherwise.
    async fn remove_activity_subjects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The activity and what it is not about.")] input: ActivitySubjectsInput,
    ) -> Result<ActivityPayload> {
        answer(in_transaction(ctx, |write| subjects::remove(write, input).boxed()).await)
    }

    /// Deletes an activity. It can be restored.
    async fn delete_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The activity to delete.")] input: DeleteInput,
    ) -> Result<DeletePayload> {
        payload(in_transaction(ctx, |write| service::delete(write, input).boxed()).await, DeletePayload::new)
    }

    /// Brings a deleted activity back as it was.
    async fn restore_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The activity to restore.")] input: RestoreInput,
    ) -> Result<ActivityPayload> {
        answer(in_transaction(ctx, |write| service::restore(write, input).boxed()).await)
    }
}
