use std::sync::atomic::AtomicUsize;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::data::database::tests::sqlite_in;
use crate::data::database::{Database, ReadRows};

async fn opened() -> (TempDir, Database) {
    let directory = TempDir::new().unwrap();
    let database = Database::open(&sqlite_in(&directory)).await.unwrap();
    (directory, database)
}

fn statement(sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
}

/// A statement that takes so many times round a loop.
fn counting(rounds: u32) -> Statement {
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT MAX(i) FROM n";
    statement(sql, [i64::from(rounds).into()])
}

fn number(row: &Row<'_>) -> Result<i64, DbErr> {
    row.get(0)
}

/// One of each type that columns have, and the extremes.
fn values() -> Vec<Value> {
    let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc);
    vec![
        Uuid::now_v7().into(),
        "".into(),
        "Jürgen 🦀 \0 end".into(),
        true.into(),
        false.into(),
        i16::MIN.into(),
        i32::MAX.into(),
        i64::MIN.into(),
        NaiveDate::from_ymd_opt(2024, 2, 29).unwrap().into(),
        at("2026-11-22T00:00:00Z").into(),
        at("2026-11-22T23:59:59.999999Z").into(),
        at("1969-12-31T23:59:59.001Z").into(),
        json!({"a": [1, null, "ä"]}).into(),
        Value::Uuid(None),
        Value::String(None),
        Value::Bool(None),
        Value::SmallInt(None),
        Value::Int(None),
        Value::BigInt(None),
        Value::ChronoDate(None),
        Value::ChronoDateTimeUtc(None),
        Value::Json(None),
    ]
}

fn type_of(value: &Value) -> ColumnType {
    match value {
        Value::Uuid(_) => ColumnType::Uuid,
        Value::String(_) => ColumnType::Text,
        Value::Bool(_) => ColumnType::Boolean,
        Value::SmallInt(_) => ColumnType::SmallInteger,
        Value::Int(_) => ColumnType::Integer,
        Value::BigInt(_) => ColumnType::BigInteger,
        Value::ChronoDate(_) => ColumnType::Date,
        Value::ChronoDateTimeUtc(_) => ColumnType::TimestampWithTimeZone,
        Value::Json(_) => ColumnType::JsonBinary,
        other => panic!("no column is of {other:?}"),
    }
}

#[tokio::test]
async fn values_are_given_and_read_as_the_library_does() {
    let (_directory, database) = opened().await;
    for value in values() {
        database.write.of_this_thread().execute_unprepared("DROP TABLE IF EXISTS kept; CREATE TABLE kept (value)").await.unwrap();
        let insert = statement("INSERT INTO kept (value) VALUES (?)", [value.clone()]);
        database.write.of_this_thread().execute_raw(insert).await.unwrap();
        let kind = type_of(&value);
        let all = statement("SELECT value FROM kept", []);
        let here = database.read().read_here(&all, |row| row.value(0, &kind)).expect("read here");
        assert_eq!(here, std::slice::from_ref(&value));
        let row = database.read().query_one_raw(all).await.unwrap().unwrap();
        assert_eq!(Row::OfLibrary(&row).value(0, &kind).unwrap(), value);
        let same = statement("SELECT COUNT(*) FROM kept WHERE value IS ?", [value.clone()]);
        assert_eq!(database.read().read_here(&same, number), Some(vec![1]), "{value:?}");
    }
    let wrong = statement("SELECT 'text'", []);
    assert_eq!(database.read().read_here(&wrong, number), None, "what isn't of the column's type is left to the library");
    database.close().await.unwrap();
}

#[tokio::test]
async fn what_takes_long_is_left_to_the_library() {
    let (_directory, database) = opened().await;
    // Short ones stay here however many there are: it is one statement's steps that count.
    for _ in 0..200 {
        assert_eq!(database.read().read_here(&counting(1_000), number), Some(vec![1_000]));
    }
    assert_eq!(database.read().read_here(&counting(1_000_000), number), None);
    assert_eq!(database.read().read_rows(counting(1_000_000), number).await.unwrap(), [1_000_000]);
    for _ in 0..TIMES_LEFT - 1 {
        assert_eq!(database.read().read_here(&counting(10), number), None, "from then on it is left there at once");
    }
    assert_eq!(database.read().read_here(&counting(10), number), Some(vec![10]), "but not for ever: it may be short");
    assert_eq!(database.read().read_here(&statement("SELECT 7", []), number), Some(vec![7]), "and no other");
    database.close().await.unwrap();
}

#[tokio::test]
async fn errors_are_the_librarys() {
    let (_directory, mut database) = opened().await;
    let told = Arc::new(AtomicUsize::new(0));
    let count = told.clone();
    database.on_statement(move |_| _ = count.fetch_add(1, Ordering::Relaxed));
    let error = database.read().read_rows(statement("SELECT * FROM nowhere", []), number).await.unwrap_err();
    assert!(error.to_string().contains("no such table: nowhere"), "{error}");
    let error = database.read().read_rows(statement("CREATE TABLE new (id)", []), number).await.unwrap_err();
    assert!(error.to_string().contains("readonly"), "{error}");
    assert_eq!(database.read().read_rows(statement("SELECT 7", []), number).await.unwrap(), [7]);
    assert_eq!(told.load(Ordering::Relaxed), 3, "each statement is told of once");
    database.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_threads_read_at_once_and_see_what_was_written_last() {
    let (directory, database) = opened().await;
    let writer = database.write.of_this_thread();
    writer.execute_unprepared("CREATE TABLE numbers (number); INSERT INTO numbers VALUES (0)").await.unwrap();
    for round in 1..50_i64 {
        writer.execute_raw(statement("UPDATE numbers SET number = ?", [round.into()])).await.unwrap();
        let readers = (0..8).map(|_| {
            let database = database.clone();
            tokio::spawn(async move { database.read().read_here(&statement("SELECT number FROM numbers", []), number) })
        });
        for reader in readers.collect::<Vec<_>>() {
            assert_eq!(reader.await.unwrap(), Some(vec![round]));
        }
    }
    database.close().await.unwrap();
    assert_eq!(database.read().read_here(&statement("SELECT 1", []), number), None, "a closed database is not read");
    let left: Vec<_> = std::fs::read_dir(directory.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left.len(), 1, "the log was folded into the file by the last that closed it: {left:?}");
}
