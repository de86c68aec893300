//! Where leads come from.

use sea_orm::entity::prelude::*;

use crate::*;

/// Where leads come from.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lead_sources")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LeadSourceId,
    pub name: String,
    /// The name in the form that is compared; unique.
    pub name_key: String,
    pub active: bool,
    pub position: i32,
    /// What the source cost up to now, in ten-thousandths of the currency's main unit.
    pub cost: Option<i64>,
    pub cost_currency: Option<String>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
