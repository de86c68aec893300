//! Reading activities.

use async_graphql::{Context, ID, Object};
use entity::activity;
use sea_orm::QueryFilter;

use super::filter::{self, ActivityFilter, TasksDue};
use super::store;
use super::types::Activity;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::context::{actor, caller};
use crate::graphql::filter::Filter;
use crate::graphql::list::{PageArguments, connection, page_size};
use crate::graphql::loaders;
use crate::graphql::objects::Answered;

/// Reading activities.
#[derive(Default)]
pub struct ActivityQuery;

#[Object]
impl ActivityQuery {
    /// An activity by its id; null where there is none that you may see.
    async fn activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The activity's id.")] id: ID,
    ) -> Option<Result<Answered<Activity>>> {
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

    /// What you have still to do: your open tasks, calls, e-mails and meetings, what is due first. Notes are never due.
    #[allow(clippy::too_many_arguments, reason = "the arguments of a connection are the contract's")]
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn my_tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "By when it is due; all when absent. A day is one of the workspace's time zone.")] due: Option<TasksDue>,
        #[graphql(desc = "Which activities; all when absent.")] filter: Option<ActivityFilter>,
    ) -> Result<Connection<Activity>> {
        let (app, actor) = caller(ctx)?;
        let mine = actor.scope().find::<activity::Entity>().filter(filter::tasks(app, actor, due));
        let select = mine.filter(filter.unwrap_or_default().condition()?);
        connection(ctx, select, &store::order(), PageArguments { first, after, last, before }, Activity::from).await
    }

    /// What should have been done by now and wasn't, whoever owns it: open tasks, calls, e-mails and meetings that are past due, the
    /// longest overdue first. Filter by `ownerId` or `ownerTeamId` for a seller's or a team's.
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn overdue_follow_ups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which activities; everybody's when absent.")] filter: Option<ActivityFilter>,
    ) -> Result<Connection<Activity>> {
        let (app, actor) = caller(ctx)?;
        let overdue = actor.scope().find::<activity::Entity>().filter(filter::overdue(app.now()));
        let select = overdue.filter(filter.unwrap_or_default().condition()?);
        connection(ctx, select, &store::order(), PageArguments { first, after, last, before }, Activity::from).await
    }
}
