//! How long a sale takes, where the time goes, and where opportunities are lost on the way.

use std::collections::{BTreeMap, HashMap};

use async_graphql::{Object, SimpleObject};
use entity::{StageCategory, opportunity_change, stage};
use futures_util::future::try_join;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement};
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
        let reach = ways.reach(stage, &all);
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

/// The stages with their bits: each its own among those of its pipeline, in the order of the pipeline.
struct Stages {
    list: Vec<stage::Model>,
    bits: HashMap<Uuid, (Uuid, i64)>,
}

impl Stages {
    async fn read(reporting: &Reporting<'_>) -> Result<Self> {
        let mut list = reporting.scope.find::<stage::Entity>().all(reporting.connection()).await?;
        let order = stage_order(reporting).await?;
        list.sort_by_key(|stage| order.get(&stage.id.uuid()).copied());
        let mut bits = HashMap::new();
        let mut next: HashMap<Uuid, i64> = HashMap::new();
        for stage in &list {
            let bit = next.entry(stage.pipeline_id.uuid()).or_insert(1);
            bits.insert(stage.id.uuid(), (stage.pipeline_id.uuid(), *bit));
            *bit <<= 1;
        }
        Ok(Self { list, bits })
    }

    /// The same numbering as the database does it.
    fn numbered(reporting: &Reporting<'_>) -> SelectStatement {
        let bit = "CAST(1 AS bigint) << CAST(ROW_NUMBER() OVER (PARTITION BY pipeline_id ORDER BY position) - 1 AS integer)";
        Query::select()
            .columns([stage::Column::Id, stage::Column::PipelineId])
            .expr_as(Expr::cust(bit), Alias::new("bit"))
            .from(stage::Entity)
            .cond_where(reporting.scope.condition::<stage::Entity>())
            .take()
    }
}

/// Which stages opportunities were in: how many in just these of a pipeline. And how many left each stage.
#[derive(Default)]
struct Ways {
    entered: HashMap<Uuid, BTreeMap<i64, i128>>,
    left: HashMap<Uuid, BTreeMap<i64, i128>>,
}

/// How many opportunities came how far.
struct Reach {
    entered: i128,
    left: i128,
    reached: i128,
    advanced: i128,
}

/// Reads which stages the opportunities left, and adds the one that each is in.
async fn ways(reporting: &Reporting<'_>, closed: &SelectStatement, all: &Stages) -> Result<Ways> {
    let numbered = Expr::cust("numbered.id").eq(Expr::cust("opportunity_changes.from_stage_id"));
    let mut each = departures(closed);
    // Every change has its stage. A left join all the same: SQLite would look at all opportunities stage by stage.
    each.join_subquery(JoinType::LeftJoin, Stages::numbered(reporting), Alias::new("numbered"), numbered)
        .expr_as(Expr::cust("opportunities.stage_id"), Alias::new("stage_id"))
        .expr_as(Expr::cust("numbered.pipeline_id"), Alias::new("pipeline_id"))
        .expr_as(Expr::cust(reporting.any_bits("numbered.bit")), Alias::new("bits"))
        .add_group_by([Expr::cust("opportunities.id"), Expr::cust("opportunities.stage_id"), Expr::cust("numbered.pipeline_id")]);
    let select = Query::select().from_subquery(each, Alias::new("ways")).take();
    let pipeline = Group { place: Place::Reference(Listed::Pipelines, ""), ..stage_group("ways.pipeline_id") };
    let bits = Group { form: Form::Number, place: Place::Word(""), ..stage_group("ways.bits") };
    let groups = vec![stage_group("ways.stage_id"), pipeline, bits];
    let departed = Cube::plain(select, groups, vec![Measure::all()], json!({}));
    let there = Cube::plain(closed.clone(), vec![stage_group("opportunities.stage_id")], vec![Measure::all()], json!({}));
    let (departed, there) = try_join(departed.cells(reporting), there.cells(reporting)).await?;
    // How many are in each stage, less those of which we know what else they were in within the pipeline.
    let mut others: HashMap<Uuid, i128> = HashMap::new();
    for (keys, cell) in there {
        if let [Key::Id(stage)] = keys.as_slice() {
            others.insert(*stage, cell.numbers[0]);
        }
    }
    let mut ways = Ways::default();
    for (keys, cell) in departed {
        let [Key::Id(there), Key::Id(pipeline), Key::Word(left)] = keys.as_slice() else { continue };
        let (pipeline, left, count) = (*pipeline, left.parse().unwrap_or_default(), cell.numbers[0]);
        let is_in = all.bits.get(there).filter(|(of, _)| *of == pipeline).map(|(_, bit)| *bit);
        if is_in.is_some() {
            *others.entry(*there).or_default() -= count;
        }
        *ways.left.entry(pipeline).or_default().entry(left).or_default() += count;
        *ways.entered.entry(pipeline).or_default().entry(left | is_in.unwrap_or_default()).or_default() += count;
    }
    for (stage, count) in others {
        if let Some((pipeline, bit)) = all.bits.get(&stage) {
            *ways.entered.entry(*pipeline).or_default().entry(*bit).or_default() += count;
        }
    }
    Ok(ways)
}

impl Ways {
    /// How many were in a stage; for an open one, too, how many got there or further, and how many of them to the next one.
    fn reach(&self, stage: &stage::Model, all: &Stages) -> Reach {
        let of = |sets: &HashMap<Uuid, BTreeMap<i64, i128>>, bits: i64| {
            let sets = sets.get(&stage.pipeline_id.uuid()).into_iter().flatten();
            sets.filter(|(set, _)| *set & bits != 0).map(|(_, count)| count).sum::<i128>()
        };
        let bit = |stage: &stage::Model| all.bits.get(&stage.id.uuid()).map_or(0, |(_, bit)| *bit);
        let from = |position: i32| {
            let same = all.list.iter().filter(|one| one.pipeline_id == stage.pipeline_id);
            let counts = same.filter(|one| match one.category {
                StageCategory::Open => one.position >= position,
                StageCategory::Won => true,
                StageCategory::Lost => false,
            });
            of(&self.entered, counts.map(bit).fold(0, |bits, bit| bits | bit))
        };
        let (entered, left) = (of(&self.entered, bit(stage)), of(&self.left, bit(stage)));
        if stage.category != StageCategory::Open {
            return Reach { entered, left, reached: entered, advanced: 0 };
        }
        Reach { entered, left, reached: from(stage.position), advanced: from(stage.position + 1) }
    }
}
