//! A call, e-mail, meeting, task or note.

use sea_orm::entity::prelude::*;

use crate::*;

/// A call, e-mail, meeting, task or note.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "activities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ActivityId,
    pub version: i32,
    pub kind: ActivityKind,
    pub subject: String,
    pub body: Option<String>,
    pub direction: Option<Direction>,
    pub outcome: Option<String>,
    pub due_at: Option<DateTimeUtc>,
    /// Derived: when it is due while it is open, otherwise the end of time. Lists show what is due first.
    pub due_order: DateTimeUtc,
    pub completed_at: Option<DateTimeUtc>,
    pub duration_minutes: Option<i32>,
    pub owner_id: Option<UserId>,
    pub external_id: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// Set while the record lies deleted; it can be restored.
    pub deleted_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
