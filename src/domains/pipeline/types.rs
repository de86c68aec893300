//! Pipelines and stages as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{RecordKind, pipeline, stage};

use super::store::{CountInPipeline, CountInStage, EverUsed, StagesOf};
use crate::domains::history::types::{Change, history};
use crate::error::Result;
use crate::graphql::at_once::at_once;
use crate::graphql::connection::Connection;
use crate::graphql::enums::{ForecastCategory, StageCategory};
use crate::graphql::list::page_size;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::DateTime;
use crate::graphql::{context, loaders};

/// An ordered list of stages.
#[derive(Clone)]
pub struct Pipeline(pub Arc<pipeline::Model>);

/// An ordered list of stages that opportunities pass through.
#[Object]
impl Pipeline {
    /// The pipeline's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the changes of the pipeline, from 1: give it as `expectedVersion` to guard a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The pipeline's name, for example `Sales`.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether opportunities start here when nothing else is said. Exactly one pipeline is the default.
    async fn is_default(&self) -> bool {
        self.0.is_default
    }

    /// Whether opportunities can come to the pipeline. Those that are in an inactive one stay, and can be moved on within it or out of
    /// it.
    async fn active(&self) -> bool {
        self.0.active
    }

    /// The pipeline's place among all pipelines, from 1.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// The pipeline's stages in their order.
    async fn stages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether inactive stages, to which nothing can be moved, are left out.", default = false)]
        active_only: bool,
    ) -> Result<Vec<Stage>> {
        let stages = context::loaders(ctx)?.load_one(StagesOf(self.0.id)).await?.unwrap_or_default();
        Ok(stages.into_iter().filter(|stage| stage.active || !active_only).map(Stage).collect())
    }

    /// How many opportunities are in the pipeline, closed ones included and deleted ones not.
    async fn opportunity_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let number = context::loaders(ctx)?.load_one(CountInPipeline(self.0.id)).await?.unwrap_or_default();
        Ok(i32::try_from(number).unwrap_or(i32::MAX))
    }

    /// What happened to the pipeline, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::Pipeline, self.0.id.uuid(), first, after).await
    }

    /// When the pipeline was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When the pipeline was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

at_once!(Pipeline: id version name is_default active position created_at updated_at);

/// A step of a pipeline.
#[derive(Clone)]
pub struct Stage(pub Arc<stage::Model>);

/// A step of a pipeline.
#[Object]
impl Stage {
    /// The stage's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the changes of the stage, from 1: give it as `expectedVersion` to guard a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The stage's name, for example `Needs Analysis`.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The stage's place in its pipeline, from 1.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// How likely an opportunity in this stage is won, in percent, unless its seller says otherwise. Opportunities take it when they
    /// come to the stage, and keep what they took when it is changed later.
    async fn probability(&self) -> i32 {
        self.0.probability
    }

    /// Whether opportunities in this stage are open, won or lost.
    async fn category(&self) -> StageCategory {
        self.0.category.into()
    }

    /// Where opportunities in this stage count in the forecast.
    async fn forecast_category(&self) -> ForecastCategory {
        self.0.forecast_category.into()
    }

    /// Whether opportunities can come to the stage. Those that are in an inactive one stay, and can be moved on.
    async fn active(&self) -> bool {
        self.0.active
    }

    /// How many opportunities are in the stage; deleted ones are not counted.
    async fn opportunity_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let number = context::loaders(ctx)?.load_one(CountInStage(self.0.id)).await?.unwrap_or_default();
        Ok(i32::try_from(number).unwrap_or(i32::MAX))
    }

    /// Whether any opportunity was ever in the stage: then it can't be deleted, only deactivated or replaced, and keeps its category.
    async fn ever_used(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(context::loaders(ctx)?.load_one(EverUsed(self.0.id)).await?.is_some())
    }

    /// What happened to the stage, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::Stage, self.0.id.uuid(), first, after).await
    }

    /// When the stage was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When the stage was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// The pipeline that the stage belongs to.
    async fn pipeline(&self, ctx: &Context<'_>) -> Result<Answered<Pipeline>> {
        loaders::answered(ctx, self.0.pipeline_id, Pipeline).await
    }
}

at_once!(Stage:
    id version name position probability category forecast_category active created_at updated_at pipeline(pipeline_id)
);
