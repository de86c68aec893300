//! How far leads get: of those that came in (a cohort), or of what happened in a period (events).

use async_graphql::{Enum, SimpleObject};
use chrono::Days;
use entity::{lead, lead_status_change, opportunity, opportunity_change, stage};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement, SimpleExpr, UnionType};
use serde_json::{Value as Json, json};

use super::calendar::Period;
use super::cube::{Cube, Row, both, moment, written};
use super::groups::Cut;
use super::lists::lead::LeadGroupBy;
use super::measures::Measure;
use super::percentile::rate;
use super::report::{Report, ReportGroup, ReportRow};
use super::subject::Reporting;
use crate::domains::lead::filter::LeadFilter;
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::graphql::scalars::{self, Decimal};

/// What a funnel counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum FunnelBasis {
    /// The leads that came in during the period, and how far they ever got, whenever that was.
    Cohort,
    /// The leads that came to a step during the period, whenever they came in.
    Event,
}

/// The steps of a lead on its way to a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum FunnelStepName {
    /// It came in.
    Created,
    /// Somebody was in conversation with it: WORKING_CONTACTED.
    Working,
    /// It was found worth pursuing: QUALIFIED.
    Qualified,
    /// It became an account and a contact: CLOSED_CONVERTED.
    Converted,
    /// An opportunity that came of it was won.
    Won,
}

/// A step of the funnel. Leads count once, whatever way they went and however often.
#[derive(Debug, Clone, SimpleObject)]
pub struct FunnelStep {
    /// Which step.
    pub step: FunnelStepName,
    /// The leads that came to this step or to a later one: who skips a step has come past it. A lead that was reopened, or whose
    /// conversion was reverted, has come as far as it ever came.
    pub count: i32,
    /// The leads that came to this very step, without those that skipped it.
    pub entered: i32,
    /// `count` of the step before, as a part of 1 with six decimals; null for the first step, and where nobody came to the one before.
    pub rate: Option<Decimal>,
    /// `count` of the first step, as a part of 1 with six decimals; null where nobody came to it.
    pub overall_rate: Option<Decimal>,
    /// The filter that leads to the leads of `count`: a variable for `leads(filter:)`.
    pub filter: scalars::Json,
}

/// How far leads got.
#[derive(Debug, Clone, SimpleObject)]
pub struct LeadFunnelRow {
    /// What the row is about.
    pub groups: Vec<ReportGroup>,
    /// The steps in their order.
    pub steps: Vec<FunnelStep>,
}

impl ReportRow for LeadFunnelRow {
    const REPORT: &'static str = "LeadFunnel";
}

const STEPS: [FunnelStepName; 5] =
    [FunnelStepName::Created, FunnelStepName::Working, FunnelStepName::Qualified, FunnelStepName::Converted, FunnelStepName::Won];

/// The statuses that lie on the way from a step on.
fn statuses(step: FunnelStepName) -> &'static [entity::LeadStatus] {
    use entity::LeadStatus::{ClosedConverted, Qualified, WorkingContacted};
    match step {
        FunnelStepName::Created | FunnelStepName::Won => &[],
        FunnelStepName::Working => &[WorkingContacted, Qualified, ClosedConverted],
        FunnelStepName::Qualified => &[Qualified, ClosedConverted],
        FunnelStepName::Converted => &[ClosedConverted],
    }
}

/// The leads that were ever in one of these statuses.
pub fn ever(statuses: &[entity::LeadStatus]) -> String {
    let bits = statuses.iter().fold(0, |bits, status| bits | status.bit());
    format!("(leads.statuses_reached & {bits}) <> 0")
}

/// How far the leads that a filter matches got.
pub async fn report(
    reporting: &Reporting<'_>,
    period: Period,
    basis: FunnelBasis,
    filter: &LeadFilter,
    group_by: &[LeadGroupBy],
) -> Result<Report<LeadFunnelRow>> {
    let table = match basis {
        FunnelBasis::Cohort => cohort(reporting, period, filter, group_by)?,
        FunnelBasis::Event => events(reporting, period, filter, group_by)?,
    };
    let table = table.run(reporting).await?;
    let edges = json!({
        "gte": moment(reporting.calendar.start_of(period.first)), "lt": moment(reporting.calendar.start_of(period.end)),
    });
    let rows = table.rows.iter().map(|row| shown(row, basis, &edges)).collect();
    let total = shown(&table.total, basis, &edges);
    Ok(Report { period: None, rows, total, missing_rates: Vec::new(), compared_to: None })
}

