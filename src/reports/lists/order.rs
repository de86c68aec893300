//! Orders.

use async_graphql::Enum;
use entity::order;
use sea_orm::sea_query::SelectStatement;

use crate::domains::order::filter::OrderFilter;
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::reports::aggregates::Aggregated;
use crate::reports::aggregates::numbers::{Figure, Number};
use crate::reports::calendar::Unit;
use crate::reports::cutting::{Cutting, Through};
use crate::reports::groups::{Cut, Group};
use crate::reports::names::Listed;
use crate::reports::subject::Reporting;

/// What orders can be cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum OrderGroupBy {
    /// How far it has come.
    Status,
    /// To whom it was sold.
    Account,
    /// The industry of the account.
    Industry,
    /// Who sold it: the owner of its opportunity.
    Owner,
    /// That owner's team.
    Team,
    /// Where its opportunity came from.
    Source,
    /// The campaign that its opportunity came from.
    Campaign,
    /// The currency of its total.
    Currency,
    /// The day on which the sale was won.
    OrderedDay,
    /// The week in which the sale was won.
    OrderedWeek,
    /// The month in which the sale was won.
    OrderedMonth,
    /// The fiscal quarter in which the sale was won.
    OrderedQuarter,
    /// The fiscal year in which the sale was won.
    OrderedYear,
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

/// The numbers that orders have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum OrderNumber {
    /// What it is worth, in the base currency at the rate of the day on which the sale was won.
    Total,
}

const ACCOUNT: Through = Through { field: "account", table: "accounts", column: "orders.account_id" };
const OPPORTUNITY: Through = Through { field: "opportunity", table: "opportunities", column: "orders.opportunity_id" };

impl Cut for OrderGroupBy {
    const TABLE: &'static str = "orders";

    fn group(self, cutting: Cutting<'_>) -> Group {
        match self {
            Self::Status => cutting.text("status", "status"),
            Self::Account => cutting.reference(Listed::Accounts, "account_id", "accountId"),
            Self::Industry => cutting.through(ACCOUNT).text("industry", "industry"),
            Self::Owner => cutting.through(OPPORTUNITY).reference(Listed::Users, "owner_id", "ownerId"),
            Self::Team => cutting.through(OPPORTUNITY).team(),
            Self::Source => cutting.through(OPPORTUNITY).reference(Listed::Sources, "source_id", "sourceId"),
            Self::Campaign => cutting.through(OPPORTUNITY).reference(Listed::Campaigns, "campaign_id", "campaignId"),
            Self::Currency => cutting.text("currency", "currency"),
            Self::OrderedDay => cutting.day(Unit::Day, "ordered_on", "orderedOn"),
            Self::OrderedWeek => cutting.day(Unit::Week, "ordered_on", "orderedOn"),
            Self::OrderedMonth => cutting.day(Unit::Month, "ordered_on", "orderedOn"),
            Self::OrderedQuarter => cutting.day(Unit::Quarter, "ordered_on", "orderedOn"),
            Self::OrderedYear => cutting.day(Unit::Year, "ordered_on", "orderedOn"),
            Self::CreatedDay => cutting.created(Unit::Day),
            Self::CreatedWeek => cutting.created(Unit::Week),
            Self::CreatedMonth => cutting.created(Unit::Month),
            Self::CreatedQuarter => cutting.created(Unit::Quarter),
            Self::CreatedYear => cutting.created(Unit::Year),
        }
    }
}

impl Number for OrderNumber {
    fn figure(self, _reporting: &Reporting<'_>) -> Figure {
        match self {
            Self::Total => Figure::money("orders.total", ("orders.currency", "orders.ordered_on")),
        }
    }
}

impl Aggregated for OrderGroupBy {
    type Filter = OrderFilter;
    type Number = OrderNumber;

    fn rows(reporting: &Reporting<'_>, filter: &Self::Filter) -> Result<SelectStatement> {
        Ok(reporting.visible::<order::Entity>().cond_where(filter.condition()?).take())
    }
}
