//! What callers say about members of campaigns, and what they are answered.

use async_graphql::{ID, InputObject, MaybeUndefined, SimpleObject};

use super::types::CampaignMember;
use crate::error::UserError;
use crate::graphql::enums::CampaignMemberStatus;
use crate::graphql::scalars::Date;

/// Leads and contacts for a campaign.
#[derive(Debug, Clone, InputObject)]
pub struct AddCampaignMembersInput {
    /// The campaign.
    pub campaign_id: ID,
    /// Who: 1 to 500.
    pub items: Vec<NewCampaignMemberInput>,
}

/// A lead or contact for a campaign.
#[derive(Debug, Clone, InputObject)]
pub struct NewCampaignMemberInput {
    /// The lead or the contact. A converted lead is read-only: name the contact that it became.
    pub member_id: ID,
    /// What became of it so far; TARGETED when absent.
    pub status: Option<CampaignMemberStatus>,
    /// The day on which they responded, not in the future; today when absent and the status is RESPONDED or ATTENDED. Only for
    /// those and OPTED_OUT.
    pub responded_on: Option<Date>,
}

/// What became of a member.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateCampaignMemberInput {
    /// The membership.
    pub id: ID,
    /// What became of it; absent: it stays. It can't be cleared.
    pub status: MaybeUndefined<CampaignMemberStatus>,
    /// The day on which they responded, not in the future. Absent: it stays; today where they respond now. TARGETED and SENT clear it.
    pub responded_on: MaybeUndefined<Date>,
    /// Refuse with VERSION_CONFLICT unless the membership has this version.
    pub expected_version: Option<i32>,
}

/// A membership that ends.
#[derive(Debug, Clone, InputObject)]
pub struct RemoveCampaignMemberInput {
    /// The membership.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the membership has this version.
    pub expected_version: Option<i32>,
}

/// What came of each.
#[derive(SimpleObject)]
pub struct AddCampaignMembersPayload {
    /// One result for each lead and contact, in their order. Empty where the call as a whole was refused.
    pub results: Vec<AddCampaignMemberResult>,
    /// What stood in the way of the call as a whole. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

/// What came of one lead or contact.
#[derive(SimpleObject)]
pub struct AddCampaignMemberResult {
    /// The membership; null where it was refused.
    pub member: Option<CampaignMember>,
    /// Whether it is new. False: they were a member already, and everything is as it was.
    pub added: bool,
    /// What stood in its way.
    pub user_errors: Vec<UserError>,
}

/// The membership as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct CampaignMemberPayload {
    /// The membership as it is now; null where the call was refused.
    pub member: Option<CampaignMember>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}
