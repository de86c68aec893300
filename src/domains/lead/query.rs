//! Reading leads.

use async_graphql::{Context, ID, Object};
use entity::lead;
use sea_orm::QueryFilter;

use super::filter::{LeadFilter, LeadOrder};
use super::store;
use super::types::Lead;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::context::actor;
use crate::graphql::filter::Filter;
use crate::graphql::list::{PageArguments, connection, page_size};
use crate::graphql::loaders;
use crate::graphql::objects::Answered;

/// Reading leads.
#[derive(Default)]
pub struct LeadQuery;

#[Object]
impl LeadQuery {
    /// A lead by its id; null where there is none that you may see.
    async fn lead(&self, ctx: &Context<'_>, #[graphql(desc = "The lead's id.")] id: ID) -> Option<Result<Answered<Lead>>> {
        loaders::named(ctx, &id, Lead).await
    }

    /// Leads, the newest first unless ordered otherwise.
    #[allow(clippy::too_many_arguments, reason = "the arguments of a connection are the contract's")]
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn leads(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which leads; all when absent.")] filter: Option<LeadFilter>,
        #[graphql(desc = "In which order; the id decides between equals.")] order_by: Option<Vec<LeadOrder>>,
    ) -> Result<Connection<Lead>> {
        let scope = actor(ctx)?.scope();
        let select = scope.find::<lead::Entity>().filter(filter.unwrap_or_default().condition()?);
        let order = store::order(order_by.into_iter().flatten().map(Into::into));
        connection(ctx, select, &order, PageArguments { first, after, last, before }, Lead::from).await
    }
}
