//! Campaigns.

use async_graphql::Enum;
use entity::{campaign, campaign_member};
use sea_orm::sea_query::{Expr, Query, SelectStatement};

use crate::domains::campaign::filter::CampaignFilter;
use crate::domains::campaign_member::store::there;
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::reports::aggregates::Aggregated;
use crate::reports::aggregates::numbers::{Beside, Figure, Number};
use crate::reports::calendar::Unit;
use crate::reports::cutting::Cutting;
use crate::reports::groups::{Cut, Group};
use crate::reports::names::Listed;
use crate::reports::subject::Reporting;

/// What campaigns can be cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum CampaignGroupBy {
    /// How it reaches people.
    Channel,
    /// Whether it is offered for new records.
    Active,
    /// The campaign that it is part of.
    Parent,
    /// The day on which it starts.
    StartsDay,
    /// The week in which it starts.
    StartsWeek,
    /// The month in which it starts.
    StartsMonth,
    /// The fiscal quarter in which it starts.
    StartsQuarter,
    /// The fiscal year in which it starts.
    StartsYear,
    /// The day on which it ends.
    EndsDay,
    /// The week in which it ends.
    EndsWeek,
    /// The month in which it ends.
    EndsMonth,
    /// The fiscal quarter in which it ends.
    EndsQuarter,
    /// The fiscal year in which it ends.
    EndsYear,
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

/// The numbers that campaigns have. Amounts are told at the rate of the day on which the campaign started, where that is past; otherwise
/// at today's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum CampaignNumber {
    /// What it may cost, in the base currency.
    Budget,
    /// What it has cost, in the base currency.
    Cost,
    /// How many leads and contacts are its members.
    Members,
    /// How many days it lasts, the first and the last one included; missing where either is.
    Days,
}

impl Cut for CampaignGroupBy {
    const TABLE: &'static str = "campaigns";

    fn group(self, cutting: Cutting<'_>) -> Group {
        match self {
            Self::Channel => cutting.text("channel", "channel"),
            Self::Active => cutting.flag("active", "active"),
            Self::Parent => cutting.reference(Listed::Campaigns, "parent_id", "parentId"),
            Self::StartsDay => cutting.day(Unit::Day, "starts_on", "startsOn"),
            Self::StartsWeek => cutting.day(Unit::Week, "starts_on", "startsOn"),
            Self::StartsMonth => cutting.day(Unit::Month, "starts_on", "startsOn"),
            Self::StartsQuarter => cutting.day(Unit::Quarter, "starts_on", "startsOn"),
            Self::StartsYear => cutting.day(Unit::Year, "starts_on", "startsOn"),
            Self::EndsDay => cutting.day(Unit::Day, "ends_on", "endsOn"),
            Self::EndsWeek => cutting.day(Unit::Week, "ends_on", "endsOn"),
            Self::EndsMonth => cutting.day(Unit::Month, "ends_on", "endsOn"),
            Self::EndsQuarter => cutting.day(Unit::Quarter, "ends_on", "endsOn"),
            Self::EndsYear => cutting.day(Unit::Year, "ends_on", "endsOn"),
            Self::CreatedDay => cutting.created(Unit::Day),
            Self::CreatedWeek => cutting.created(Unit::Week),
            Self::CreatedMonth => cutting.created(Unit::Month),
            Self::CreatedQuarter => cutting.created(Unit::Quarter),
            Self::CreatedYear => cutting.created(Unit::Year),
        }
    }
}

impl Number for CampaignNumber {
    fn figure(self, reporting: &Reporting<'_>) -> Figure {
        let started = format!("CASE WHEN campaigns.starts_on < '{}' THEN campaigns.starts_on END", reporting.calendar.today);
        match self {
            Self::Budget => Figure::money("campaigns.budget", ("campaigns.budget_currency", &started)),
            Self::Cost => Figure::money("campaigns.cost", ("campaigns.cost_currency", &started)),
            Self::Members => {
                let members = Beside { rows: members(reporting), name: "members", on: "members.campaign_id = campaigns.id" };
                Figure::plain("COALESCE(members.number, 0)").beside(members)
            }
            Self::Days => Figure::plain(format!("{} + 1", reporting.days_between("campaigns.starts_on", "campaigns.ends_on"))),
        }
    }
}

/// How many members each campaign has. Those who were deleted are left out.
fn members(reporting: &Reporting<'_>) -> SelectStatement {
    Query::select()
        .column(campaign_member::Column::CampaignId)
        .expr_as(Expr::cust("COUNT(*)"), "number")
        .from(campaign_member::Entity)
        .cond_where(there(reporting.scope))
        .group_by_col(campaign_member::Column::CampaignId)
        .take()
}

impl Aggregated for CampaignGroupBy {
    type Filter = CampaignFilter;
    type Number = CampaignNumber;

    fn rows(reporting: &Reporting<'_>, filter: &Self::Filter) -> Result<SelectStatement> {
        Ok(reporting.visible::<campaign::Entity>().cond_where(filter.condition()?).take())
    }
}
