//! Asking for reports.

use async_graphql::{Context, Object};
use futures_util::FutureExt;

use super::activity::{self, ActivityRow, WaitingRow};
use super::channel::{self, ChannelBy, ChannelReturnRow};
use super::conversion::{self, ConversionRow};
use super::cycle::{self, SalesCycleReport};
use super::forecast::{self, ForecastPiece, ForecastRow};
use super::funnel::{self, FunnelBasis, LeadFunnelRow};
use super::leaderboard::{self, LeaderboardRow};
use super::lists::activity::ActivityGroupBy;
use super::lists::lead::LeadGroupBy;
use super::lists::opportunity::OpportunityGroupBy;
use super::periods::{ComparisonInput, PeriodInput};
use super::pipeline::{self, PipelineRow};
use super::report::{Report, compared};
use super::subject::Reporting;
use super::velocity::{self, LeadVelocityMonth, SalesVelocityReport};
use super::win_loss::{self, WinLossRow};
use crate::domains::activity::filter::ActivityFilter;
use crate::domains::lead::filter::LeadFilter;
use crate::domains::opportunity::filter::OpportunityFilter;
use crate::error::Result;
use crate::graphql::context::actor;
use crate::graphql::scalars::DateTime;

/// What a report counts in the limit on complexity: as much as a page of a list.
const COST: usize = 500;

/// Asking for reports.
#[derive(Default)]
pub struct ReportQuery;

#[Object]
impl ReportQuery {
    /// Reports: which channel pays, where deals stand, what will come in. Amounts are in the workspace's base currency, at the rate of
    /// the close date for what is closed and at today's for what is open; days follow the workspace's time zone, quarters and years its
    /// fiscal year. Every figure has the filter that leads to its records, as JSON: give it as a variable to the list of these records.
    async fn reports(&self, ctx: &Context<'_>) -> Result<Reports> {
        actor(ctx)?;
        Ok(Reports)
    }
}

/// The reports.
pub struct Reports;

