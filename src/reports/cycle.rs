//! How long a sale takes, where the time goes, and where opportunities are lost on the way.

use std::collections::{BTreeMap, HashMap};

use async_graphql::{Object, SimpleObject};
use entity::{PipelineId, StageCategory, opportunity_change, stage};
use futures_util::future::try_join;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, SelectStatement};
use serde_json::{Value, json};
use uuid::Uuid;

use super::calendar::Period;
use super::conversion::histograms;
use super::cube::{Cube, Key, both, written};
use super::groups::{Cut, Form, Group, Place};
use super::lists::opportunity::OpportunityGroupBy;
use super::measures::{ALWAYS, Measure, int};
use super::names::{Listed, Names, stage_order};
use super::percentile::{Histogram, average, percentile, rate};
use super::periods::ReportPeriod;
use super::report::{CountFigure, ReportGroup};
use super::subject::Reporting;
use super::win_loss::{closing_filter, closing_within};
use crate::domains::opportunity::filter::OpportunityFilter;
use crate::domains::opportunity::stages_reached;
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

async fn stages(reporting: &Reporting<'_>, period: Period, filter: &OpportunityFilter) -> Result<Vec<StageCycle>> {
    let all = Stages::read(reporting).await?;
    let closed = closed(reporting, period, filter)?;
    let (mut stays, ways) = try_join(stays(reporting, &closed), ways(reporting, &closed, &all)).await?;
    let keys: Vec<Vec<Key>> = all.list.iter().map(|stage| vec![Key::Id(stage.id.uuid())]).collect();
    let group = stage_group("opportunities.stage_id");
    let names = Names::of(reporting, std::slice::from_ref(&group), keys.iter()).await?;
    let dated = both(&written(filter), vec![json!({ "isClosed": true }), closing_filter(period)]);
    let rows = all.list.iter().filter_map(|stage| {
        let reach = reach(&ways, stage, &all);
        let stay = stays.remove(&stage.id.uuid()).unwrap_or_default();
        let name = || names.group(&group, &Key::Id(stage.id.uuid()));
        (reach.entered > 0).then(|| shown(stage, &reach, &stay, name(), &dated))
    });
    Ok(rows.collect())
}

fn shown(stage: &stage::Model, reach: &Reach, stay: &Stays, group: ReportGroup, dated: &Value) -> StageCycle {
    let open = stage.category == StageCategory::Open;
    let filter = both(dated, vec![json!({ "everInStageId": { "eq": Listed::Stages.id(stage.id.uuid()) } })]);
    StageCycle {
        stage: group,
        entered: CountFigure { count: int(reach.entered), filter: Json(filter) },
        reached: int(reach.reached),
        advanced: int(reach.advanced),
        conversion_rate: rate(reach.advanced, reach.reached).filter(|_| open),
        average_days: rate(stay.seconds, reach.left * 86_400),
        median_days: percentile(&stay.days, 50).map(Decimal),
    }
}

fn stage_group(sql: &str) -> Group {
    Group { by: "STAGE".to_owned(), ..Group::unnamed(sql, Form::Id, Place::Reference(Listed::Stages, "stageId")) }
}

/// What is known of the stays in a stage.
#[derive(Default)]
struct Stays {
    seconds: i128,
    days: Histogram,
}

/// The moves out of a stage that these opportunities made: each ends a stay.
fn departures(closed: &SelectStatement) -> SelectStatement {
    let mut departures = closed.clone();
    departures
        .join(
            JoinType::InnerJoin,
            opportunity_change::Entity,
            Expr::cust("opportunity_changes.opportunity_id").eq(Expr::cust("opportunities.id")),
        )
        // Written out, so that the index of the moves is found to fit.
        .and_where(Expr::cust("opportunity_changes.from_stage_id IS NOT NULL"))
        .and_where(Expr::cust("opportunity_changes.seconds_in_previous IS NOT NULL"));
    departures
}

