//! Opportunities.

use async_graphql::Enum;
use entity::opportunity;
use sea_orm::sea_query::SelectStatement;

use crate::domains::opportunity::filter::OpportunityFilter;
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::reports::aggregates::Aggregated;
use crate::reports::aggregates::numbers::{Figure, Number};
use crate::reports::calendar::Unit;
use crate::reports::cube::OPPORTUNITY_MONEY;
use crate::reports::cutting::{Cutting, Through};
use crate::reports::groups::{Cut, Form, Group, Place};
use crate::reports::names::Listed;
use crate::reports::subject::Reporting;

/// What opportunities can be cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum OpportunityGroupBy {
    /// Who sells.
    Owner,
    /// The owner's team.
    Team,
    /// Where it came from.
    Source,
    /// The campaign that it came from.
    Campaign,
    /// The pipeline that it is in.
    Pipeline,
    /// The stage that it is in.
    Stage,
    /// Where its stage counts in the forecast.
    ForecastCategory,
    /// Whom we sell to.
    Account,
    /// The industry of the account.
    Industry,
    /// Why it was won or lost.
    CloseReason,
    /// Who won it instead of us.
    Competitor,
    /// The products that it has lines of: an opportunity counts under each of them, with the sum of these lines as its amount; as of a
    /// past instant with the lines of then. One without lines, or with a line without a product, counts where the product is missing.
    Product,
    /// The currency of its amount.
    Currency,
    /// The day of its close date.
    CloseDay,
    /// The week of its close date.
    CloseWeek,
    /// The month of its close date.
    CloseMonth,
    /// The fiscal quarter of its close date.
    CloseQuarter,
    /// The fiscal year of its close date.
    CloseYear,
    /// The day on which it was created.
    CreatedDay,
    /// The week in which it was created.
    CreatedWeek,
    /// The month in which it was created.
    CreatedMonth,
    /// The fiscal quarter in which it was created.
    CreatedQuarter,
    /// The fiscal year in which it was created.
    CreatedYear,
}

/// The numbers that opportunities have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum OpportunityNumber {
    /// The amount, in the base currency.
    Amount,
    /// How likely it is won, in percent.
    Probability,
    /// The days from the creation to the close date.
    CycleDays,
}

const ACCOUNT: Through = Through { field: "account", table: "accounts", column: "opportunities.account_id" };

impl Cut for OpportunityGroupBy {
    const TABLE: &'static str = "opportunities";

    fn group(self, cutting: Cutting<'_>) -> Group {
        match self {
            Self::Owner => cutting.reference(Listed::Users, "owner_id", "ownerId"),
            Self::Team => cutting.team(),
            Self::Source => cutting.reference(Listed::Sources, "source_id", "sourceId"),
            Self::Campaign => cutting.reference(Listed::Campaigns, "campaign_id", "campaignId"),
            Self::Pipeline => cutting.reference(Listed::Pipelines, "pipeline_id", "pipelineId"),
            Self::Stage => cutting.reference(Listed::Stages, "stage_id", "stageId"),
            Self::ForecastCategory => cutting.sql("opportunities.stage_id", Form::Id, Place::ForecastCategory),
            Self::Account => cutting.reference(Listed::Accounts, "account_id", "accountId"),
            Self::Industry => cutting.through(ACCOUNT).text("industry", "industry"),
            Self::CloseReason => cutting.reference(Listed::CloseReasons, "close_reason_id", "closeReasonId"),
            Self::Competitor => cutting.text("lost_to", "lostTo"),
            Self::Product => {
                let place = Place::Reference(Listed::Products, "productId");
                Group { several: true, ..cutting.sql("lines.product_id", Form::Id, place) }
            }
            Self::Currency => cutting.text("currency", "currency"),
            Self::CloseDay => cutting.day(Unit::Day, "close_date", "closeDate"),
            Self::CloseWeek => cutting.day(Unit::Week, "close_date", "closeDate"),
            Self::CloseMonth => cutting.day(Unit::Month, "close_date", "closeDate"),
            Self::CloseQuarter => cutting.day(Unit::Quarter, "close_date", "closeDate"),
            Self::CloseYear => cutting.day(Unit::Year, "close_date", "closeDate"),
            Self::CreatedDay => cutting.created(Unit::Day),
            Self::CreatedWeek => cutting.created(Unit::Week),
            Self::CreatedMonth => cutting.created(Unit::Month),
            Self::CreatedQuarter => cutting.created(Unit::Quarter),
            Self::CreatedYear => cutting.created(Unit::Year),
        }
    }
}

impl Number for OpportunityNumber {
    fn figure(self, reporting: &Reporting<'_>) -> Figure {
        match self {
            Self::Amount => Figure::money("opportunities.amount", OPPORTUNITY_MONEY),
            Self::Probability => Figure::plain("opportunities.probability"),
            Self::CycleDays => {
                let created = reporting.local_day("opportunities.created_at", None);
                Figure::plain(reporting.days_between(&created, "opportunities.close_date"))
            }
        }
    }
}

impl Aggregated for OpportunityGroupBy {
    type Filter = OpportunityFilter;
    type Number = OpportunityNumber;

    fn rows(reporting: &Reporting<'_>, filter: &Self::Filter) -> Result<SelectStatement> {
        Ok(reporting.visible::<opportunity::Entity>().cond_where(filter.condition()?).take())
    }
}
