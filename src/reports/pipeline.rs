//! Where the open deals stand: now, and as of any past instant.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use serde_json::json;

use super::cube::{Cube, Row, both, written};
use super::groups::Cut;
use super::lists::opportunity::OpportunityGroupBy;
use super::measures::Measure;
use super::money::Converter;
use super::percentile::rate;
use super::report::{Report, ReportGroup, ReportRow};
use super::subject::Reporting;
use crate::domains::opportunity::filter::OpportunityFilter;
use crate::error::{Error, Result};
use crate::graphql::common::Money;
use crate::graphql::filter::Filter;
use crate::graphql::scalars::{Decimal, Json};

/// Open opportunities.
#[derive(Debug, Clone, SimpleObject)]
pub struct PipelineRow {
    /// What the row is about.
    pub groups: Vec<ReportGroup>,
    /// How many are open.
    pub count: i32,
    /// The sum of their amounts in the base currency, at the rates of the day.
    pub amount: Money,
    /// The sum of their amounts times their probabilities, rounded once.
    pub weighted_amount: Money,
    /// For how many days they have been in their stages on average, with parts of days; null where none is open.
    pub average_days_in_stage: Option<Decimal>,
    /// How many of them were deleted since the instant that was asked for, so that lists don't show them. 0 for the pipeline of now.
    pub deleted_since: i32,
    /// The filter that leads to them: a variable for `opportunities(filter:)`.
    pub filter: Json,
}

impl ReportRow for PipelineRow {
    const REPORT: &'static str = "Pipeline";
}

/// The open opportunities that a filter matches, now or as they stood at an instant.
pub async fn report(
    reporting: &Reporting<'_>,
    as_of: Option<DateTime<Utc>>,
    filter: OpportunityFilter,
    group_by: &[OpportunityGroupBy],
) -> Result<Report<PipelineRow>> {
    let at = as_of.unwrap_or(reporting.now);
    if at > reporting.now {
        return Err(Error::bad_input("The pipeline is known up to now: give `asOf` an earlier moment, or see the forecast."));
    }
    let mut select = as_of.map_or_else(|| reporting.opportunities(), |at| reporting.open_at(at));
    // Written out, so that the index of the open ones is found to fit.
    select.cond_where(filter.condition()?).and_where(Expr::cust("NOT opportunities.is_closed"));
    let everything = "1 = 1";
    let mut measures = vec![
        Measure::all(),
        Measure::amount(everything),
        Measure::weighted(everything),
        Measure::Sum { value: reporting.seconds("opportunities.stage_entered_at"), when: everything.to_owned() },
    ];
    if as_of.is_some() {
        measures.push(Measure::count("opportunities.deleted_at IS NOT NULL"));
    }
    let groups = OpportunityGroupBy::groups(group_by, reporting, None);
    let open = both(&written(&filter), vec![json!({ "isClosed": false })]);
    let money = Some(("opportunities.currency".to_owned(), reporting.no_day().to_owned()));
    let table = Cube { money, ..Cube::plain(select, groups, measures, open) }.run(reporting).await?;
    let mut converter = Converter::of(reporting, reporting.calendar.day_of(at), table.cells()).await?;
    Ok(Report::of(table, &mut converter, |row, converter| shown(&row, converter, at, as_of.is_some())))
}

fn shown(row: &Row, converter: &mut Converter, at: DateTime<Utc>, past: bool) -> PipelineRow {
    let (count, entered) = (row.cell.numbers[0], row.cell.numbers[3]);
    let filter = if past { Json(json!({ "asOf": { "at": at.to_rfc3339(), "is": row.filter } })) } else { row.filter() };
    PipelineRow {
        groups: row.groups.clone(),
        count: row.cell.count(0),
        amount: converter.money(&row.cell.money[1]),
        weighted_amount: converter.weighted(&row.cell.money[2]),
        average_days_in_stage: rate(count * i128::from(at.timestamp()) - entered, count * 86_400),
        deleted_since: if past { row.cell.count(4) } else { 0 },
        filter,
    }
}
