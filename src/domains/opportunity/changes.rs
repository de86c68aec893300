//! How an opportunity came to stand where it does: its moves, and every change of what it is in the pipeline.

use async_graphql::{Context, Object};
use chrono::{DateTime as Instant, NaiveDate, Utc};
use entity::{StageId, UserId, opportunity_change};

use crate::domains::pipeline::types::Stage;
use crate::domains::user::types::User;
use crate::error::Result;
use crate::graphql::common::Money;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::{context, loaders};

/// One move of an opportunity.
pub struct StageChange(opportunity_change::Model);

impl StageChange {
    /// The change as a move, if it is one.
    pub fn of(change: opportunity_change::Model) -> Option<Self> {
        (change.from_stage_id.is_none() || change.seconds_in_previous.is_some()).then_some(Self(change))
    }
}

/// One move of an opportunity to a stage, with what the opportunity was worth right after it.
#[Object]
impl StageChange {
    /// The stage that it left; null when the opportunity was created.
    async fn from(&self, ctx: &Context<'_>) -> Option<Result<Answered<Stage>>> {
        loaders::nullable(ctx, self.0.from_stage_id, Stage).await
    }

    /// The stage that it came to.
    async fn to(&self, ctx: &Context<'_>) -> Result<Answered<Stage>> {
        loaders::answered(ctx, self.0.stage_id, Stage).await
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// By whom; null for the system itself.
    async fn by(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.0.by, User).await
    }

    /// The amount at that moment. In the base currency it counts at the exchange rate of that day.
    async fn amount(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        let day = context::app(ctx)?.day_of(self.0.at);
        Ok(Money::of(self.0.amount, self.0.currency.as_deref()).map(|money| money.on(Some(day))))
    }

    /// The win probability at that moment, in percent.
    async fn probability(&self) -> i32 {
        self.0.probability
    }

    /// The close date at that moment.
    async fn close_date(&self) -> Date {
        Date(self.0.close_date)
    }

    /// How long it had been in the stage that it left, in seconds; null when the opportunity was created.
    async fn seconds_in_previous(&self) -> Option<i32> {
        self.0.seconds_in_previous.map(seconds)
    }
}

/// Seconds as GraphQL's Int takes them: up to 68 years.
pub fn seconds(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// One change of what an opportunity is in the pipeline.
pub struct OpportunityChange(pub opportunity_change::Model);

/// One change of an opportunity's stage, amount, probability, close date or owner, of its deletion or restoring.
#[Object]
impl OpportunityChange {
    /// From when on it held.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Until when it held; null while it does. Equal to `at` where another change came at the same moment.
    async fn until(&self) -> Option<DateTime> {
        self.0.until.map(DateTime)
    }

    /// By whom; null for the system itself.
    async fn by(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.0.by, User).await
    }

    /// How the opportunity stood before; null at its creation.
    async fn before(&self) -> Option<OpportunityState> {
        let change = &self.0;
        Some(OpportunityState {
            at: change.at,
            stage: change.from_stage_id?,
            amount: Money::of(change.from_amount, change.from_currency.as_deref()),
            probability: change.from_probability?,
            close_date: change.from_close_date?,
            owner: change.from_owner_id,
        })
    }

    /// How the opportunity stood afterwards.
    async fn after(&self) -> OpportunityState {
        let change = &self.0;
        OpportunityState {
            at: change.at,
            stage: change.stage_id,
            amount: Money::of(change.amount, change.currency.as_deref()),
            probability: change.probability,
            close_date: change.close_date,
            owner: change.owner_id,
        }
    }

    /// Whether the opportunity lay deleted afterwards: then it counts in no pipeline.
    async fn deleted(&self) -> bool {
        self.0.deleted
    }
}

/// How an opportunity stood in its pipeline.
pub struct OpportunityState {
    at: Instant<Utc>,
    stage: StageId,
    amount: Option<Money>,
    probability: i32,
    close_date: NaiveDate,
    owner: Option<UserId>,
}

/// How an opportunity stood in its pipeline at a moment.
#[Object]
impl OpportunityState {
    /// The stage.
    async fn stage(&self, ctx: &Context<'_>) -> Result<Answered<Stage>> {
        loaders::answered(ctx, self.stage, Stage).await
    }

    /// The amount. In the base currency it counts at the exchange rate of the day of the change.
    async fn amount(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        let day = context::app(ctx)?.day_of(self.at);
        Ok(self.amount.clone().map(|money| money.on(Some(day))))
    }

    /// The win probability in percent.
    async fn probability(&self) -> i32 {
        self.probability
    }

    /// The close date.
    async fn close_date(&self) -> Date {
        Date(self.close_date)
    }

    /// The owner.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.owner, User).await
    }
}
