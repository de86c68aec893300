//! A subject cut by groups and measured: one statement, whatever the report.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use futures_util::future::try_join;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, Expr, SelectStatement};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::groups::{Form, Group, Lists};
use super::measures::{Cell, Measure};
use super::names::Names;
use super::report::ReportGroup;
use super::subject::Reporting;
use crate::error::{Error, Result};
use crate::graphql::scalars;

/// The most rows that a report has.
const MOST_ROWS: usize = 10_000;

/// What a row is grouped by. Missing values come last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A record or an entry of a list.
    Id(Uuid),
    /// A word, or any other text.
    Word(String),
    /// A day, or the first day of a longer piece of the calendar.
    Day(NaiveDate),
    /// There is no value.
    Missing,
}

/// The question: what to read, how to cut it, what to measure.
pub struct Cube {
    /// From where, with the conditions.
    pub select: SelectStatement,
    /// More records, none of which is among the first ones, by a statement of their own, and how the same is measured of them.
    pub also: Option<(SelectStatement, Vec<Measure>)>,
    /// What it is cut by.
    pub groups: Vec<Group>,
    /// The currency of the amounts and the day whose rate counts (null: today); nothing where no money is measured.
    pub money: Option<(String, String)>,
    /// What is measured.
    pub measures: Vec<Measure>,
    /// The filter that the subject was read with.
    pub filter: Json,
}

/// One group's answer.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is about.
    pub groups: Vec<ReportGroup>,
    /// The keys behind the groups.
    pub keys: Vec<Key>,
    /// The filter that leads to its records.
    pub filter: Json,
    /// What was measured.
    pub cell: Cell,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Table {
    /// The rows in the order of their groups.
    pub rows: Vec<Row>,
    /// All rows together.
    pub total: Row,
}

/// The amounts of opportunities: those that are closed count at the rate of their close date, all others at today's.
pub const OPPORTUNITY_MONEY: (&str, &str) =
    ("opportunities.currency", "CASE WHEN opportunities.is_closed THEN opportunities.close_date END");

impl Cube {
    /// A cube over opportunities.
    pub fn of_opportunities(select: SelectStatement, groups: Vec<Group>, measures: Vec<Measure>, filter: Json) -> Self {
        let (currency, day) = OPPORTUNITY_MONEY;
        Self { money: Some((currency.to_owned(), day.to_owned())), ..Self::plain(select, groups, measures, filter) }
    }

    /// A cube without money.
    pub fn plain(select: SelectStatement, groups: Vec<Group>, measures: Vec<Measure>, filter: Json) -> Self {
        Self { select, also: None, groups, money: None, measures, filter }
    }

    /// Asks the database.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for more than 10 000 rows.
    pub async fn run(self, reporting: &Reporting<'_>) -> Result<Table> {
        let several = self.groups.iter().any(|group| group.several);
        let whole = several.then(|| self.whole());
        let cells = self.cells(reporting).await?;
        if cells.len() > MOST_ROWS {
            return Err(Error::bad_input(format!(
                "The report would have {} rows, more than {MOST_ROWS}: narrow it with a filter, or cut it by less.",
                cells.len()
            )));
        }
        let mut total = Cell::empty(self.measures.len());
        match whole {
            // An opportunity may be in several groups: the total counts it once.
            Some(whole) => Box::pin(whole.cells(reporting)).await?.values().for_each(|cell| total.add(cell)),
            None => cells.values().for_each(|cell| total.add(cell)),
        }
        let names = Names::of(reporting, &self.groups, cells.keys()).await?;
        let mut rows: Vec<Row> = cells
            .into_iter()
            .map(|(keys, cell)| {
                let conditions: Vec<Json> =
                    self.groups.iter().zip(&keys).map(|(group, key)| group.filter(key, &reporting.calendar)).collect();
                let groups = self.groups.iter().zip(&keys).map(|(group, key)| names.group(group, key)).collect();
                Row { groups, filter: both(&self.filter, conditions), keys, cell }
            })
            .collect();
        rows.sort_by_cached_key(|row| {
            self.groups.iter().zip(&row.keys).map(|(group, key)| names.rank(group, key)).collect::<Vec<_>>()
        });
        let total = Row { groups: Vec::new(), keys: Vec::new(), filter: self.filter, cell: total };
        Ok(Table { rows, total })
    }

    /// The same without groups.
    fn whole(&self) -> Self {
        let (select, also, money) = (self.select.clone(), self.also.clone(), self.money.clone());
        Self { select, also, groups: Vec::new(), money, measures: self.measures.clone(), filter: self.filter.clone() }
    }

