//! The periods that reports are asked for: by name, or by their days.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::Days;

use super::calendar::{Calendar, Period, Unit, plus_months};
use crate::error::{Error, Result};
use crate::graphql::scalars::{Date, DateTime};
use crate::values::calendar::DATE_RANGE;

/// A period by its name. Days, weeks and months are those of the workspace's time zone, quarters and years those of its fiscal year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum PeriodName {
    /// Today.
    Today,
    /// Yesterday.
    Yesterday,
    /// The week, from Monday to Sunday, that today lies in.
    ThisWeek,
    /// The week before this one.
    LastWeek,
    /// The month that today lies in, to its end.
    ThisMonth,
    /// The month before this one.
    LastMonth,
    /// The month after this one.
    NextMonth,
    /// The fiscal quarter that today lies in, to its end.
    ThisQuarter,
    /// The fiscal quarter before this one.
    LastQuarter,
    /// The fiscal quarter after this one.
    NextQuarter,
    /// The fiscal year that today lies in, to its end.
    ThisYear,
    /// The fiscal year before this one.
    LastYear,
    /// The fiscal year after this one.
    NextYear,
    /// From the start of the fiscal year to today.
    YearToDate,
    /// Seven days that end today.
    #[graphql(name = "LAST_7_DAYS")]
    Last7Days,
    /// Thirty days that end today.
    #[graphql(name = "LAST_30_DAYS")]
    Last30Days,
    /// Ninety days that end today.
    #[graphql(name = "LAST_90_DAYS")]
    Last90Days,
    /// Twelve months that end today.
    #[graphql(name = "LAST_12_MONTHS")]
    Last12Months,
    /// From 1900-01-02 to 2199-12-30: everything.
    AllTime,
}

/// A period: by its name, or by its first and last day.
#[derive(Debug, Clone, Default, InputObject)]
pub struct PeriodInput {
    /// The period's name; then without `from` and `to`.
    pub name: Option<PeriodName>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day; it belongs to the period.
    pub to: Option<Date>,
}

/// How an earlier period lies to the one that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum EarlierPeriod {
    /// The one right before it, of the same length: as many months where it is made of whole months, otherwise as many days.
    PreviousPeriod,
    /// The same days a year before.
    SamePeriodLastYear,
}

/// The earlier period to compare with: by how it lies, or by its first and last day.
#[derive(Debug, Clone, Default, InputObject)]
pub struct ComparisonInput {
    /// How it lies; then without `from` and `to`.
    pub name: Option<EarlierPeriod>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day; it belongs to the period.
    pub to: Option<Date>,
}

/// The period that figures are about.
#[derive(Debug, Clone, SimpleObject)]
pub struct ReportPeriod {
    /// The first day.
    pub from: Date,
    /// The last day; it belongs to the period.
    pub to: Date,
    /// When the first day begins in the workspace's time zone.
    pub starts_at: DateTime,
    /// When the last day is over: the first moment after the period.
    pub ends_at: DateTime,
}

impl PeriodInput {
    /// The days of the period.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` unless it has either a name or both days, in their order.
    pub fn days(&self, calendar: &Calendar) -> Result<Period> {
        match self.name {
            Some(name) if self.from.is_none() && self.to.is_none() => Ok(named(name, calendar)),
            _ => dated(self.name.is_some(), self.from, self.to),
        }
    }
}

impl ComparisonInput {
    /// The days of the period to compare with.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` unless it has either a name or both days, in their order.
    pub fn days(&self, period: Period) -> Result<Period> {
        match self.name {
            Some(EarlierPeriod::PreviousPeriod) if self.from.is_none() && self.to.is_none() => Ok(period.previous()),
            Some(EarlierPeriod::SamePeriodLastYear) if self.from.is_none() && self.to.is_none() => Ok(period.year_before()),
            _ => dated(self.name.is_some(), self.from, self.to),
        }
    }
}

impl ReportPeriod {
    /// A period with its moments.
    pub fn new(period: Period, calendar: &Calendar) -> Self {
        Self {
            from: Date(period.first),
            to: Date(period.end - Days::new(1)),
            starts_at: DateTime(calendar.start_of(period.first)),
            ends_at: DateTime(calendar.start_of(period.end)),
        }
    }
}

