//! Reading SQLite on the thread that asks.
//!
//! The library has a thread for each of its connections to SQLite: each statement wakes that thread and is woken by it, and each value is
//! copied on its way. Most statements take less time than that. So pages, references and searches are read right here, up to a bound;
//! what takes longer is left to the library, so that no thread that answers others is held up. So is what goes wrong: it goes wrong
//! there, too, and says so.

use std::error::Error;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use lru::LruCache;
use rusqlite::types::{Null, ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, params_from_iter};
use sea_orm::sea_query::ColumnType;
use sea_orm::{DbErr, Statement, Value, Values};
use uuid::Uuid;

use super::STATEMENT_CACHE;
use super::rows::{Row, unknown};

/// How many steps of SQLite's machine a statement may take here, give or take one portion: some milliseconds.
const STEPS: u32 = 200_000;
/// How often a statement that took longer is left to the library before it is tried again: with other values it may be short.
const TIMES_LEFT: u32 = 100;
/// After so many steps SQLite asks whether it may go on.
const STEPS_AT_ONCE: u32 = 10_000;

/// How much memory each connection keeps pages in: there are few, and they read nearly everything.
const CACHE_KIB: i64 = 8_000;

/// Connections that read on the thread that asks: as many as threads ever asked at once.
#[derive(Debug)]
pub(super) struct Readers {
    file: PathBuf,
    idle: Mutex<Idle>,
}

#[derive(Debug)]
enum Idle {
    Open(Vec<Reader>),
    Closed,
}

#[derive(Debug)]
struct Reader {
    connection: Connection,
    /// Which thread read with it last.
    thread: ThreadId,
    /// How many portions of steps the statement may still take.
    portions: Arc<AtomicU32>,
    /// Statements that took too long, and how many times more they are left to the library.
    long: LruCache<String, u32>,
}

impl Readers {
    pub fn new(file: PathBuf) -> Self {
        Self { file, idle: Mutex::new(Idle::Open(Vec::new())) }
    }

    /// Makes something of each row; nothing where the statement is left to the library.
    pub fn read<T>(&self, statement: &Statement, make: impl FnMut(&Row<'_>) -> Result<T, DbErr>) -> Option<Vec<T>> {
        let ready = match &mut *self.idle() {
            Idle::Open(readers) => take_own(readers),
            Idle::Closed => return None,
        };
        let mut reader = match ready {
            Some(reader) => reader,
            None => Reader::open(&self.file).inspect_err(|error| tracing::debug!(%error, "no reader was opened")).ok()?,
        };
        let made = reader.read(statement, make);
        reader.thread = thread::current().id();
        if let Idle::Open(readers) = &mut *self.idle() {
            readers.push(reader);
        }
        made
    }

    /// Closes the connections that lie here; those in use close when they are done with.
    pub fn close(&self) {
        *self.idle() = Idle::Closed;
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The one that this thread had last, whose pages lie in its processor's cache; otherwise any.
fn take_own(readers: &mut Vec<Reader>) -> Option<Reader> {
    match readers.iter().position(|reader| reader.thread == thread::current().id()) {
        Some(own) => Some(readers.swap_remove(own)),
        None => readers.pop(),
    }
}

impl Reader {
    fn open(file: &PathBuf) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags)?;
        // Whatever waits for a lock waits on one of the library's threads.
        connection.busy_timeout(Duration::ZERO)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "case_sensitive_like", "ON")?;
        connection.pragma_update(None, "query_only", "ON")?;
        connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
        let portions = Arc::new(AtomicU32::new(0));
        let left = portions.clone();
        let is_over = move || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err();
        connection.progress_handler(STEPS_AT_ONCE.cast_signed(), Some(is_over))?;
        let remembered = NonZeroUsize::new(STATEMENT_CACHE).unwrap_or(NonZeroUsize::MIN);
        Ok(Self { connection, thread: thread::current().id(), portions, long: LruCache::new(remembered) })
    }

    fn read<T>(&mut self, statement: &Statement, make: impl FnMut(&Row<'_>) -> Result<T, DbErr>) -> Option<Vec<T>> {
        if let Some(times) = self.long.get_mut(&statement.sql).filter(|times| **times > 0) {
            *times -= 1;
            return None;
        }
        self.portions.store(STEPS / STEPS_AT_ONCE, Ordering::Relaxed);
        let failed = match self.rows(statement, make) {
            Ok(made) => {
                // The library says as much of those that it carries out.
                tracing::debug!(statement = statement.sql, rows = made.len(), "read");
                return Some(made);
            }
            Err(failed) => failed,
        };
        let code = failed.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code);
        if code == Some(ErrorCode::OperationInterrupted) {
            self.long.put(statement.sql.clone(), TIMES_LEFT);
        }
        tracing::debug!(%failed, "a statement is left to the library");
        None
    }

