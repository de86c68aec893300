//! A step of a pipeline.

use sea_orm::entity::prelude::*;

use crate::*;

/// A step of a pipeline.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StageId,
    /// Which stage of the workspace it is, for good: opportunities keep the numbers of the stages that they were in.
    pub number: i32,
    pub version: i32,
    pub pipeline_id: PipelineId,
    pub name: String,
    pub name_key: String,
    /// From 1, without gaps, within the pipeline.
    pub position: i32,
    /// The default win probability in percent.
    pub probability: i32,
    pub category: StageCategory,
    pub forecast_category: ForecastCategory,
    /// Whether opportunities can come to it. Those that are there stay.
    pub active: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
