//! One person whom we talk to, normally within one account.

use sea_orm::entity::prelude::*;

use crate::*;

/// One person whom we talk to, normally within one account.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contacts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactId,
    pub version: i32,
    pub account_id: Option<AccountId>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub job_title: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub street: Option<String>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    pub description: Option<String>,
    pub owner_id: Option<UserId>,
    pub source_id: Option<LeadSourceId>,
    /// The campaign that the lead behind this contact answered.
    pub campaign_id: Option<CampaignId>,
    /// The columns from here to `phone_match` are derived, as on leads.
    pub first_name_key: String,
    pub last_name_key: String,
    pub email_key: String,
    pub phone_match: String,
    pub external_id: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// Set while the record lies deleted; it can be restored.
    pub deleted_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<Option<super::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
