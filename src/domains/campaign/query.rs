//! Reading campaigns.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::filter::CampaignFilter;
use super::store;
use super::types::Campaign;
use crate::error::Result;
use crate::graphql::context::{actor, database};
use crate::graphql::filter::Filter;
use crate::graphql::loaders;
use crate::graphql::objects::Answered;

/// About how many campaigns a workspace has, for the complexity of a list that has no pages.
const USUAL_NUMBER: usize = 50;

/// Reading campaigns.
#[derive(Default)]
pub struct CampaignQuery;

#[Object]
impl CampaignQuery {
    /// A campaign by its id; null where there is none.
    async fn campaign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The campaign's id.")] id: ID,
    ) -> Option<Result<Answered<Campaign>>> {
        loaders::named(ctx, &id, Campaign).await
    }

    /// The campaigns, by name.
    #[graphql(complexity = "USUAL_NUMBER * child_complexity + 1")]
    async fn campaigns(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether to leave out inactive campaigns.", default_with = "Some(true)")] active_only: Option<bool>,
        #[graphql(desc = "Which campaigns; all when absent.")] filter: Option<CampaignFilter>,
    ) -> Result<Vec<Campaign>> {
        let scope = actor(ctx)?.scope();
        let which = store::listed(active_only.unwrap_or(true)).add(filter.unwrap_or_default().condition()?);
        let campaigns = store::campaigns(database(ctx)?.read(), scope, which).await?;
        Ok(campaigns.into_iter().map(|row| Campaign(Arc::new(row))).collect())
    }
}
