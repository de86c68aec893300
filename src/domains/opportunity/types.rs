//! Opportunities as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use chrono::NaiveDate;
use entity::{MilestoneKind, RecordKind, opportunity};
use sea_orm::Iterable;

use super::changes::{OpportunityChange, StageChange, seconds};
use super::part_store::{CompetitorsOf, MilestonesOf};
use super::parts::{Competitor, ContactRole, Milestone};
use super::rules::seconds_between;
use super::store::{CarriedSignalsOf, ChangesOf, RolesOf};
use crate::domains::account::types::Account;
use crate::domains::activity::filter::ActivityFilter;
use crate::domains::activity::types::{Activity, activities};
use crate::domains::campaign::types::Campaign;
use crate::domains::campaign_member::types::{CampaignInfluence, influence};
use crate::domains::contact::types::Contact;
use crate::domains::history::types::{Change, history};
use crate::domains::lead::qualification::Qualification;
use crate::domains::lead::types::{BuyingSignal, Lead};
use crate::domains::line_item::store::LinesOf;
use crate::domains::line_item::types::LineItem;
use crate::domains::order::store::LatestOf;
use crate::domains::order::types::Order;
use crate::domains::pipeline::types::{Pipeline, Stage};
use crate::domains::quote::filter::{AsOf, QuoteFilter, QuoteOrder};
use crate::domains::quote::store::QuotesOf;
use crate::domains::quote::types::Quote;
use crate::domains::timeline::types::{TimelineEntry, TimelineKind, timeline};
use crate::domains::user::types::User;
use crate::domains::workspace::types::{CloseReason, LeadSource};
use crate::error::Result;
use crate::graphql::at_once::at_once;
use crate::graphql::common::Money;
use crate::graphql::connection::Connection;
use crate::graphql::enums::ForecastCategory;
use crate::graphql::list::{PageArguments, children, page_size};
use crate::graphql::objects::Answered;
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::{context, loaders};
use crate::values::money;

/// About how many line items an opportunity has, for the complexity of a list that has no pages.
const USUAL_LINES: usize = 5;

/// An opportunity.
#[derive(Clone)]
pub struct Opportunity(pub Arc<opportunity::Model>);

