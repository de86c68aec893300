//! What becomes of the leads of each source and campaign.

use std::collections::BTreeMap;

use async_graphql::SimpleObject;
use entity::{lead, lead_conversion};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, SelectStatement};
use serde_json::json;

use super::calendar::Period;
use super::cube::{Cube, Key, OPPORTUNITY_MONEY, Row, Table, both, moment, written};
use super::funnel::ever;
use super::groups::{Cut, Form, Group, Place};
use super::lists::lead::LeadGroupBy;
use super::measures::{Cell, Measure};
use super::money::Converter;
use super::percentile::{Histogram, percentile, rate};
use super::report::{AmountFigure, CountFigure, Report, ReportGroup, ReportRow};
use super::subject::Reporting;
use crate::domains::lead::filter::LeadFilter;
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::graphql::scalars::{Decimal, Json};

/// The leads that came in during the period, and what became of them up to now.
#[derive(Debug, Clone, SimpleObject)]
pub struct ConversionRow {
    /// What the row is about.
    pub groups: Vec<ReportGroup>,
    /// The leads.
    pub leads: CountFigure,
    /// Those that ever were qualified or converted.
    pub qualified: CountFigure,
    /// Those that ever were converted.
    pub converted: CountFigure,
    /// The opportunities that came of them and are won. Its filter is for `opportunities(filter:)`.
    pub won: AmountFigure,
    /// Qualified / leads, from 0 to 1 with six decimals; null where there are no leads.
    pub qualified_rate: Option<Decimal>,
    /// Converted / leads; null where there are no leads.
    pub converted_rate: Option<Decimal>,
    /// Won / leads; null where there are no leads.
    pub won_rate: Option<Decimal>,
    /// The median of the days from coming in to the conversion, of those that are converted: from day to day in the workspace's time
    /// zone. Null where none is.
    pub median_days_to_convert: Option<Decimal>,
}

impl ReportRow for ConversionRow {
    const REPORT: &'static str = "Conversion";
}

/// What became of the leads that a filter matches and that came in during a period.
pub async fn report(
    reporting: &Reporting<'_>,
    period: Period,
    filter: &LeadFilter,
    group_by: &[LeadGroupBy],
) -> Result<Report<ConversionRow>> {
    let groups = LeadGroupBy::groups(group_by, reporting, Some(period));
    let table = leads(reporting, period, filter, groups.clone()).await?;
    let mut won = won(reporting, period, filter, groups.clone()).await?;
    let days = days_to_convert(reporting, period, filter, groups).await?;
    let mut total = Cell::empty(WON_MEASURES);
    won.values().for_each(|cell| total.add(cell));
    let mut all_days = Histogram::new();
    days.values().flatten().for_each(|(value, times)| *all_days.entry(*value).or_default() += times);
    let mut converter = Converter::of(reporting, reporting.calendar.today, won.values()).await?;
    let rows = table.rows.iter().map(|row| {
        let won = won.remove(&row.keys).unwrap_or_else(|| Cell::empty(WON_MEASURES));
        shown(row, &won, days.get(&row.keys), &mut converter)
    });
    let rows = rows.collect();
    let total = shown(&table.total, &total, Some(&all_days), &mut converter);
    Ok(Report { period: None, rows, total, missing_rates: converter.missing(), compared_to: None })
}

/// Count, and amount.
pub const WON_MEASURES: usize = 2;

/// The numbers of leads: all, qualified, converted.
pub async fn leads(reporting: &Reporting<'_>, period: Period, filter: &LeadFilter, groups: Vec<Group>) -> Result<Table> {
    use entity::LeadStatus::{ClosedConverted, Qualified};
    let select = came_in(reporting, period, filter)?;
    let measures =
        vec![Measure::all(), Measure::count(ever(&[Qualified, ClosedConverted])), Measure::count(ever(&[ClosedConverted]))];
    let calendar = &reporting.calendar;
    let edges = json!({ "gte": moment(calendar.start_of(period.first)), "lt": moment(calendar.start_of(period.end)) });
    let dated = both(&written(filter), vec![json!({ "createdAt": edges })]);
    Cube::plain(select, groups, measures, dated).run(reporting).await
}

