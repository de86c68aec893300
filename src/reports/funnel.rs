//! How far leads get: of those that came in (a cohort), or of what happened in a period (events).

use async_graphql::{Enum, SimpleObject};
use chrono::Days;
use entity::{lead, lead_status_change, opportunity, opportunity_change, stage};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement};
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
use crate::error::{Error, Result};
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
    select.join_subquery(
        JoinType::LeftJoin,
        // No lead is won before it comes in.
        ever_won(reporting, Period { end: reporting.calendar.today + Days::new(2), ..period }),
        Alias::new("won"),
        Expr::cust("won.lead_id").eq(Expr::cust("leads.id")),
    );
    let mut measures = vec![Measure::all(), Measure::all()];
    for step in [FunnelStepName::Working, FunnelStepName::Qualified, FunnelStepName::Converted] {
        measures.push(Measure::count(format!("{} OR won.lead_id IS NOT NULL", ever(statuses(step)))));
        measures.push(Measure::count(ever(&statuses(step)[..1])));
    }
    measures.extend([Measure::count("won.lead_id IS NOT NULL"), Measure::count("won.lead_id IS NOT NULL")]);
    let groups = LeadGroupBy::groups(group_by, reporting, Some(period));
    Ok(Cube::plain(select, groups, measures, written(filter)))
}

/// The leads that came to a step in the period, one row for each lead that did: the steps as bits.
fn events(reporting: &Reporting<'_>, period: Period, filter: &LeadFilter, group_by: &[LeadGroupBy]) -> Result<Cube> {
    use lead_status_change::Column::{At, LeadId};
    const CREATED: i64 = 1;
    const WON: i64 = 16;
    let step = format!(
        "(CASE WHEN from_status IS NULL THEN {CREATED} ELSE 0 END \
         + CASE status WHEN 2 THEN 2 WHEN 3 THEN 4 WHEN 4 THEN 8 ELSE 0 END)"
    );
    let mut changes = Query::select();
    changes
        .column(LeadId)
        .expr_as(Expr::cust(reporting.any_bits(&step, [1, 2, 4, 8])), Alias::new("steps"))
        .from(lead_status_change::Entity)
        .cond_where(reporting.within(At, period))
        .group_by_col(LeadId);
    let ways = |select: &mut SelectStatement, lead_id: &str, steps: &str| {
        select
            .expr_as(Expr::cust(lead_id.to_owned()), Alias::new("lead_id"))
            .expr_as(Expr::cust(steps.to_owned()), Alias::new("steps"))
            .take()
    };
    let same = Expr::cust("won.lead_id").eq(Expr::cust("changed.lead_id"));
    let mut changed = Query::select();
    changed.from_subquery(changes, Alias::new("changed"));
    changed.join_subquery(JoinType::LeftJoin, ever_won(reporting, period), Alias::new("won"), same);
    let steps = format!("changed.steps + CASE WHEN won.lead_id IS NULL THEN 0 ELSE {WON} END");
    let changed = ways(&mut changed, "changed.lead_id", &steps);
    // Those that were won and changed in nothing else are read by themselves: then databases know how many leads to expect.
    let mut any = Query::select();
    any.column(LeadId).from(lead_status_change::Entity).cond_where(reporting.within(At, period));
    any.and_where(Expr::cust("lead_status_changes.lead_id = won.lead_id"));
    let mut won = Query::select();
    won.from_subquery(ever_won(reporting, period), Alias::new("won")).cond_where(Expr::exists(any).not());
    let won = ways(&mut won, "won.lead_id", &WON.to_string());
    let leads = |came: SelectStatement| {
        let on = Expr::cust("ways.lead_id").eq(Expr::cust("leads.id"));
        let mut select = reporting.leads();
        select.cond_where(filter.condition()?).join_subquery(JoinType::InnerJoin, came, Alias::new("ways"), on);
        Ok::<_, Error>(select)
    };
    let mut measures = Vec::new();
    for number in 0..5 {
        let entered = CREATED << number;
        // Who was won has come past all steps but the first, which is only counted where it was taken.
        let reached = if number == 0 { CREATED } else { 2 * WON - entered };
        measures.extend([reached, entered].map(|bits| Measure::count(format!("(ways.steps & {bits}) <> 0"))));
    }
    let groups = LeadGroupBy::groups(group_by, reporting, None);
    Ok(Cube { also: Some(leads(won)?), ..Cube::plain(leads(changed)?, groups, measures, written(filter)) })
}

/// The leads of which an opportunity was won in a period, even if it was reopened later.
pub fn ever_won(reporting: &Reporting<'_>, period: Period) -> SelectStatement {
    use opportunity_change::Column::{At, OpportunityId, StageId};
    let mut wins = Query::select();
    wins.column(OpportunityId.as_column_ref())
        .from(opportunity_change::Entity)
        .join(
            JoinType::InnerJoin,
            stage::Entity,
            Expr::col((stage::Entity, stage::Column::Id)).equals((opportunity_change::Entity, StageId)),
        )
        .cond_where(stage::Column::Category.eq(entity::StageCategory::Won))
        .cond_where(Expr::cust(
            "(opportunity_changes.from_stage_id IS NULL OR opportunity_changes.seconds_in_previous IS NOT NULL)",
        ))
        .cond_where(reporting.within(At, period));
    let mut leads = reporting.opportunities();
    leads
        .distinct()
        .column(opportunity::Column::LeadId.as_column_ref())
        .cond_where(opportunity::Column::LeadId.is_not_null())
        .cond_where(opportunity::Column::Id.in_subquery(wins));
    leads.take()
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
