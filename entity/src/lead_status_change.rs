//! One change of a lead's status; its first one at its creation. Never changed.

use sea_orm::entity::prelude::*;

use crate::*;

/// One change of a lead's status; its first one at its creation. Never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lead_status_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LeadStatusChangeId,
    pub lead_id: LeadId,
    /// When the lead came in, which never changes.
    pub lead_created_at: DateTimeUtc,
    pub at: DateTimeUtc,
    pub by: Option<UserId>,
    /// None at the creation.
    pub from_status: Option<LeadStatus>,
    pub status: LeadStatus,
}

impl ActiveModelBehavior for ActiveModel {}
