//! Something that runs by itself, and when it is due.

use sea_orm::entity::prelude::*;

/// Something that runs by itself, and when it is due.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub next_run_at: DateTimeUtc,
    pub last_run_at: Option<DateTimeUtc>,
    /// How often it ran.
    pub runs: i64,
}

impl ActiveModelBehavior for ActiveModel {}
