//! The company, organisation or person that we do business with.

use sea_orm::entity::prelude::*;

use crate::*;

/// The company, organisation or person that we do business with.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    pub version: i32,
    pub name: String,
    pub kind: AccountKind,
    pub lifecycle: AccountLifecycle,
    pub industry: Option<String>,
    pub employees: Option<i32>,
    /// In ten-thousandths of the currency's main unit.
    pub annual_revenue: Option<i64>,
    pub annual_revenue_currency: Option<String>,
    pub website: Option<String>,
    pub phone: Option<String>,
    pub street: Option<String>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    pub description: Option<String>,
    pub parent_id: Option<AccountId>,
    pub owner_id: Option<UserId>,
    /// The columns from here to `web_domain` are derived, as on leads.
    pub name_key: String,
    pub industry_key: String,
    pub company_match: String,
    pub phone_match: String,
    pub web_domain: String,
    pub external_id: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// Set while the record lies deleted; it can be restored.
    pub deleted_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
