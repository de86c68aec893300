//! An ordered list of stages.

use sea_orm::entity::prelude::*;

use crate::*;

/// An ordered list of stages.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pipelines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PipelineId,
    pub version: i32,
    pub name: String,
    pub name_key: String,
    /// Exactly one pipeline is the default, and it is active.
    pub is_default: bool,
    /// Whether opportunities can come to it. Those that are there stay.
    pub active: bool,
    /// From 1, without gaps.
    pub position: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
