//! Reading a row of either database by the positions of its columns, and writing JSON by hand.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::types::Value;
use sea_orm::sqlx::error::BoxDynError;
use sea_orm::sqlx::postgres::{PgRow, PgTypeInfo, PgValueRef};
use sea_orm::sqlx::{Decode, Postgres, Row as _, Type};
use uuid::Uuid;

/// A value that both databases have.
pub trait Cell<'r>: Decode<'r, Postgres> + Type<Postgres> + OfSqlite<'r> {}
impl<'r, T: Decode<'r, Postgres> + Type<Postgres> + OfSqlite<'r>> Cell<'r> for T {}

/// A value that is kept in SQLite.
pub trait OfSqlite<'r>: Sized {
    /// What it is there.
    fn of_sqlite(value: &'r Value) -> Option<Self>;
}

impl<'r> OfSqlite<'r> for &'r str {
    fn of_sqlite(value: &'r Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl OfSqlite<'_> for Uuid {
    fn of_sqlite(value: &Value) -> Option<Self> {
        match value {
            Value::Blob(bytes) => Self::from_slice(bytes).ok(),
            _ => None,
        }
    }
}

impl OfSqlite<'_> for i64 {
    fn of_sqlite(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }
}

impl OfSqlite<'_> for i32 {
    fn of_sqlite(value: &Value) -> Option<Self> {
        i64::of_sqlite(value)?.try_into().ok()
    }
}

impl OfSqlite<'_> for i16 {
    fn of_sqlite(value: &Value) -> Option<Self> {
        i64::of_sqlite(value)?.try_into().ok()
    }
}

impl OfSqlite<'_> for bool {
    fn of_sqlite(value: &Value) -> Option<Self> {
        Some(i64::of_sqlite(value)? != 0)
    }
}

/// What a statement for SQLite is given.
pub trait Given {
    /// What it is there.
    fn given(self) -> Value;
}

impl Given for DateTime<Utc> {
    fn given(self) -> Value {
        self.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false).into()
    }
}

impl Given for NaiveDate {
    fn given(self) -> Value {
        self.to_string().into()
    }
}

impl Given for Uuid {
    fn given(self) -> Value {
        self.into_bytes().to_vec().into()
    }
}

impl Given for &str {
    fn given(self) -> Value {
        self.to_owned().into()
    }
}

impl Given for String {
    fn given(self) -> Value {
        self.into()
    }
}

impl Given for i64 {
    fn given(self) -> Value {
        self.into()
    }
}

/// A row of either database.
pub trait Row {
    /// The value of a column. Our own statements: a wrong type is our own mistake.
    fn get<'r, T: Cell<'r>>(&'r self, column: usize) -> Option<T>;
}

impl Row for PgRow {
    fn get<'r, T: Cell<'r>>(&'r self, column: usize) -> Option<T> {
        self.try_get_unchecked::<Option<T>, _>(column).unwrap_or_default()
    }
}

/// A row of SQLite.
pub struct SqliteRow(pub Vec<Value>);

impl Row for SqliteRow {
    fn get<'r, T: Cell<'r>>(&'r self, column: usize) -> Option<T> {
        self.0.get(column).and_then(T::of_sqlite)
    }
}

/// A moment in microseconds since 1970.
#[derive(Clone, Copy)]
pub struct Moment(pub i64);

impl Type<Postgres> for Moment {
    fn type_info() -> PgTypeInfo {
        <chrono::DateTime<chrono::Utc> as Type<Postgres>>::type_info()
    }
}

impl Decode<'_, Postgres> for Moment {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        // PostgreSQL counts from 2000 on.
        Ok(Self(<i64 as Decode<Postgres>>::decode(value)? + 946_684_800_000_000))
    }
}

impl Moment {
    fn read(text: &str) -> Result<Self, BoxDynError> {
        let (Day(days), time) = (Day::read(text)?, text.get(11..19).ok_or("no moment")?);
        let seconds = (number(&time[..2])? * 60 + number(&time[3..5])?) * 60 + number(&time[6..])?;
        let decimals = text.get(20..).filter(|_| text.as_bytes()[19] == b'.').unwrap_or_default();
        let length = decimals.bytes().take_while(u8::is_ascii_digit).count().min(6);
        let micros = number(&decimals[..length])? * 10_i64.pow(6 - u32::try_from(length)?);
        Ok(Self((days * 86_400 + seconds) * 1_000_000 + micros))
    }
}

/// A day, counted from 1970 on.
#[derive(Clone, Copy)]
pub struct Day(pub i64);

impl Day {
    fn read(text: &str) -> Result<Self, BoxDynError> {
        let text = text.get(..10).ok_or("no day")?;
        let (year, month, day) = (number(&text[..4])?, number(&text[5..7])?, number(&text[8..])?);
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let of_era = year.rem_euclid(400) * 365 + year.rem_euclid(400) / 4 - year.rem_euclid(400) / 100;
        Ok(Self(year.div_euclid(400) * 146_097 + of_era + (153 * month + 2) / 5 + day - 1 - 719_468))
    }
}

