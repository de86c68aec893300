//! Aggregating lists: for each list of the schema a sibling that is called after it.

use async_graphql::{Context, Object};

use super::{AggregateRow, Asked, Question, aggregate};
use crate::domains::account::filter::AccountFilter;
use crate::domains::activity::filter::{self, ActivityFilter, TasksDue};
use crate::domains::campaign::filter::CampaignFilter;
use crate::domains::campaign::store::listed;
use crate::domains::contact::filter::ContactFilter;
use crate::domains::exchange_rate::filter::ExchangeRateFilter;
use crate::domains::lead::filter::LeadFilter;
use crate::domains::opportunity::filter::OpportunityFilter;
use crate::domains::order::filter::OrderFilter;
use crate::domains::product::filter::ProductFilter;
use crate::domains::quote::filter::QuoteFilter;
use crate::error::{Error, Result};
use crate::graphql::context::{caller, on_heap};
use crate::graphql::filter::Filter;
use crate::graphql::scalars::DateTime;
use crate::reports::cube::written;
use crate::reports::lists::account::{AccountGroupBy, AccountNumber};
use crate::reports::lists::activity::{ActivityGroupBy, ActivityNumber};
use crate::reports::lists::campaign::{CampaignGroupBy, CampaignNumber};
use crate::reports::lists::contact::{ContactGroupBy, ContactNumber};
use crate::reports::lists::exchange_rate::{ExchangeRateGroupBy, ExchangeRateNumber};
use crate::reports::lists::lead::{LeadGroupBy, LeadNumber};
use crate::reports::lists::opportunity::{OpportunityGroupBy, OpportunityNumber};
use crate::reports::lists::order::{OrderGroupBy, OrderNumber};
use crate::reports::lists::product::{ProductGroupBy, ProductNumber};
use crate::reports::lists::quote::{QuoteGroupBy, QuoteNumber};
use crate::reports::report::Report;
use crate::reports::subject::Reporting;

/// Aggregating lists.
#[derive(Default)]
pub struct AggregateQuery;

/// What an aggregate counts in the limit on complexity.
const COST: usize = 500;

