//! Reading products.

use async_graphql::{Context, ID, Object};
use entity::product;
use sea_orm::QueryFilter;

use super::filter::{ProductFilter, ProductOrder};
use super::store;
use super::types::Product;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::context::actor;
use crate::graphql::filter::Filter;
use crate::graphql::list::{PageArguments, connection, page_size};
use crate::graphql::loaders;
use crate::graphql::objects::Answered;

/// Reading products.
#[derive(Default)]
pub struct ProductQuery;

#[Object]
impl ProductQuery {
    /// A product by its id; null where there is none.
    async fn product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product's id.")] id: ID,
    ) -> Option<Result<Answered<Product>>> {
        loaders::named(ctx, &id, Product).await
    }

    /// The catalogue, those that are no longer offered included: by name unless ordered otherwise.
    #[allow(clippy::too_many_arguments, reason = "the arguments of a connection are the contract's")]
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which products; all when absent.")] filter: Option<ProductFilter>,
        #[graphql(desc = "In which order; the id decides between equals.")] order_by: Option<Vec<ProductOrder>>,
    ) -> Result<Connection<Product>> {
        let scope = actor(ctx)?.scope();
        let select = scope.find::<product::Entity>().filter(filter.unwrap_or_default().condition()?);
        let order = store::order(order_by.into_iter().flatten().map(Into::into));
        connection(ctx, select, &order, PageArguments { first, after, last, before }, Product::from).await
    }
}
