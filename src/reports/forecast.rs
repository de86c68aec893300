//! What will come in, by the month or quarter in which it is expected.

use async_graphql::{Enum, SimpleObject};
use entity::stage;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType};
use serde_json::json;

use super::calendar::Period;
use super::cube::{Cube, Row, both, written};
use super::groups::Cut;
use super::lists::opportunity::OpportunityGroupBy;
use super::measures::Measure;
use super::money::Converter;
use super::report::{AmountFigure, Report, ReportGroup, ReportRow};
use super::subject::Reporting;
use super::win_loss::{WON, closing_filter, closing_within};
use crate::domains::opportunity::filter::OpportunityFilter;
use crate::error::Result;
use crate::graphql::common::Money;
use crate::graphql::filter::Filter;
use crate::graphql::scalars::Json;

/// The pieces that a forecast is cut into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ForecastPiece {
    /// Months.
    Month,
    /// Fiscal quarters.
    Quarter,
}

/// Opportunities whose close date lies in one month or quarter.
#[derive(Debug, Clone, SimpleObject)]
pub struct ForecastRow {
    /// The month or quarter first, then what else was asked for.
    pub groups: Vec<ReportGroup>,
    /// Those that are won.
    pub closed: AmountFigure,
    /// Open ones in stages of the category COMMIT.
    pub commit: AmountFigure,
    /// Open ones in stages of the category BEST_CASE.
    pub best_case: AmountFigure,
    /// Open ones in stages of the category PIPELINE.
    pub pipeline: AmountFigure,
    /// What is won in full, and of the open ones of these three categories the amounts times the probabilities; rounded once.
    pub weighted_amount: Money,
    /// The filter that leads to all of the row's opportunities, lost ones included: a variable for `opportunities(filter:)`.
    pub filter: Json,
}

impl ReportRow for ForecastRow {
    const REPORT: &'static str = "Forecast";
}

/// What the opportunities that a filter matches promise for a period.
pub async fn report(
    reporting: &Reporting<'_>,
    period: Period,
    filter: &OpportunityFilter,
    piece: ForecastPiece,
    group_by: &[OpportunityGroupBy],
) -> Result<Report<ForecastRow>> {
    let mut select = reporting.opportunities();
    select.cond_where(filter.condition()?).cond_where(closing_within(period)).join(
        JoinType::InnerJoin,
        stage::Entity,
        Expr::col((stage::Entity, stage::Column::Id)).eq(Expr::cust("opportunities.stage_id")),
    );
    let open = |category: &str| format!("NOT opportunities.is_closed AND stages.forecast_category = '{category}'");
    let mut measures = Vec::new();
    for which in [WON.to_owned(), open("COMMIT"), open("BEST_CASE"), open("PIPELINE")] {
        measures.push(Measure::count(which.clone()));
        measures.push(Measure::amount(which));
    }
    measures.push(Measure::weighted(
        "NOT opportunities.is_closed AND stages.forecast_category IN ('COMMIT', 'BEST_CASE', 'PIPELINE')",
    ));
    let pieces = match piece {
        ForecastPiece::Month => OpportunityGroupBy::CloseMonth,
        ForecastPiece::Quarter => OpportunityGroupBy::CloseQuarter,
    };
    let cuts: Vec<OpportunityGroupBy> = std::iter::once(pieces).chain(group_by.iter().copied()).collect();
    let groups = OpportunityGroupBy::groups(&cuts, reporting, None);
    let dated = both(&written(filter), vec![closing_filter(period)]);
    let table = Cube::of_opportunities(select, groups, measures, dated).run(reporting).await?;
    let mut converter = Converter::of(reporting, reporting.calendar.today, table.cells()).await?;
    Ok(Report::of(table, &mut converter, |row, converter| shown(&row, converter)))
}

fn shown(row: &Row, converter: &mut Converter) -> ForecastRow {
    let mut figure = |number: usize, condition: serde_json::Value| AmountFigure {
        count: row.cell.count(number),
        amount: converter.money(&row.cell.money[number + 1]),
        filter: row.filter_with(condition),
    };
    let closed = figure(0, json!({ "isWon": true }));
    let commit = figure(2, json!({ "isClosed": false, "forecastCategory": ["COMMIT"] }));
    let best_case = figure(4, json!({ "isClosed": false, "forecastCategory": ["BEST_CASE"] }));
    let pipeline = figure(6, json!({ "isClosed": false, "forecastCategory": ["PIPELINE"] }));
    let won = converter.sum(&row.cell.money[1], 1);
    let weighted = converter.sum(&row.cell.money[8], 100).plus(won);
    ForecastRow {
        groups: row.groups.clone(),
        closed,
        commit,
        best_case,
        pipeline,
        weighted_amount: converter.shown(weighted),
        filter: row.filter(),
    }
}
