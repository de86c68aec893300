//! Any list, grouped and aggregated: for charts that nobody foresaw.
//!
//! A list is told by its cuts: `Aggregated` says which rows it has, and its `Number`s what can be added up. See `lists`.

pub mod numbers;
pub mod query;

use std::collections::HashMap;

use async_graphql::{Context, InputType, SimpleObject};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use sea_orm::Condition;
use sea_orm::sea_query::SelectStatement;
use serde_json::{Value, json};

use self::numbers::{AggregateNumber, Figure, Number, Part, parts};
use super::cube::{Cube, Key, Row, Table, written};
use super::cutting::name_of;
use super::groups::Cut;
use super::measures::Cell;
use super::money::Converter;
use super::report::{Report, ReportGroup, ReportRow};
use super::subject::Reporting;
use crate::error::Result;
use crate::graphql::scalars::Json;

/// A group of records, and what their numbers come to.
#[derive(Debug, Clone, SimpleObject)]
pub struct AggregateRow {
    /// What the row is about.
    pub groups: Vec<ReportGroup>,
    /// How many records there are.
    pub count: i32,
    /// The numbers that were asked for, in the same order.
    pub numbers: Vec<AggregateNumber>,
    /// The filter that leads to the records: a variable for the list that this is about, beside the other arguments that were given.
    pub filter: Json,
}

impl ReportRow for AggregateRow {
    const REPORT: &'static str = "Aggregate";
}

/// A list that can be grouped and aggregated, by its cuts.
pub trait Aggregated: Cut {
    /// Which records of the list.
    type Filter: InputType + Default;
    /// The numbers that its records have.
    type Number: Number;

    /// The records that the caller sees and that the filter matches.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for a filter that makes no sense.
    fn rows(reporting: &Reporting<'_>, filter: &Self::Filter) -> Result<SelectStatement>;
}

/// What is asked of a list. Filters are large, and one function has the states of all aggregates: so they are on the heap.
struct Question<L: Aggregated> {
    filter: Option<Box<L::Filter>>,
    group_by: Vec<L>,
    of: Vec<L::Number>,
}

impl<L: Aggregated> Question<L> {
    /// Asks it of the whole list.
    fn ask<'a>(self, ctx: &'a Context<'_>) -> BoxFuture<'a, Result<Report<AggregateRow>>>
    where
        L: 'a,
    {
        self.among(ctx, Condition::all())
    }

    /// Asks it of the list's rows that meet one more condition, which the filter doesn't tell.
    fn among<'a>(self, ctx: &'a Context<'_>, which: Condition) -> BoxFuture<'a, Result<Report<AggregateRow>>>
    where
        L: 'a,
    {
        Box::pin(async move {
            let (reporting, filter) = (Reporting::of(ctx)?, self.filter.unwrap_or_default());
            let rows = L::rows(&reporting, &filter)?.cond_where(which).take();
            let asked = Asked { rows, filter: written(&*filter), as_of: None };
            aggregate(&reporting, asked, &self.group_by, &self.of).await
        })
    }
}

/// The rows that are aggregated, and the filter that they were read with.
struct Asked {
    rows: SelectStatement,
    filter: Value,
    /// The past instant that all of it is about.
    as_of: Option<DateTime<Utc>>,
}

async fn aggregate<L: Aggregated>(
    reporting: &Reporting<'_>,
    asked: Asked,
    group_by: &[L],
    of: &[L::Number],
) -> Result<Report<AggregateRow>> {
    let groups = L::groups(group_by, reporting, None);
    let figures: Vec<(String, Figure)> = of.iter().map(|of| (name_of(of), of.figure(reporting))).collect();
    let parts = parts(&figures);
    let mut tables = Vec::new();
    for part in &parts {
        let mut select = asked.rows.clone();
        let measures = part.measures(&mut select);
        let cube = Cube::plain(select, groups.clone(), measures, asked.filter.clone());
        tables.push(Cube { money: part.money.clone(), ..cube }.run(reporting).await?);
    }
    let day = asked.as_of.map_or(reporting.calendar.today, |at| reporting.calendar.day_of(at));
    let mut converter = Converter::of(reporting, day, tables.iter().flat_map(Table::cells)).await?;
    let mut tables = tables.into_iter();
    let Some(table) = tables.next() else { return Err(crate::error::Error::internal("an aggregate without a part")) };
    let others: Vec<(Cell, HashMap<Vec<Key>, Cell>)> =
        tables.map(|table| (table.total.cell, table.rows.into_iter().map(|row| (row.keys, row.cell)).collect())).collect();
    Ok(Report::of(table, &mut converter, |row, converter| {
        let total = row.groups.is_empty();
        let empty = Cell::empty(figures.len() * 3 + 1);
        let other = |(all, by_key): &(Cell, HashMap<Vec<Key>, Cell>)| {
            if total { all.clone() } else { by_key.get(&row.keys).cloned().unwrap_or_else(|| empty.clone()) }
        };
        let cells: Vec<Cell> = std::iter::once(row.cell.clone()).chain(others.iter().map(other)).collect();
        shown(row, &cells, &parts, asked.as_of, converter)
    }))
}

fn shown(row: Row, cells: &[Cell], parts: &[Part<'_>], as_of: Option<DateTime<Utc>>, converter: &mut Converter) -> AggregateRow {
    let mut numbers: Vec<(usize, AggregateNumber)> = Vec::new();
    for (cell, part) in cells.iter().zip(parts) {
        for (number, (place, name, figure)) in part.figures.iter().enumerate() {
            numbers.push((*place, figure.shown(name, cell, number * 3 + 1, converter)));
        }
    }
    numbers.sort_by_key(|(place, _)| *place);
    let filter = match as_of {
        Some(at) => Json(json!({ "asOf": { "at": at.to_rfc3339(), "is": row.filter } })),
        None => row.filter(),
    };
    let numbers = numbers.into_iter().map(|(_, number)| number).collect();
    AggregateRow { count: row.cell.count(0), filter, numbers, groups: row.groups }
}
