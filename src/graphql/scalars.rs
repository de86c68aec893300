//! The scalars of the public API.

use std::fmt;

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{Datelike, NaiveDate, SecondsFormat, Utc};

use crate::values::calendar::{DATE_RANGE, parse_date};
use crate::values::money::currency_decimals;

/// Lets a scalar stand for the value that it holds, and back.
macro_rules! holds {
    ($scalar:ty, $inner:ty) => {
        impl From<$inner> for $scalar {
            fn from(inner: $inner) -> Self {
                Self(inner)
            }
        }

        impl From<$scalar> for $inner {
            fn from(scalar: $scalar) -> Self {
                scalar.0
            }
        }
    };
}

/// A point in time, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(pub chrono::DateTime<Utc>);

holds!(DateTime, chrono::DateTime<Utc>);

impl DateTime {
    /// Reads RFC 3339 with any offset, to the microsecond; nothing for other text and outside the years 1900 to 2199.
    pub fn read(text: &str) -> Option<Self> {
        let moment = chrono::DateTime::parse_from_rfc3339(text).ok()?;
        let utc = chrono::DateTime::from_timestamp_micros(moment.timestamp_micros())?;
        DATE_RANGE.contains(&utc.date_naive()).then_some(Self(utc))
    }
}

/// A point in time as RFC 3339 writes it. The answer is in UTC with milliseconds, `2026-03-01T09:30:00.000Z`; the input may have any
/// offset and is kept to the microsecond. The years 1900 to 2199.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let read = if let Value::String(text) = &value { Self::read(text) } else { None };
        let years = (DATE_RANGE.start().year(), DATE_RANGE.end().year());
        read.ok_or_else(|| {
            let form = "send an RFC 3339 string with an offset such as \"2026-03-01T09:30:00Z\"";
            refused(&value, format_args!("is no point in time; {form}, of the years {} to {}", years.0, years.1))
        })
    }

    fn to_value(&self) -> Value {
        Value::String(write_date_time(self.0))
    }
}

/// A point in time as the API writes it, in the history, too.
pub fn write_date_time(moment: chrono::DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A day in the calendar, without a time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub NaiveDate);

holds!(Date, NaiveDate);

/// A day as RFC 3339 writes it: `2026-03-01`.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let read = if let Value::String(text) = &value { parse_date(text) } else { None };
        read.map(Self)
            .ok_or_else(|| refused(&value, format_args!("is no day; send an existing one as a string such as \"2026-03-01\"")))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// An exact number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(pub rust_decimal::Decimal);

holds!(Decimal, rust_decimal::Decimal);

impl Decimal {
    /// Reads digits with an optional minus sign and decimals, `-1234.50`; nothing for other text and beyond 28 digits.
    pub fn read(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(whole) || !is_digits(decimals) {
            return None;
        }
        let mut number = rust_decimal::Decimal::from_str_exact(text).ok()?;
        if number.is_zero() {
            number.set_sign_positive(true);
        }
        Some(Self(number))
    }
}

/// An exact decimal number, as a string: `"1234.50"`. The input takes a string or an integer, of at most 28 digits and without an
/// exponent; floating-point numbers are refused, because they can't be exact.
#[Scalar]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        let read = match &value {
            Value::String(text) => Self::read(text),
            Value::Number(number) if number.is_f64() => {
                return Err(refused(
                    &value,
                    format_args!("is a floating-point number, which can't be exact; send a string such as \"1234.50\""),
                ));
            }
            Value::Number(number) => Self::read(&number.to_string()),
            _ => None,
        };
        let form = "send a string such as \"1234.50\", with at most 28 digits and no exponent, or an integer";
        read.ok_or_else(|| refused(&value, format_args!("is no exact number; {form}")))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A currency by its ISO 4217 code. What comes from the database is taken as it is; input goes through `read`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CurrencyCode(pub String);

holds!(CurrencyCode, String);

