//! Amounts in the workspace's base currency, and what could not be converted to it.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::SimpleObject;
use chrono::NaiveDate;

use super::measures::{Cell, Ranges, Tally};
use super::percentile::{greatest_common_divisor, ratio};
use super::subject::Reporting;
use crate::data::exchange::Rates;
use crate::error::Result;
use crate::graphql::common::Money;
use crate::graphql::scalars::{CurrencyCode, Date, Decimal};
use crate::values::exchange_rate::ONE;
use crate::values::money::{self, currency_decimals, divide_half_even};

/// An exchange rate that was needed and is not there.
#[derive(Debug, Clone, PartialEq, SimpleObject)]
pub struct MissingRate {
    /// The currency of the amounts.
    pub currency: CurrencyCode,
    /// The day whose rate counts.
    pub date: Date,
    /// The sum of the amounts in that currency that were left out; where several sums of the report lack it, the largest.
    pub amount: Money,
}

/// Converts the sums of a report.
pub struct Converter {
    base: String,
    today: NaiveDate,
    rates: Rates,
    missing: BTreeMap<(String, NaiveDate), i128>,
}

/// A sum in the base currency: a fraction of ten-thousandths, so that it is rounded once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    dividend: i128,
    divisor: i128,
}

impl Converter {
    /// Reads the rates that these cells need.
    pub async fn of<'c>(reporting: &Reporting<'_>, today: NaiveDate, cells: impl Iterator<Item = &'c Cell>) -> Result<Self> {
        let base = reporting.base_currency.clone();
        let cells: Vec<&Cell> = cells.collect();
        let keys = || {
            let sums = cells.iter().flat_map(|cell| &cell.money).flat_map(Tally::keys);
            sums.chain(cells.iter().flat_map(|cell| &cell.ranges).flat_map(Ranges::keys))
                .filter(|(currency, _)| !currency.is_empty())
        };
        let currencies: BTreeSet<String> =
            keys().map(|(currency, _)| currency.clone()).filter(|currency| *currency != base).collect();
        let days: BTreeSet<NaiveDate> = keys().map(|(_, day)| day.unwrap_or(today)).collect();
        let days = days.first().copied().unwrap_or(today)..=days.last().copied().unwrap_or(today);
        let rates = match currencies.is_empty() {
            true => Rates::new(&base, []),
            false => Rates::load(reporting.connection(), &base, Some(currencies.into_iter().collect()), days).await?,
        };
        Ok(Self { base, today, rates, missing: BTreeMap::new() })
    }

    /// A sum of amounts that were each multiplied with a factor, divided by this.
    pub fn sum(&mut self, tally: &Tally, divisor: i128) -> Sum {
        let mut sum = Sum { dividend: 0, divisor: divisor * i128::from(ONE) };
        for ((currency, day), amount) in tally {
            let day = day.unwrap_or(self.today);
            match self.rates.on(currency, day) {
                Some(rate) => sum.dividend = sum.dividend.saturating_add(amount.saturating_mul(rate.rate.into())),
                None => {
                    let left_out = self.missing.entry((currency.clone(), day)).or_default();
                    *left_out = (*left_out).max(amount / divisor);
                }
            }
        }
        sum
    }

    /// Whether amounts of this currency can be converted at the rate of this day.
    pub fn known(&self, (currency, day): &(String, Option<NaiveDate>)) -> bool {
        self.rates.on(currency, day.unwrap_or(self.today)).is_some()
    }

    /// A sum of amounts.
    pub fn money(&mut self, tally: &Tally) -> Money {
        let sum = self.sum(tally, 1);
        self.shown(sum)
    }

    /// A sum of amounts times percents.
    pub fn weighted(&mut self, tally: &Tally) -> Money {
        let sum = self.sum(tally, 100);
        self.shown(sum)
    }

    /// A sum as it is shown: rounded to the smallest unit of the base currency, halves to the even neighbour.
    pub fn shown(&self, sum: Sum) -> Money {
        shown(sum, &self.base)
    }

    /// The rates that were missing so far.
    pub fn missing(&self) -> Vec<MissingRate> {
        let missing = self.missing.iter();
        missing
            .map(|((currency, day), amount)| MissingRate {
                currency: CurrencyCode(currency.clone()),
                date: Date(*day),
                amount: shown(Sum { dividend: *amount, divisor: 1 }, currency),
            })
            .collect()
    }
}

impl Sum {
    /// One sum divided by another; nothing where that is zero.
    pub fn over(self, other: Self) -> Option<Decimal> {
        let common = greatest_common_divisor(self.divisor, other.divisor);
        let dividend = self.dividend.checked_mul(other.divisor / common)?;
        ratio(dividend, other.dividend.checked_mul(self.divisor / common)?).map(Decimal)
    }

    /// Both sums together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let common = greatest_common_divisor(self.divisor, other.divisor);
        let (ours, theirs) = (other.divisor / common, self.divisor / common);
        let dividend = self.dividend.saturating_mul(ours).saturating_add(other.dividend.saturating_mul(theirs));
        Self { dividend, divisor: self.divisor * ours }
    }

    /// The sum less another one.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(Self { dividend: -other.dividend, ..other })
    }

    /// The sum times a count.
    #[must_use]
    pub fn times(self, count: i128) -> Self {
        let common = greatest_common_divisor(count, self.divisor);
        Self { dividend: self.dividend.saturating_mul(count / common), divisor: self.divisor / common }
    }

    /// The sum divided by a count; nothing where that is zero.
    pub fn per(self, count: i128) -> Option<Self> {
        (count != 0).then(|| Self { divisor: self.divisor * count, ..self })
    }

    /// The sum in main units with six decimals.
    pub fn rounded(self) -> Option<Decimal> {
        ratio(self.dividend, self.divisor.checked_mul(10_000)?).map(Decimal)
    }

    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        self.dividend == 0
    }
}

fn shown(sum: Sum, currency: &str) -> Money {
    let unit = 10_i128.pow(4 - currency_decimals(currency).unwrap_or(4));
    let units = divide_half_even(sum.dividend, sum.divisor.saturating_mul(unit));
    let amount = (units * unit).clamp(i64::MIN.into(), i64::MAX.into());
    money::Money { amount: i64::try_from(amount).unwrap_or_default(), currency: currency.to_owned() }.into()
}
