//! Accounts.

use async_graphql::Enum;
use entity::account;
use sea_orm::sea_query::SelectStatement;

use crate::domains::account::filter::AccountFilter;
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::reports::aggregates::Aggregated;
use crate::reports::aggregates::numbers::{Figure, Number};
use crate::reports::calendar::Unit;
use crate::reports::cutting::Cutting;
use crate::reports::groups::{Cut, Group};
use crate::reports::names::Listed;
use crate::reports::subject::Reporting;

/// What accounts can be cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum AccountGroupBy {
    /// Who looks after it.
    Owner,
    /// The owner's team.
    Team,
    /// What kind of trading party it is.
    Kind,
    /// How far the business with it has come.
    Lifecycle,
    /// What it does.
    Industry,
    /// The account that it belongs to.
    Parent,
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

/// The numbers that accounts have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum AccountNumber {
    /// How many people work there.
    Employees,
    /// The annual revenue, in the base currency at today's rate.
    AnnualRevenue,
}

impl Cut for AccountGroupBy {
    const TABLE: &'static str = "accounts";

    fn group(self, cutting: Cutting<'_>) -> Group {
        match self {
            Self::Owner => cutting.reference(Listed::Users, "owner_id", "ownerId"),
            Self::Team => cutting.team(),
            Self::Kind => cutting.word("kind", "kind"),
            Self::Lifecycle => cutting.word("lifecycle", "lifecycle"),
            Self::Industry => cutting.text("industry", "industry"),
            Self::Parent => cutting.reference(Listed::Accounts, "parent_id", "parentId"),
            Self::CreatedDay => cutting.created(Unit::Day),
            Self::CreatedWeek => cutting.created(Unit::Week),
            Self::CreatedMonth => cutting.created(Unit::Month),
            Self::CreatedQuarter => cutting.created(Unit::Quarter),
            Self::CreatedYear => cutting.created(Unit::Year),
        }
    }
}

impl Number for AccountNumber {
    fn figure(self, reporting: &Reporting<'_>) -> Figure {
        match self {
            Self::Employees => Figure::plain("accounts.employees"),
            Self::AnnualRevenue => {
                Figure::money("accounts.annual_revenue", ("accounts.annual_revenue_currency", reporting.no_day()))
            }
        }
    }
}

impl Aggregated for AccountGroupBy {
    type Filter = AccountFilter;
    type Number = AccountNumber;

    fn rows(reporting: &Reporting<'_>, filter: &Self::Filter) -> Result<SelectStatement> {
        Ok(reporting.visible::<account::Entity>().cond_where(filter.condition()?).take())
    }
}
