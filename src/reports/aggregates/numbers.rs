//! The numbers of records: what the database reads for them, and how they are shown.

use async_graphql::{InputType, SimpleObject};
use rust_decimal::Decimal as Exact;
use sea_orm::sea_query::{Expr, JoinType, SelectStatement};

use crate::graphql::scalars::{CurrencyCode, Decimal};
use crate::reports::measures::{Cell, Measure, Ranges, Tally, int};
use crate::reports::money::Converter;
use crate::reports::percentile::{DECIMALS, rounded};
use crate::reports::subject::Reporting;

/// What one number of a group of records comes to. Records without it are left out.
#[derive(Debug, Clone, SimpleObject)]
pub struct AggregateNumber {
    /// Which number, as it was asked for: `AMOUNT`.
    pub of: String,
    /// The currency of amounts: the workspace's base currency. Null for other numbers.
    pub currency: Option<CurrencyCode>,
    /// How many records have it.
    pub count: i32,
    /// The sum; 0 where none has it.
    pub sum: Decimal,
    /// The average, with six decimals, of exchange rates with ten; null where none has it. Amounts that can't be converted are left
    /// out.
    pub average: Option<Decimal>,
    /// The least; null where none has it, and where nothing can be converted.
    pub minimum: Option<Decimal>,
    /// The greatest; null where none has it, and where nothing can be converted.
    pub maximum: Option<Decimal>,
}

/// A number by the API's name of it.
pub trait Number: InputType + Copy {
    /// What it is.
    fn figure(self, reporting: &Reporting<'_>) -> Figure;
}

/// Rows that a number is read from beside those of the list, at most one for each of them.
#[derive(Debug, Clone)]
pub struct Beside {
    /// Where from.
    pub rows: SelectStatement,
    /// What they are called.
    pub name: &'static str,
    /// How they belong to the rows of the list.
    pub on: &'static str,
}

/// A number: what the database reads for it.
#[derive(Debug, Clone)]
pub struct Figure {
    sql: String,
    /// How many decimals the whole number that the database has for it stands for.
    decimals: u32,
    /// The currency of an amount, and the day whose rate counts (null: today).
    money: Option<(String, String)>,
    beside: Option<Beside>,
}

impl Figure {
    /// A number that is no amount.
    pub fn plain(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), decimals: 0, money: None, beside: None }
    }

    /// An amount, its currency, and the day whose rate counts (null: today).
    pub fn money(amount: &str, (currency, day): (&str, &str)) -> Self {
        Self { money: Some((currency.to_owned(), day.to_owned())), ..Self::plain(amount) }
    }

    /// The same, where the database keeps it as a whole number of such small parts.
    #[must_use]
    pub fn with_decimals(self, decimals: u32) -> Self {
        Self { decimals, ..self }
    }

    /// The same, read from other rows.
    #[must_use]
    pub fn beside(self, beside: Beside) -> Self {
        Self { beside: Some(beside), ..self }
    }

    /// What is measured of it: how many have it, the sum, and the range.
    fn measures(&self) -> [Measure; 3] {
        let there = format!("{} IS NOT NULL", self.sql);
        let amounts = |amount: &str| Measure::Money { amount: amount.to_owned(), factor: "1", when: there.clone() };
        let [count, sum] = match self.money {
            // Counted by currency, too: those that can't be converted have no part in the average.
            Some(_) => [amounts("1"), amounts(&self.sql)],
            None => [Measure::Count(there.clone()), Measure::Large { value: self.sql.clone(), when: there.clone() }],
        };
        [count, sum, Measure::Range(self.sql.clone())]
    }

    /// What was measured of it, from this place of a cell on.
    pub fn shown(&self, name: &str, cell: &Cell, place: usize, converter: &mut Converter) -> AggregateNumber {
        if self.money.is_some() { amounts(name, cell, place, converter) } else { self.exact(name, cell, place) }
    }

    fn exact(&self, name: &str, cell: &Cell, place: usize) -> AggregateNumber {
        let (count, sum, ranges) = (cell.numbers[place], cell.numbers[place + 1], cell.ranges[place + 2].values());
        let exact =
            |number: i128| Decimal(Exact::try_from_i128_with_scale(number, self.decimals).unwrap_or(Exact::MAX).normalize());
        let divisor = count * 10_i128.pow(self.decimals);
        AggregateNumber {
            of: name.to_owned(),
            currency: None,
            count: int(count),
            sum: exact(sum),
            average: rounded(sum, divisor, self.decimals.max(DECIMALS)).map(Decimal),
            minimum: ranges.clone().map(|range| range.0).min().map(|least| exact(least.into())),
            maximum: ranges.map(|range| range.1).max().map(|most| exact(most.into())),
        }
    }
}

