//! Cursors: a place in an ordered list, as an opaque text that a client hands back.
//!
//! A cursor holds the sort values of its row and not a row number, so rows that come and go elsewhere do not move it, and it
//! keeps its meaning when its own row is gone. Clients can forge one: nothing in it is believed before it fits its order.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike, NaiveDate};
use sea_orm::{ColumnType, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, Result};

/// A place in a list: the sort values of one row, and the order that they belong to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// The name of the order that the list had.
    #[serde(rename = "o")]
    pub order: String,
    /// The row's values of the order's keys, without the id.
    #[serde(rename = "k")]
    pub keys: Vec<Key>,
    /// The row's id, which decides between rows of equal keys.
    #[serde(rename = "i")]
    pub id: Uuid,
}

/// One sort value with its type, so that what is read back is what was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Key {
    /// The row has no value here.
    #[serde(rename = "n")]
    Null,
    /// A text, or an enum that is stored as one.
    #[serde(rename = "t")]
    Text(String),
    /// A whole number: a count, an amount in minor units, an enum that is stored as a number.
    #[serde(rename = "i")]
    Int(i64),
    /// A moment in microseconds since 1970, which is what both databases keep.
    #[serde(rename = "m")]
    Time(i64),
    /// A day.
    #[serde(rename = "d")]
    Date(NaiveDate),
    /// An id.
    #[serde(rename = "u")]
    Uuid(Uuid),
    /// A yes or no; no comes first.
    #[serde(rename = "b")]
    Bool(bool),
}

impl Cursor {
    /// The cursor as clients see it: base64url without padding.
    ///
    /// # Errors
    /// An internal fault if it cannot be written as JSON, which no cursor of this type does.
    pub fn encode(&self) -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).map_err(Error::internal)?))
    }

    /// Reads what a client handed back.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` if it is no cursor, or one of a list in another order.
    pub fn decode(text: &str, order: &str) -> Result<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| malformed())?;
        let cursor: Self = serde_json::from_slice(&bytes).map_err(|_| malformed())?;
        if cursor.order == order { Ok(cursor) } else { Err(of_another_order()) }
    }
}

/// What a text that is no cursor is answered with.
pub fn malformed() -> Error {
    Error::bad_input("This is not a cursor. Use startCursor, endCursor or an edge's cursor of the same list, unchanged.")
}

fn of_another_order() -> Error {
    Error::bad_input(
        "This cursor belongs to a list in another order. Start again without a cursor, or use the order that it was made with.",
    )
}

impl Key {
    /// The sort value of a row.
    ///
    /// # Errors
    /// An internal fault for a type that lists are not sorted by.
    pub(super) fn from_value(value: Value) -> Result<Self> {
        let key = match value {
            Value::Bool(value) => value.map(Self::Bool),
            Value::SmallInt(value) => value.map(|number| Self::Int(number.into())),
            Value::Int(value) => value.map(|number| Self::Int(number.into())),
            Value::BigInt(value) => value.map(Self::Int),
            Value::String(value) => value.map(Self::Text),
            Value::Uuid(value) => value.map(Self::Uuid),
            Value::ChronoDate(value) => value.map(Self::Date),
            Value::ChronoDateTimeUtc(value) => value.map(|moment| Self::Time(moment.timestamp_micros())),
            other => return Err(Error::internal(format!("a list cannot be sorted by a value like {other:?}"))),
        };
        Ok(key.unwrap_or(Self::Null))
    }

    /// The value to compare a column of this type with; nothing if the type is another one or if either database would refuse
    /// the value. `Null` has none: a missing value is asked for with `IS NULL`.
    pub(super) fn to_value(&self, column: &ColumnType) -> Option<Value> {
        match (self, column) {
            (Self::Bool(value), ColumnType::Boolean) => Some((*value).into()),
            (Self::Int(number), ColumnType::SmallInteger) => i16::try_from(*number).ok().map(Value::from),
            (Self::Int(number), ColumnType::Integer) => i32::try_from(*number).ok().map(Value::from),
            (Self::Int(number), ColumnType::BigInteger) => Some((*number).into()),
            // PostgreSQL has no text with a NUL in it.
            (Self::Text(text), ColumnType::Char(_) | ColumnType::String(_) | ColumnType::Text) => {
                (!text.contains('\0')).then(|| text.as_str().into())
            }
            (Self::Uuid(id), ColumnType::Uuid) => Some((*id).into()),
            (Self::Date(day), ColumnType::Date) => is_storable(day).then(|| (*day).into()),
            (Self::Time(micros), ColumnType::TimestampWithTimeZone) => {
                DateTime::from_timestamp_micros(*micros).filter(is_storable).map(Value::from)
            }
            _ => None,
        }
    }
}

/// Years that both databases keep; on SQLite, years of other than four digits would not sort as texts do.
fn is_storable(date: &impl Datelike) -> bool {
    (1..=9999).contains(&date.year())
}
