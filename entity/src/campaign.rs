//! A marketing effort that leads answer.

use sea_orm::entity::prelude::*;

use crate::*;

/// A marketing effort that leads answer.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaigns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CampaignId,
    pub version: i32,
    pub name: String,
    pub name_key: String,
    pub channel: Option<String>,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    /// Amounts are in ten-thousandths of the currency's main unit.
    pub budget: Option<i64>,
    pub budget_currency: Option<String>,
    pub cost: Option<i64>,
    pub cost_currency: Option<String>,
    pub active: bool,
    pub parent_id: Option<CampaignId>,
    pub external_id: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
