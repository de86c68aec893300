//! Campaigns as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object};
use entity::campaign;

use super::rules::{self, Phase};
use super::store::ChildrenOf;
use crate::domains::campaign_member::filter::CampaignMemberFilter;
use crate::domains::campaign_member::store::MembersOf;
use crate::domains::campaign_member::types::{CampaignMember, CampaignMemberCounts, counts};
use crate::error::Result;
use crate::graphql::at_once::at_once;
use crate::graphql::common::Money;
use crate::graphql::connection::Connection;
use crate::graphql::list::{PageArguments, children, page_size};
use crate::graphql::objects::Answered;
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::{context, loaders};

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

    /// What is left of the budget, negative where it was overdrawn; null where budget or cost is missing, or their currencies differ.
    async fn budget_left(&self) -> Option<Money> {
        Money::of(rules::budget_left(&self.0), self.0.budget_currency.as_deref())
    }

    /// Where it stands in time today, in the workspace's time zone.
    async fn status(&self, ctx: &Context<'_>) -> Result<CampaignStatus> {
        Ok(rules::phase(&self.0, context::app(ctx)?.today()).into())
    }

    /// The campaign that this one is part of.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Answered<Campaign>>> {
        loaders::nullable(ctx, self.0.parent_id, Campaign).await
    }

    /// The campaigns that are part of this one, by name.
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Campaign>> {
        let arguments = PageArguments { first, after, last, before };
        children(ctx, self.0.id.uuid(), ChildrenOf, arguments, |row| Campaign(Arc::new(row))).await
    }

    /// The leads and contacts whom it is meant for, the newest first.
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which members; all when absent.")] filter: Option<CampaignMemberFilter>,
    ) -> Result<Connection<CampaignMember>> {
        let list = MembersOf { filter: filter.unwrap_or_default() };
        children(ctx, self.0.id.uuid(), list, PageArguments { first, after, last, before }, CampaignMember::from).await
    }

    /// How many members it has, by what became of them.
    async fn member_counts(&self, ctx: &Context<'_>) -> Result<CampaignMemberCounts> {
        counts(ctx, self.0.id).await
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

at_once!(Campaign: id version name channel starts_on ends_on budget cost budget_left parent active created_at updated_at);

/// Where a campaign stands in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum CampaignStatus {
    /// It starts on a later day.
    Planned,
    /// It has started, and not ended. One without days runs as long as it is active.
    Running,
    /// Its last day has passed.
    Ended,
    /// It was ended by hand: `active` is false.
    Inactive,
}

impl From<Phase> for CampaignStatus {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Planned => Self::Planned,
            Phase::Running => Self::Running,
            Phase::Ended => Self::Ended,
            Phase::Inactive => Self::Inactive,
        }
    }
}
