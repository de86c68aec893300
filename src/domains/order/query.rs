//! Reading orders.

use async_graphql::{Context, ID, Object};
use entity::order;
use sea_orm::QueryFilter;

use super::filter::{OrderFilter, OrderOrder};
use super::store;
use super::types::Order;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::context::actor;
use crate::graphql::filter::Filter;
use crate::graphql::list::{PageArguments, connection, page_size};
use crate::graphql::loaders;
use crate::graphql::objects::Answered;

/// Reading orders.
#[derive(Default)]
pub struct OrderQuery;

#[Object]
impl OrderQuery {
    /// An order by its id; null where there is none that you may see.
    async fn order(&self, ctx: &Context<'_>, #[graphql(desc = "The order's id.")] id: ID) -> Option<Result<Answered<Order>>> {
        loaders::named(ctx, &id, Order).await
    }

    /// Orders, the newest first unless ordered otherwise.
    #[allow(clippy::too_many_arguments, reason = "the arguments of a connection are the contract's")]
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which orders; all when absent.")] filter: Option<OrderFilter>,
        #[graphql(desc = "In which order; the id decides between equals.")] order_by: Option<Vec<OrderOrder>>,
    ) -> Result<Connection<Order>> {
        let scope = actor(ctx)?.scope();
        let select = scope.find::<order::Entity>().filter(filter.unwrap_or_default().condition()?);
        let order = store::order(&order_by.unwrap_or_default());
        connection(ctx, select, &order, PageArguments { first, after, last, before }, Order::from).await
    }
}
