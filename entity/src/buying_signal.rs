//! Something that tells a seller that it is time to convert.

use sea_orm::entity::prelude::*;

use crate::*;

/// Something that tells a seller that it is time to convert.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "buying_signals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BuyingSignalId,
    pub lead_id: LeadId,
    /// The opportunity that the lead became, from its conversion on.
    pub opportunity_id: Option<OpportunityId>,
    pub kind: BuyingSignalKind,
    pub observed_on: Date,
    pub note: Option<String>,
    pub created_at: DateTimeUtc,
    pub created_by: Option<UserId>,
}

impl ActiveModelBehavior for ActiveModel {}
