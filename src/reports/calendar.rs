//! Days, weeks, months, quarters and years as the workspace has them: in its time zone, with its fiscal year.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::app::App;

/// A piece of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A day.
    Day,
    /// From Monday to Sunday.
    Week,
    /// A month.
    Month,
    /// A quarter of the fiscal year.
    Quarter,
    /// A fiscal year.
    Year,
}

/// A stretch of whole days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// The first day.
    pub first: NaiveDate,
    /// The day after the last one.
    pub end: NaiveDate,
}

/// The workspace's calendar on one day.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// Where the days begin and end.
    pub zone: Tz,
    /// The month in which the fiscal year starts: 1 to 12.
    pub fiscal_start: u32,
    /// Today.
    pub today: NaiveDate,
}

impl Calendar {
    /// The workspace's calendar today.
    pub fn of(app: &App) -> Self {
        let workspace = app.workspace();
        let fiscal_start = u32::try_from(workspace.fiscal_year_start_month).unwrap_or(1).clamp(1, 12);
        Self { zone: workspace.time_zone.parse().unwrap_or(Tz::UTC), fiscal_start, today: app.today() }
    }

    /// The first day of the piece that the day lies in.
    pub fn beginning(&self, unit: Unit, day: NaiveDate) -> NaiveDate {
        let back = match unit {
            Unit::Day => return day,
            Unit::Week => return day - Days::new(u64::from(day.weekday().num_days_from_monday())),
            Unit::Month => 0,
            Unit::Quarter => (day.month() + 12 - self.fiscal_start) % 3,
            Unit::Year => (day.month() + 12 - self.fiscal_start) % 12,
        };
        plus_months(day - Days::new(u64::from(day.day0())), -i64::from(back))
    }

    /// The first day of the piece that comes this many after (or before) the one that starts here.
    pub fn later(&self, unit: Unit, first: NaiveDate, count: i64) -> NaiveDate {
        match unit {
            Unit::Day => first + TimeDelta::days(count),
            Unit::Week => first + TimeDelta::weeks(count),
            Unit::Month => plus_months(first, count),
            Unit::Quarter => plus_months(first, 3 * count),
            Unit::Year => plus_months(first, 12 * count),
        }
    }

    /// The piece that lies this many after (or before) that of today.
    pub fn piece(&self, unit: Unit, count: i64) -> Period {
        let first = self.later(unit, self.beginning(unit, self.today), count);
        Period { first, end: self.later(unit, first, 1) }
    }

    /// The moment at which a day begins. Where the clock skips midnight, that is when it goes on; where midnight comes twice,
    /// the first one.
    pub fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        let mut local = midnight;
        // No zone has ever skipped more than a day.
        while local < midnight + TimeDelta::days(2) {
            if let Some(moment) = self.zone.from_local_datetime(&local).earliest() {
                return self.after_gap(moment.with_timezone(&Utc), local, midnight);
            }
            local += TimeDelta::minutes(15);
        }
        midnight.and_utc()
    }

    /// A gap ends at its first moment, which the steps may have passed.
    fn after_gap(&self, found: DateTime<Utc>, local: NaiveDateTime, midnight: NaiveDateTime) -> DateTime<Utc> {
        if local == midnight {
            return found;
        }
        let mut moment = found;
        while moment.with_timezone(&self.zone).naive_local() > midnight
            && (moment - TimeDelta::seconds(1)).with_timezone(&self.zone).naive_local() >= midnight
        {
            moment -= TimeDelta::seconds(1);
        }
        moment
    }

    /// The day that it is in the workspace at a moment.
    pub fn day_of(&self, moment: DateTime<Utc>) -> NaiveDate {
        moment.with_timezone(&self.zone).date_naive()
    }

    /// The clock's distance from UTC in seconds: first that at the beginning of this stretch, then each change within it.
    pub fn offsets(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> (i32, Vec<(DateTime<Utc>, i32)>) {
        let offset = |moment: DateTime<Utc>| {
            use chrono::Offset;
            self.zone.offset_from_utc_datetime(&moment.naive_utc()).fix().local_minus_utc()
        };
        let first = offset(from);
        let (mut changes, mut known, mut moment) = (Vec::new(), first, from);
        while moment < until {
            let next = (moment + TimeDelta::days(1)).min(until);
            if offset(next) != known {
                let (mut before, mut after) = (moment, next);
                while after - before > TimeDelta::seconds(1) {
                    let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
                    if offset(middle) == known { before = middle } else { after = middle }
                }
                known = offset(after);
                changes.push((after, known));
            }
            moment = next;
        }
        (first, changes)
    }
}

impl Period {
    /// How many days it has.
    pub fn days(&self) -> i64 {
        (self.end - self.first).num_days()
    }

    /// The period of the same kind right before this one: as many months back where it is made of whole months, otherwise as many days.
    pub fn previous(&self) -> Self {
        if self.first.day() == 1 && self.end.day() == 1 {
            let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month());
            return Self { first: plus_months(self.first, months(self.first) - months(self.end)), end: self.first };
        }
        Self { first: self.first - TimeDelta::days(self.days()), end: self.first }
    }

    /// The same days a year before. The 29th of February becomes the 28th.
    pub fn year_before(&self) -> Self {
        let last = plus_months(self.end - Days::new(1), -12);
        let end = if self.end.day() == 1 { plus_months(self.end, -12) } else { last + Days::new(1) };
        Self { first: plus_months(self.first, -12), end }
    }
}

