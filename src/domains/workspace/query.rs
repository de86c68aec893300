//! Reading the workspace's settings and lists.

use std::sync::Arc;

use async_graphql::{Context, Object};

use super::settings::types::Workspace;
use super::store;
use super::types::{DisqualificationReason, LeadSource};
use crate::error::Result;
use crate::graphql::context::{actor, app, database};

/// About how many entries a list has, for the complexity of lists that have no pages.
const USUAL_NUMBER: usize = 20;

/// Reading the workspace's lists.
#[derive(Default)]
pub struct WorkspaceQuery;

#[Object]
impl WorkspaceQuery {
    /// The workspace and its settings.
    async fn workspace(&self, ctx: &Context<'_>) -> Result<Workspace> {
        actor(ctx)?;
        Ok(Workspace(app(ctx)?.workspace()))
    }

    /// Where leads come from, in the order of the list; inactive ones, which aren't offered any more, included.
    #[graphql(complexity = "USUAL_NUMBER * child_complexity + 1")]
    async fn lead_sources(&self, ctx: &Context<'_>) -> Result<Vec<LeadSource>> {
        let scope = actor(ctx)?.scope();
        let sources = store::entries(database(ctx)?.read(), scope).await?;
        Ok(sources.into_iter().map(|row| LeadSource(Arc::new(row))).collect())
    }

    /// Why leads are disqualified, in the order of the list; inactive reasons, which aren't offered any more, included.
    #[graphql(complexity = "USUAL_NUMBER * child_complexity + 1")]
    async fn disqualification_reasons(&self, ctx: &Context<'_>) -> Result<Vec<DisqualificationReason>> {
        let scope = actor(ctx)?.scope();
        let reasons = store::entries(database(ctx)?.read(), scope).await?;
        Ok(reasons.into_iter().map(|row| DisqualificationReason(Arc::new(row))).collect())
    }
}