/// How long the stays in each stage were.
async fn stays(reporting: &Reporting<'_>, closed: &SelectStatement) -> Result<BTreeMap<Uuid, Stays>> {
    let days = "opportunity_changes.seconds_in_previous / 86400".to_owned();
    let days = Group::unnamed(days, Form::Number, Place::Word(""));
    let groups = vec![stage_group("opportunity_changes.from_stage_id"), days];
    let seconds = Measure::Sum { value: "opportunity_changes.seconds_in_previous".to_owned(), when: ALWAYS.to_owned() };
    let cells = Cube::plain(departures(closed), groups, vec![Measure::all(), seconds], json!({})).cells(reporting).await?;
    let mut stays: BTreeMap<Uuid, Stays> = BTreeMap::new();
    for (keys, cell) in cells {
        if let [Key::Id(stage), Key::Word(days)] = keys.as_slice()
            && let Ok(days) = days.parse()
        {
            let stay = stays.entry(*stage).or_default();
            stay.seconds += cell.numbers[1];
            *stay.days.entry(days).or_default() += i64::try_from(cell.numbers[0]).unwrap_or(i64::MAX);
        }
    }
    Ok(stays)
}

/// The stages in the order of their pipelines.
struct Stages {
    list: Vec<stage::Model>,
}

impl Stages {
    async fn read(reporting: &Reporting<'_>) -> Result<Self> {
        let mut list = reporting.scope.find::<stage::Entity>().all(reporting.connection()).await?;
        let order = stage_order(reporting).await?;
        list.sort_by_key(|stage| order.get(&stage.id.uuid()).copied());
        Ok(Self { list })
    }

    /// The numbers of the stages of this pipeline that are no sooner than an open stage in this place would be; those for losses aren't.
    fn from(&self, pipeline: PipelineId, position: i32) -> Vec<i32> {
        let same = self.list.iter().filter(|one| one.pipeline_id == pipeline);
        let counts = same.filter(|one| match one.category {
            StageCategory::Open => one.position >= position,
            StageCategory::Won => true,
            StageCategory::Lost => false,
        });
        counts.map(|one| one.number).collect()
    }
}

/// How many opportunities came how far.
struct Reach {
    entered: i128,
    left: i128,
    reached: i128,
    advanced: i128,
}

/// The stages that some opportunities were in, by their numbers, those that they left, and how many these opportunities are.
struct Way {
    entered: Vec<i32>,
    left: Vec<i32>,
    count: i128,
}

/// Which stages the opportunities were in, as it is kept with them.
async fn ways(reporting: &Reporting<'_>, closed: &SelectStatement, all: &Stages) -> Result<Vec<Way>> {
    let groups =
        vec![stage_group("opportunities.stage_id"), Group::unnamed("opportunities.stages_reached", Form::Word, Place::Word(""))];
    let cells = Cube::plain(closed.clone(), groups, vec![Measure::all()], json!({})).cells(reporting).await?;
    let numbers: HashMap<Uuid, i32> = all.list.iter().map(|stage| (stage.id.uuid(), stage.number)).collect();
    let ways = cells.into_iter().filter_map(|(keys, cell)| {
        let [Key::Id(there), Key::Word(reached)] = keys.as_slice() else { return None };
        let entered = stages_reached::read(reached);
        let mut left = entered.clone();
        // It counts as left only where it is there once more, for the time when it was.
        let there = left.iter().position(|number| Some(number) == numbers.get(there));
        there.map(|place| left.remove(place));
        Some(Way { entered, left, count: cell.numbers[0] })
    });
    Ok(ways.collect())
}

/// How many were in a stage; for an open one, too, how many got there or further, and how many of them to the next one.
fn reach(ways: &[Way], stage: &stage::Model, all: &Stages) -> Reach {
    let count = |by: &dyn Fn(&Way) -> bool| ways.iter().filter(|way| by(way)).map(|way| way.count).sum();
    let entered = count(&|way| way.entered.contains(&stage.number));
    let left = count(&|way| way.left.contains(&stage.number));
    if stage.category != StageCategory::Open {
        return Reach { entered, left, reached: entered, advanced: 0 };
    }
    let from = |position| {
        let numbers = all.from(stage.pipeline_id, position);
        count(&|way| way.entered.iter().any(|number| numbers.contains(number)))
    };
    Reach { entered, left, reached: from(stage.position), advanced: from(stage.position + 1) }
}
