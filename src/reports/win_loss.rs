//! What was won and lost, and why.

use async_graphql::SimpleObject;
use sea_orm::{ColumnTrait, Condition};
use serde_json::json;

use super::calendar::Period;
use super::cube::{Cube, Row, Table, both, written};
use super::groups::Cut;
use super::lists::opportunity::OpportunityGroupBy;
use super::measures::Measure;
use super::money::Converter;
use super::percentile::rate;
use super::report::{AmountFigure, Report, ReportGroup, ReportRow};
use super::subject::Reporting;
use crate::domains::opportunity::filter::OpportunityFilter;
use crate::error::Result;
use crate::graphql::common::Money;
use crate::graphql::filter::Filter;
use crate::graphql::scalars::{Decimal, Json};

/// Those that are won.
pub const WON: &str = "opportunities.is_won";
/// Those that are lost.
pub const LOST: &str = "opportunities.is_closed AND NOT opportunities.is_won";

/// Opportunities that were closed in the period, by their close dates.
#[derive(Debug, Clone, SimpleObject)]
pub struct WinLossRow {
    /// What the row is about.
    pub groups: Vec<ReportGroup>,
    /// Those that are won.
    pub won: AmountFigure,
    /// Those that are lost.
    pub lost: AmountFigure,
    /// Won / (won + lost) by their number, from 0 to 1 with six decimals; null where nothing was closed.
    pub win_rate: Option<Decimal>,
    /// The average amount of those that are won; one without an amount counts as 0. Null where none is won.
    pub average_won_amount: Option<Money>,
    /// The filter that leads to all of them: a variable for `opportunities(filter:)`.
    pub filter: Json,
}

impl ReportRow for WinLossRow {
    const REPORT: &'static str = "WinLoss";
}

/// What of the opportunities that a filter matches was closed in a period.
pub async fn report(
    reporting: &Reporting<'_>,
    period: Period,
    filter: &OpportunityFilter,
    group_by: &[OpportunityGroupBy],
) -> Result<Report<WinLossRow>> {
    let table = closed(reporting, period, filter, group_by).await?;
    let mut converter = Converter::of(reporting, reporting.calendar.today, table.cells()).await?;
    Ok(Report::of(table, &mut converter, |row, converter| shown(&row, converter)))
}

/// The numbers and amounts of what was won and lost.
pub async fn closed(
    reporting: &Reporting<'_>,
    period: Period,
    filter: &OpportunityFilter,
    group_by: &[OpportunityGroupBy],
) -> Result<Table> {
    use entity::opportunity::Column::IsClosed;
    let mut select = reporting.opportunities();
    select.cond_where(filter.condition()?).cond_where(closing_within(period)).cond_where(IsClosed.eq(true));
    let measures = vec![Measure::count(WON), Measure::count(LOST), Measure::amount(WON), Measure::amount(LOST)];
    let groups = OpportunityGroupBy::groups(group_by, reporting, None);
    let dated = both(&written(filter), vec![json!({ "isClosed": true }), closing_filter(period)]);
    Cube::of_opportunities(select, groups, measures, dated).run(reporting).await
}

/// Opportunities with a close date in the period.
pub fn closing_within(period: Period) -> Condition {
    use entity::opportunity::Column::CloseDate;
    Condition::all().add(CloseDate.gte(period.first)).add(CloseDate.lt(period.end))
}

/// The same as a filter.
pub fn closing_filter(period: Period) -> serde_json::Value {
    json!({ "closeDate": { "gte": period.first, "lt": period.end } })
}

/// A row of what was won and lost.
pub fn shown(row: &Row, converter: &mut Converter) -> WinLossRow {
    let (won, lost) = (row.cell.numbers[0], row.cell.numbers[1]);
    let average = converter.sum(&row.cell.money[2], 1).per(won);
    WinLossRow {
        groups: row.groups.clone(),
        won: AmountFigure {
            count: row.cell.count(0),
            amount: converter.money(&row.cell.money[2]),
            filter: row.filter_with(json!({ "isWon": true })),
        },
        lost: AmountFigure {
            count: row.cell.count(1),
            amount: converter.money(&row.cell.money[3]),
            filter: row.filter_with(json!({ "isWon": false })),
        },
        win_rate: rate(won, won + lost),
        average_won_amount: average.map(|average| converter.shown(average)),
        filter: row.filter(),
    }
}
