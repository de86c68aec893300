//! A word under which a record is found.

use sea_orm::entity::prelude::*;

use crate::*;

/// A word under which a record is found.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_words")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub word: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Uuid,
    pub record_kind: RecordKind,
}

impl ActiveModelBehavior for ActiveModel {}
