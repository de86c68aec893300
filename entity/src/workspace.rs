//! The settings of the workspace: exactly one row.

use sea_orm::entity::prelude::*;

use crate::*;

/// The settings of the workspace: exactly one row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "workspace")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub version: i32,
    /// ISO 4217: the currency of amounts that name none.
    pub base_currency: String,
    /// IANA name, for example Europe/Oslo.
    pub time_zone: String,
    /// 1 (January) to 12.
    pub fiscal_year_start_month: i32,
    pub conversion_requires_qualified: bool,
    /// ISO 3166-1 alpha-2: how phone numbers without a country code are read.
    pub default_country: Option<String>,
    /// BCP 47: how documents write amounts and dates, for example en or nb-NO.
    pub locale: String,
    /// After how many days without any work a lead goes back to the pool; never where it is missing.
    pub leads_return_to_pool_after_days: Option<i32>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl Model {
    /// The id under which the settings have their history and the API shows them: the same in every database.
    pub const fn record_id(&self) -> WorkspaceId {
        WorkspaceId::new(Uuid::from_u128(self.id.unsigned_abs() as u128))
    }
}

impl ActiveModelBehavior for ActiveModel {}
