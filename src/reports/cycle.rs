//! How long a sale takes, where the time goes, and where opportunities are lost on the way.

use std::collections::{BTreeMap, HashMap};

use async_graphql::{Object, SimpleObject};
use entity::{StageCategory, StageId, opportunity_change, stage};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement};
use serde_json::{Value, json};
use uuid::Uuid;

use super::calendar::Period;
use super::conversion::histograms;
use super::cube::{Cube, Key, both, written};
use super::groups::{Cut, Form, Group, OpportunityGroupBy, Place};
use super::measures::{Measure, int};
use super::names::{Listed, Names, stage_order};
use super::percentile::{Histogram, average, percentile, rate};
use super::periods::ReportPeriod;
use super::report::{CountFigure, ReportGroup};
use super::subject::Reporting;
use super::win_loss::{closing_filter, closing_within};
use crate::domains::opportunity::filter::OpportunityFilter;
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::graphql::scalars::{Decimal, Json};

/// The sales cycle of the opportunities that were closed in a period.
pub struct SalesCycleReport {
    period: ReportPeriod,
    rows: Vec<SalesCycleRow>,
    total: SalesCycleRow,
    stages: Vec<StageCycle>,
    compared_to: Option<Box<SalesCycleReport>>,
}

/// How long the opportunities took that are won, with close dates in the period. A cycle is counted in whole days, from the day of the
/// creation in the workspace's time zone to the close date.
#[derive(Debug, Clone, SimpleObject)]
pub struct SalesCycleRow {
    /// What the row is about.
    pub groups: Vec<ReportGroup>,
    /// Those that are won.
    pub won: CountFigure,
    /// The median of their days; between two values it lies in the middle. Null where none is won.
    pub median_days: Option<Decimal>,
    /// The days within which nine in ten were won; between two values it lies in proportion. Null where none is won.
    pub percentile_90_days: Option<Decimal>,
    /// The average of their days, with six decimals; null where none is won.
    pub average_days: Option<Decimal>,
}

/// What became of opportunities in a stage: of all that were closed in the period, won or lost.
#[derive(Debug, Clone, SimpleObject)]
pub struct StageCycle {
    /// The stage.
    pub stage: ReportGroup,
    /// The opportunities that ever were in this stage, each once.
    pub entered: CountFigure,
    /// The opportunities that ever were in this stage or in a later open one of the pipeline, or were won: those that skipped the
    /// stage have come past it.
    pub reached: i32,
    /// Of those that reached it, how many reached the next stage; for the last open stage, how many were ever won. 0 for closed stages.
    pub advanced: i32,
    /// Advanced / reached, from 0 to 1 with six decimals; null where none reached it, and for closed stages.
    pub conversion_rate: Option<Decimal>,
    /// The average time that an opportunity spent in this stage, all its stays together, in days with six decimals; of those that left
    /// it. Null where none left it.
    pub average_days: Option<Decimal>,
    /// The median of the whole days of the stays; null where none left it.
    pub median_days: Option<Decimal>,
}

/// How long sales take, and where the time goes.
#[Object]
impl SalesCycleReport {
    /// The period in which the opportunities were closed.
    async fn period(&self) -> &ReportPeriod {
        &self.period
    }

    /// The cycles, group by group; one row where nothing is grouped.
    async fn rows(&self) -> &[SalesCycleRow] {
        &self.rows
    }

    /// The cycles of all groups together.
    async fn total(&self) -> &SalesCycleRow {
        &self.total
    }

    /// The stages in the order of their pipelines. Stages that no such opportunity was in are left out.
    async fn stages(&self) -> &[StageCycle] {
        &self.stages
    }

    /// The same figures for the earlier period that was asked for.
    async fn compared_to(&self) -> Option<&SalesCycleReport> {
        self.compared_to.as_deref()
    }
}

/// The cycles of the opportunities that a filter matches, for a period and an earlier one.
pub async fn report(
    reporting: &Reporting<'_>,
    period: Period,
    earlier: Option<Period>,
    filter: &OpportunityFilter,
    group_by: &[OpportunityGroupBy],
) -> Result<SalesCycleReport> {
    let mut report = of_period(reporting, period, filter, group_by).await?;
    if let Some(earlier) = earlier {
        report.compared_to = Some(Box::new(of_period(reporting, earlier, filter, group_by).await?));
    }
    Ok(report)
}

