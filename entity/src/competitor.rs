//! Somebody else who wants to make a sale.

use sea_orm::entity::prelude::*;

use crate::*;

/// Somebody else who wants to make a sale.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "competitors")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CompetitorId,
    pub opportunity_id: OpportunityId,
    pub name: String,
    /// Derived from the name: unique within the opportunity, and what reports group by across opportunities.
    pub name_key: String,
    /// Whether the account buys from them today.
    pub incumbent: bool,
    /// Whether the buyer has dismissed them.
    pub dismissed: bool,
    pub strengths: Option<String>,
    pub weaknesses: Option<String>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
