//! A lead or a contact whom a campaign is meant for, and what became of it.

use sea_orm::entity::prelude::*;

use crate::*;

/// A lead or a contact whom a campaign is meant for, and what became of it.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign_members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CampaignMemberId,
    pub version: i32,
    pub campaign_id: CampaignId,
    /// Either a lead or a contact.
    pub lead_id: Option<LeadId>,
    pub contact_id: Option<ContactId>,
    pub status: CampaignMemberStatus,
    pub responded_on: Option<Date>,
    /// The lead that brought the membership to the contact.
    pub carried_from: Option<LeadId>,
    pub external_id: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
