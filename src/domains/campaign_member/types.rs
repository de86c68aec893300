//! Memberships of campaigns as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject, Union};
use entity::{CampaignMemberStatus as Status, OpportunityId, RecordKind, campaign_member};

use super::store::{CountsOf, InfluenceOf};
use crate::domains::campaign::types::Campaign;
use crate::domains::contact::types::Contact;
use crate::domains::history::types::{Change, history};
use crate::domains::lead::types::Lead;
use crate::error::Result;
use crate::graphql::at_once::at_once;
use crate::graphql::connection::Connection;
use crate::graphql::enums::CampaignMemberStatus;
use crate::graphql::list::page_size;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::{context, loaders};

/// A membership.
#[derive(Clone)]
pub struct CampaignMember(pub Arc<campaign_member::Model>);

impl From<campaign_member::Model> for CampaignMember {
    fn from(row: campaign_member::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// Who is a member of a campaign.
#[derive(Clone, Union)]
pub enum CampaignPerson {
    /// A lead.
    Lead(Lead),
    /// A contact.
    Contact(Contact),
}

/// A lead or a contact whom a campaign is meant for, and what became of it. Nobody is a member of a campaign twice.
#[Object]
impl CampaignMember {
    /// The membership's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the changes of the membership, from 1: give it as `expectedVersion` to guard a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The campaign.
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Answered<Campaign>> {
        loaders::answered(ctx, self.0.campaign_id, Campaign).await
    }

    /// Who it is; null where they were deleted.
    async fn member(&self, ctx: &Context<'_>) -> Option<Result<CampaignPerson>> {
        let found = match self.0.lead_id {
            Some(_) => loaders::optional(ctx, self.0.lead_id).await.map(|row| row.map(|lead| CampaignPerson::Lead(Lead(lead)))),
            None => {
                let row = loaders::optional(ctx, self.0.contact_id).await;
                row.map(|row| row.map(|contact| CampaignPerson::Contact(Contact(contact))))
            }
        };
        found.transpose()
    }

    /// What became of it.
    async fn status(&self) -> CampaignMemberStatus {
        self.0.status.into()
    }

    /// The day on which they responded; null while they didn't.
    async fn responded_on(&self) -> Option<Date> {
        self.0.responded_on.map(Date)
    }

    /// The lead that brought the membership to the contact that it became.
    async fn carried_from(&self, ctx: &Context<'_>) -> Option<Result<Answered<Lead>>> {
        loaders::nullable(ctx, self.0.carried_from, Lead).await
    }

    /// What happened to the membership, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::CampaignMember, self.0.id.uuid(), first, after).await
    }

    /// The id that the membership has in the system it was imported from.
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref()
    }

    /// Since when they are a member.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When the membership was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

at_once!(CampaignMember: id version status responded_on external_id created_at updated_at);

/// How many members a campaign has, by what became of them. Those who were deleted don't count.
#[derive(Debug, Clone, Default, SimpleObject)]
pub struct CampaignMemberCounts {
    /// All of them.
    pub total: i32,
    /// Chosen; nothing was sent yet.
    pub targeted: i32,
    /// Were sent something, and didn't respond.
    pub sent: i32,
    /// Responded.
    pub responded: i32,
    /// Came.
    pub attended: i32,
    /// Asked not to be asked.
    pub opted_out: i32,
}

/// The counts of a campaign.
pub async fn counts(ctx: &Context<'_>, campaign: entity::CampaignId) -> Result<CampaignMemberCounts> {
    let counts = context::loaders(ctx)?.load_one(CountsOf(campaign)).await?.unwrap_or_default();
    let of = |status: Status| i32::try_from(counts.get(&status).copied().unwrap_or_default()).unwrap_or(i32::MAX);
    Ok(CampaignMemberCounts {
        total: i32::try_from(counts.values().sum::<i64>()).unwrap_or(i32::MAX),
        targeted: of(Status::Targeted),
        sent: of(Status::Sent),
        responded: of(Status::Responded),
        attended: of(Status::Attended),
        opted_out: of(Status::OptedOut),
    })
}

/// A campaign that had a part in an opportunity: one that its contacts, or the lead that became it, are members of.
#[derive(SimpleObject)]
pub struct CampaignInfluence {
    /// The campaign.
    pub campaign: Campaign,
    /// The memberships of those who have a part in the opportunity, the oldest first.
    pub members: Vec<CampaignMember>,
    /// The day of the first response; null where nobody responded.
    pub responded_on: Option<Date>,
    /// Whether it is the campaign that the opportunity came from.
    pub primary: bool,
}

/// The campaigns that had a part in an opportunity: the one that it came from first, then by the day of the first response.
pub async fn influence(
    ctx: &Context<'_>,
    opportunity: OpportunityId,
    primary: Option<entity::CampaignId>,
) -> Result<Vec<CampaignInfluence>> {
    let rows = context::loaders(ctx)?.load_one(InfluenceOf(opportunity)).await?.unwrap_or_default();
    let mut ids: Vec<entity::CampaignId> = primary.into_iter().chain(rows.iter().map(|row| row.campaign_id)).collect();
    ids.sort_unstable();
    ids.dedup();
    let responded_on = |id| rows.iter().filter(|row| row.campaign_id == id).filter_map(|row| row.responded_on).min();
    ids.sort_by_key(|id| (primary != Some(*id), responded_on(*id).is_none(), responded_on(*id), *id));
    let campaigns = ids.into_iter().map(async |id| {
        let members = rows.iter().filter(|row| row.campaign_id == id).cloned().map(CampaignMember::from).collect();
        Result::Ok(CampaignInfluence {
            campaign: Campaign(loaders::required(ctx, id).await?),
            members,
            responded_on: responded_on(id).map(Date),
            primary: primary == Some(id),
        })
    });
    futures_util::future::try_join_all(campaigns).await
}
