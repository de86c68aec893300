//! One line of a quote: a snapshot, so that the quote stays what it was when products change.

use sea_orm::entity::prelude::*;

use crate::*;

/// One line of a quote: a snapshot, so that the quote stays what it was when products change.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quote_lines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub quote_id: QuoteId,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub product_id: Option<ProductId>,
    pub product_code: Option<String>,
    pub product_name: Option<String>,
    pub description: Option<String>,
    /// In thousandths of a unit.
    pub quantity: i64,
    /// Amounts are in ten-thousandths of the currency's main unit; the currency is the quote's.
    pub unit_price: i64,
    /// In ten-thousandths of a percent, from 0 to 1 000 000; not together with an amount.
    pub discount_percent: Option<i64>,
    pub discount_amount: Option<i64>,
    pub total: i64,
}

impl ActiveModelBehavior for ActiveModel {}
