//! Products as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{RecordKind, product};

use super::rules;
use super::store::PricesOf;
use crate::domains::history::types::{Change, history};
use crate::error::Result;
use crate::graphql::at_once::at_once;
use crate::graphql::common::Money;
use crate::graphql::connection::Connection;
use crate::graphql::context;
use crate::graphql::list::page_size;
use crate::graphql::scalars::DateTime;

/// Something that we sell.
#[derive(Clone)]
pub struct Product(pub Arc<product::Model>);

impl From<product::Model> for Product {
    fn from(row: product::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// Something that we sell: an entry of the catalogue.
#[Object]
impl Product {
    /// The product's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the changes of the product and of its prices, from 1: give it as `expectedVersion` to guard a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The product's name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The code that the product is ordered by. No other product has it, whatever the case and accents.
    async fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The group of products that it belongs to.
    async fn family(&self) -> Option<&str> {
        self.0.family.as_deref()
    }

    /// What it is, in words.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// What one unit costs before any discount: the price in the workspace's base currency, or the only price where that is another
    /// one. Null where there is neither.
    async fn unit_price(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        let prices = context::loaders(ctx)?.load_one(PricesOf(self.0.id)).await?.unwrap_or_default();
        let workspace = context::app(ctx)?.workspace();
        let price = rules::price_to_show(&prices, &workspace.base_currency);
        Ok(price.and_then(|price| Money::of(Some(price.amount), Some(&price.currency))))
    }

    /// What one unit costs before any discount, in every currency that it has a price in, by currency.
    async fn prices(&self, ctx: &Context<'_>) -> Result<Vec<Money>> {
        let prices = context::loaders(ctx)?.load_one(PricesOf(self.0.id)).await?.unwrap_or_default();
        Ok(prices.iter().filter_map(|price| Money::of(Some(price.amount), Some(&price.currency))).collect())
    }

    /// Whether the product is offered: only then new line items can name it.
    async fn active(&self) -> bool {
        self.0.active
    }

    /// The id that the product has in the system it was imported from.
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref()
    }

    /// What happened to the product and its prices, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::Product, self.0.id.uuid(), first, after).await
    }

    /// When the product was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When the product or one of its prices was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

at_once!(Product: id version name code family description active external_id created_at updated_at);