impl From<opportunity::Model> for Opportunity {
    fn from(row: opportunity::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// The day whose exchange rate counts for what is closed; what is open counts at that of today.
pub fn closed_on(opportunity: &opportunity::Model) -> Option<NaiveDate> {
    opportunity.is_closed.then_some(opportunity.close_date)
}

/// A possible sale that has a real chance: a known need, an intention, a chance to buy.
#[Object]
impl Opportunity {
    /// The opportunity's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the changes of the opportunity, from 1: give it as `expectedVersion` to guard a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The opportunity's name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whom we sell to.
    async fn account(&self, ctx: &Context<'_>) -> Result<Answered<Account>> {
        loaders::answered(ctx, self.0.account_id, Account).await
    }

    /// The contact whom we talk to first.
    async fn primary_contact(&self, ctx: &Context<'_>) -> Option<Result<Answered<Contact>>> {
        loaders::nullable(ctx, self.0.primary_contact_id, Contact).await
    }

    /// Who sells.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.0.owner_id, User).await
    }

    /// The pipeline that it is in.
    async fn pipeline(&self, ctx: &Context<'_>) -> Result<Answered<Pipeline>> {
        loaders::answered(ctx, self.0.pipeline_id, Pipeline).await
    }

    /// The stage that it is in.
    async fn stage(&self, ctx: &Context<'_>) -> Result<Answered<Stage>> {
        loaders::answered(ctx, self.0.stage_id, Stage).await
    }

    /// How likely it is won, in percent: the stage's probability, unless the seller set one by hand.
    async fn probability(&self) -> i32 {
        self.0.probability
    }

    /// Where it counts in the forecast: that of its stage.
    async fn forecast_category(&self, ctx: &Context<'_>) -> Result<ForecastCategory> {
        Ok(loaders::required_whole(ctx, self.0.stage_id).await?.forecast_category.into())
    }

    /// What the sale is worth: the sum of its line items, or set by hand where there are none.
    async fn amount(&self) -> Option<Money> {
        Money::of(self.0.amount, self.0.currency.as_deref()).map(|money| money.on(closed_on(&self.0)))
    }

    /// The amount times the probability, rounded to the currency's smallest unit, halves to the even neighbour.
    async fn weighted_amount(&self) -> Option<Money> {
        let amount = money::Money { amount: self.0.amount?, currency: self.0.currency.clone()? };
        Some(Money::from(amount.weighted(self.0.probability)).on(closed_on(&self.0)))
    }

    /// The day on which it is expected to close, or on which it closed.
    async fn close_date(&self) -> Date {
        Date(self.0.close_date)
    }

    /// Whether it is closed, won or lost.
    async fn is_closed(&self) -> bool {
        self.0.is_closed
    }

    /// Whether it is won.
    async fn is_won(&self) -> bool {
        self.0.is_won
    }

    /// When it was closed in the system; the day that counts is `closeDate`. Null while it is open.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// Why it was won or lost.
    async fn close_reason(&self, ctx: &Context<'_>) -> Option<Result<Answered<CloseReason>>> {
        loaders::nullable(ctx, self.0.close_reason_id, CloseReason).await
    }

    /// More about why it was won or lost.
    async fn close_note(&self) -> Option<&str> {
        self.0.close_note.as_deref()
    }

    /// The name of the competitor that won it, whether it is listed or not.
    async fn lost_to(&self) -> Option<&str> {
        self.0.lost_to.as_deref()
    }

    /// The same where the winner is one of the opportunity's `competitors`; null where it isn't listed.
    async fn lost_to_competitor(&self, ctx: &Context<'_>) -> Option<Result<Answered<Competitor>>> {
        loaders::nullable(ctx, self.0.lost_to_competitor_id, |row| Arc::unwrap_or_clone(row).into()).await
    }

    /// Where it came from.
    async fn source(&self, ctx: &Context<'_>) -> Option<Result<Answered<LeadSource>>> {
        loaders::nullable(ctx, self.0.source_id, LeadSource).await
    }

    /// The campaign that it came from.
    async fn campaign(&self, ctx: &Context<'_>) -> Option<Result<Answered<Campaign>>> {
        loaders::nullable(ctx, self.0.campaign_id, Campaign).await
    }

    /// The campaigns that had a part in it: those that its contacts, or the lead that became it, are members of. The one that it came
    /// from first, then by the day of the first response.
    #[graphql(complexity = "10 * child_complexity + 1")]
    async fn campaign_influence(&self, ctx: &Context<'_>) -> Result<Vec<CampaignInfluence>> {
        influence(ctx, self.0.id, self.0.campaign_id).await
    }

    /// The lead that became this opportunity.
    async fn lead(&self, ctx: &Context<'_>) -> Option<Result<Answered<Lead>>> {
        loaders::nullable(ctx, self.0.lead_id, Lead).await
    }

    /// What is to be done next.
    async fn next_step(&self) -> Option<&str> {
        self.0.next_step.as_deref()
    }

    /// Anything else worth knowing.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// What was known about need, budget, timeline and authority when a lead became this opportunity; null where nothing was.
    async fn qualification(&self) -> Option<Qualification> {
        self.0.qualification.as_ref().map(|facts| Qualification::of_opportunity(self.0.id, facts.clone()))
    }

    /// What the leads that became this opportunity did that said it was time to convert, newest first.
    async fn buying_signals(&self, ctx: &Context<'_>) -> Result<Vec<BuyingSignal>> {
        let signals = context::loaders(ctx)?.load_one(CarriedSignalsOf(self.0.id)).await?.unwrap_or_default();
        Ok(signals.iter().map(BuyingSignal::from).collect())
    }

    /// The contacts with a part in it: the primary one first, then in the order in which they were added.
    async fn contact_roles(&self, ctx: &Context<'_>) -> Result<Vec<ContactRole>> {
        let roles = context::loaders(ctx)?.load_one(RolesOf(self.0.id)).await?.unwrap_or_default();
        let is_primary = |contact| self.0.primary_contact_id == Some(contact);
        let mut roles: Vec<ContactRole> =
            roles.into_iter().map(|role| ContactRole { primary: is_primary(role.contact_id), role }).collect();
        roles.sort_by_key(|role| !role.primary);
        Ok(roles)
    }

    /// What is sold, in order. Where there is anything, the amount is the sum of their totals.
    #[graphql(complexity = "USUAL_LINES * child_complexity + 1")]
    async fn line_items(&self, ctx: &Context<'_>) -> Result<Vec<LineItem>> {
        let lines = context::loaders(ctx)?.load_one(LinesOf(self.0.id)).await?.unwrap_or_default();
        Ok(lines.into_iter().map(LineItem).collect())
    }

    /// Who else wants to make the sale: the incumbent first, then in the order in which they were added.
    async fn competitors(&self, ctx: &Context<'_>) -> Result<Vec<Competitor>> {
        let mut competitors = context::loaders(ctx)?.load_one(CompetitorsOf(self.0.id)).await?.unwrap_or_default();
        competitors.sort_by_key(|competitor| !competitor.incumbent);
        Ok(competitors.into_iter().map(Competitor::from).collect())
    }

    /// The five steps towards the signature in their usual order, reached or open. They may be reached in any other order.
    async fn milestones(&self, ctx: &Context<'_>) -> Result<Vec<Milestone>> {
        let reached = context::loaders(ctx)?.load_one(MilestonesOf(self.0.id)).await?.unwrap_or_default();
        let row_of = |kind| reached.iter().find(|row| row.kind == kind).cloned();
        Ok(MilestoneKind::iter().map(|kind| Milestone { kind, reached: row_of(kind) }).collect())
    }

    /// Every move from stage to stage, the oldest first; the first one is the creation.
    async fn stage_history(&self, ctx: &Context<'_>) -> Result<Vec<StageChange>> {
        let changes = context::loaders(ctx)?.load_one(ChangesOf(self.0.id)).await?.unwrap_or_default();
        Ok(changes.into_iter().filter_map(StageChange::of).collect())
    }

    /// Every change of stage, amount, probability, close date and owner, of deletion and restoring, the oldest first; the first
    /// one is the creation. How the opportunity stood at any instant is the `after` of the change that held then.
    async fn pipeline_history(&self, ctx: &Context<'_>) -> Result<Vec<OpportunityChange>> {
        let changes = context::loaders(ctx)?.load_one(ChangesOf(self.0.id)).await?.unwrap_or_default();
        Ok(changes.into_iter().map(OpportunityChange).collect())
    }

    /// How long it has been in its stage, in seconds.
    async fn seconds_in_stage(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(seconds(seconds_between(self.0.stage_entered_at, context::app(ctx)?.now())))
    }

    /// The offers that were made for it, in all their versions, the newest first unless ordered otherwise.
    #[allow(clippy::too_many_arguments, reason = "the arguments of a connection are the contract's")]
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn quotes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which quotes; all of the opportunity's when absent.")] filter: Option<QuoteFilter>,
        #[graphql(desc = "In which order; the id decides between equals.")] order_by: Option<Vec<QuoteOrder>>,
    ) -> Result<Connection<Quote>> {
        let filter = AsOf { filter: filter.unwrap_or_default(), today: context::app(ctx)?.today() };
        let list = QuotesOf { filter, order_by: order_by.unwrap_or_default() };
        children(ctx, self.0.id.uuid(), list, PageArguments { first, after, last, before }, Quote::from).await
    }

