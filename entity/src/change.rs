//! One entry of a record's history: what changed, from what to what. Never changed.

use sea_orm::entity::prelude::*;

use crate::*;

/// One entry of a record's history: what changed, from what to what. Never changed.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ChangeId,
    pub record_kind: RecordKind,
    pub record_id: Uuid,
    pub action: String,
    pub at: DateTimeUtc,
    pub by: Option<UserId>,
    /// A list of `{field, before, after}` in the schema's names and forms.
    #[sea_orm(column_type = "Json")]
    pub fields: Json,
}

impl ActiveModelBehavior for ActiveModel {}
