//! Reading exchange rates.

use std::sync::Arc;

use async_graphql::{Context, Object};
use entity::exchange_rate;
use sea_orm::QueryFilter;

use super::filter::{ExchangeRateFilter, ExchangeRateOrder};
use super::store;
use super::types::ExchangeRate;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::context::{actor, caller};
use crate::graphql::filter::Filter;
use crate::graphql::list::{PageArguments, connection, page_size};
use crate::graphql::scalars::{CurrencyCode, Date};

/// Reading exchange rates.
#[derive(Default)]
pub struct ExchangeRateQuery;

#[Object]
impl ExchangeRateQuery {
    /// The rate of a currency to the base currency that is in force on a day; null where there is none, and for the base currency
    /// itself, which is always worth 1.
    async fn exchange_rate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The currency.")] currency: CurrencyCode,
        #[graphql(desc = "The day; today in the workspace's time zone when absent.")] on: Option<Date>,
    ) -> Result<Option<ExchangeRate>> {
        let (app, actor) = caller(ctx)?;
        let day = on.map_or_else(|| app.today(), |on| on.0);
        let base_currency = app.workspace().base_currency.clone();
        let found = store::in_force(app.database().read(), actor.scope(), &base_currency, &currency.0, day).await?;
        Ok(found.map(|row| ExchangeRate(Arc::new(row))))
    }

    /// Exchange rates, those of the latest days first unless ordered otherwise; also those to earlier base currencies.
    #[allow(clippy::too_many_arguments, reason = "the arguments of a connection are the contract's")]
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn exchange_rates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which exchange rates; all when absent.")] filter: Option<ExchangeRateFilter>,
        #[graphql(desc = "In which order; the id decides between equals.")] order_by: Option<Vec<ExchangeRateOrder>>,
    ) -> Result<Connection<ExchangeRate>> {
        let scope = actor(ctx)?.scope();
        let select = scope.find::<exchange_rate::Entity>().filter(filter.unwrap_or_default().condition()?);
        let order = store::order(order_by.into_iter().flatten().map(Into::into));
        connection(ctx, select, &order, PageArguments { first, after, last, before }, |row| ExchangeRate(Arc::new(row))).await
    }
}