    /// The order that its win left: the latest, where it was reopened and won again with another quote. Null where it was never
    /// won with an accepted quote.
    async fn order(&self, ctx: &Context<'_>) -> Result<Option<Order>> {
        Ok(context::loaders(ctx)?.load_one(LatestOf(self.0.id)).await?.map(Order::from))
    }

    /// Calls, e-mails, meetings, tasks and notes about the opportunity: what is due first, then the newest.
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which activities; all of the opportunity's when absent.")] filter: Option<ActivityFilter>,
    ) -> Result<Connection<Activity>> {
        activities(ctx, self.0.id.uuid(), PageArguments { first, after, last, before }, filter).await
    }

    /// The story of the opportunity, newest first: what was done about it, what happened to it, and what happened to the leads that became it.
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "What it tells of; everything when absent or empty.")] kinds: Option<Vec<TimelineKind>>,
    ) -> Result<Connection<TimelineEntry>> {
        timeline(ctx, self.0.id.uuid(), false, PageArguments { first, after, last, before }, kinds).await
    }

    /// What happened to the opportunity, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::Opportunity, self.0.id.uuid(), first, after).await
    }

    /// The id that the opportunity has in the system it was imported from.
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref()
    }

    /// When the opportunity was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When the opportunity was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

at_once!(Opportunity:
    id version name account primary_contact owner(owner_id) pipeline(pipeline_id) stage(stage_id) probability forecast_category
    amount weighted_amount close_date is_closed is_won closed_at close_reason(close_reason_id) close_note lost_to
    source(source_id) lead next_step description external_id created_at updated_at
);
