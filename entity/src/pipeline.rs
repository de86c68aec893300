//! An ordered list of stages.

use sea_orm::entity::prelude::*;

use crate::*;

/// An ordered list of stages.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pipelines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PipelineId,
    pub name: String,
    pub name_key: String,
    pub is_default: bool,
    pub position: i32,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