#[Object]
impl AggregateQuery {
    /// Opportunities, grouped and aggregated.
    #[graphql(complexity = "COST + child_complexity")]
    async fn opportunities_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which opportunities; all when absent.")] filter: Option<Box<OpportunityFilter>>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<OpportunityGroupBy>,
        #[graphql(desc = "The numbers to aggregate; only the count when absent.", default)] of: Vec<OpportunityNumber>,
        #[graphql(
            desc = "As they stood at this past instant; now when absent. Amounts of what was open then are converted at the rates of \
                          that day. Those that were deleted since are counted, but are in no list."
        )]
        as_of: Option<DateTime>,
    ) -> Result<Report<AggregateRow>> {
        let Some(DateTime(at)) = as_of else { return Question { filter, group_by, of }.ask(ctx).await };
        on_heap(|| as_they_stood(ctx, at, filter.unwrap_or_default(), group_by, of)).await
    }

    /// Leads, grouped and aggregated.
    #[graphql(complexity = "COST + child_complexity")]
    async fn leads_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which leads; all when absent.")] filter: Option<Box<LeadFilter>>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<LeadGroupBy>,
        #[graphql(desc = "The numbers to aggregate; only the count when absent.", default)] of: Vec<LeadNumber>,
    ) -> Result<Report<AggregateRow>> {
        Question { filter, group_by, of }.ask(ctx).await
    }

    /// Activities, grouped and aggregated.
    #[graphql(complexity = "COST + child_complexity")]
    async fn activities_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which activities; all when absent.")] filter: Option<Box<ActivityFilter>>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<ActivityGroupBy>,
        #[graphql(desc = "The numbers to aggregate; only the count when absent.", default)] of: Vec<ActivityNumber>,
    ) -> Result<Report<AggregateRow>> {
        Question { filter, group_by, of }.ask(ctx).await
    }

    /// What you have still to do, grouped and aggregated.
    #[graphql(complexity = "COST + child_complexity")]
    async fn my_tasks_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "By when it is due; all when absent. A day is one of the workspace's time zone.")] due: Option<TasksDue>,
        #[graphql(desc = "Which activities; all when absent.")] filter: Option<Box<ActivityFilter>>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<ActivityGroupBy>,
        #[graphql(desc = "The numbers to aggregate; only the count when absent.", default)] of: Vec<ActivityNumber>,
    ) -> Result<Report<AggregateRow>> {
        let (app, actor) = caller(ctx)?;
        let mine = filter::tasks(app, actor, due);
        Question { filter, group_by, of }.among(ctx, mine).await
    }

    /// What should have been done by now and wasn't, grouped and aggregated.
    #[graphql(complexity = "COST + child_complexity")]
    async fn overdue_follow_ups_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which activities; everybody's when absent.")] filter: Option<Box<ActivityFilter>>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<ActivityGroupBy>,
        #[graphql(desc = "The numbers to aggregate; only the count when absent.", default)] of: Vec<ActivityNumber>,
    ) -> Result<Report<AggregateRow>> {
        let (app, _) = caller(ctx)?;
        let overdue = filter::overdue(app.now());
        Question { filter, group_by, of }.among(ctx, overdue).await
    }

    /// Accounts, grouped and aggregated.
    #[graphql(complexity = "COST + child_complexity")]
    async fn accounts_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which accounts; all when absent.")] filter: Option<Box<AccountFilter>>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<AccountGroupBy>,
        #[graphql(desc = "The numbers to aggregate; only the count when absent.", default)] of: Vec<AccountNumber>,
    ) -> Result<Report<AggregateRow>> {
        Question { filter, group_by, of }.ask(ctx).await
    }

    /// Contacts, grouped and aggregated.
    #[graphql(complexity = "COST + child_complexity")]
    async fn contacts_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which contacts; all when absent.")] filter: Option<Box<ContactFilter>>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<ContactGroupBy>,
        #[graphql(desc = "The numbers to aggregate; only the count when absent.", default)] of: Vec<ContactNumber>,
    ) -> Result<Report<AggregateRow>> {
        Question { filter, group_by, of }.ask(ctx).await
    }

    /// Quotes in all their versions, grouped and aggregated.
    #[graphql(complexity = "COST + child_complexity")]
    async fn quotes_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which quotes; all when absent.")] filter: Option<Box<QuoteFilter>>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<QuoteGroupBy>,
        #[graphql(desc = "The numbers to aggregate; only the count when absent.", default)] of: Vec<QuoteNumber>,
    ) -> Result<Report<AggregateRow>> {
        Question { filter, group_by, of }.ask(ctx).await
    }

    /// Orders, grouped and aggregated.
    #[graphql(complexity = "COST + child_complexity")]
    async fn orders_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which orders; all when absent.")] filter: Option<Box<OrderFilter>>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<OrderGroupBy>,
        #[graphql(desc = "The numbers to aggregate; only the count when absent.", default)] of: Vec<OrderNumber>,
    ) -> Result<Report<AggregateRow>> {
        Question { filter, group_by, of }.ask(ctx).await
    }

    /// The catalogue, grouped and aggregated.
    #[graphql(complexity = "COST + child_complexity")]
    async fn products_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which products; all when absent.")] filter: Option<Box<ProductFilter>>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<ProductGroupBy>,
        #[graphql(desc = "The numbers to aggregate; only the count when absent.", default)] of: Vec<ProductNumber>,
    ) -> Result<Report<AggregateRow>> {
        Question { filter, group_by, of }.ask(ctx).await
    }

    /// Campaigns, grouped and aggregated.
    #[graphql(complexity = "COST + child_complexity")]
    async fn campaigns_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether to leave out inactive campaigns.", default_with = "Some(true)")] active_only: Option<bool>,
        #[graphql(desc = "Which campaigns; all when absent.")] filter: Option<Box<CampaignFilter>>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<CampaignGroupBy>,
        #[graphql(desc = "The numbers to aggregate; only the count when absent.", default)] of: Vec<CampaignNumber>,
    ) -> Result<Report<AggregateRow>> {
        Question { filter, group_by, of }.among(ctx, listed(active_only.unwrap_or(true))).await
    }

    /// Exchange rates, grouped and aggregated.
    #[graphql(complexity = "COST + child_complexity")]
    async fn exchange_rates_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which exchange rates; all when absent.")] filter: Option<Box<ExchangeRateFilter>>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<ExchangeRateGroupBy>,
        #[graphql(desc = "The numbers to aggregate; only the count when absent.", default)] of: Vec<ExchangeRateNumber>,
    ) -> Result<Report<AggregateRow>> {
        Question { filter, group_by, of }.ask(ctx).await
    }
}

/// Opportunities as they stood at a past instant.
async fn as_they_stood(
    ctx: &Context<'_>,
    at: chrono::DateTime<chrono::Utc>,
    filter: Box<OpportunityFilter>,
    group_by: Vec<OpportunityGroupBy>,
    of: Vec<OpportunityNumber>,
) -> Result<Report<AggregateRow>> {
    let reporting = Reporting::of(ctx)?;
    if at > reporting.now {
        return Err(Error::bad_input("Opportunities are known up to now: give `asOf` an earlier moment."));
    }
    let rows = reporting.opportunities_at(at).cond_where(filter.condition()?).take();
    aggregate(&reporting, Asked { rows, filter: written(&*filter), as_of: Some(at) }, &group_by, &of).await
}