fn cohort(reporting: &Reporting<'_>, period: Period, filter: &LeadFilter, group_by: &[LeadGroupBy]) -> Result<Cube> {
    let mut select = reporting.leads();
    select.cond_where(filter.condition()?).cond_where(reporting.within(lead::Column::CreatedAt, period));
    // No lead is won before it comes in, unless it joined what was won before that and taken up again.
    let mut won = ever_won(reporting, Period { end: reporting.calendar.today + Days::new(2), ..period });
    won.union(UnionType::Distinct, taken_up(reporting, period));
    select.join_subquery(JoinType::LeftJoin, won, Alias::new("won"), Expr::cust("won.lead_id").eq(Expr::cust("leads.id")));
    let mut measures = vec![Measure::all(), Measure::all()];
    for step in [FunnelStepName::Working, FunnelStepName::Qualified, FunnelStepName::Converted] {
        measures.push(Measure::count(format!("{} OR won.lead_id IS NOT NULL", ever(statuses(step)))));
        measures.push(Measure::count(ever(&statuses(step)[..1])));
    }
    measures.extend([Measure::count("won.lead_id IS NOT NULL"), Measure::count("won.lead_id IS NOT NULL")]);
    let groups = LeadGroupBy::groups(group_by, reporting, Some(period));
    Ok(Cube::plain(select, groups, measures, written(filter)))
}

/// The leads that came to a step in the period. Those that came in during it have no steps before it, so that the first of each kind
/// tells; those that were there already are found by their changes.
fn events(reporting: &Reporting<'_>, period: Period, filter: &LeadFilter, group_by: &[LeadGroupBy]) -> Result<Cube> {
    let mut new = reporting.leads();
    new.cond_where(filter.condition()?).cond_where(reporting.within(lead::Column::CreatedAt, period)).join_subquery(
        JoinType::LeftJoin,
        ever_won(reporting, period),
        Alias::new("won"),
        Expr::cust("won.lead_id").eq(Expr::cust("leads.id")),
    );
    let mut there = reporting.leads();
    there.cond_where(filter.condition()?).cond_where(reporting.within(lead::Column::CreatedAt, period).not()).join_subquery(
        JoinType::InnerJoin,
        later_steps(reporting, period),
        Alias::new("ways"),
        Expr::cust("ways.lead_id").eq(Expr::cust("leads.id")),
    );
    let end = reporting.calendar.start_of(period.end).to_rfc3339();
    let in_time = |column: &str| format!("leads.{column} < '{end}'");
    let won = "won.lead_id IS NOT NULL".to_owned();
    let steps = ["first_working_at", "first_qualified_at", "first_converted_at"].map(in_time).into_iter().chain([won]);
    let steps: Vec<String> = steps.collect();
    let mut measures = vec![Measure::all(), Measure::all()];
    // None of those that were there already came in during the period.
    let mut of_those_there = vec![Measure::count("1 = 0"), Measure::count("1 = 0")];
    for (number, step) in steps.iter().enumerate() {
        measures.extend([Measure::count(steps[number..].join(" OR ")), Measure::count(step.as_str())]);
        let bit = 1 << number;
        of_those_there.extend([2 * WON - bit, bit].map(|bits| Measure::count(format!("(ways.steps & {bits}) <> 0"))));
    }
    let groups = LeadGroupBy::groups(group_by, reporting, None);
    Ok(Cube { also: Some((there, of_those_there)), ..Cube::plain(new, groups, measures, written(filter)) })
}

/// The bits of the steps behind the first one, in their order, as `later_steps` has them.
const WORKING: i64 = 1;
const QUALIFIED: i64 = 2;
const CONVERTED: i64 = 4;
const WON: i64 = 8;

/// The steps of the period, as bits, of leads that had come in before it; and of all leads that were won in it.
fn later_steps(reporting: &Reporting<'_>, period: Period) -> SelectStatement {
    use lead_status_change::Column::{At, LeadId};
    let step = format!("CASE status WHEN 2 THEN {WORKING} WHEN 3 THEN {QUALIFIED} WHEN 4 THEN {CONVERTED} ELSE 0 END");
    let mut steps = Query::select();
    steps
        .column(LeadId)
        .expr_as(Expr::cust(step), Alias::new("step"))
        .from(lead_status_change::Entity)
        .cond_where(reporting.within(At, period))
        .and_where(there_before(reporting, period));
    let won = Query::select()
        .column(LeadId)
        .expr_as(Expr::cust(WON.to_string()), Alias::new("step"))
        .from_subquery(ever_won(reporting, period), Alias::new("won"))
        .take();
    steps.union(UnionType::All, won);
    Query::select()
        .column(LeadId)
        .expr_as(Expr::cust(reporting.any_bits("step")), Alias::new("steps"))
        .from_subquery(steps, Alias::new("each"))
        .group_by_col(LeadId)
        .take()
}

