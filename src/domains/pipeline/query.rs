//! Reading pipelines and the reasons for closing.

use std::sync::Arc;

use async_graphql::{Context, Object};

use super::store;
use super::types::Pipeline;
use crate::domains::workspace::types::CloseReason;
use crate::error::Result;
use crate::graphql::context::{actor, database};

/// Reading pipelines and the reasons for closing.
#[derive(Default)]
pub struct PipelineQuery;

#[Object]
impl PipelineQuery {
    /// The pipelines: the default one first, then in the workspace's order.
    async fn pipelines(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether inactive pipelines, which take no more opportunities, are left out.", default = false)]
        active_only: bool,
    ) -> Result<Vec<Pipeline>> {
        let scope = actor(ctx)?.scope();
        let rows = store::pipelines(database(ctx)?.read(), scope).await?;
        Ok(rows.into_iter().filter(|row| row.active || !active_only).map(|row| Pipeline(Arc::new(row))).collect())
    }

    /// Why opportunities are closed: the reasons for winning first, then those for losing, each in the workspace's order.
    async fn close_reasons(&self, ctx: &Context<'_>) -> Result<Vec<CloseReason>> {
        let scope = actor(ctx)?.scope();
        let rows = store::close_reasons(database(ctx)?.read(), scope).await?;
        Ok(rows.into_iter().map(|row| CloseReason(Arc::new(row))).collect())
    }
}
