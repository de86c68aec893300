//! Changing who is a member of a campaign.

use async_graphql::{Context, Object};
use futures_util::FutureExt;

use super::input::{
    AddCampaignMemberResult, AddCampaignMembersInput, AddCampaignMembersPayload, CampaignMemberPayload,
    RemoveCampaignMemberInput, UpdateCampaignMemberInput,
};
use super::service;
use crate::domains::lead::input::DeletePayload;
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};

/// Changing who is a member of a campaign.
#[derive(Default)]
pub struct CampaignMemberMutation;

#[Object]
impl CampaignMemberMutation {
    /// Makes up to 500 leads and contacts members of a campaign, each with its own result. Whoever is a member already stays as they
    /// are, also where several add them at once. A REP names their own leads and contacts and the pool's leads.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn add_campaign_members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The campaign and its new members.")] input: AddCampaignMembersInput,
    ) -> Result<AddCampaignMembersPayload> {
        let results = in_transaction(ctx, |write| service::add(write, input).boxed()).await;
        payload(results, |results, user_errors| AddCampaignMembersPayload {
            results: results
                .unwrap_or_default()
                .into_iter()
                .map(|result| match result {
                    Ok((member, added)) => {
                        AddCampaignMemberResult { member: Some(member.into()), added, user_errors: Vec::new() }
                    }
                    Err(user_errors) => AddCampaignMemberResult { member: None, added: false, user_errors },
                })
                .collect(),
            user_errors,
        })
    }

    /// Notes what became of a member. For those who may change the lead or contact.
    async fn update_campaign_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The membership and what became of it.")] input: UpdateCampaignMemberInput,
    ) -> Result<CampaignMemberPayload> {
        let member = in_transaction(ctx, |write| service::update(write, input).boxed()).await;
        payload(member, |member, user_errors| CampaignMemberPayload { member: member.map(Into::into), user_errors })
    }

    /// Ends a membership. The history keeps it; it can't be restored, but the lead or contact can be added again.
    async fn remove_campaign_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The membership to end.")] input: RemoveCampaignMemberInput,
    ) -> Result<DeletePayload> {
        payload(in_transaction(ctx, |write| service::remove(write, input).boxed()).await, DeletePayload::new)
    }
}
