//! The last number that was given out, of each kind of record whose numbers have no gaps.

use sea_orm::entity::prelude::*;

/// The last number that was given out, of each kind of record whose numbers have no gaps.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "counters")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub value: i32,
}

impl ActiveModelBehavior for ActiveModel {}
