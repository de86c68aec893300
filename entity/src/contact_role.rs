//! A contact's part in an opportunity. Which one is primary stands on the opportunity.

use sea_orm::entity::prelude::*;

use crate::*;

/// A contact's part in an opportunity. Which one is primary stands on the opportunity.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_roles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub opportunity_id: OpportunityId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: ContactId,
    pub role: Option<BuyingRole>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
