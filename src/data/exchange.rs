//! Exchange rates: what amounts are worth in the workspace's base currency on a day.
//!
//! The rate of a day is the latest one whose `valid_from` is not after it, of those that were entered for this base currency. Where
//! there is none, that is told; nothing is guessed.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use entity::exchange_rate::{Column, Entity};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::error::{Result, UserError, UserErrorCode};
use crate::values::exchange_rate::{ONE, convert};
use crate::values::money::Money;

/// The rates of some currencies for some days, in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rates {
    base_currency: String,
    /// By currency and the first day of validity.
    rates: HashMap<String, BTreeMap<NaiveDate, i64>>,
}

/// A rate in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    /// In the scale of `values::exchange_rate`.
    pub rate: i64,
    /// The first day of its validity; nothing for the base currency itself, which is always worth 1.
    pub valid_from: Option<NaiveDate>,
}

/// Why an amount can't be told in the base currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConversionProblem {
    /// There is no rate for the day.
    MissingRate {
        /// The currency of the amount.
        currency: String,
        /// The base currency.
        base_currency: String,
        /// The day that counts.
        day: NaiveDate,
    },
    /// The amount is worth more than an amount can be.
    TooLarge,
}

impl From<ConversionProblem> for UserError {
    fn from(problem: ConversionProblem) -> Self {
        match problem {
            ConversionProblem::MissingRate { currency, base_currency, day } => Self::new(
                UserErrorCode::MissingExchangeRate,
                format!(
                    "There is no exchange rate from {currency} to {base_currency} for {day}: set one that is valid from that day or an earlier one."
                ),
            )
            .with_details(serde_json::json!({ "currency": currency, "baseCurrency": base_currency, "day": day })),
            ConversionProblem::TooLarge => Self::new(
                UserErrorCode::OutOfRange,
                "In the base currency this is more than an amount can be: check the amount and the exchange rate.",
            ),
        }
    }
}

impl Rates {
    /// Reads what is needed to tell amounts of these currencies (of all where nothing is said) on these days: one statement.
    pub async fn load(
        connection: &impl ConnectionTrait,
        base_currency: &str,
        currencies: Option<Vec<String>>,
        days: RangeInclusive<NaiveDate>,
    ) -> Result<Self> {
        let (first, last) = days.into_inner();
        let mut select = Entity::find()
            .select_only()
            .columns([Column::Currency, Column::ValidFrom, Column::Rate])
            .filter(Column::BaseCurrency.eq(base_currency))
            .filter(Column::ValidFrom.lte(last))
            .filter(Expr::col(Column::ValidFrom.as_column_ref()).gte(Func::coalesce([in_force_on(first), Expr::val(first)])));
        if let Some(currencies) = currencies {
            select = select.filter(Column::Currency.is_in(currencies));
        }
        let rows: Vec<(String, NaiveDate, i64)> = select.into_tuple().all(connection).await?;
        Ok(Self::new(base_currency, rows))
    }

    /// A table of rates: currency, first day of validity, rate.
    pub fn new(base_currency: &str, rows: impl IntoIterator<Item = (String, NaiveDate, i64)>) -> Self {
        let mut rates: HashMap<String, BTreeMap<NaiveDate, i64>> = HashMap::new();
        for (currency, valid_from, rate) in rows {
            rates.entry(currency).or_default().insert(valid_from, rate);
        }
        Self { base_currency: base_currency.to_owned(), rates }
    }

    /// The currency that amounts are told in.
    pub fn base_currency(&self) -> &str {
        &self.base_currency
    }

    /// The rate of a currency that is in force on a day.
    pub fn on(&self, currency: &str, day: NaiveDate) -> Option<Rate> {
        if currency == self.base_currency {
            return Some(Rate { rate: ONE, valid_from: None });
        }
        let (valid_from, rate) = self.rates.get(currency)?.range(..=day).next_back()?;
        Some(Rate { rate: *rate, valid_from: Some(*valid_from) })
    }

    /// What an amount is worth in the base currency at the rate of the day, with that rate.
    pub fn worth(&self, amount: i64, currency: &str, day: NaiveDate) -> Result<(Money, Rate), ConversionProblem> {
        let rate = self.on(currency, day).ok_or_else(|| ConversionProblem::MissingRate {
            currency: currency.to_owned(),
            base_currency: self.base_currency.clone(),
            day,
        })?;
        let money = convert(amount, rate.rate, &self.base_currency).ok_or(ConversionProblem::TooLarge)?;
        Ok((money, rate))
    }

    /// The same in ten-thousandths, for sums: nothing where the rate is missing or the amount can't be told.
    pub fn convert(&self, amount: i64, currency: &str, day: NaiveDate) -> Option<i64> {
        self.worth(amount, currency, day).ok().map(|(money, _)| money.amount)
    }
}

/// Since when the rate of a row's currency is valid that is in force on this day.
fn in_force_on(day: NaiveDate) -> Expr {
    let rates = Alias::new("earlier_rate");
    let column = |column: Column| Expr::col((rates.clone(), column));
    let select = Query::select()
        .expr(column(Column::ValidFrom).max())
        .from_as(Entity, rates.clone())
        .and_where(column(Column::BaseCurrency).equals((Entity, Column::BaseCurrency)))
        .and_where(column(Column::Currency).equals((Entity, Column::Currency)))
        .and_where(column(Column::ValidFrom).lte(day))
        .to_owned();
    Expr::SubQuery(None, Box::new(select.into()))
}
