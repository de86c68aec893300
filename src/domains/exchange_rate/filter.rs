//! Which exchange rates a query asks for, and in which order.

use async_graphql::{Enum, InputObject};
use entity::exchange_rate::Column;
use sea_orm::Condition;

use crate::data::page::SortKey;
use crate::error::Result;
use crate::graphql::enums::OrderDirection;
use crate::graphql::filter::{DateFilter, Filter, combine, equality};
use crate::graphql::scalars::CurrencyCode;

/// Conditions on a currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct CurrencyFilter {
    /// Is this.
    pub eq: Option<CurrencyCode>,
    /// Is not this.
    pub ne: Option<CurrencyCode>,
    /// Is one of these; at most 500. An empty list matches nothing.
    #[graphql(name = "in")]
    pub among: Option<Vec<CurrencyCode>>,
    /// Is none of these; at most 500.
    pub not_in: Option<Vec<CurrencyCode>>,
}

impl CurrencyFilter {
    fn condition(&self, column: Column) -> Result<Condition> {
        let one = |code: &Option<CurrencyCode>| code.as_ref().map(|code| code.0.clone());
        let many = |codes: &Option<Vec<CurrencyCode>>| {
            codes.as_ref().map(|codes| codes.iter().map(|code| code.0.clone()).collect::<Vec<_>>())
        };
        equality(column, one(&self.eq), one(&self.ne), many(&self.among), many(&self.not_in))
    }
}

/// Which exchange rates: all conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct ExchangeRateFilter {
    /// All of these hold.
    pub and: Option<Vec<ExchangeRateFilter>>,
    /// At least one of these holds.
    pub or: Option<Vec<ExchangeRateFilter>>,
    /// This does not hold.
    pub not: Option<Box<ExchangeRateFilter>>,
    /// The currency whose worth is told.
    pub currency: Option<CurrencyFilter>,
    /// The base currency that the rate was entered for.
    pub base_currency: Option<CurrencyFilter>,
    /// The first day of its validity.
    pub valid_from: Option<DateFilter>,
}

impl Filter for ExchangeRateFilter {
    fn condition(&self) -> Result<Condition> {
        let own = Condition::all()
            .add_option(self.currency.as_ref().map(|filter| filter.condition(Column::Currency)).transpose()?)
            .add_option(self.base_currency.as_ref().map(|filter| filter.condition(Column::BaseCurrency)).transpose()?)
            .add_option(self.valid_from.as_ref().map(|filter| filter.condition(Column::ValidFrom)));
        combine(own, self.and.as_ref(), self.or.as_ref(), self.not.as_deref())
    }
}

/// What exchange rates can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ExchangeRateOrderField {
    /// The first day of validity.
    ValidFrom,
    /// The currency's code.
    Currency,
}

/// How exchange rates are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputObject)]
pub struct ExchangeRateOrder {
    /// By what.
    pub field: ExchangeRateOrderField,
    /// Which way.
    #[graphql(default_with = "OrderDirection::Asc")]
    pub direction: OrderDirection,
}

impl From<ExchangeRateOrder> for SortKey<Column> {
    fn from(order: ExchangeRateOrder) -> Self {
        let column = match order.field {
            ExchangeRateOrderField::ValidFrom => Column::ValidFrom,
            ExchangeRateOrderField::Currency => Column::Currency,
        };
        SortKey::new(column, order.direction == OrderDirection::Desc)
    }
}
