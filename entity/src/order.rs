//! What was sold: left by a win with an accepted quote, whose lines are the order's.

use sea_orm::entity::prelude::*;

use crate::*;

/// What was sold: left by a win with an accepted quote, whose lines are the order's.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderId,
    pub version: i32,
    /// From 1 without gaps.
    pub number: i32,
    pub quote_id: QuoteId,
    pub opportunity_id: OpportunityId,
    pub account_id: AccountId,
    pub status: OrderStatus,
    pub contract_number: Option<String>,
    pub currency: String,
    /// In ten-thousandths of the currency's main unit.
    pub total: i64,
    pub payment_terms: Option<String>,
    pub ordered_on: Date,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