impl CurrencyCode {
    /// The currency with this code, in capital letters; nothing where amounts can't be kept in it.
    pub fn read(code: &str) -> Option<Self> {
        currency_decimals(code).map(|_| Self(code.to_owned()))
    }
}

/// A currency by its ISO 4217 code in capital letters: `EUR`.
#[Scalar(specified_by_url = "https://www.iso.org/iso-4217-currency-codes.html")]
impl ScalarType for CurrencyCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        let read = if let Value::String(code) = &value { Self::read(code) } else { None };
        read.ok_or_else(|| {
            refused(&value, format_args!("is no currency; send an ISO 4217 code in capital letters such as \"EUR\""))
        })
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A country by its ISO 3166-1 alpha-2 code. What comes from the database is taken as it is; input goes through `read`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode(pub String);

holds!(CountryCode, String);

impl CountryCode {
    /// The country with this code, in capital letters; nothing where there is none.
    pub fn read(code: &str) -> Option<Self> {
        rust_iso3166::from_alpha2(code).map(|country| Self(country.alpha2.to_owned()))
    }
}

/// A country by its ISO 3166-1 alpha-2 code in capital letters: `NO`.
#[Scalar(specified_by_url = "https://www.iso.org/iso-3166-country-codes.html")]
impl ScalarType for CountryCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        let read = if let Value::String(code) = &value { Self::read(code) } else { None };
        read.ok_or_else(|| {
            refused(&value, format_args!("is no country; send an ISO 3166-1 alpha-2 code in capital letters such as \"NO\""))
        })
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// Any JSON value.
#[derive(Debug, Clone, PartialEq)]
pub struct Json(pub serde_json::Value);

holds!(Json, serde_json::Value);

/// Any JSON value.
#[Scalar(name = "JSON", specified_by_url = "https://www.rfc-editor.org/rfc/rfc8259")]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        value.into_json().map(Json).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}

/// The error for a value that is none of this kind: what was sent, shortened, what is wrong with it and what to send.
fn refused<T: async_graphql::InputType>(value: &Value, problem: fmt::Arguments<'_>) -> InputValueError<T> {
    let mut shown: String = value.to_string();
    if let Some((end, _)) = shown.char_indices().nth(60) {
        shown.truncate(end);
        shown.push('…');
    }
    InputValueError::custom(format!("{shown} {problem}."))
}

