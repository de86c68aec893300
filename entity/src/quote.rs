//! One version of an offer to a customer.

use sea_orm::entity::prelude::*;

use crate::*;

/// One version of an offer to a customer.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quotes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuoteId,
    pub version: i32,
    /// From 1 without gaps. All versions of a quote share it.
    pub number: i32,
    /// Which version of the quote it is, from 1.
    pub revision: i32,
    /// The version before.
    pub previous_id: Option<QuoteId>,
    pub opportunity_id: OpportunityId,
    /// Never EXPIRED: that follows from the day.
    pub status: QuoteStatus,
    pub currency: String,
    /// The sum of the lines, in ten-thousandths of the currency's main unit.
    pub total: i64,
    pub payment_terms: Option<String>,
    /// The last day on which it can be accepted.
    pub expires_on: Option<Date>,
    pub notes: Option<String>,
    pub sent_at: Option<DateTimeUtc>,
    pub accepted_at: Option<DateTimeUtc>,
    pub rejected_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
