//! Rows of either database, whose values are read by their places.

use sea_orm::sea_query::{ColumnType, ValueType};
use sea_orm::sqlx::error::BoxDynError;
use sea_orm::sqlx::{self, Database, Decode, Postgres, Row as _, Sqlite, ValueRef};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

use super::{Connections, Transaction, readers};

/// A row, for as long as it is read.
pub enum Row<'r> {
    /// One of the library's.
    OfLibrary(&'r QueryResult),
    /// One that SQLite has at hand, on the thread that asked.
    OfReader(&'r rusqlite::Row<'r>),
}

/// What rows are read from. Transactions and PostgreSQL read as the library does.
pub trait ReadRows: ConnectionTrait {
    /// Makes something of each row that a statement answers. `make` may be begun again from the first row, and then only what it made of
    /// those counts.
    fn read_rows<T: Send>(
        &self,
        statement: Statement,
        mut make: impl FnMut(&Row<'_>) -> Result<T, DbErr> + Send,
    ) -> impl Future<Output = Result<Vec<T>, DbErr>> + Send {
        async move { self.query_all_raw(statement).await?.iter().map(|row| make(&Row::OfLibrary(row))).collect() }
    }
}

impl ReadRows for Transaction {}

impl ReadRows for Connections {
    async fn read_rows<T: Send>(
        &self,
        statement: Statement,
        mut make: impl FnMut(&Row<'_>) -> Result<T, DbErr> + Send,
    ) -> Result<Vec<T>, DbErr> {
        if let Some(made) = self.read_here(&statement, &mut make) {
            return Ok(made);
        }
        self.query_all_raw(statement).await?.iter().map(|row| make(&Row::OfLibrary(row))).collect()
    }
}

impl Row<'_> {
    /// The value at a place, from 0.
    ///
    /// # Errors
    /// When it isn't of this type.
    pub fn get<T: ValueType>(&self, place: usize) -> Result<T, DbErr> {
        let value = self.value(place, &T::column_type())?;
        T::try_from(value).map_err(|_| DbErr::Type(format!("column {place} has no {}", T::type_name())))
    }

    /// The value at a place, from 0, of a column of this type: one of those that columns have.
    ///
    /// # Errors
    /// When it isn't of that type.
    pub fn value(&self, place: usize, kind: &ColumnType) -> Result<Value, DbErr> {
        match self {
            Self::OfLibrary(row) => of_library(row, place, kind),
            Self::OfReader(row) => readers::value(row, place, kind),
        }
    }
}

fn of_library(row: &QueryResult, place: usize, kind: &ColumnType) -> Result<Value, DbErr> {
    match kind {
        ColumnType::Uuid => read::<uuid::Uuid>(row, place),
        ColumnType::Text | ColumnType::String(_) => read::<String>(row, place),
        ColumnType::Boolean => read::<bool>(row, place),
        ColumnType::SmallInteger => read::<i16>(row, place),
        ColumnType::Integer => read::<i32>(row, place),
        ColumnType::BigInteger => read::<i64>(row, place),
        ColumnType::Date => read::<chrono::NaiveDate>(row, place),
        ColumnType::TimestampWithTimeZone => read::<chrono::DateTime<chrono::Utc>>(row, place),
        ColumnType::Json | ColumnType::JsonBinary => read::<serde_json::Value>(row, place),
        other => Err(unknown(other)),
    }
}

/// Reads a value of this type. The library would compare the column's type with it each time, and write a sentence about each value that is
/// missing before it finds that it may be; a test compares the tables with the entities once for all.
fn read<T>(row: &QueryResult, place: usize) -> Result<Value, DbErr>
where
    for<'r> T: Decode<'r, Postgres> + Decode<'r, Sqlite>,
    Option<T>: Into<Value>,
{
    let value: Result<Option<T>, BoxDynError> = match (row.try_as_pg_row(), row.try_as_sqlite_row()) {
        (Some(row), _) => decoded::<Postgres, T>(row.try_get_raw(place)),
        (None, Some(row)) => decoded::<Sqlite, T>(row.try_get_raw(place)),
        (None, None) => Err("a row of a database that we don't know".into()),
    };
    value.map(Into::into).map_err(|error| DbErr::Type(format!("column {place}: {error}")))
}

fn decoded<'r, D: Database, T: Decode<'r, D>>(value: Result<D::ValueRef<'r>, sqlx::Error>) -> Result<Option<T>, BoxDynError> {
    let value = value?;
    if value.is_null() { Ok(None) } else { T::decode(value).map(Some) }
}

pub(super) fn unknown(kind: &ColumnType) -> DbErr {
    DbErr::Type(format!("values are not read one by one where one is of type {kind:?}"))
}
