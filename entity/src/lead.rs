//! A person or business that might buy one day.

use sea_orm::entity::prelude::*;

use crate::*;

/// A person or business that might buy one day.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "leads")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LeadId,
    pub version: i32,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub job_title: Option<String>,
    pub company: Option<String>,
    /// How many people work there.
    pub employees: Option<i32>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub website: Option<String>,
    pub street: Option<String>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    pub description: Option<String>,
    pub status: LeadStatus,
    /// Derived: the statuses that the lead ever had, each as its `bit`. Reports count by it.
    pub statuses_reached: i16,
    /// Derived, as the next two: when the lead first was in conversation (WORKING_CONTACTED), first qualified, first converted.
    pub first_working_at: Option<DateTimeUtc>,
    pub first_qualified_at: Option<DateTimeUtc>,
    pub first_converted_at: Option<DateTimeUtc>,
    pub rating: Option<Rating>,
    pub source_id: Option<LeadSourceId>,
    pub campaign_id: Option<CampaignId>,
    pub buying_role: Option<BuyingRole>,
    /// Null: the lead lies in the pool.
    pub owner_id: Option<UserId>,
    #[sea_orm(column_type = "Json")]
    pub qualification: QualificationFacts,
    pub qualified_at: Option<DateTimeUtc>,
    pub qualified_by: Option<UserId>,
    pub override_reason: Option<String>,
    pub disqualification_reason_id: Option<DisqualificationReasonId>,
    pub disqualification_note: Option<String>,
    pub disqualified_at: Option<DateTimeUtc>,
    pub disqualified_by: Option<UserId>,
    /// When the latest completed activity took place.
    pub last_activity_at: Option<DateTimeUtc>,
    /// The columns from here to `web_domain` are derived: they make filters, orders and duplicate matching ignore case and
    /// accents on both databases. An empty text stands for a missing value.
    pub first_name_key: String,
    pub last_name_key: String,
    pub company_key: String,
    pub email_key: String,
    /// The company's name without its legal form.
    pub company_match: String,
    /// E.164; empty when the number can't be read.
    pub phone_match: String,
    /// The host of the website, or of an e-mail address that isn't a free provider's.
    pub web_domain: String,
    pub external_id: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// Set while the record lies deleted; it can be restored.
    pub deleted_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
