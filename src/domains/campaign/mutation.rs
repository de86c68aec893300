//! Changing campaigns: for managers and administrators.

use std::sync::Arc;

use async_graphql::{Context, Object};
use futures_util::FutureExt;

use super::input::{CampaignPayload, CreateCampaignInput, UpdateCampaignInput};
use super::service;
use super::types::Campaign;
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};

/// Changing campaigns.
#[derive(Default)]
pub struct CampaignMutation;

fn answer(answer: Result<entity::campaign::Model>) -> Result<CampaignPayload> {
    payload(answer, |row, user_errors| CampaignPayload { campaign: row.map(|row| Campaign(Arc::new(row))), user_errors })
}

#[Object]
impl CampaignMutation {
    /// Creates a campaign, active. For managers and administrators.
    async fn create_campaign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The campaign to create.")] input: CreateCampaignInput,
    ) -> Result<CampaignPayload> {
        answer(in_transaction(ctx, |write| service::create(write, input).boxed()).await)
    }

    /// Changes a campaign: an absent field stays, null clears it. For managers and administrators.
    async fn update_campaign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateCampaignInput,
    ) -> Result<CampaignPayload> {
        answer(in_transaction(ctx, |write| service::update(write, input).boxed()).await)
    }
}
