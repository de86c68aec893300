//! A step towards the signature that a sale has reached. A step without a row is still open.

use sea_orm::entity::prelude::*;

use crate::*;

/// A step towards the signature that a sale has reached. A step without a row is still open.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "milestones")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub opportunity_id: OpportunityId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: MilestoneKind,
    pub reached_on: Date,
    /// Who said so.
    pub reached_by: Option<UserId>,
    pub note: Option<String>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
