//! The workspace's lists as the API shows them.

use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::{close_reason, disqualification_reason, lead_source};

use crate::graphql::common::Money;
use crate::graphql::enums::StageCategory;

/// Where leads come from.
#[derive(Clone)]
pub struct LeadSource(pub Arc<lead_source::Model>);

/// Where leads come from.
#[Object]
impl LeadSource {
    /// The source's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The source's name, for example `Web form`.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What the source cost up to now, such as the price of a bought list: channels are compared by it.
    async fn cost(&self) -> Option<Money> {
        Money::of(self.0.cost, self.0.cost_currency.as_deref())
    }

    /// Whether the source is offered for new leads.
    async fn active(&self) -> bool {
        self.0.active
    }
}

/// Why a lead is not pursued.
#[derive(Clone)]
pub struct DisqualificationReason(pub Arc<disqualification_reason::Model>);

/// Why a lead is not pursued.
#[Object]
impl DisqualificationReason {
    /// The reason's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The reason in words, for example `No budget`.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether the reason is offered.
    async fn active(&self) -> bool {
        self.0.active
    }
}

/// Why an opportunity was won or lost.
#[derive(Clone)]
pub struct CloseReason(pub Arc<close_reason::Model>);

/// Why an opportunity was won or lost.
#[Object]
impl CloseReason {
    /// The reason's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The reason in words, for example `Price`.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether it is a reason for winning (WON) or for losing (LOST).
    async fn category(&self) -> StageCategory {
        self.0.category.into()
    }

    /// Whether the reason is offered.
    async fn active(&self) -> bool {
        self.0.active
    }
}
