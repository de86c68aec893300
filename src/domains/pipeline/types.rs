//! Pipelines and stages as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{pipeline, stage};

use super::store::StagesOf;
use crate::error::Result;
use crate::graphql::enums::{ForecastCategory, StageCategory};
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

    /// The pipeline's name, for example `Sales`.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether opportunities start here when nothing else is said. Exactly one pipeline is the default.
    async fn is_default(&self) -> bool {
        self.0.is_default
    }

    /// The pipeline's stages in their order.
    async fn stages(&self, ctx: &Context<'_>) -> Result<Vec<Stage>> {
        let stages = context::loaders(ctx)?.load_one(StagesOf(self.0.id)).await?.unwrap_or_default();
        Ok(stages.into_iter().map(Stage).collect())
    }
}

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

    /// The stage's name, for example `Needs Analysis`.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The stage's place in its pipeline, from 1.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// How likely an opportunity in this stage is won, in percent, unless its seller says otherwise.
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

    /// The pipeline that the stage belongs to.
    async fn pipeline(&self, ctx: &Context<'_>) -> Result<Pipeline> {
        Ok(Pipeline(loaders::required(ctx, self.0.pipeline_id).await?))
    }
}