fn dated(named: bool, from: Option<Date>, to: Option<Date>) -> Result<Period> {
    let (false, Some(Date(from)), Some(Date(to))) = (named, from, to) else {
        return Err(Error::bad_input("Give a period either a name, or both `from` and `to`."));
    };
    if from > to {
        return Err(Error::bad_input(format!("The period ends on {to}, before it starts on {from}: swap the days.")));
    }
    let all = all_time();
    if from < all.first || to >= all.end {
        let sentence = format!("A period lies between {} and {}.", all.first, all.end - Days::new(1));
        return Err(Error::bad_input(sentence));
    }
    Ok(Period { first: from, end: to + Days::new(1) })
}

/// All days whose beginning and end can be told in any time zone.
fn all_time() -> Period {
    Period { first: *DATE_RANGE.start() + Days::new(1), end: *DATE_RANGE.end() }
}

fn named(name: PeriodName, calendar: &Calendar) -> Period {
    let tomorrow = calendar.today + Days::new(1);
    let ending_today = |days: u64| Period { first: tomorrow - Days::new(days), end: tomorrow };
    match name {
        PeriodName::Today => calendar.piece(Unit::Day, 0),
        PeriodName::Yesterday => calendar.piece(Unit::Day, -1),
        PeriodName::ThisWeek => calendar.piece(Unit::Week, 0),
        PeriodName::LastWeek => calendar.piece(Unit::Week, -1),
        PeriodName::ThisMonth => calendar.piece(Unit::Month, 0),
        PeriodName::LastMonth => calendar.piece(Unit::Month, -1),
        PeriodName::NextMonth => calendar.piece(Unit::Month, 1),
        PeriodName::ThisQuarter => calendar.piece(Unit::Quarter, 0),
        PeriodName::LastQuarter => calendar.piece(Unit::Quarter, -1),
        PeriodName::NextQuarter => calendar.piece(Unit::Quarter, 1),
        PeriodName::ThisYear => calendar.piece(Unit::Year, 0),
        PeriodName::LastYear => calendar.piece(Unit::Year, -1),
        PeriodName::NextYear => calendar.piece(Unit::Year, 1),
        PeriodName::YearToDate => Period { end: tomorrow, ..calendar.piece(Unit::Year, 0) },
        PeriodName::Last7Days => ending_today(7),
        PeriodName::Last30Days => ending_today(30),
        PeriodName::Last90Days => ending_today(90),
        PeriodName::Last12Months => Period { first: plus_months(tomorrow, -12), end: tomorrow },
        PeriodName::AllTime => all_time(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_periods() {
        let day = |text: &str| text.parse::<chrono::NaiveDate>().expect("a day");
        for (today, name, first, end) in [
            ("2024-02-29", PeriodName::Last12Months, "2023-03-01", "2024-03-01"),
            ("2026-03-02", PeriodName::Last12Months, "2025-03-03", "2026-03-03"),
            ("2026-03-02", PeriodName::YearToDate, "2025-04-01", "2026-03-03"),
            ("2026-03-02", PeriodName::ThisQuarter, "2026-01-01", "2026-04-01"),
            ("2026-03-02", PeriodName::LastQuarter, "2025-10-01", "2026-01-01"),
            ("2024-03-01", PeriodName::Last30Days, "2024-02-01", "2024-03-02"),
            ("2026-03-02", PeriodName::AllTime, "1900-01-02", "2199-12-31"),
        ] {
            let calendar = Calendar { zone: chrono_tz::UTC, fiscal_start: 4, today: day(today) };
            let input = PeriodInput { name: Some(name), ..PeriodInput::default() };
            assert_eq!(input.days(&calendar).ok(), Some(Period { first: day(first), end: day(end) }), "{today} {name:?}");
        }
    }

    #[test]
    fn periods_that_make_no_sense() {
        let calendar = Calendar { zone: chrono_tz::UTC, fiscal_start: 1, today: chrono::NaiveDate::MIN };
        let date = |text: &str| Some(Date(text.parse().expect("a day")));
        for (name, from, to, part) in [
            (None, None, None, "either a name"),
            (None, date("2026-01-01"), None, "either a name"),
            (Some(PeriodName::Today), date("2026-01-01"), date("2026-01-01"), "either a name"),
            (None, date("2026-01-02"), date("2026-01-01"), "swap the days"),
        ] {
            let refused = PeriodInput { name, from, to }.days(&calendar).map_err(|error| error.sentences());
            assert!(refused.is_err_and(|sentence| sentence.contains(part)), "{part}");
        }
    }
}
