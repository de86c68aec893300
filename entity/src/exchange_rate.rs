//! What one unit of a currency is worth in the base currency, from a day on.

use sea_orm::entity::prelude::*;

use crate::*;

/// What one unit of a currency is worth in the base currency, from a day on until the next rate.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exchange_rates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExchangeRateId,
    pub version: i32,
    /// The base currency that the rate was entered for: it says nothing about another one.
    pub base_currency: String,
    pub currency: String,
    pub valid_from: Date,
    /// In ten-thousand-millionths of the base currency's main unit: 0.0061 is 61 000 000.
    pub rate: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
