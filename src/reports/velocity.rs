//! How fast leads and sales come.

use std::collections::BTreeMap;

use async_graphql::SimpleObject;
use chrono::NaiveDate;
use entity::{LeadStatus, lead, lead_status_change, opportunity};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Query;
use serde_json::{Value as Json, json};

use super::calendar::{Period, Unit};
use super::conversion::histograms;
use super::cube::{Cube, Key, both, moment, written};
use super::funnel::there_before;
use super::groups::{Form, Group, Place};
use super::measures::{Measure, int};
use super::money::Converter;
use super::percentile::rate;
use super::periods::ReportPeriod;
use super::report::{AmountFigure, CountFigure};
use super::subject::Reporting;
use super::win_loss::{closed, closing_filter, closing_within};
use crate::domains::lead::filter::LeadFilter;
use crate::domains::opportunity::filter::OpportunityFilter;
use crate::error::{Error, Result};
use crate::graphql::common::Money;
use crate::graphql::filter::Filter;
use crate::graphql::scalars::{self, Date, Decimal};

/// The most months that lead velocity is asked for.
const MOST_MONTHS: i64 = 600;

/// The leads that were qualified in a month, against the month before.
#[derive(Debug, Clone, SimpleObject)]
pub struct LeadVelocityMonth {
    /// The first day of the month.
    pub month: Date,
    /// The leads that in this month for the first time became QUALIFIED, or were converted without having been.
    pub qualified: i32,
    /// (this month - the month before) / the month before, with six decimals; null where the month before had none.
    pub growth: Option<Decimal>,
    /// The filter that leads to the leads that became QUALIFIED or were converted in this month, those that had been before included:
    /// a variable for `leads(filter:)`.
    pub filter: scalars::Json,
}

/// What the sales of a period bring a day: opportunities x win rate x average won amount / days.
#[derive(Debug, Clone, SimpleObject)]
pub struct SalesVelocityReport {
    /// The period.
    pub period: ReportPeriod,
    /// The opportunities that were created in the period.
    pub opportunities: CountFigure,
    /// Those that were won, with close dates in the period.
    pub won: AmountFigure,
    /// Won / (won + lost) of those with close dates in the period, with six decimals; null where nothing was closed.
    pub win_rate: Option<Decimal>,
    /// The average amount of those that were won; null where none was.
    pub average_won_amount: Option<Money>,
    /// The average days from the creation to the close date of those that were won, with six decimals; null where none was.
    pub average_days: Option<Decimal>,
    /// The amount a day, computed exactly and rounded once; null where a factor is missing or the days are 0.
    pub amount_per_day: Option<Money>,
    /// The exchange rates that were missing.
    pub missing_rates: Vec<super::money::MissingRate>,
    /// The same for the earlier period that was asked for.
    pub compared_to: Option<Box<SalesVelocityReport>>,
}

/// The months of a period, each against the one before.
pub async fn leads(reporting: &Reporting<'_>, period: Period, filter: &LeadFilter) -> Result<Vec<LeadVelocityMonth>> {
    let calendar = &reporting.calendar;
    let first = calendar.beginning(Unit::Month, period.first);
    let mut months = Vec::new();
    let mut month = first;
    while month < period.end {
        months.push(month);
        month = calendar.later(Unit::Month, month, 1);
        if i64::try_from(months.len()).unwrap_or(i64::MAX) > MOST_MONTHS {
            return Err(Error::bad_input(format!("Ask for at most {MOST_MONTHS} months.")));
        }
    }
    let before = calendar.later(Unit::Month, first, -1);
    let counts = first_qualified(reporting, Period { first: before, end: month }, filter).await?;
    let of = |month: NaiveDate| counts.get(&month).copied().unwrap_or_default();
    let rows = months.into_iter().map(|month| {
        let (this, last) = (of(month), of(calendar.later(Unit::Month, month, -1)));
        let next = calendar.later(Unit::Month, month, 1);
        let edges = json!({ "gte": moment(calendar.start_of(month)), "lt": moment(calendar.start_of(next)) });
        let changed = json!({ "statusChanged": { "to": ["QUALIFIED", "CLOSED_CONVERTED"], "at": edges } });
        LeadVelocityMonth {
            month: Date(month),
            qualified: int(this),
            growth: rate(this - last, last),
            filter: scalars::Json(both(&written(filter), vec![changed])),
        }
    });
    Ok(rows.collect())
}