/// The won opportunities of these leads, by the same groups.
pub async fn won(
    reporting: &Reporting<'_>,
    period: Period,
    filter: &LeadFilter,
    groups: Vec<Group>,
) -> Result<BTreeMap<Vec<Key>, Cell>> {
    let mut select = came_in(reporting, period, filter)?;
    let on = Expr::cust("opportunities.lead_id").eq(Expr::cust("leads.id"));
    select
        .join(JoinType::InnerJoin, entity::opportunity::Entity, on)
        .cond_where(reporting.scope.condition::<entity::opportunity::Entity>())
        .cond_where(entity::opportunity::Column::IsWon.eq(true));
    let (currency, day) = OPPORTUNITY_MONEY;
    let money = Some((currency.to_owned(), day.to_owned()));
    let measures = vec![Measure::all(), Measure::amount("1 = 1")];
    Cube { money, ..Cube::plain(select, groups, measures, json!({})) }.cells(reporting).await
}

fn came_in(reporting: &Reporting<'_>, period: Period, filter: &LeadFilter) -> Result<SelectStatement> {
    let mut select = reporting.leads();
    select.cond_where(filter.condition()?).cond_where(reporting.within(lead::Column::CreatedAt, period));
    Ok(select)
}

/// The days that conversions took, by the same groups.
async fn days_to_convert(
    reporting: &Reporting<'_>,
    period: Period,
    filter: &LeadFilter,
    groups: Vec<Group>,
) -> Result<BTreeMap<Vec<Key>, Histogram>> {
    let mut select = came_in(reporting, period, filter)?;
    select.join(JoinType::InnerJoin, lead_conversion::Entity, Expr::cust("lead_conversions.lead_id").eq(Expr::cust("leads.id")));
    let came = reporting.local_day("leads.created_at", Some(period));
    let days = reporting.days_between(&came, &reporting.local_day("lead_conversions.converted_at", None));
    histograms(reporting, select, groups, days).await
}

/// How often each whole number occurs in each group.
pub async fn histograms(
    reporting: &Reporting<'_>,
    select: SelectStatement,
    mut groups: Vec<Group>,
    value: String,
) -> Result<BTreeMap<Vec<Key>, Histogram>> {
    groups.push(Group::unnamed(value, Form::Number, Place::Word("")));
    let cells = Cube::plain(select, groups, vec![Measure::all()], json!({})).cells(reporting).await?;
    let mut histograms: BTreeMap<Vec<Key>, Histogram> = BTreeMap::new();
    for (mut keys, cell) in cells {
        if let Some(Key::Word(number)) = keys.pop()
            && let Ok(number) = number.parse()
        {
            let times = i64::try_from(cell.numbers[0]).unwrap_or(i64::MAX);
            *histograms.entry(keys).or_default().entry(number).or_default() += times;
        }
    }
    Ok(histograms)
}

fn shown(row: &Row, won: &Cell, days: Option<&Histogram>, converter: &mut Converter) -> ConversionRow {
    let [leads, qualified, converted] = [0, 1, 2].map(|number| row.cell.numbers[number]);
    let figure = |number: usize, filter: Json| CountFigure { count: row.cell.count(number), filter };
    ConversionRow {
        groups: row.groups.clone(),
        leads: figure(0, row.filter()),
        qualified: figure(1, row.filter_with(json!({ "everInStatus": ["QUALIFIED", "CLOSED_CONVERTED"] }))),
        converted: figure(2, row.filter_with(json!({ "everInStatus": ["CLOSED_CONVERTED"] }))),
        won: won_figure(row, won, converter),
        qualified_rate: rate(qualified, leads),
        converted_rate: rate(converted, leads),
        won_rate: rate(won.numbers[0], leads),
        median_days_to_convert: days.and_then(|days| percentile(days, 50)).map(Decimal),
    }
}

/// The won opportunities of a row of leads.
pub fn won_figure(row: &Row, won: &Cell, converter: &mut Converter) -> AmountFigure {
    AmountFigure {
        count: won.count(0),
        amount: converter.money(&won.money[1]),
        filter: Json(json!({ "isWon": true, "lead": row.filter })),
    }
}
