//! What was done, what was left undone, and which leads nobody cares for.

use async_graphql::SimpleObject;
use chrono::TimeDelta;
use entity::{activity, lead};
use sea_orm::{ColumnTrait, Condition};
use serde_json::json;

use super::calendar::Period;
use super::cube::{Cube, Row, both, moment, written};
use super::groups::Cut;
use super::lists::activity::ActivityGroupBy;
use super::lists::lead::LeadGroupBy;
use super::measures::Measure;
use super::report::{CountFigure, Report, ReportGroup, ReportRow};
use super::subject::Reporting;
use crate::domains::activity::filter::ActivityFilter;
use crate::domains::lead::filter::LeadFilter;
use crate::error::{Error, Result};
use crate::graphql::filter::Filter;

/// The most days without an activity that can be asked for: ten years.
const MOST_DAYS: i32 = 3_660;

/// Activities that were done in the period.
#[derive(Debug, Clone, SimpleObject)]
pub struct ActivityRow {
    /// What the row is about.
    pub groups: Vec<ReportGroup>,
    /// All of them, notes included. The filters of this row are for `activities(filter:)`.
    pub all: CountFigure,
    /// Calls.
    pub calls: CountFigure,
    /// E-mails.
    pub emails: CountFigure,
    /// Meetings.
    pub meetings: CountFigure,
    /// Tasks.
    pub tasks: CountFigure,
    /// Their durations together, in minutes; those without one count as 0.
    pub minutes: i32,
}

impl ReportRow for ActivityRow {
    const REPORT: &'static str = "Activity";
}

/// Records that wait for somebody.
#[derive(Debug, Clone, SimpleObject)]
pub struct WaitingRow {
    /// What the row is about.
    pub groups: Vec<ReportGroup>,
    /// How many, and which.
    pub waiting: CountFigure,
}

impl ReportRow for WaitingRow {
    const REPORT: &'static str = "Waiting";
}

const KINDS: [&str; 4] = ["CALL", "EMAIL", "MEETING", "TASK"];

/// What of the activities that a filter matches was done in a period.
pub async fn report(
    reporting: &Reporting<'_>,
    period: Period,
    filter: &ActivityFilter,
    group_by: &[ActivityGroupBy],
) -> Result<Report<ActivityRow>> {
    let mut select = reporting.activities();
    select.cond_where(filter.condition()?).cond_where(reporting.within(activity::Column::CompletedAt, period));
    let mut measures = vec![Measure::all()];
    measures.extend(KINDS.iter().map(|kind| Measure::count(format!("activities.kind = '{kind}'"))));
    measures.push(Measure::Sum { value: "COALESCE(activities.duration_minutes, 0)".to_owned(), when: "1 = 1".to_owned() });
    let groups = ActivityGroupBy::groups(group_by, reporting, Some(period));
    let calendar = &reporting.calendar;
    let edges = json!({ "gte": moment(calendar.start_of(period.first)), "lt": moment(calendar.start_of(period.end)) });
    let dated = both(&written(filter), vec![json!({ "completedAt": edges })]);
    let table = Cube::plain(select, groups, measures, dated).run(reporting).await?;
    let shown = |row: &Row| {
        let kind = |number: usize| CountFigure {
            count: row.cell.count(number),
            filter: row.filter_with(json!({ "kind": KINDS[number - 1] })),
        };
        ActivityRow {
            groups: row.groups.clone(),
            all: CountFigure { count: row.cell.count(0), filter: row.filter() },
            calls: kind(1),
            emails: kind(2),
            meetings: kind(3),
            tasks: kind(4),
            minutes: row.cell.count(5),
        }
    };
    let (rows, total) = (table.rows.iter().map(shown).collect(), shown(&table.total));
    Ok(Report { period: None, rows, total, missing_rates: Vec::new(), compared_to: None })
}

/// The open leads without an activity, and without having come in, within this many days.
pub async fn untouched_leads(
    reporting: &Reporting<'_>,
    days: i32,
    filter: &LeadFilter,
    group_by: &[LeadGroupBy],
) -> Result<Report<WaitingRow>> {
    use lead::Column::{CreatedAt, LastActivityAt, Status};
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Error::bad_input(format!("Give 1 to {MOST_DAYS} days, not {days}.")));
    }
    let since = reporting.now - TimeDelta::days(days.into());
    let open = [entity::LeadStatus::OpenNotContacted, entity::LeadStatus::WorkingContacted, entity::LeadStatus::Qualified];
    let mut select = reporting.leads();
    select
        .cond_where(filter.condition()?)
        .cond_where(Status.is_in(open))
        .cond_where(CreatedAt.lt(since))
        .cond_where(Condition::any().add(LastActivityAt.is_null()).add(LastActivityAt.lt(since)));
    let words: Vec<&str> = open.iter().map(|status| status.as_str()).collect();
    let since = json!(since.to_rfc3339());
    let untouched = json!({
        "status": { "in": words },
        "createdAt": { "lt": since },
        "or": [{ "lastActivityAt": { "isNull": true } }, { "lastActivityAt": { "lt": since } }],
    });
    let groups = LeadGroupBy::groups(group_by, reporting, None);
    waiting(reporting, Cube::plain(select, groups, vec![Measure::all()], both(&written(filter), vec![untouched]))).await
}

/// What should have been done by now.
pub async fn overdue(
    reporting: &Reporting<'_>,
    filter: &ActivityFilter,
    group_by: &[ActivityGroupBy],
) -> Result<Report<WaitingRow>> {
    use activity::Column::{CompletedAt, DueAt};
    let mut select = reporting.activities();
    select.cond_where(filter.condition()?).cond_where(CompletedAt.is_null()).cond_where(DueAt.lt(reporting.now));
    let late = json!({ "completed": false, "dueAt": { "lt": reporting.now.to_rfc3339() } });
    let groups = ActivityGroupBy::groups(group_by, reporting, None);
    waiting(reporting, Cube::plain(select, groups, vec![Measure::all()], both(&written(filter), vec![late]))).await
}

async fn waiting(reporting: &Reporting<'_>, cube: Cube) -> Result<Report<WaitingRow>> {
    let table = cube.run(reporting).await?;
    let shown = |row: &Row| WaitingRow {
        groups: row.groups.clone(),
        waiting: CountFigure { count: row.cell.count(0), filter: row.filter() },
    };
    let (rows, total) = (table.rows.iter().map(shown).collect(), shown(&table.total));
    Ok(Report { period: None, rows, total, missing_rates: Vec::new(), compared_to: None })
}
