//! Who sold how much.

use async_graphql::SimpleObject;

use super::calendar::Period;
use super::lists::opportunity::OpportunityGroupBy;
use super::money::Converter;
use super::report::{AmountFigure, Report, ReportGroup, ReportRow};
use super::subject::Reporting;
use super::win_loss::{self, closed};
use crate::domains::opportunity::filter::OpportunityFilter;
use crate::error::Result;
use crate::graphql::common::Money;
use crate::graphql::scalars::Decimal;

/// What a seller, or a team, won in the period, by close dates.
#[derive(Debug, Clone, SimpleObject)]
pub struct LeaderboardRow {
    /// Who.
    pub groups: Vec<ReportGroup>,
    /// The place by the won amount, from 1; equal amounts share a place. Null for the total.
    pub rank: Option<i32>,
    /// What was won.
    pub won: AmountFigure,
    /// What was lost.
    pub lost: AmountFigure,
    /// Won / (won + lost) by their number, from 0 to 1 with six decimals; null where nothing was closed.
    pub win_rate: Option<Decimal>,
    /// The average amount of what was won; null where nothing was.
    pub average_won_amount: Option<Money>,
}

impl ReportRow for LeaderboardRow {
    const REPORT: &'static str = "Leaderboard";
}

/// The sellers of the opportunities that a filter matches, the best one first.
pub async fn report(
    reporting: &Reporting<'_>,
    period: Period,
    filter: &OpportunityFilter,
    teams: bool,
) -> Result<Report<LeaderboardRow>> {
    let by = if teams { OpportunityGroupBy::Team } else { OpportunityGroupBy::Owner };
    let table = closed(reporting, period, filter, &[by]).await?;
    let mut converter = Converter::of(reporting, reporting.calendar.today, table.cells()).await?;
    let mut report = Report::of(table, &mut converter, |row, converter| {
        let shown = win_loss::shown(&row, converter);
        LeaderboardRow {
            groups: shown.groups,
            rank: None,
            won: shown.won,
            lost: shown.lost,
            win_rate: shown.win_rate,
            average_won_amount: shown.average_won_amount,
        }
    });
    report.rows.sort_by_key(|row| std::cmp::Reverse(row.won.amount.amount.0));
    let (mut place, mut last) = (0, None);
    for (number, row) in report.rows.iter_mut().enumerate() {
        if last != Some(row.won.amount.amount) {
            place = i32::try_from(number + 1).unwrap_or(i32::MAX);
            last = Some(row.won.amount.amount);
        }
        row.rank = Some(place);
    }
    Ok(report)
}
