//! What one unit of a product costs in a currency.

use sea_orm::entity::prelude::*;

use crate::*;

/// What one unit of a product costs in a currency.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product_prices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: ProductId,
    /// ISO 4217.
    #[sea_orm(primary_key, auto_increment = false)]
    pub currency: String,
    /// In ten-thousandths of the currency's main unit.
    pub amount: i64,
}

impl ActiveModelBehavior for ActiveModel {}