fn number(digits: &str) -> Result<i64, BoxDynError> {
    Ok(digits.bytes().fold(0, |number, digit| number * 10 + i64::from(digit.wrapping_sub(b'0'))))
}

impl Type<Postgres> for Day {
    fn type_info() -> PgTypeInfo {
        <chrono::NaiveDate as Type<Postgres>>::type_info()
    }
}

impl Decode<'_, Postgres> for Day {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        // PostgreSQL counts from 2000 on.
        Ok(Self(i64::from(<i32 as Decode<Postgres>>::decode(value)?) + 10_957))
    }
}

impl OfSqlite<'_> for Moment {
    fn of_sqlite(value: &Value) -> Option<Self> {
        Self::read(<&str>::of_sqlite(value)?).ok()
    }
}

impl OfSqlite<'_> for Day {
    fn of_sqlite(value: &Value) -> Option<Self> {
        Self::read(<&str>::of_sqlite(value)?).ok()
    }
}

/// JSON that grows.
pub struct Json(pub String);

impl Json {
    /// An empty one with room.
    pub fn new() -> Self {
        Self(String::with_capacity(16_384))
    }

    /// What stands there as it is.
    pub fn raw(&mut self, text: &str) -> &mut Self {
        self.0.push_str(text);
        self
    }

    /// A text, or null.
    pub fn text(&mut self, text: Option<&str>) -> &mut Self {
        let Some(text) = text else { return self.raw("null") };
        if text.bytes().any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
            self.0.push_str(&serde_json::to_string(text).unwrap_or_default());
            return self;
        }
        self.raw("\"").raw(text).raw("\"")
    }

    /// A number, or null.
    pub fn number(&mut self, number: Option<impl std::fmt::Display>) -> &mut Self {
        match number {
            Some(number) => drop(write!(self.0, "{number}")),
            None => self.0.push_str("null"),
        }
        self
    }

    /// True, or false.
    pub fn yes(&mut self, yes: Option<bool>) -> &mut Self {
        self.raw(if yes == Some(true) { "true" } else { "false" })
    }

    /// First and last name.
    pub fn name(&mut self, first: Option<&str>, last: Option<&str>) -> &mut Self {
        match (first, last) {
            (Some(first), Some(last)) => {
                self.text(Some(first)).0.pop();
                self.raw(" ");
                let start = self.0.len();
                self.text(Some(last)).0.remove(start);
                self
            }
            (first, last) => self.text(first.or(last)),
        }
    }

    /// An id with its prefix: a UUID in 26 letters of base 32.
    pub fn id(&mut self, prefix: &str, uuid: Option<Uuid>) -> &mut Self {
        const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let Some(uuid) = uuid else { return self.raw("null") };
        let mut bits = uuid.as_u128();
        let mut letters = [0_u8; 26];
        for letter in letters.iter_mut().rev() {
            *letter = LETTERS[(bits & 31) as usize];
            bits >>= 5;
        }
        self.raw("\"").raw(prefix).raw("_").raw(std::str::from_utf8(&letters).unwrap_or_default()).raw("\"")
    }

    /// A moment to the millisecond.
    pub fn moment(&mut self, moment: Option<Moment>) -> &mut Self {
        let Some(Moment(micros)) = moment else { return self.raw("null") };
        let (days, rest) = (micros.div_euclid(86_400_000_000), micros.rem_euclid(86_400_000_000) / 1_000);
        let (year, month, day) = civil(days);
        let (hour, minute, second, milli) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60, rest % 1_000);
        self.raw("\"").digits(year, 4).raw("-").digits(month, 2).raw("-").digits(day, 2).raw("T");
        self.digits(hour, 2).raw(":").digits(minute, 2).raw(":").digits(second, 2).raw(".").digits(milli, 3).raw("Z\"")
    }

    /// A day.
    pub fn day(&mut self, day: Option<Day>) -> &mut Self {
        let Some(Day(days)) = day else { return self.raw("null") };
        let (year, month, day) = civil(days);
        self.raw("\"").digits(year, 4).raw("-").digits(month, 2).raw("-").digits(day, 2).raw("\"")
    }

    /// An amount of ten-thousandths with two decimals, as most currencies have.
    pub fn money(&mut self, amount: Option<i64>, currency: Option<&str>) -> &mut Self {
        let Some(amount) = amount else { return self.raw("null") };
        self.raw("{\"amount\":\"").number(Some(amount / 10_000)).raw(".").digits(amount / 100 % 100, 2);
        self.raw("\",\"currency\":").text(currency).raw("}")
    }

    fn digits(&mut self, number: i64, count: u32) -> &mut Self {
        for place in (0..count).rev() {
            let digit = u8::try_from(number / 10_i64.pow(place) % 10).unwrap_or_default();
            self.0.push(char::from(b'0' + digit));
        }
        self
    }
}

/// The day of the calendar, from days since 1970.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}
