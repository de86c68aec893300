//! The workspace's lists as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{RecordKind, close_reason, disqualification_reason, lead_source};

use crate::domains::history::types::{Change, history};
use crate::error::Result;
use crate::graphql::at_once::at_once;
use crate::graphql::common::Money;
use crate::graphql::connection::Connection;
use crate::graphql::enums::StageCategory;
use crate::graphql::list::page_size;

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

    /// The source's place in its list: the smallest number comes first.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// What happened to the source, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::LeadSource, self.0.id.uuid(), first, after).await
    }
}

at_once!(LeadSource: id name cost active position);

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

    /// The reason's place in its list: the smallest number comes first.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// What happened to the reason, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::DisqualificationReason, self.0.id.uuid(), first, after).await
    }
}

at_once!(DisqualificationReason: id name active position);

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

    /// The reason's place in its list: the smallest number comes first.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// What happened to the reason, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::CloseReason, self.0.id.uuid(), first, after).await
    }
}

at_once!(CloseReason: id name category active position);
