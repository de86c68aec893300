//! Exchange rates.

use async_graphql::Enum;
use entity::exchange_rate;
use sea_orm::sea_query::SelectStatement;

use crate::domains::exchange_rate::filter::ExchangeRateFilter;
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::reports::aggregates::Aggregated;
use crate::reports::aggregates::numbers::{Figure, Number};
use crate::reports::calendar::Unit;
use crate::reports::cutting::Cutting;
use crate::reports::groups::{Cut, Group};
use crate::reports::subject::Reporting;
use crate::values::exchange_rate::DECIMALS;

/// What exchange rates can be cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ExchangeRateGroupBy {
    /// The currency whose worth is told.
    Currency,
    /// The base currency that the rate was entered for.
    BaseCurrency,
    /// The day from which on it is valid.
    ValidDay,
    /// The week in which its validity begins.
    ValidWeek,
    /// The month in which its validity begins.
    ValidMonth,
    /// The fiscal quarter in which its validity begins.
    ValidQuarter,
    /// The fiscal year in which its validity begins.
    ValidYear,
}

/// The numbers that exchange rates have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ExchangeRateNumber {
    /// What one unit of the currency is worth in the base currency. Group by both currencies: rates of different ones don't compare.
    Rate,
}

impl Cut for ExchangeRateGroupBy {
    const TABLE: &'static str = "exchange_rates";

    fn group(self, cutting: Cutting<'_>) -> Group {
        match self {
            Self::Currency => cutting.text("currency", "currency"),
            Self::BaseCurrency => cutting.text("base_currency", "baseCurrency"),
            Self::ValidDay => cutting.day(Unit::Day, "valid_from", "validFrom"),
            Self::ValidWeek => cutting.day(Unit::Week, "valid_from", "validFrom"),
            Self::ValidMonth => cutting.day(Unit::Month, "valid_from", "validFrom"),
            Self::ValidQuarter => cutting.day(Unit::Quarter, "valid_from", "validFrom"),
            Self::ValidYear => cutting.day(Unit::Year, "valid_from", "validFrom"),
        }
    }
}

impl Number for ExchangeRateNumber {
    fn figure(self, _reporting: &Reporting<'_>) -> Figure {
        match self {
            Self::Rate => Figure::plain("exchange_rates.rate").with_decimals(DECIMALS),
        }
    }
}

impl Aggregated for ExchangeRateGroupBy {
    type Filter = ExchangeRateFilter;
    type Number = ExchangeRateNumber;

    fn rows(reporting: &Reporting<'_>, filter: &Self::Filter) -> Result<SelectStatement> {
        Ok(reporting.visible::<exchange_rate::Entity>().cond_where(filter.condition()?).take())
    }
}
