//! Reading activities.

use async_graphql::{Context, ID, Object};
use entity::activity;
use sea_orm::QueryFilter;

use super::filter::ActivityFilter;
use super::store;
use super::types::Activity;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::context::actor;
use crate::graphql::filter::Filter;
use crate::graphql::list::{PageArguments, connection, page_size};
use crate::graphql::loaders;

/// Reading activities.
#[derive(Default)]
pub struct ActivityQuery;

#[Object]
impl ActivityQuery {
    /// An activity by its id; null where there is none that you may see.
    async fn activity(&self, ctx: &Context<'_>, #[graphql(desc = "The activity's id.")] id: ID) -> Option<Result<Activity>> {
        loaders::named(ctx, &id, Activity).await
    }

    /// Activities: what is due first, then the newest.
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which activities; all when absent.")] filter: Option<ActivityFilter>,
    ) -> Result<Connection<Activity>> {
        let scope = actor(ctx)?.scope();
        let select = scope.find::<activity::Entity>().filter(filter.unwrap_or_default().condition()?);
        connection(ctx, select, &store::order(), PageArguments { first, after, last, before }, Activity::from).await
    }
}
