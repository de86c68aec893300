//! Reading accounts.

use async_graphql::{Context, ID, Object};
use entity::account;
use sea_orm::QueryFilter;

use super::filter::{AccountFilter, AccountOrder};
use super::store;
use super::types::Account;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::context::actor;
use crate::graphql::filter::Filter;
use crate::graphql::list::{PageArguments, connection, page_size};
use crate::graphql::loaders;
use crate::graphql::objects::Answered;

/// Reading accounts.
#[derive(Default)]
pub struct AccountQuery;

#[Object]
impl AccountQuery {
    /// An account by its id; null where there is none that you may see.
    async fn account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account's id.")] id: ID,
    ) -> Option<Result<Answered<Account>>> {
        loaders::named(ctx, &id, Account).await
    }

    /// Accounts, the newest first unless ordered otherwise.
    #[allow(clippy::too_many_arguments, reason = "the arguments of a connection are the contract's")]
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which accounts; all when absent.")] filter: Option<AccountFilter>,
        #[graphql(desc = "In which order; the id decides between equals.")] order_by: Option<Vec<AccountOrder>>,
    ) -> Result<Connection<Account>> {
        let scope = actor(ctx)?.scope();
        let select = scope.find::<account::Entity>().filter(filter.unwrap_or_default().condition()?);
        let order = store::order(order_by.into_iter().flatten().map(Into::into));
        connection(ctx, select, &order, PageArguments { first, after, last, before }, Account::from).await
    }
}
