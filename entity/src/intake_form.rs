//! A form on a website whose posts become leads.

use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::*;

/// A form on a website whose posts become leads.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "intake_forms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IntakeFormId,
    pub version: i32,
    pub name: String,
    pub name_key: String,
    /// What stands in the address that the form posts to. It is public: everybody who sees the page can read it.
    pub key: String,
    pub active: bool,
    pub source_id: Option<LeadSourceId>,
    pub campaign_id: Option<CampaignId>,
    /// Null: the assignment rules decide.
    pub owner_id: Option<UserId>,
    #[sea_orm(column_type = "Json")]
    pub allowed_origins: Origins,
    pub redirect_url: Option<String>,
    /// The name of a field that people don't see and leave empty.
    pub honeypot: String,
    /// Posts from one address.
    pub most_per_minute: i32,
    /// Posts from everywhere.
    pub most_per_hour: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// Websites as `https://www.example.com`; none: every website.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct Origins(pub Vec<String>);