async fn of_period(
    reporting: &Reporting<'_>,
    period: Period,
    filter: &OpportunityFilter,
    group_by: &[OpportunityGroupBy],
) -> Result<SalesCycleReport> {
    use entity::opportunity::Column::IsWon;
    let groups = OpportunityGroupBy::groups(group_by, reporting, None);
    let mut won = closed(reporting, period, filter)?;
    won.cond_where(IsWon.eq(true));
    let created = reporting.local_day("opportunities.created_at", None);
    let days =
        histograms(reporting, won.clone(), groups.clone(), reporting.days_between(&created, "opportunities.close_date")).await?;
    let dated = both(&written(filter), vec![json!({ "isWon": true }), closing_filter(period)]);
    let table = Cube::plain(won, groups, vec![Measure::all()], dated).run(reporting).await?;
    let mut all = Histogram::new();
    days.values().flatten().for_each(|(value, times)| *all.entry(*value).or_default() += times);
    let row = |row: &super::cube::Row, days: Option<&Histogram>| SalesCycleRow {
        groups: row.groups.clone(),
        won: CountFigure { count: row.cell.count(0), filter: row.filter() },
        median_days: days.and_then(|days| percentile(days, 50)).map(Decimal),
        percentile_90_days: days.and_then(|days| percentile(days, 90)).map(Decimal),
        average_days: days.and_then(average).map(Decimal),
    };
    Ok(SalesCycleReport {
        period: ReportPeriod::new(period, &reporting.calendar),
        rows: table.rows.iter().map(|one| row(one, days.get(&one.keys))).collect(),
        total: row(&table.total, Some(&all)),
        stages: stages(reporting, period, filter).await?,
        compared_to: None,
    })
}

fn closed(reporting: &Reporting<'_>, period: Period, filter: &OpportunityFilter) -> Result<SelectStatement> {
    let mut select = reporting.opportunities();
    select
        .cond_where(filter.condition()?)
        .cond_where(closing_within(period))
        .cond_where(entity::opportunity::Column::IsClosed.eq(true));
    Ok(select)
}

/// The moves of these opportunities.
fn moves(closed: &SelectStatement) -> SelectStatement {
    let mut moves = closed.clone();
    moves
        .join(
            JoinType::InnerJoin,
            opportunity_change::Entity,
            Expr::cust("opportunity_changes.opportunity_id").eq(Expr::cust("opportunities.id")),
        )
        .and_where(Expr::cust(
            "(opportunity_changes.from_stage_id IS NULL OR opportunity_changes.seconds_in_previous IS NOT NULL)",
        ));
    moves
}

/// What is known of the stays in a stage.
#[derive(Default)]
struct Stays {
    opportunities: i128,
    seconds: i128,
    days: Histogram,
}

async fn stages(reporting: &Reporting<'_>, period: Period, filter: &OpportunityFilter) -> Result<Vec<StageCycle>> {
    let all = reporting.scope.find::<stage::Entity>();
    let mut all = sea_orm::QueryOrder::order_by_asc(all, stage::Column::Position).all(reporting.connection()).await?;
    let order = stage_order(reporting).await?;
    all.sort_by_key(|stage| order.get(&stage.id.uuid()).copied());
    let closed = closed(reporting, period, filter)?;
    let entered = entered(reporting, &closed).await?;
    let mut stays = stays(reporting, &closed).await?;
    let reached = reached(reporting, &closed, &all).await?;
    let keys: Vec<Vec<Key>> = entered.keys().map(|id| vec![Key::Id(*id)]).collect();
    let group = stage_group("opportunities.stage_id");
    let names = Names::of(reporting, std::slice::from_ref(&group), keys.iter()).await?;
    let dated = both(&written(filter), vec![json!({ "isClosed": true }), closing_filter(period)]);
    let rows = all.iter().filter_map(|stage| {
        let entered = entered.get(&stage.id.uuid())?;
        let stay = stays.remove(&stage.id.uuid()).unwrap_or_default();
        Some(shown(stage, *entered, &reached, &stay, names.group(&group, &Key::Id(stage.id.uuid())), &dated))
    });
    Ok(rows.collect())
}

fn shown(
    stage: &stage::Model,
    entered: i128,
    reached: &HashMap<StageId, (i128, i128)>,
    stay: &Stays,
    group: ReportGroup,
    dated: &Value,
) -> StageCycle {
    let (reached, advanced) = reached.get(&stage.id).copied().unwrap_or((entered, 0));
    let open = stage.category == StageCategory::Open;
    let filter = both(dated, vec![json!({ "everInStageId": { "eq": Listed::Stages.id(stage.id.uuid()) } })]);
    StageCycle {
        stage: group,
        entered: CountFigure { count: int(entered), filter: Json(filter) },
        reached: int(reached),
        advanced: int(advanced),
        conversion_rate: rate(advanced, reached).filter(|_| open),
        average_days: rate(stay.seconds, stay.opportunities * 86_400),
        median_days: percentile(&stay.days, 50).map(Decimal),
    }
}

fn stage_group(sql: &str) -> Group {
    let place = Place::Reference(Listed::Stages, "stageId");
    Group { by: "STAGE".to_owned(), sql: sql.to_owned(), form: Form::Id, place, several: false }
}