/// The changes of leads that had come in before a period. They are few among the changes of a period, which PostgreSQL can't know: as
/// a plain comparison it would expect so many that it read all leads.
pub fn there_before(reporting: &Reporting<'_>, period: Period) -> SimpleExpr {
    let start = reporting.calendar.start_of(period.first).to_rfc3339();
    Expr::cust(format!("CASE WHEN lead_status_changes.lead_created_at < '{start}' THEN 1 ELSE 0 END")).eq(1)
}

/// The leads of which an opportunity was won in a period, even if it was reopened later.
pub fn ever_won(reporting: &Reporting<'_>, period: Period) -> SelectStatement {
    use opportunity::Column::{FirstWonAt, LastWonAt, LeadId};
    let leads = || {
        let mut leads = reporting.opportunities();
        leads.column(LeadId.as_column_ref()).cond_where(LeadId.is_not_null());
        leads
    };
    let mut first = leads();
    first.cond_where(reporting.within(FirstWonAt, period));
    // Few are won more than once: only of those does the history have to tell.
    let start = reporting.calendar.start_of(period.first);
    let mut again = leads();
    again
        .and_where(Expr::cust("opportunities.first_won_at < opportunities.last_won_at"))
        .cond_where(FirstWonAt.lt(start))
        .cond_where(LastWonAt.gte(start))
        .and_where(Expr::exists(wins(reporting, period)));
    // Each lead once.
    first.union(UnionType::Distinct, again.take()).take()
}

/// The leads of opportunities that were won before a period and taken up again, and weren't won since.
fn taken_up(reporting: &Reporting<'_>, period: Period) -> SelectStatement {
    use opportunity::Column::{FirstWonAt, LeadId};
    let mut leads = reporting.opportunities();
    leads
        .column(LeadId.as_column_ref())
        .cond_where(LeadId.is_not_null())
        // Written out, so that the index of those few is found to fit.
        .and_where(Expr::cust("opportunities.first_won_at IS NOT NULL AND NOT opportunities.is_won"))
        .cond_where(FirstWonAt.lt(reporting.calendar.start_of(period.first)));
    leads
}

/// The moves of an opportunity to where it was won, within a period.
fn wins(reporting: &Reporting<'_>, period: Period) -> SelectStatement {
    use opportunity_change::Column::{At, OpportunityId, StageId};
    Query::select()
        .expr(Expr::cust("1"))
        .from(opportunity_change::Entity)
        .join(
            JoinType::InnerJoin,
            stage::Entity,
            Expr::col((stage::Entity, stage::Column::Id)).equals((opportunity_change::Entity, StageId)),
        )
        .and_where(OpportunityId.into_expr().equals((opportunity::Entity, opportunity::Column::Id)))
        .cond_where(stage::Column::Category.eq(entity::StageCategory::Won))
        .cond_where(Expr::cust(
            "(opportunity_changes.from_stage_id IS NULL OR opportunity_changes.seconds_in_previous IS NOT NULL)",
        ))
        .cond_where(reporting.within(At, period))
        .take()
}

fn shown(row: &Row, basis: FunnelBasis, edges: &Json) -> LeadFunnelRow {
    let count = |number: usize| row.cell.numbers[number * 2];
    let steps = STEPS.iter().enumerate().map(|(number, step)| FunnelStep {
        step: *step,
        count: row.cell.count(number * 2),
        entered: row.cell.count(number * 2 + 1),
        rate: if number == 0 { None } else { rate(count(number), count(number - 1)) },
        overall_rate: rate(count(number), count(0)),
        filter: scalars::Json(both(&row.filter, step_filter(*step, basis, edges))),
    });
    LeadFunnelRow { groups: row.groups.clone(), steps: steps.collect() }
}

fn step_filter(step: FunnelStepName, basis: FunnelBasis, edges: &Json) -> Vec<Json> {
    let words: Vec<&str> = statuses(step).iter().map(|status| status.as_str()).collect();
    match (basis, step) {
        (FunnelBasis::Cohort, FunnelStepName::Created) => vec![json!({ "createdAt": edges })],
        (FunnelBasis::Cohort, FunnelStepName::Won) => {
            vec![json!({ "createdAt": edges }), json!({ "opportunity": { "everWon": {} } })]
        }
        (FunnelBasis::Cohort, _) => vec![
            json!({ "createdAt": edges }),
            json!({ "or": [{ "everInStatus": words }, { "opportunity": { "everWon": {} } }] }),
        ],
        (FunnelBasis::Event, FunnelStepName::Created) => vec![json!({ "createdAt": edges })],
        (FunnelBasis::Event, FunnelStepName::Won) => vec![json!({ "opportunity": { "everWon": edges } })],
        (FunnelBasis::Event, _) => vec![json!({
            "or": [{ "statusChanged": { "to": words, "at": edges } }, { "opportunity": { "everWon": edges } }],
        })],
    }
}
