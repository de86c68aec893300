//! Why a lead is not pursued.

use sea_orm::entity::prelude::*;

use crate::*;

/// Why a lead is not pursued.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "disqualification_reasons")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DisqualificationReasonId,
    pub name: String,
    pub name_key: String,
    pub active: bool,
    pub position: i32,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