/// How many opportunities ever were in each stage.
async fn entered(reporting: &Reporting<'_>, closed: &SelectStatement) -> Result<BTreeMap<Uuid, i128>> {
    let mut once = moves(closed);
    once.distinct()
        .expr_as(Expr::cust("opportunity_changes.opportunity_id"), Alias::new("opportunity_id"))
        .expr_as(Expr::cust("opportunity_changes.stage_id"), Alias::new("stage_id"));
    let select = Query::select().from_subquery(once, Alias::new("entered")).take();
    let cube = Cube::plain(select, vec![stage_group("entered.stage_id")], vec![Measure::all()], json!({}));
    let cells = cube.cells(reporting).await?;
    let ids = cells.into_iter().filter_map(|(mut keys, cell)| match keys.pop() {
        Some(Key::Id(id)) => Some((id, cell.numbers[0])),
        _ => None,
    });
    Ok(ids.collect())
}

/// How long opportunities were in each stage.
async fn stays(reporting: &Reporting<'_>, closed: &SelectStatement) -> Result<BTreeMap<Uuid, Stays>> {
    let mut left = moves(closed);
    left.and_where(Expr::cust("opportunity_changes.from_stage_id IS NOT NULL"));
    let group = || stage_group("opportunity_changes.from_stage_id");
    let days = "opportunity_changes.seconds_in_previous / 86400".to_owned();
    let mut stays: BTreeMap<Uuid, Stays> = BTreeMap::new();
    for (keys, days) in histograms(reporting, left.clone(), vec![group()], days).await? {
        if let Some(Key::Id(id)) = keys.first() {
            stays.entry(*id).or_default().days = days;
        }
    }
    let mut each = left;
    each.expr_as(Expr::cust("opportunity_changes.from_stage_id"), Alias::new("stage_id"))
        .expr_as(Expr::cust("CAST(SUM(opportunity_changes.seconds_in_previous) AS bigint)"), Alias::new("seconds"))
        .add_group_by([Expr::cust("opportunity_changes.opportunity_id"), Expr::cust("opportunity_changes.from_stage_id")]);
    let select = Query::select().from_subquery(each, Alias::new("stays")).take();
    let measures = vec![Measure::all(), Measure::Sum { value: "stays.seconds".to_owned(), when: "1 = 1".to_owned() }];
    let cells = Cube::plain(select, vec![stage_group("stays.stage_id")], measures, json!({})).cells(reporting).await?;
    for (keys, cell) in cells {
        if let Some(Key::Id(id)) = keys.first() {
            let stay = stays.entry(*id).or_default();
            (stay.opportunities, stay.seconds) = (cell.numbers[0], cell.numbers[1]);
        }
    }
    Ok(stays)
}

/// For each open stage, how many opportunities got there or further, and how many of them to the next one.
///
/// The database answers how many got how far: for each opportunity and pipeline the furthest open stage, and whether it was won.
async fn reached(
    reporting: &Reporting<'_>,
    closed: &SelectStatement,
    stages: &[stage::Model],
) -> Result<HashMap<StageId, (i128, i128)>> {
    let mut furthest = moves(closed);
    furthest
        .join(
            JoinType::InnerJoin,
            stage::Entity,
            Expr::col((stage::Entity, stage::Column::Id)).eq(Expr::cust("opportunity_changes.stage_id")),
        )
        .cond_where(stage::Column::Category.ne(StageCategory::Lost))
        .expr_as(Expr::cust("stages.pipeline_id"), Alias::new("pipeline_id"))
        .expr_as(
            Expr::cust(format!("MAX(CASE WHEN stages.category = 'WON' THEN {BEYOND} ELSE stages.position END)")),
            Alias::new("furthest"),
        )
        .add_group_by([Expr::cust("opportunity_changes.opportunity_id"), Expr::cust("stages.pipeline_id")]);
    let select = Query::select().from_subquery(furthest, Alias::new("ways")).take();
    let pipeline = Group { place: Place::Reference(Listed::Pipelines, ""), ..stage_group("ways.pipeline_id") };
    let by_pipeline = histograms(reporting, select, vec![pipeline], "CAST(ways.furthest AS bigint)".to_owned()).await?;
    let mut reached = HashMap::new();
    for (number, stage) in stages.iter().enumerate().filter(|(_, stage)| stage.category == StageCategory::Open) {
        let Some(ways) = by_pipeline.get(&vec![Key::Id(stage.pipeline_id.uuid())]) else { continue };
        let next = stages[number + 1..]
            .iter()
            .find(|next| next.pipeline_id == stage.pipeline_id && next.category == StageCategory::Open)
            .map_or(BEYOND, |next| next.position.into());
        let from = |position: i64| ways.range(position..).map(|(_, times)| i128::from(*times)).sum::<i128>();
        reached.insert(stage.id, (from(stage.position.into()), from(next)));
    }
    Ok(reached)
}

/// Stands for a win, further than any open stage.
const BEYOND: i64 = 1_000_000;
