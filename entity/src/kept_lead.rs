//! What a lead that is not pursued left behind.

use sea_orm::entity::prelude::*;

use crate::*;

/// What a lead that is not pursued left behind.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_leads")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub lead_id: LeadId,
    pub account_id: AccountId,
    pub contact_id: ContactId,
    pub kept_at: DateTimeUtc,
    pub kept_by: Option<UserId>,
}

impl ActiveModelBehavior for ActiveModel {}