    fn rows<T>(
        &self,
        statement: &Statement,
        mut make: impl FnMut(&Row<'_>) -> Result<T, DbErr>,
    ) -> Result<Vec<T>, Box<dyn Error>> {
        let values = statement.values.iter().flat_map(|Values(values)| values);
        let values = values.map(parameter).collect::<Result<Vec<_>, _>>()?;
        let mut prepared = self.connection.prepare_cached(&statement.sql)?;
        let mut rows = prepared.query(params_from_iter(values))?;
        // Most pages have more rows than a list grows by at first, and large ones.
        let mut made = Vec::with_capacity(32);
        while let Some(row) = rows.next()? {
            made.push(make(&Row::OfReader(row))?);
        }
        Ok(made)
    }
}

/// A value as the library gives it to SQLite.
fn parameter(value: &Value) -> Result<ToSqlOutput<'_>, DbErr> {
    let integer = |value: Option<i64>| ToSqlOutput::Borrowed(value.map_or(ValueRef::Null, ValueRef::Integer));
    Ok(match value {
        Value::Bool(value) => integer(value.map(i64::from)),
        Value::SmallInt(value) => integer(value.map(i64::from)),
        Value::Int(value) => integer(value.map(i64::from)),
        Value::BigInt(value) => integer(*value),
        Value::BigUnsigned(Some(number)) => i64::try_from(*number).map_err(|error| DbErr::Type(error.to_string()))?.into(),
        Value::String(Some(text)) => text.as_str().into(),
        Value::Uuid(Some(id)) => ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes())),
        Value::Json(Some(json)) => json.to_string().into(),
        Value::ChronoDate(Some(date)) => date.to_string().into(),
        Value::ChronoDateTimeUtc(Some(at)) => at.to_rfc3339_opts(SecondsFormat::AutoSi, false).into(),
        other if *other == other.as_null() => Null.into(),
        other => return Err(DbErr::Type(format!("{other:?} is left to the library"))),
    })
}

/// A value of a row, as the library would read it.
pub(super) fn value(row: &rusqlite::Row<'_>, place: usize, kind: &ColumnType) -> Result<Value, DbErr> {
    let wrong = |what: &dyn std::fmt::Display| DbErr::Type(format!("column {place}: {what}"));
    let found = row.get_ref(place).map_err(|error| wrong(&error))?;
    let text = |bytes| std::str::from_utf8(bytes).map_err(|error| wrong(&error));
    Ok(match (kind, found) {
        (ColumnType::Uuid, ValueRef::Blob(bytes)) => Uuid::from_slice(bytes).map_err(|error| wrong(&error))?.into(),
        (ColumnType::Text | ColumnType::String(_), ValueRef::Text(bytes)) => text(bytes)?.into(),
        (ColumnType::Boolean, ValueRef::Integer(number)) => (number != 0).into(),
        (ColumnType::SmallInteger, ValueRef::Integer(number)) => i16::try_from(number).map_err(|error| wrong(&error))?.into(),
        (ColumnType::Integer, ValueRef::Integer(number)) => i32::try_from(number).map_err(|error| wrong(&error))?.into(),
        (ColumnType::BigInteger, ValueRef::Integer(number)) => number.into(),
        (ColumnType::Date, ValueRef::Text(bytes)) => text(bytes)?.parse::<NaiveDate>().map_err(|error| wrong(&error))?.into(),
        (ColumnType::TimestampWithTimeZone, ValueRef::Text(bytes)) => {
            let at = DateTime::parse_from_rfc3339(text(bytes)?).map_err(|error| wrong(&error))?;
            at.with_timezone(&Utc).into()
        }
        (ColumnType::Json | ColumnType::JsonBinary, ValueRef::Text(bytes)) => {
            serde_json::from_slice::<serde_json::Value>(bytes).map_err(|error| wrong(&error))?.into()
        }
        (_, ValueRef::Null) => null(kind)?,
        (_, other) => return Err(wrong(&format!("{other:?} is no {kind:?}"))),
    })
}

fn null(kind: &ColumnType) -> Result<Value, DbErr> {
    Ok(match kind {
        ColumnType::Uuid => Value::Uuid(None),
        ColumnType::Text | ColumnType::String(_) => Value::String(None),
        ColumnType::Boolean => Value::Bool(None),
        ColumnType::SmallInteger => Value::SmallInt(None),
        ColumnType::Integer => Value::Int(None),
        ColumnType::BigInteger => Value::BigInt(None),
        ColumnType::Date => Value::ChronoDate(None),
        ColumnType::TimestampWithTimeZone => Value::ChronoDateTimeUtc(None),
        ColumnType::Json | ColumnType::JsonBinary => Value::Json(None),
        other => return Err(unknown(other)),
    })
}

#[cfg(test)]
mod tests;
