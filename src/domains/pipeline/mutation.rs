//! Changing pipelines and stages: for administrators.

use std::sync::Arc;

use async_graphql::{Context, Object};
use entity::{pipeline, stage};
use futures_util::FutureExt;

use super::input::{
    CreatePipelineInput, CreateStageInput, PipelineIdInput, PipelinePayload, PipelinesPayload, ReorderPipelinesInput,
    ReorderStagesInput, ReplaceStageInput, ReplaceStagePayload, StagePayload, UpdatePipelineInput, UpdateStageInput,
};
use super::types::{Pipeline, Stage};
use super::{service, stages};
use crate::domains::lead::input::{DeleteInput, DeletePayload};
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};

/// Changing pipelines and stages.
#[derive(Default)]
pub struct PipelineMutation;

fn pipeline(answer: Result<pipeline::Model>) -> Result<PipelinePayload> {
    payload(answer, |row, user_errors| PipelinePayload { pipeline: row.map(|row| Pipeline(Arc::new(row))), user_errors })
}

fn stage(answer: Result<stage::Model>) -> Result<StagePayload> {
    payload(answer, |row, user_errors| StagePayload { stage: row.map(|row| Stage(Arc::new(row))), user_errors })
}

#[Object]
impl PipelineMutation {
    /// Creates a pipeline with its stages: active, behind the others, and not the default. For administrators.
    async fn create_pipeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pipeline to create.")] input: CreatePipelineInput,
    ) -> Result<PipelinePayload> {
        pipeline(in_transaction(ctx, |write| service::create(write, input).boxed()).await)
    }

    /// Renames a pipeline, or takes it out of use or into use again. For administrators.
    async fn update_pipeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdatePipelineInput,
    ) -> Result<PipelinePayload> {
        pipeline(in_transaction(ctx, |write| service::update(write, input).boxed()).await)
    }

    /// Puts all pipelines into another order. For administrators.
    async fn reorder_pipelines(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order.")] input: ReorderPipelinesInput,
    ) -> Result<PipelinesPayload> {
        let ordered = in_transaction(ctx, |write| service::reorder(write, input).boxed()).await;
        payload(ordered, |rows, user_errors| PipelinesPayload {
            pipelines: rows.map(|rows| rows.into_iter().map(|row| Pipeline(Arc::new(row))).collect()),
            user_errors,
        })
    }

    /// Makes an active pipeline the default: opportunities start in it when nothing else is said. The one that was the default is a
    /// pipeline like any other from here on. For administrators.
    async fn make_pipeline_default(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pipeline.")] input: PipelineIdInput,
    ) -> Result<PipelinePayload> {
        pipeline(in_transaction(ctx, |write| service::make_default(write, input).boxed()).await)
    }

    /// Deletes a pipeline that no opportunity was ever in, with its stages, for good. Otherwise IN_USE, with `details.opportunities` (in
    /// it now) and `details.opportunitiesEver`: deactivate it instead. For administrators.
    async fn delete_pipeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pipeline to delete.")] input: DeleteInput,
    ) -> Result<DeletePayload> {
        payload(in_transaction(ctx, |write| service::delete(write, input).boxed()).await, DeletePayload::new)
    }

    /// Adds a stage to a pipeline. For administrators.
    async fn create_stage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The stage to create.")] input: CreateStageInput,
    ) -> Result<StagePayload> {
        stage(in_transaction(ctx, |write| stages::create(write, input).boxed()).await)
    }

    /// Changes a stage, or takes it out of use or into use again. What that means for the opportunities that are in it stands with each
    /// field. For administrators.
    async fn update_stage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateStageInput,
    ) -> Result<StagePayload> {
        stage(in_transaction(ctx, |write| stages::update(write, input).boxed()).await)
    }

    /// Puts all stages of a pipeline into another order. For administrators.
    async fn reorder_stages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order.")] input: ReorderStagesInput,
    ) -> Result<PipelinePayload> {
        pipeline(in_transaction(ctx, |write| stages::reorder(write, input).boxed()).await)
    }

    /// Deletes a stage that no opportunity was ever in, for good. Otherwise IN_USE, with `details.opportunities` (in it now) and
    /// `details.opportunitiesEver`: deactivate it, or replace it by another one. For administrators.
    async fn delete_stage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The stage to delete.")] input: DeleteInput,
    ) -> Result<DeletePayload> {
        payload(in_transaction(ctx, |write| stages::delete(write, input).boxed()).await, DeletePayload::new)
    }

    /// Moves all opportunities of a stage to another active stage of the same pipeline and category, and takes the stage out of use.
    /// Every opportunity has the move in its history, and takes the new stage's probability unless one was set by hand. The stage
    /// itself stays, inactive, because the history names it. For administrators.
    async fn replace_stage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The stage and what replaces it.")] input: ReplaceStageInput,
    ) -> Result<ReplaceStagePayload> {
        let replaced = in_transaction(ctx, |write| stages::replace(write, input).boxed()).await;
        payload(replaced, |made, user_errors| {
            let (stage, moved) = made.unzip();
            ReplaceStagePayload {
                stage: stage.map(|row| Stage(Arc::new(row))),
                moved: moved.map(|moved| i32::try_from(moved).unwrap_or(i32::MAX)),
                user_errors,
            }
        })
    }
}