/// When a lead was qualified for the first time, or converted without having been.
const FIRST_QUALIFIED: &str = "CASE WHEN leads.first_qualified_at IS NULL OR leads.first_converted_at < leads.first_qualified_at \
    THEN leads.first_converted_at ELSE leads.first_qualified_at END";

/// By month, the leads that were qualified for the first time: those that came in during the period, and those that were there before.
async fn first_qualified(reporting: &Reporting<'_>, period: Period, filter: &LeadFilter) -> Result<BTreeMap<NaiveDate, i128>> {
    use lead_status_change::Column::{At, LeadId, Status};
    let came_in = reporting.within(lead::Column::CreatedAt, period);
    let mut new = reporting.leads();
    new.cond_where(filter.condition()?).cond_where(came_in.clone());
    let changed = Query::select()
        .column(LeadId)
        .from(lead_status_change::Entity)
        .cond_where(reporting.within(At, period))
        .and_where(Status.is_in([LeadStatus::Qualified, LeadStatus::ClosedConverted]))
        .and_where(there_before(reporting, period))
        .take();
    let mut there = reporting.leads();
    there.cond_where(filter.condition()?).cond_where(came_in.not()).and_where(lead::Column::Id.in_subquery(changed));
    // Whoever was qualified before the period isn't counted. This is asked of the leads that were found, not as a condition that the
    // database might look at for all of them.
    let [start, end] = [period.first, period.end].map(|day| reporting.calendar.start_of(day).to_rfc3339());
    let day = reporting.local_day(&format!("({FIRST_QUALIFIED})"), Some(period));
    let sql = format!("CASE WHEN ({FIRST_QUALIFIED}) >= '{start}' AND ({FIRST_QUALIFIED}) < '{end}' THEN {day} END");
    let month = Group::unnamed(sql, Form::Day, Place::Piece(Unit::Month, "", true));
    let measures = vec![Measure::all()];
    let cube = Cube { also: Some((there, measures.clone())), ..Cube::plain(new, vec![month], measures, json!({})) };
    let months = cube.cells(reporting).await?.into_iter().filter_map(|(mut keys, cell)| match keys.pop() {
        Some(Key::Day(month)) => Some((month, cell.numbers[0])),
        _ => None,
    });
    Ok(months.collect())
}

/// What the opportunities that a filter matches bring a day.
pub async fn sales(reporting: &Reporting<'_>, period: Period, filter: &OpportunityFilter) -> Result<SalesVelocityReport> {
    use opportunity::Column::{CreatedAt, IsWon};
    let mut created = reporting.opportunities();
    created.cond_where(filter.condition()?).cond_where(reporting.within(CreatedAt, period));
    let calendar = &reporting.calendar;
    let edges = json!({ "gte": moment(calendar.start_of(period.first)), "lt": moment(calendar.start_of(period.end)) });
    let dated = both(&written(filter), vec![json!({ "createdAt": edges })]);
    let created = Cube::plain(created, Vec::new(), vec![Measure::all()], dated).run(reporting).await?.total;
    let table = closed(reporting, period, filter, &[]).await?;
    let mut won = reporting.opportunities();
    won.cond_where(filter.condition()?).cond_where(closing_within(period)).cond_where(IsWon.eq(true));
    let day = reporting.local_day("opportunities.created_at", None);
    let days = histograms(reporting, won, Vec::new(), reporting.days_between(&day, "opportunities.close_date")).await?;
    let days: i128 = days.values().flatten().map(|(days, times)| i128::from(*days) * i128::from(*times)).sum();
    let mut converter = Converter::of(reporting, calendar.today, table.cells()).await?;
    let cell = &table.total.cell;
    let (number, won, lost) = (created.cell.numbers[0], cell.numbers[0], cell.numbers[1]);
    let amount = converter.sum(&cell.money[2], 1);
    // number x won / (won + lost) x amount / won / (days / won)
    let per_day = amount.times(number * won).per((won + lost) * days).filter(|_| won > 0);
    let won_filter: Json = both(&written(filter), vec![json!({ "isWon": true }), closing_filter(period)]);
    Ok(SalesVelocityReport {
        period: ReportPeriod::new(period, calendar),
        opportunities: CountFigure { count: created.cell.count(0), filter: created.filter() },
        won: AmountFigure { count: int(won), amount: converter.shown(amount), filter: scalars::Json(won_filter) },
        win_rate: rate(won, won + lost),
        average_won_amount: amount.per(won).map(|average| converter.shown(average)),
        average_days: rate(days, won),
        amount_per_day: per_day.map(|amount| converter.shown(amount)),
        missing_rates: converter.missing(),
        compared_to: None,
    })
}
