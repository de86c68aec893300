//! What a lead became, and what its conversion did: the ledger from which it can be undone.

use sea_orm::entity::prelude::*;

use crate::*;

/// What a lead became, and what its conversion did: the ledger from which it can be undone.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lead_conversions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub lead_id: LeadId,
    pub account_id: AccountId,
    pub contact_id: ContactId,
    pub opportunity_id: Option<OpportunityId>,
    pub converted_at: DateTimeUtc,
    pub converted_by: Option<UserId>,
    /// Where the lead stood before.
    pub status_before: LeadStatus,
    /// What was created and filled.
    #[sea_orm(column_type = "Json")]
    pub ledger: Json,
}

impl ActiveModelBehavior for ActiveModel {}
