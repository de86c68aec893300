//! The settings of the workspace: exactly one row.

use sea_orm::entity::prelude::*;

/// The settings of the workspace: exactly one row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "workspace")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// ISO 4217: the currency of amounts that name none.
    pub base_currency: String,
    /// IANA name, for example Europe/Oslo.
    pub time_zone: String,
    /// 1 (January) to 12.
    pub fiscal_year_start_month: i32,
    pub conversion_requires_qualified: bool,
    /// ISO 3166-1 alpha-2: how phone numbers without a country code are read.
    pub default_country: Option<String>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