/// The reports.
#[Object]
impl Reports {
    /// Open opportunities: how many, what they are worth, how long they have been in their stages. By stage unless cut otherwise.
    #[graphql(complexity = "COST + child_complexity")]
    async fn pipeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "As they stood at this past instant; now when absent. Stage, pipeline, owner, amount, line items, probability \
                          and close date are those of then, in the filter, too; all else is as it is now. Amounts are converted at the rates of \
                          that day."
        )]
        as_of: Option<DateTime>,
        #[graphql(desc = "Which opportunities; all when absent.")] filter: Option<OpportunityFilter>,
        #[graphql(desc = "What to cut by.", default_with = "vec![OpportunityGroupBy::Stage]")] group_by: Vec<OpportunityGroupBy>,
    ) -> Result<Report<PipelineRow>> {
        let reporting = Reporting::of(ctx)?;
        pipeline::report(&reporting, as_of.map(|at| at.0), filter.unwrap_or_default(), &group_by).await
    }

    /// What was won and lost, by close dates. By close reason, competitor, source, owner, industry or whatever else is asked for.
    #[graphql(complexity = "COST + child_complexity")]
    async fn win_loss(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When it was closed.")] period: PeriodInput,
        #[graphql(desc = "An earlier period to show beside it.")] compared_to: Option<ComparisonInput>,
        #[graphql(desc = "Which opportunities; all when absent.")] filter: Option<OpportunityFilter>,
        #[graphql(desc = "What to cut by; nothing when absent.", default)] group_by: Vec<OpportunityGroupBy>,
    ) -> Result<Report<WinLossRow>> {
        let (reporting, filter) = (Reporting::of(ctx)?, filter.unwrap_or_default());
        let figures = |period| win_loss::report(&reporting, period, &filter, &group_by).boxed();
        compared(&reporting, period, compared_to, figures).await
    }

    /// How far leads get, step by step.
    #[graphql(complexity = "COST + child_complexity")]
    async fn lead_funnel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When the leads came in, or when they came to a step: see `basis`.")] period: PeriodInput,
        #[graphql(desc = "An earlier period to show beside it.")] compared_to: Option<ComparisonInput>,
        #[graphql(desc = "What is counted.", default_with = "FunnelBasis::Cohort")] basis: FunnelBasis,
        #[graphql(desc = "Which leads; all when absent.")] filter: Option<LeadFilter>,
        #[graphql(desc = "What to cut by; nothing when absent.", default)] group_by: Vec<LeadGroupBy>,
    ) -> Result<Report<LeadFunnelRow>> {
        let (reporting, filter) = (Reporting::of(ctx)?, filter.unwrap_or_default());
        let figures = |period| funnel::report(&reporting, period, basis, &filter, &group_by).boxed();
        compared(&reporting, period, compared_to, figures).await
    }

    /// What becomes of the leads that came in during a period. By source unless cut otherwise, for example by campaign.
    #[graphql(complexity = "COST + child_complexity")]
    async fn conversion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When the leads came in.")] period: PeriodInput,
        #[graphql(desc = "An earlier period to show beside it.")] compared_to: Option<ComparisonInput>,
        #[graphql(desc = "Which leads; all when absent.")] filter: Option<LeadFilter>,
        #[graphql(desc = "What to cut by.", default_with = "vec![LeadGroupBy::Source]")] group_by: Vec<LeadGroupBy>,
    ) -> Result<Report<ConversionRow>> {
        let (reporting, filter) = (Reporting::of(ctx)?, filter.unwrap_or_default());
        let figures = |period| conversion::report(&reporting, period, &filter, &group_by).boxed();
        compared(&reporting, period, compared_to, figures).await
    }

    /// What sources or campaigns cost and returned; the best one first. A cost is what is on record for the channel as a whole: it is not
    /// spread over time, and counts in full whatever the period. So ask for a period that covers the channel's life where its return
    /// is to be told, and for a shorter one to see which leads of then paid.
    #[graphql(complexity = "COST + child_complexity")]
    async fn channel_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When the leads came in.")] period: PeriodInput,
        #[graphql(desc = "An earlier period to show beside it.")] compared_to: Option<ComparisonInput>,
        #[graphql(desc = "Which leads; all when absent.")] filter: Option<LeadFilter>,
        #[graphql(desc = "What a channel is.", default_with = "ChannelBy::Campaign")] by: ChannelBy,
    ) -> Result<Report<ChannelReturnRow>> {
        let (reporting, filter) = (Reporting::of(ctx)?, filter.unwrap_or_default());
        let figures = |period| channel::report(&reporting, period, &filter, by).boxed();
        compared(&reporting, period, compared_to, figures).await
    }

    /// What will come in, month by month or quarter by quarter, by close dates.
    #[graphql(complexity = "COST + child_complexity")]
    async fn forecast(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The close dates.")] period: PeriodInput,
        #[graphql(desc = "An earlier period to show beside it.")] compared_to: Option<ComparisonInput>,
        #[graphql(desc = "The pieces of the calendar.", default_with = "ForecastPiece::Month")] by: ForecastPiece,
        #[graphql(desc = "Which opportunities; all when absent.")] filter: Option<OpportunityFilter>,
        #[graphql(desc = "What else to cut by, for example OWNER or TEAM.", default)] group_by: Vec<OpportunityGroupBy>,
    ) -> Result<Report<ForecastRow>> {
        let (reporting, filter) = (Reporting::of(ctx)?, filter.unwrap_or_default());
        let figures = |period| forecast::report(&reporting, period, &filter, by, &group_by).boxed();
        compared(&reporting, period, compared_to, figures).await
    }

    /// How long sales take, where the time goes, and how many get from stage to stage.
    #[graphql(complexity = "COST + child_complexity")]
    async fn sales_cycle(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When they were closed, by close dates.")] period: PeriodInput,
        #[graphql(desc = "An earlier period to show beside it.")] compared_to: Option<ComparisonInput>,
        #[graphql(desc = "Which opportunities; all when absent.")] filter: Option<OpportunityFilter>,
        #[graphql(desc = "What to cut the cycles by; nothing when absent.", default)] group_by: Vec<OpportunityGroupBy>,
    ) -> Result<SalesCycleReport> {
        let (reporting, filter) = (Reporting::of(ctx)?, filter.unwrap_or_default());
        let period = period.days(&reporting.calendar)?;
        let earlier = compared_to.map(|earlier| earlier.days(period)).transpose()?;
        cycle::report(&reporting, period, earlier, &filter, &group_by).await
    }

    /// What was done, by whom. By owner unless cut otherwise.
    #[graphql(complexity = "COST + child_complexity")]
    async fn activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When it was done.")] period: PeriodInput,
        #[graphql(desc = "An earlier period to show beside it.")] compared_to: Option<ComparisonInput>,
        #[graphql(desc = "Which activities; all when absent.")] filter: Option<ActivityFilter>,
        #[graphql(desc = "What to cut by.", default_with = "vec![ActivityGroupBy::Owner]")] group_by: Vec<ActivityGroupBy>,
    ) -> Result<Report<ActivityRow>> {
        let (reporting, filter) = (Reporting::of(ctx)?, filter.unwrap_or_default());
        let figures = |period| activity::report(&reporting, period, &filter, &group_by).boxed();
        compared(&reporting, period, compared_to, figures).await
    }

    /// Leads that are not closed, came in more than so many days ago and had no activity since. By owner unless cut otherwise.
    #[graphql(complexity = "COST + child_complexity")]
    async fn untouched_leads(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many days without an activity: 1 to 3660.")] days: i32,
        #[graphql(desc = "Which leads; all when absent.")] filter: Option<LeadFilter>,
        #[graphql(desc = "What to cut by.", default_with = "vec![LeadGroupBy::Owner]")] group_by: Vec<LeadGroupBy>,
    ) -> Result<Report<WaitingRow>> {
        activity::untouched_leads(&Reporting::of(ctx)?, days, &filter.unwrap_or_default(), &group_by).await
    }

    /// Activities that are due and not done. By owner unless cut otherwise.
    #[graphql(complexity = "COST + child_complexity")]
    async fn overdue_follow_ups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which activities; all when absent.")] filter: Option<ActivityFilter>,
        #[graphql(desc = "What to cut by.", default_with = "vec![ActivityGroupBy::Owner]")] group_by: Vec<ActivityGroupBy>,
    ) -> Result<Report<WaitingRow>> {
        activity::overdue(&Reporting::of(ctx)?, &filter.unwrap_or_default(), &group_by).await
    }

    /// Who sold how much, by close dates; the best one first.
    #[graphql(complexity = "COST + child_complexity")]
    async fn leaderboard(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When it was closed.")] period: PeriodInput,
        #[graphql(desc = "An earlier period to show beside it.")] compared_to: Option<ComparisonInput>,
        #[graphql(desc = "Which opportunities; all when absent.")] filter: Option<OpportunityFilter>,
        #[graphql(desc = "Teams instead of sellers.", default = false)] teams: bool,
    ) -> Result<Report<LeaderboardRow>> {
        let (reporting, filter) = (Reporting::of(ctx)?, filter.unwrap_or_default());
        let figures = |period| leaderboard::report(&reporting, period, &filter, teams).boxed();
        compared(&reporting, period, compared_to, figures).await
    }

    /// Lead velocity: the qualified leads of each month, and how many more or fewer they are than the month before.
    #[graphql(complexity = "COST + child_complexity")]
    async fn lead_velocity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The months that it touches, each in full; at most 600.")] period: PeriodInput,
        #[graphql(desc = "Which leads; all when absent.")] filter: Option<LeadFilter>,
    ) -> Result<Vec<LeadVelocityMonth>> {
        let reporting = Reporting::of(ctx)?;
        velocity::leads(&reporting, period.days(&reporting.calendar)?, &filter.unwrap_or_default()).await
    }

    /// Sales velocity: what the sales of a period bring a day.
    #[graphql(complexity = "COST + child_complexity")]
    async fn sales_velocity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When opportunities were created, and closed.")] period: PeriodInput,
        #[graphql(desc = "An earlier period to show beside it.")] compared_to: Option<ComparisonInput>,
        #[graphql(desc = "Which opportunities; all when absent.")] filter: Option<OpportunityFilter>,
    ) -> Result<SalesVelocityReport> {
        let (reporting, filter) = (Reporting::of(ctx)?, filter.unwrap_or_default());
        let period = period.days(&reporting.calendar)?;
        let mut report = velocity::sales(&reporting, period, &filter).await?;
        if let Some(earlier) = compared_to {
            report.compared_to = Some(Box::new(velocity::sales(&reporting, earlier.days(period)?, &filter).await?));
        }
        Ok(report)
    }
}
