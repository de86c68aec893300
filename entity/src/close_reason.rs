//! Why an opportunity was won or lost.

use sea_orm::entity::prelude::*;

use crate::*;

/// Why an opportunity was won or lost.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "close_reasons")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CloseReasonId,
    pub name: String,
    pub name_key: String,
    /// WON or LOST.
    pub category: StageCategory,
    pub active: bool,
    pub position: i32,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
