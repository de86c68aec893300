//! Days, months and fiscal quarters.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::error::{Problems, UserError, UserErrorCode};
use crate::values::label;

/// The days that make sense in a sale: 1900-01-01 to 2199-12-31.
pub const DATE_RANGE: RangeInclusive<NaiveDate> = day(1900, 1, 1)..=day(2199, 12, 31);

/// A default close date lies at least this many days ahead.
const DAYS_TO_CLOSE: i64 = 30;

/// The day that is written `2026-03-01`, and no other way; nothing for other text and days that don't exist.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten();
    let bytes = text.as_bytes();
    if !text.is_ascii() || text.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = i32::try_from(digits(&text[..4])?).ok()?;
    NaiveDate::from_ymd_opt(year, digits(&text[5..7])?, digits(&text[8..])?)
}

/// Reports a date outside 1900-01-01 to 2199-12-31 at the field.
pub fn check_date(problems: &mut Problems, field: &str, date: NaiveDate) {
    if !DATE_RANGE.contains(&date) {
        let sentence = format!("{} must be between {} and {}.", label(field), DATE_RANGE.start(), DATE_RANGE.end());
        problems.push(UserError::at(UserErrorCode::OutOfRange, field, sentence));
    }
}

/// The last day of the fiscal quarter that the date lies in, for a fiscal year that starts with this month (1 to 12).
pub fn fiscal_quarter_end(date: NaiveDate, fiscal_year_start_month: u32) -> NaiveDate {
    let start = fiscal_year_start_month.clamp(1, 12);
    let month_of_quarter = (date.month() + 12 - start) % 3;
    let months_to_next = Months::new(3 - month_of_quarter);
    let next_quarter = date.with_day(1).and_then(|first| first.checked_add_months(months_to_next));
    next_quarter.and_then(|first| first.pred_opt()).unwrap_or(NaiveDate::MAX)
}

/// The close date of a sale that names none: the last day of the current fiscal quarter, or of the next one where that is less than
/// 30 days ahead.
pub fn default_close_date(today: NaiveDate, fiscal_year_start_month: u32) -> NaiveDate {
    let end = fiscal_quarter_end(today, fiscal_year_start_month);
    if (end - today).num_days() >= DAYS_TO_CLOSE {
        return end;
    }
    let next = end.checked_add_days(Days::new(1)).unwrap_or(end);
    fiscal_quarter_end(next, fiscal_year_start_month)
}

/// The beginning of a day in a time zone.
pub fn beginning_of(date: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    in_zone(date.and_time(NaiveTime::MIN), zone)
}

/// A time on the clock of a time zone; where the clock is put forward over it, one hour later.
pub fn in_zone(time: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    let found = zone.from_local_datetime(&time).earliest();
    found.or_else(|| zone.from_local_datetime(&(time + chrono::TimeDelta::hours(1))).earliest()).map(|time| time.to_utc())
}

/// The month in words: "March 2026".
pub fn month_year(date: NaiveDate) -> String {
    date.format("%B %Y").to_string()
}

/// A day that is known to exist.
const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        parse_date(text).expect("a date")
    }

    #[test]
    fn dates_are_written_one_way() {
        assert_eq!(parse_date("2026-03-01"), NaiveDate::from_ymd_opt(2026, 3, 1));
        assert_eq!(parse_date("2024-02-29"), NaiveDate::from_ymd_opt(2024, 2, 29));
        for text in [
            "2026-3-1",
            "2026-02-29",
            "2026-13-01",
            "01.03.2026",
            "2026/03/01",
            "+026-03-01",
            "2026-+3-01",
            " 2026-03-01",
            "",
            "2026-03-01T00:00:00Z",
            "２026-03-01",
            "20263-0-01",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn absurd_dates_are_refused() {
        for (text, allowed) in [("1900-01-01", true), ("2199-12-31", true), ("1899-12-31", false), ("2200-01-01", false)] {
            let mut problems = Problems::default();
            check_date(&mut problems, "closeDate", date(text));
            assert_eq!(problems.is_empty(), allowed, "{text}");
        }
        let mut problems = Problems::default();
        check_date(&mut problems, "closeDate", date("0001-01-01"));
        assert_eq!(problems.into_vec()[0].message, "Close date must be between 1900-01-01 and 2199-12-31.");
    }

    #[test]
    fn quarters_follow_the_fiscal_year() {
        for (text, start, expected) in [
            ("2026-01-01", 1, "2026-03-31"),
            ("2026-03-31", 1, "2026-03-31"),
            ("2026-12-15", 1, "2026-12-31"),
            ("2026-01-15", 2, "2026-01-31"),
            ("2026-02-01", 2, "2026-04-30"),
            ("2026-03-01", 4, "2026-03-31"),
            ("2025-12-05", 12, "2026-02-28"),
            ("2023-12-05", 12, "2024-02-29"),
            ("2026-08-31", 10, "2026-09-30"),
        ] {
            assert_eq!(fiscal_quarter_end(date(text), start), date(expected), "{text}, year from month {start}");
        }
    }

    #[test]
    fn a_sale_is_given_a_month_at_least() {
        for (today, start, expected) in [
            ("2026-03-01", 1, "2026-03-31"),
            ("2026-03-02", 1, "2026-06-30"),
            ("2026-12-31", 1, "2027-03-31"),
            ("2026-01-10", 2, "2026-04-30"),
            ("2026-01-01", 2, "2026-01-31"),
        ] {
            assert_eq!(default_close_date(date(today), start), date(expected), "{today}, year from month {start}");
        }
    }

    #[test]
    fn months_have_names() {
        assert_eq!(month_year(date("2026-03-31")), "March 2026");
    }
}
