//! Line items as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::line_item;

use super::rules;
use crate::domains::opportunity::types::Opportunity;
use crate::domains::product::types::Product;
use crate::error::Result;
use crate::graphql::common::Money;
use crate::graphql::loaders;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::{DateTime, Decimal};
use crate::values::money;

/// A line item.
#[derive(Clone)]
pub struct LineItem(pub Arc<line_item::Model>);

impl LineItem {
    fn money(&self, amount: i64) -> Money {
        Money::from(money::Money { amount, currency: self.0.currency.clone() }).of_opportunity(self.0.opportunity_id)
    }
}

/// One product, or something else, that an opportunity is about.
#[Object]
impl LineItem {
    /// The line item's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the changes of the line item, from 1. What guards a change is the opportunity's version.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The opportunity that it belongs to.
    async fn opportunity(&self, ctx: &Context<'_>) -> Result<Answered<Opportunity>> {
        loaders::answered(ctx, self.0.opportunity_id, Opportunity).await
    }

    /// Its place among the opportunity's line items, from 1 without gaps.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// The product; null for something that is not in the catalogue.
    async fn product(&self, ctx: &Context<'_>) -> Option<Result<Answered<Product>>> {
        loaders::nullable(ctx, self.0.product_id, Product).await
    }

    /// What is sold, in words.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// How many units, above 0, with at most 3 decimals.
    async fn quantity(&self) -> Decimal {
        Decimal(rules::quantity_decimal(self.0.quantity))
    }

    /// What one unit costs before the discount, in the opportunity's currency.
    async fn unit_price(&self) -> Money {
        self.money(self.0.unit_price)
    }

    /// The discount in percent, from 0 to 100, with at most 4 decimals; 0 where there is none and where it is an amount.
    async fn discount_percent(&self) -> Decimal {
        Decimal(rules::percent_decimal(self.0.discount_percent.unwrap_or_default()))
    }

    /// The discount as an amount, off the whole line; null where there is none and where it is in percent.
    async fn discount_amount(&self) -> Option<Money> {
        self.0.discount_amount.map(|amount| self.money(amount))
    }

    /// Quantity times unit price less the discount, rounded once, to the currency's smallest unit, halves to the even neighbour.
    async fn total(&self) -> Money {
        self.money(self.0.total)
    }

    /// The id that the line item has in the system it was imported from.
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref()
    }

    /// When the line item was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When the line item was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}