/// This many months later, or earlier; a day that the month lacks becomes its last.
pub fn plus_months(day: NaiveDate, count: i64) -> NaiveDate {
    let months = Months::new(u32::try_from(count.unsigned_abs()).unwrap_or(u32::MAX));
    let moved = if count < 0 { day.checked_sub_months(months) } else { day.checked_add_months(months) };
    moved.unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn calendar(zone: &str, fiscal_start: u32, today: &str) -> Calendar {
        Calendar { zone: zone.parse().expect("a zone"), fiscal_start, today: day(today) }
    }

    #[test]
    fn pieces_follow_the_fiscal_year() {
        use Unit::{Day, Month, Quarter, Week, Year};
        for (unit, start, today, count, first, end) in [
            (Day, 1, "2024-02-29", -1, "2024-02-28", "2024-02-29"),
            (Day, 1, "2024-02-29", 1, "2024-03-01", "2024-03-02"),
            (Week, 1, "2026-03-02", 0, "2026-03-02", "2026-03-09"),
            (Week, 1, "2026-03-01", 0, "2026-02-23", "2026-03-02"),
            (Month, 4, "2024-01-31", 1, "2024-02-01", "2024-03-01"),
            (Month, 4, "2024-03-31", -1, "2024-02-01", "2024-03-01"),
            (Quarter, 1, "2026-03-31", 0, "2026-01-01", "2026-04-01"),
            (Quarter, 2, "2026-03-31", 0, "2026-02-01", "2026-05-01"),
            (Quarter, 2, "2026-01-15", -1, "2025-08-01", "2025-11-01"),
            (Quarter, 12, "2024-01-15", 0, "2023-12-01", "2024-03-01"),
            (Year, 1, "2024-02-29", 0, "2024-01-01", "2025-01-01"),
            (Year, 4, "2026-03-31", 0, "2025-04-01", "2026-04-01"),
            (Year, 4, "2026-04-01", 1, "2027-04-01", "2028-04-01"),
        ] {
            let piece = calendar("UTC", start, today).piece(unit, count);
            assert_eq!(piece, Period { first: day(first), end: day(end) }, "{unit:?} {start} {today} {count}");
        }
    }

    #[test]
    fn days_begin_where_the_clock_says() {
        for (zone, text, start) in [
            ("UTC", "2026-03-29", "2026-03-29T00:00:00Z"),
            ("Europe/Oslo", "2026-03-29", "2026-03-28T23:00:00Z"),
            ("Europe/Oslo", "2026-03-30", "2026-03-29T22:00:00Z"),
            ("Europe/Oslo", "2026-10-26", "2026-10-25T23:00:00Z"),
            ("America/New_York", "2026-03-09", "2026-03-09T04:00:00Z"),
            // Midnight is skipped: the day begins at one o'clock.
            ("America/Santiago", "2025-09-07", "2025-09-07T04:00:00Z"),
            // Midnight comes twice: the day before is 25 hours long, and ends at the first one.
            ("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"),
            // A whole day is skipped.
            ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"),
            ("Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00Z"),
        ] {
            let calendar = calendar(zone, 1, "2026-01-01");
            let moment = calendar.start_of(day(text));
            assert_eq!(moment, start.parse::<DateTime<Utc>>().expect("a moment"), "{zone} {text}");
            assert_eq!(calendar.day_of(moment), day(text));
            assert!(calendar.day_of(moment - TimeDelta::seconds(1)) < day(text));
        }
    }

    #[test]
    fn earlier_periods() {
        for (first, end, previous, year_before) in [
            ("2026-04-01", "2026-07-01", ("2026-01-01", "2026-04-01"), ("2025-04-01", "2025-07-01")),
            ("2024-02-01", "2024-03-01", ("2024-01-01", "2024-02-01"), ("2023-02-01", "2023-03-01")),
            ("2024-02-29", "2024-03-01", ("2024-02-28", "2024-02-29"), ("2023-02-28", "2023-03-01")),
            ("2026-03-02", "2026-03-09", ("2026-02-23", "2026-03-02"), ("2025-03-02", "2025-03-09")),
            ("2025-03-03", "2026-03-03", ("2024-03-03", "2025-03-03"), ("2024-03-03", "2025-03-03")),
        ] {
            let period = Period { first: day(first), end: day(end) };
            assert_eq!(period.previous(), Period { first: day(previous.0), end: day(previous.1) }, "{first}");
            assert_eq!(period.year_before(), Period { first: day(year_before.0), end: day(year_before.1) }, "{first}");
        }
    }

    #[test]
    fn the_clock_changes_twice_a_year() {
        let moment = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
        let oslo = calendar("Europe/Oslo", 1, "2026-01-01");
        let (first, changes) = oslo.offsets(moment("2026-01-01T00:00:00Z"), moment("2027-01-01T00:00:00Z"));
        assert_eq!(first, 3_600);
        assert_eq!(changes, [(moment("2026-03-29T01:00:00Z"), 7_200), (moment("2026-10-25T01:00:00Z"), 3_600)]);
        let utc = calendar("UTC", 1, "2026-01-01");
        assert_eq!(utc.offsets(moment("1990-01-01T00:00:00Z"), moment("2040-01-01T00:00:00Z")), (0, Vec::new()));
    }
}
