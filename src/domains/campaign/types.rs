//! Campaigns as the API shows them.

use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::campaign;

use crate::graphql::common::Money;
use crate::graphql::scalars::{Date, DateTime};

/// A marketing effort that leads answer.
#[derive(Clone)]
pub struct Campaign(pub Arc<campaign::Model>);

/// A marketing effort that leads answer.
#[Object]
impl Campaign {
    /// The campaign's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the changes of the campaign, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The campaign's name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// How it reaches people, for example `Trade show`.
    async fn channel(&self) -> Option<&str> {
        self.0.channel.as_deref()
    }

    /// The first day.
    async fn starts_on(&self) -> Option<Date> {
        self.0.starts_on.map(Date)
    }

    /// The last day.
    async fn ends_on(&self) -> Option<Date> {
        self.0.ends_on.map(Date)
    }

    /// What it may cost.
    async fn budget(&self) -> Option<Money> {
        Money::of(self.0.budget, self.0.budget_currency.as_deref())
    }

    /// What it has cost.
    async fn cost(&self) -> Option<Money> {
        Money::of(self.0.cost, self.0.cost_currency.as_deref())
    }

    /// Whether new leads can name it.
    async fn active(&self) -> bool {
        self.0.active
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}
