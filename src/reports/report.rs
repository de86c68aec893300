//! The form that reports have in common: a period, rows, their total, the rates that were missing, an earlier period beside it.

use std::borrow::Cow;

use async_graphql::{ID, Object, OutputType, SimpleObject, TypeName};
use futures_util::future::BoxFuture;

use super::calendar::Period;
use super::cube::{Row, Table};
use super::money::{Converter, MissingRate};
use super::periods::{ComparisonInput, PeriodInput, ReportPeriod};
use super::subject::Reporting;
use crate::error::Result;
use crate::graphql::common::Money;
use crate::graphql::scalars::{Date, Json};

/// What a row of a report is about, by one of the cuts that were asked for.
#[derive(Debug, Clone, PartialEq, SimpleObject)]
pub struct ReportGroup {
    /// The cut, as it was asked for: `OWNER`, `CLOSE_MONTH`.
    pub by: String,
    /// The record or entry of a list; null where the cut is no reference, and where the value is missing.
    pub id: Option<ID>,
    /// What it is called: a name, a word, or the first day of a piece of the calendar. Null where the value is missing.
    pub name: Option<String>,
    /// The first day of the piece of the calendar; null for other cuts.
    pub from: Option<Date>,
}

/// A row of a report, whose type is called after its report.
pub trait ReportRow: OutputType {
    /// The report's name without `Report`.
    const REPORT: &'static str;
}

/// The figures of one period, called `WinLossReport` for rows of `WinLossRow`.
#[derive(Debug, Clone)]
pub struct Report<R> {
    /// What the figures are about; nothing where the report is about a moment.
    pub period: Option<ReportPeriod>,
    /// The figures by group.
    pub rows: Vec<R>,
    /// All of them together.
    pub total: R,
    /// What could not be converted.
    pub missing_rates: Vec<MissingRate>,
    /// The earlier period.
    pub compared_to: Option<Box<Report<R>>>,
}

/// The figures of a report for one period.
#[Object(name_type)]
impl<R: ReportRow> Report<R> {
    /// The period; null where the report is about a moment.
    async fn period(&self) -> Option<&ReportPeriod> {
        self.period.as_ref()
    }

    /// The figures, group by group in the order of the groups; one row where nothing is grouped. Groups without any record are left out.
    async fn rows(&self) -> &[R] {
        &self.rows
    }

    /// The figures of all groups together. A record that is in several groups counts once.
    async fn total(&self) -> &R {
        &self.total
    }

    /// The exchange rates that were missing. What they would have converted is left out of the amounts, and stands here.
    async fn missing_rates(&self) -> &[MissingRate] {
        &self.missing_rates
    }

    /// The same figures for the earlier period that was asked for.
    async fn compared_to(&self) -> Option<&Report<R>> {
        self.compared_to.as_deref()
    }
}

impl<R> Report<R> {
    /// The figures of a table, row by row.
    pub fn of(table: Table, converter: &mut Converter, mut row: impl FnMut(Row, &mut Converter) -> R) -> Self {
        let rows = table.rows.into_iter().map(|one| row(one, converter)).collect();
        let total = row(table.total, converter);
        Self { period: None, rows, total, missing_rates: converter.missing(), compared_to: None }
    }
}

/// The figures for a period, and for an earlier one if that was asked for.
pub async fn compared<'f, R>(
    reporting: &Reporting<'_>,
    period: PeriodInput,
    compared_to: Option<ComparisonInput>,
    figures: impl Fn(Period) -> BoxFuture<'f, Result<Report<R>>>,
) -> Result<Report<R>> {
    let period = period.days(&reporting.calendar)?;
    let earlier = compared_to.map(|earlier| earlier.days(period)).transpose()?;
    let dated = |report: Report<R>, period| Report { period: Some(ReportPeriod::new(period, &reporting.calendar)), ..report };
    let mut report = dated(figures(period).await?, period);
    if let Some(earlier) = earlier {
        report.compared_to = Some(Box::new(dated(figures(earlier).await?, earlier)));
    }
    Ok(report)
}

/// How many records there are, and which.
#[derive(Debug, Clone, PartialEq, SimpleObject)]
pub struct CountFigure {
    /// How many.
    pub count: i32,
    /// The filter that leads to them: a variable for the list of these records.
    pub filter: Json,
}

/// How many opportunities there are, what they are worth, and which they are.
#[derive(Debug, Clone, PartialEq, SimpleObject)]
pub struct AmountFigure {
    /// How many.
    pub count: i32,
    /// The sum of their amounts in the base currency.
    pub amount: Money,
    /// The filter that leads to them: a variable for `opportunities(filter:)`.
    pub filter: Json,
}

impl<R: ReportRow> TypeName for Report<R> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Report", R::REPORT).into()
    }
}
