//! Reading quotes.

use async_graphql::{Context, ID, Object};
use entity::quote;
use sea_orm::QueryFilter;

use super::filter::{AsOf, QuoteFilter, QuoteOrder};
use super::store;
use super::types::Quote;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::context::{actor, app};
use crate::graphql::filter::Filter;
use crate::graphql::list::{PageArguments, connection, page_size};
use crate::graphql::loaders;
use crate::graphql::objects::Answered;

/// Reading quotes.
#[derive(Default)]
pub struct QuoteQuery;

#[Object]
impl QuoteQuery {
    /// A quote by its id; null where there is none that you may see.
    async fn quote(&self, ctx: &Context<'_>, #[graphql(desc = "The quote's id.")] id: ID) -> Option<Result<Answered<Quote>>> {
        loaders::named(ctx, &id, Quote).await
    }

    /// Quotes in all their versions, the newest first unless ordered otherwise.
    #[allow(clippy::too_many_arguments, reason = "the arguments of a connection are the contract's")]
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn quotes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which quotes; all when absent.")] filter: Option<QuoteFilter>,
        #[graphql(desc = "In which order; the id decides between equals.")] order_by: Option<Vec<QuoteOrder>>,
    ) -> Result<Connection<Quote>> {
        let scope = actor(ctx)?.scope();
        let filter = AsOf { filter: filter.unwrap_or_default(), today: app(ctx)?.today() };
        let select = scope.find::<quote::Entity>().filter(filter.condition()?);
        let order = store::order(&order_by.unwrap_or_default());
        connection(ctx, select, &order, PageArguments { first, after, last, before }, Quote::from).await
    }
}