fn amounts(name: &str, cell: &Cell, place: usize, converter: &mut Converter) -> AggregateNumber {
    let (counts, tally, ranges) = (&cell.money[place], &cell.money[place + 1], &cell.ranges[place + 2]);
    let sum = converter.sum(tally, 1);
    let total = converter.shown(sum);
    let known = counts.iter().filter(|(key, _)| converter.known(key)).map(|(_, count)| count).sum();
    AggregateNumber {
        of: name.to_owned(),
        currency: Some(total.currency),
        count: int(counts.values().sum()),
        sum: total.amount,
        average: sum.per(known).and_then(|average| average.rounded()),
        minimum: edge(ranges, false, converter),
        maximum: edge(ranges, true, converter),
    }
}

/// The least or the greatest amount in the base currency.
fn edge(ranges: &Ranges, greatest: bool, converter: &mut Converter) -> Option<Decimal> {
    let values = ranges.iter().filter_map(|(key, (least, most))| {
        let amount = if greatest { *most } else { *least };
        let tally = Tally::from([(key.clone(), i128::from(amount))]);
        converter.known(key).then(|| converter.money(&tally).amount)
    });
    let values: Vec<Decimal> = values.collect();
    if greatest { values.into_iter().max() } else { values.into_iter().min() }
}

/// What one statement measures: the plain numbers, and the amounts that have their currency in the same column.
pub struct Part<'f> {
    /// The currency of the amounts, and the day whose rate counts.
    pub money: Option<(String, String)>,
    /// The numbers: which of those that were asked for, their names, what they are.
    pub figures: Vec<(usize, &'f str, &'f Figure)>,
}

impl Part<'_> {
    /// What is measured, after the count of the records; joins what it is read from.
    pub fn measures(&self, select: &mut SelectStatement) -> Vec<Measure> {
        let mut joined = Vec::new();
        for Beside { rows, name, on } in self.figures.iter().filter_map(|(_, _, figure)| figure.beside.as_ref()) {
            if !joined.contains(name) {
                select.join_subquery(JoinType::LeftJoin, rows.clone(), *name, Expr::cust(*on));
                joined.push(*name);
            }
        }
        let figures = self.figures.iter().flat_map(|(_, _, figure)| figure.measures());
        std::iter::once(Measure::all()).chain(figures).collect()
    }
}

/// The numbers by the statements that measure them; at least one, which counts the records.
pub fn parts(figures: &[(String, Figure)]) -> Vec<Part<'_>> {
    let mut parts = vec![Part { money: None, figures: Vec::new() }];
    for (place, (name, figure)) in figures.iter().enumerate() {
        let fits = |part: &&mut Part<'_>| figure.money.is_none() || part.money.is_none() || part.money == figure.money;
        match parts.iter_mut().find(fits) {
            Some(part) => {
                part.money = part.money.take().or_else(|| figure.money.clone());
                part.figures.push((place, name, figure));
            }
            None => parts.push(Part { money: figure.money.clone(), figures: vec![(place, name, figure)] }),
        }
    }
    parts
}
