//! One product, or something else, that an opportunity is about.

use sea_orm::entity::prelude::*;

use crate::*;

/// One product, or something else, that an opportunity is about. All lines of an opportunity are in its currency.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "line_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LineItemId,
    pub version: i32,
    pub opportunity_id: OpportunityId,
    /// Its place among the lines, from 1 without gaps.
    pub position: i32,
    pub product_id: Option<ProductId>,
    pub description: Option<String>,
    /// In thousandths of a unit.
    pub quantity: i64,
    pub currency: String,
    /// Amounts are in ten-thousandths of the currency's main unit.
    pub unit_price: i64,
    /// In ten-thousandths of a percent, from 0 to 1 000 000; not together with an amount.
    pub discount_percent: Option<i64>,
    pub discount_amount: Option<i64>,
    /// Quantity times unit price less the discount, rounded to the currency's smallest unit.
    pub total: i64,
    pub external_id: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