    /// What was measured of each group.
    pub async fn cells(&self, reporting: &Reporting<'_>) -> Result<BTreeMap<Vec<Key>, Cell>> {
        let lists = Lists::read(reporting, &self.groups).await?;
        let mut cells = BTreeMap::new();
        if self.groups.is_empty() {
            cells.insert(Vec::new(), Cell::empty(self.measures.len()));
        }
        let first = self.statement(&self.select, &self.measures, reporting);
        let more = self.also.as_ref().map(|(select, measures)| self.statement(select, measures, reporting));
        let more = async {
            match &more {
                Some(more) => reporting.rows(more).await,
                None => Ok(Vec::new()),
            }
        };
        let (first, more) = try_join(reporting.rows(&first), more).await?;
        for row in first.into_iter().chain(more) {
            let keys = self
                .groups
                .iter()
                .enumerate()
                .map(|(number, group)| Ok(group.fold(key(&row, number, group.form)?, &lists, reporting)));
            let keys: Vec<Key> = keys.collect::<Result<_>>()?;
            let of = match self.money {
                Some(_) => (row.try_get("", "money_currency")?, row.try_get("", "money_day")?),
                None => (None, None),
            };
            let cell = cells.entry(keys).or_insert_with(|| Cell::empty(self.measures.len()));
            for (number, measure) in self.measures.iter().enumerate() {
                measure.read(&row, number, &of, cell)?;
            }
        }
        Ok(cells)
    }

    fn statement(&self, of: &SelectStatement, measures: &[Measure], reporting: &Reporting<'_>) -> SelectStatement {
        let mut select = of.clone();
        let by = |select: &mut SelectStatement, sql: String, name: String| {
            select.expr_as(Expr::cust(sql), Alias::new(name.clone())).group_by_col(Alias::new(name));
        };
        Group::join_others(&self.groups, &mut select);
        for (number, group) in self.groups.iter().enumerate() {
            group.join(&mut select);
            by(&mut select, group.sql.clone(), format!("key_{number}"));
        }
        if let Some((currency, day)) = &self.money {
            let base = &reporting.base_currency;
            by(&mut select, currency.clone(), "money_currency".to_owned());
            by(&mut select, format!("CASE WHEN {currency} <> '{base}' THEN {day} END"), "money_day".to_owned());
        }
        for (number, measure) in measures.iter().enumerate() {
            let parts = self.groups.iter().find_map(|group| measure.in_parts(group));
            parts.as_ref().unwrap_or(measure).select(&mut select, number);
        }
        select
    }
}

impl Row {
    /// The filter that leads to those of the row's records that meet one more condition.
    pub fn filter_with(&self, condition: Json) -> scalars::Json {
        scalars::Json(both(&self.filter, vec![condition]))
    }

    /// The filter that leads to the row's records.
    pub fn filter(&self) -> scalars::Json {
        scalars::Json(self.filter.clone())
    }
}

impl Table {
    /// What was measured of all rows, and of the total.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.rows.iter().chain([&self.total]).map(|row| &row.cell)
    }
}

/// Both the filter that was given and these conditions.
pub fn both(given: &Json, mut conditions: Vec<Json>) -> Json {
    if given.as_object().is_some_and(|given| !given.is_empty()) {
        conditions.insert(0, given.clone());
    }
    match conditions.len() {
        0 => json!({}),
        1 => conditions.remove(0),
        _ => json!({ "and": conditions }),
    }
}

/// A filter as it can be given back: without what it doesn't say.
pub fn written(filter: &impl async_graphql::InputType) -> Json {
    fn without_nulls(json: Json) -> Json {
        match json {
            Json::Object(fields) => fields
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name, without_nulls(value)))
                .collect(),
            Json::Array(values) => values.into_iter().map(without_nulls).collect(),
            other => other,
        }
    }
    without_nulls(filter.to_value().into_json().unwrap_or_default())
}

/// A moment as filters take it.
pub fn moment(moment: chrono::DateTime<chrono::Utc>) -> Json {
    json!(scalars::write_date_time(moment))
}

fn key(row: &QueryResult, number: usize, form: Form) -> Result<Key> {
    let name = format!("key_{number}");
    let key = match form {
        Form::Id => row.try_get::<Option<Uuid>>("", &name)?.map(Key::Id),
        Form::Word => row.try_get::<Option<String>>("", &name)?.map(Key::Word),
        Form::Number => row.try_get::<Option<i64>>("", &name)?.map(|number| Key::Word(number.to_string())),
        Form::Day => row.try_get::<Option<NaiveDate>>("", &name)?.map(Key::Day),
    };
    Ok(key.unwrap_or(Key::Missing))
}
