//! Exchange rates as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{RecordKind, exchange_rate};

use crate::domains::history::types::{Change, history};
use crate::error::Result;
use crate::graphql::at_once::at_once;
use crate::graphql::connection::Connection;
use crate::graphql::list::page_size;
use crate::graphql::scalars::{CurrencyCode, Date, DateTime, Decimal};
use crate::values::exchange_rate::decimal;

/// An exchange rate.
#[derive(Clone)]
pub struct ExchangeRate(pub Arc<exchange_rate::Model>);

/// What one unit of a currency is worth in the base currency, from a day on until the currency's next rate.
#[Object]
impl ExchangeRate {
    /// The exchange rate's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the changes of the exchange rate, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The currency whose worth is told.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.0.currency.clone())
    }

    /// The base currency that the rate was entered for. While the workspace has another one, the rate isn't used.
    async fn base_currency(&self) -> CurrencyCode {
        CurrencyCode(self.0.base_currency.clone())
    }

    /// The first day of its validity.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// What one unit of the currency is worth in the base currency.
    async fn rate(&self) -> Decimal {
        Decimal(decimal(self.0.rate))
    }

    /// What happened to the exchange rate, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::ExchangeRate, self.0.id.uuid(), first, after).await
    }

    /// When it was entered.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

at_once!(ExchangeRate: id version currency base_currency valid_from rate created_at updated_at);
