//! What administrators say about pipelines and stages, and what they are answered.

use async_graphql::{ID, InputObject, MaybeUndefined, SimpleObject};

use super::types::{Pipeline, Stage};
use crate::error::UserError;
use crate::graphql::enums::{ForecastCategory, StageCategory};

/// A stage of a pipeline.
#[derive(Debug, Clone, InputObject)]
pub struct NewStageInput {
    /// The stage's name; at most 200 characters. No other stage of the pipeline has it, whatever the case and accents.
    pub name: String,
    /// Whether opportunities in the stage are open, won or lost; OPEN when absent.
    pub category: Option<StageCategory>,
    /// How likely an opportunity in the stage is won, from 0 to 100 percent. An open stage needs it; a WON stage has 100 and a LOST
    /// stage 0, also when it is absent.
    pub probability: Option<i32>,
    /// Where opportunities in the stage count in the forecast: for an open stage anything but CLOSED, PIPELINE when absent; for a WON
    /// stage CLOSED and for a LOST stage OMITTED, also when it is absent.
    pub forecast_category: Option<ForecastCategory>,
}

/// A pipeline to create with its stages. It is active, and comes last.
#[derive(Debug, Clone, InputObject)]
pub struct CreatePipelineInput {
    /// The same key and input answer the first result again, for 24 hours.
    pub idempotency_key: Option<String>,
    /// The pipeline's name; at most 200 characters. No other pipeline has it, whatever the case and accents.
    pub name: String,
    /// The stages in their order: at least one of each category, and at most 50.
    pub stages: Vec<NewStageInput>,
}

/// What to change on a pipeline: an absent field stays.
#[derive(Debug, Clone, InputObject)]
pub struct UpdatePipelineInput {
    /// The pipeline.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the pipeline has this version.
    pub expected_version: Option<i32>,
    /// The pipeline's name; at most 200 characters. It can't be cleared.
    pub name: MaybeUndefined<String>,
    /// Whether opportunities can come to the pipeline. Those that are in an inactive one stay, and can be moved on within it or out of
    /// it. The default pipeline is always active.
    pub active: MaybeUndefined<bool>,
}

/// The order of the pipelines.
#[derive(Debug, Clone, InputObject)]
pub struct ReorderPipelinesInput {
    /// All pipelines, inactive ones included, in the wanted order.
    pub ids: Vec<ID>,
}

/// A pipeline.
#[derive(Debug, Clone, InputObject)]
pub struct PipelineIdInput {
    /// The pipeline.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the pipeline has this version.
    pub expected_version: Option<i32>,
}

/// A stage to add to a pipeline.
#[derive(Debug, Clone, InputObject)]
pub struct CreateStageInput {
    /// The same key and input answer the first result again, for 24 hours.
    pub idempotency_key: Option<String>,
    /// The pipeline.
    pub pipeline_id: ID,
    /// The stage's place in the pipeline, from 1; behind the last stage of its category when absent.
    pub position: Option<i32>,
    /// The stage.
    #[graphql(flatten)]
    pub stage: NewStageInput,
}

/// What to change on a stage: an absent field stays.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateStageInput {
    /// The stage.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the stage has this version.
    pub expected_version: Option<i32>,
    /// The stage's name; at most 200 characters. It can't be cleared.
    pub name: MaybeUndefined<String>,
    /// How likely an opportunity in the stage is won, from 0 to 100 percent; 100 for a WON and 0 for a LOST stage. It counts for
    /// opportunities that come to the stage from now on: those that are there keep the probability that they took when they came,
    /// until they move or theirs is cleared. It can't be cleared.
    pub probability: MaybeUndefined<i32>,
    /// Whether opportunities in the stage are open, won or lost. Only a stage that no opportunity was ever in can change it; otherwise
    /// IN_USE. It can't be cleared.
    pub category: MaybeUndefined<StageCategory>,
    /// Where opportunities in the stage count in the forecast; at once, for those that are there, too. It can't be cleared.
    pub forecast_category: MaybeUndefined<ForecastCategory>,
    /// Whether opportunities can come to the stage. Those that are in an inactive one stay, and can be moved on. Every pipeline keeps
    /// an active stage of each category. It can't be cleared.
    pub active: MaybeUndefined<bool>,
}

/// The order of a pipeline's stages.
#[derive(Debug, Clone, InputObject)]
pub struct ReorderStagesInput {
    /// The pipeline.
    pub pipeline_id: ID,
    /// All stages of the pipeline, inactive ones included, in the wanted order.
    pub ids: Vec<ID>,
}

/// A stage to replace by another one.
#[derive(Debug, Clone, InputObject)]
pub struct ReplaceStageInput {
    /// The stage that goes out of use.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the stage has this version.
    pub expected_version: Option<i32>,
    /// The active stage of the same pipeline and category that its opportunities move to.
    pub replacement_id: ID,
}

/// The pipeline as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct PipelinePayload {
    /// The pipeline as it is now; null where the call was refused.
    pub pipeline: Option<Pipeline>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

/// The pipelines in their new order, or what stood in the way.
#[derive(SimpleObject)]
pub struct PipelinesPayload {
    /// All pipelines in their order; null where the call was refused.
    pub pipelines: Option<Vec<Pipeline>>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

/// The stage as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct StagePayload {
    /// The stage as it is now; null where the call was refused.
    pub stage: Option<Stage>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

/// What became of a replaced stage, or what stood in the way.
#[derive(SimpleObject)]
pub struct ReplaceStagePayload {
    /// The stage that was replaced, inactive now; null where the call was refused.
    pub stage: Option<Stage>,
    /// How many opportunities were moved to the replacement, deleted ones, which could be restored, included; null where the call was
    /// refused.
    pub moved: Option<i32>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}
