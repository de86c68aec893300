//! What is counted and summed for each group.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::sea_query::{Alias, Expr, SelectStatement};
use sea_orm::{DbErr, QueryResult};

use super::groups::Group;

/// Amounts are added in two parts, so that no sum overflows the database's integers: the billions, and what is left.
const PART: i128 = 1_000_000_000;

/// The condition that every row meets.
pub const ALWAYS: &str = "1 = 1";

/// One thing that is counted or summed.
#[derive(Debug, Clone)]
pub enum Measure {
    /// How many rows meet this condition.
    Count(String),
    /// The sum of whole numbers over the rows that meet the condition.
    Sum {
        /// What is added.
        value: String,
        /// Which rows count.
        when: String,
    },
    /// The same where the sum may be larger than the database's integers.
    Large {
        /// What is added.
        value: String,
        /// Which rows count.
        when: String,
    },
    /// The sum of amounts over the rows that meet the condition, currency by currency.
    Money {
        /// Ten-thousandths of the currency's main unit.
        amount: String,
        /// A whole number that each amount is multiplied with.
        factor: &'static str,
        /// Which rows count.
        when: String,
    },
    /// The least and the greatest of these whole numbers or amounts, currency by currency.
    Range(String),
}

/// Amounts by currency and by the day whose rate counts; no day: today's, or none needed.
pub type Tally = BTreeMap<(String, Option<NaiveDate>), i128>;

/// What was measured of one group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// Counts and sums in the order of the measures; zero for money.
    pub numbers: Vec<i128>,
    /// Amounts in the order of the measures; nothing for counts.
    pub money: Vec<Tally>,
    /// The least and the greatest values in the order of the measures, currency by currency; nothing for others.
    pub ranges: Vec<Ranges>,
}

/// The least and the greatest values by currency and by the day whose rate counts; numbers have no currency.
pub type Ranges = BTreeMap<(String, Option<NaiveDate>), (i64, i64)>;

impl Measure {
    /// How many rows there are.
    pub fn all() -> Self {
        Self::Count(ALWAYS.to_owned())
    }

    /// How many rows meet a condition.
    pub fn count(when: impl Into<String>) -> Self {
        Self::Count(when.into())
    }

    /// The amounts of the opportunities that meet a condition.
    pub fn amount(when: impl Into<String>) -> Self {
        Self::Money { amount: "opportunities.amount".to_owned(), factor: "1", when: when.into() }
    }

    /// The amounts of the opportunities that meet a condition, times the probability in percent.
    pub fn weighted(when: impl Into<String>) -> Self {
        Self::Money { amount: "opportunities.amount".to_owned(), factor: "opportunities.probability", when: when.into() }
    }

    /// The measure of the parts that records have in a group, where they are in several.
    pub fn in_parts(&self, group: &Group) -> Option<Self> {
        match self {
            Self::Money { amount, factor, when } => {
                let amount = format!("({})", group.part(amount)?);
                Some(Self::Money { amount, factor, when: when.clone() })
            }
            Self::Range(value) => Some(Self::Range(group.part(value)?.to_owned())),
            Self::Count(_) | Self::Sum { .. } | Self::Large { .. } => None,
        }
    }

    /// Adds the columns of the measure with this number to a statement.
    pub fn select(&self, select: &mut SelectStatement, number: usize) {
        let mut sum = |value: &str, when: &str, name: String| {
            let sql = format!("CAST(COALESCE(SUM({value}){}, 0) AS bigint)", only(when));
            select.expr_as(Expr::cust(sql), Alias::new(name));
        };
        match self {
            Self::Count(when) => {
                select.expr_as(Expr::cust(format!("COUNT(*){}", only(when))), Alias::new(low(number)));
            }
            Self::Sum { value, when } => sum(value, when, low(number)),
            Self::Money { amount, factor, when } => {
                sum(&format!("{amount} / {PART} * {factor}"), when, high(number));
                sum(&format!("{amount} % {PART} * {factor}"), when, low(number));
            }
            Self::Large { value, when } => {
                sum(&format!("({value}) / {PART}"), when, high(number));
                sum(&format!("({value}) % {PART}"), when, low(number));
            }
            Self::Range(value) => {
                for (function, name) in [("MIN", low(number)), ("MAX", high(number))] {
                    select.expr_as(Expr::cust(format!("CAST({function}({value}) AS bigint)")), Alias::new(name));
                }
            }
        }
    }

    /// Adds what a row says about the measure with this number.
    pub fn read(
        &self,
        row: &QueryResult,
        number: usize,
        of: &(Option<String>, Option<NaiveDate>),
        cell: &mut Cell,
    ) -> Result<(), DbErr> {
        if let Self::Range(_) = self {
            let (least, greatest): (Option<i64>, Option<i64>) = (row.try_get("", &low(number))?, row.try_get("", &high(number))?);
            if let (Some(least), Some(greatest)) = (least, greatest) {
                let key = (of.0.clone().unwrap_or_default(), of.1);
                widen(&mut cell.ranges[number], key, (least, greatest));
            }
            return Ok(());
        }
        let rest = i128::from(row.try_get::<i64>("", &low(number))?);
        let (Self::Money { .. } | Self::Large { .. }) = self else {
            cell.numbers[number] += rest;
            return Ok(());
        };
        let sum = i128::from(row.try_get::<i64>("", &high(number))?) * PART + rest;
        if let Self::Large { .. } = self {
            cell.numbers[number] += sum;
        } else if let (Some(currency), true) = (&of.0, sum != 0) {
            *cell.money[number].entry((currency.clone(), of.1)).or_default() += sum;
        }
        Ok(())
    }
}

impl Cell {
    /// Nothing measured yet.
    pub fn empty(measures: usize) -> Self {
        Self { numbers: vec![0; measures], money: vec![Tally::new(); measures], ranges: vec![Ranges::new(); measures] }
    }

    /// Adds what was measured of another group.
    pub fn add(&mut self, other: &Self) {
        for (sum, number) in self.numbers.iter_mut().zip(&other.numbers) {
            *sum += number;
        }
        for (sum, tally) in self.money.iter_mut().zip(&other.money) {
            for (key, amount) in tally {
                *sum.entry(key.clone()).or_default() += amount;
            }
        }
        for (ranges, others) in self.ranges.iter_mut().zip(&other.ranges) {
            others.iter().for_each(|(key, range)| widen(ranges, key.clone(), *range));
        }
    }

    /// A count as GraphQL's Int takes it.
    pub fn count(&self, number: usize) -> i32 {
        int(self.numbers[number])
    }
}

fn widen(ranges: &mut Ranges, key: (String, Option<NaiveDate>), (least, greatest): (i64, i64)) {
    let range = ranges.entry(key).or_insert((least, greatest));
    *range = (range.0.min(least), range.1.max(greatest));
}

/// A count as GraphQL's Int takes it.
pub fn int(count: i128) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Which rows an aggregate looks at.
fn only(when: &str) -> String {
    if when == ALWAYS { String::new() } else { format!(" FILTER (WHERE {when})") }
}

fn high(number: usize) -> String {
    format!("measure_{number}_high")
}

fn low(number: usize) -> String {
    format!("measure_{number}")
}