#[cfg(test)]
mod tests {
    use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};
    use serde_json::json;

    use super::*;

    /// What a scalar makes of a JSON value: its output, or nothing where it refuses.
    fn through<T: ScalarType>(value: serde_json::Value) -> Option<serde_json::Value> {
        let scalar = T::parse(Value::from_json(value).expect("a value")).ok()?;
        Some(scalar.to_value().into_json().expect("a value"))
    }

    #[test]
    fn points_in_time() {
        for (given, expected) in [
            ("2026-03-01T09:30:00Z", Some("2026-03-01T09:30:00.000Z")),
            ("2026-03-01T10:30:00.123999+01:00", Some("2026-03-01T09:30:00.123Z")),
            ("1900-01-01T00:00:00Z", Some("1900-01-01T00:00:00.000Z")),
            ("2016-12-31T23:59:60Z", Some("2017-01-01T00:00:00.000Z")),
            ("1900-01-01T00:00:00+01:00", None),
            ("2200-01-01T00:00:00Z", None),
            ("2026-03-01T09:30:00", None),
            ("2026-03-01", None),
            ("", None),
        ] {
            assert_eq!(through::<DateTime>(json!(given)), expected.map(|text| json!(text)), "{given}");
        }
        assert_eq!(through::<DateTime>(json!(1_772_000_000)), None);
        let precise = DateTime::read("2026-03-01T09:30:00.1234567Z").expect("a value");
        assert_eq!(precise.0.timestamp_subsec_nanos(), 123_456_000);
        let early = DateTime::read("1950-01-01T00:00:00.1234567Z").expect("a value");
        assert_eq!(early.0.timestamp_subsec_nanos(), 123_456_000);
    }

    #[test]
    fn days() {
        assert_eq!(through::<Date>(json!("2026-03-01")), Some(json!("2026-03-01")));
        for given in [json!("2026-3-1"), json!("2026-02-30"), json!(20_260_301), json!("2026-03-01T00:00:00Z")] {
            assert_eq!(through::<Date>(given.clone()), None, "{given}");
        }
    }

    #[test]
    fn exact_numbers() {
        for (given, expected) in [
            (json!("1234.50"), Some("1234.50")),
            (json!("-0.00"), Some("0.00")),
            (json!(-12), Some("-12")),
            (json!(u64::MAX), Some("18446744073709551615")),
            (json!("79228162514264337593543950335"), Some("79228162514264337593543950335")),
            (json!("79228162514264337593543950336"), None),
            (json!(12.5), None),
            (json!("1e3"), None),
            (json!("1_000"), None),
            (json!("1,000"), None),
            (json!(" 1"), None),
            (json!("+1"), None),
            (json!(".5"), None),
            (json!("5."), None),
            (json!("-"), None),
            (json!(""), None),
            (json!("NaN"), None),
            (json!(true), None),
        ] {
            assert_eq!(through::<Decimal>(given.clone()), expected.map(|text| json!(text)), "{given}");
        }
    }

    #[test]
    fn codes() {
        for (given, known) in [("EUR", true), ("CLF", true), ("eur", false), ("XXX", false), ("AAA", false), ("", false)] {
            assert_eq!(through::<CurrencyCode>(json!(given)).is_some(), known, "{given}");
        }
        for (given, known) in [("NO", true), ("GB", true), ("no", false), ("UK", false), ("NOR", false), ("", false)] {
            assert_eq!(through::<CountryCode>(json!(given)).is_some(), known, "{given}");
        }
    }

    struct Query;

    #[Object]
    impl Query {
        /// Answers what it was given.
        async fn echo(
            &self,
            number: Option<Decimal>,
            time: Option<DateTime>,
            day: Option<Date>,
            currency: Option<CurrencyCode>,
            country: Option<CountryCode>,
        ) -> Json {
            let shown = (number.map(|n| n.0), time.map(|t| t.0), day.map(|d| d.0), currency.map(|c| c.0), country.map(|c| c.0));
            Json(json!(format!("{shown:?}")))
        }
    }

    #[tokio::test]
    async fn refusals_say_what_to_send() {
        let schema = Schema::build(Query, EmptyMutation, EmptySubscription).finish();
        for (argument, part) in [
            ("number: 12.5", "12.5 is a floating-point number, which can't be exact; send a string such as \"1234.50\"."),
            ("number: \"1e3\"", "\"1e3\" is no exact number; send a string such as \"1234.50\""),
            ("time: \"yesterday\"", "\"yesterday\" is no point in time; send an RFC 3339 string with an offset"),
            ("day: \"1.3.2026\"", "\"1.3.2026\" is no day; send an existing one"),
            ("currency: \"euro\"", "\"euro\" is no currency; send an ISO 4217 code"),
            ("country: \"UK\"", "\"UK\" is no country; send an ISO 3166-1 alpha-2 code"),
        ] {
            let answer = schema.execute(format!("{{ echo({argument}) }}")).await;
            assert!(answer.errors[0].message.contains(part), "{argument}: {}", answer.errors[0].message);
        }
    }

    #[test]
    fn scalars_are_described() {
        let sdl = Schema::build(Query, EmptyMutation, EmptySubscription).finish().sdl();
        for scalar in ["DateTime", "Date", "Decimal", "CurrencyCode", "CountryCode", "JSON"] {
            let (before, _) = sdl.split_once(&format!("\nscalar {scalar}")).expect("a value");
            assert!(before.ends_with("\"\"\""), "{scalar} has no description");
        }
    }
}
