//! An event that others are to hear of, written in the transaction that caused it.

use sea_orm::entity::prelude::*;

use crate::*;

/// An event that others are to hear of, written in the transaction that caused it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OutboxId,
    pub action: String,
    pub record_kind: RecordKind,
    pub record_id: Uuid,
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
