//! W1 to W3 by hand on SQLite: one connection that writes, as leadgraph has it, and one transaction each.

use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::Utc;
use sea_orm::sqlx::query::Query;
use sea_orm::sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqlitePoolOptions};
use sea_orm::sqlx::{AssertSqlSafe, Connection, Sqlite, SqlitePool, query, query_scalar};
use uuid::Uuid;

use super::Outcome;
use super::reads::uuid;
use super::statements::{CONVERT, CREATE, MOVE, with_values};

/// The connection that writes, and what it writes about.
pub struct Writer {
    pool: SqlitePool,
    user: Uuid,
    source: Uuid,
    pipeline: Uuid,
    stage: Uuid,
    create: Vec<Prepared>,
    convert: Vec<Prepared>,
    moving: Vec<Prepared>,
    number: AtomicI64,
}

/// A statement with numbered values, and their names in the same order.
struct Prepared {
    sql: String,
    values: Vec<String>,
}

impl Prepared {
    fn all(statements: &[&str]) -> Vec<Self> {
        statements.iter().map(|sql| Self::one(sql)).collect()
    }

    fn one(sql: &str) -> Self {
        let mut values: Vec<String> = Vec::new();
        let sql = with_values(sql, |name| {
            let known = values.iter().position(|value| value == name).unwrap_or_else(|| {
                values.push(name.to_owned());
                values.len() - 1
            });
            format!("?{}", known + 1)
        });
        Self { sql, values }
    }
}

/// What the values of one request are.
struct Values {
    number: i64,
    now: chrono::DateTime<Utc>,
    ids: [Uuid; 14],
    record: Uuid,
    stage: Uuid,
}

impl Writer {
    /// Opens a second pool, with the settings of leadgraph's writer.
    pub async fn open(database: &str) -> Outcome<Self> {
        let options = SqliteConnectOptions::from_str("sqlite:limit")?
            .filename(database)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            .statement_cache_capacity(256)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .pragma("journal_size_limit", "67108864")
            .pragma("cache_size", "-16000")
            .pragma("temp_store", "MEMORY")
            .pragma("case_sensitive_like", "ON");
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await?;
        let one = async |sql: &'static str| query_scalar::<_, Uuid>(sql).fetch_one(&pool).await;
        let user = one("SELECT id FROM users WHERE active ORDER BY id LIMIT 1").await?;
        let source = one("SELECT id FROM lead_sources ORDER BY id LIMIT 1").await?;
        let pipeline = one("SELECT id FROM pipelines WHERE is_default").await?;
        let stage = one(
            "SELECT s.id FROM stages s JOIN pipelines p ON p.id = s.pipeline_id WHERE p.is_default ORDER BY s.position LIMIT 1",
        );
        let stage = stage.await?;
        let number = AtomicI64::new(Utc::now().timestamp_micros());
        let (create, convert, moving) = (Prepared::all(CREATE), Prepared::all(CONVERT), Prepared::all(MOVE));
        Ok(Self { pool, user, source, pipeline, stage, create, convert, moving, number })
    }

    /// Carries an operation out and answers what the API would, in short.
    pub async fn answer(&self, operation: &str, what: &str) -> Outcome<String> {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let mut values = Values {
            number,
            now: Utc::now(),
            ids: std::array::from_fn(|_| Uuid::now_v7()),
            record: Uuid::nil(),
            stage: self.stage,
        };
        let statements = match operation {
            "W1" => &self.create,
            "W2" => {
                values.record = uuid(what)?;
                &self.convert
            }
            _ => {
                let (record, stage) = what.split_once('/').ok_or("opportunity/stage")?;
                (values.record, values.stage) = (uuid(record)?, uuid(stage)?);
                &self.moving
            }
        };
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        for statement in statements {
            let mut query = query(AssertSqlSafe(statement.sql.as_str()));
            for name in &statement.values {
                query = self.bind(query, name, &values);
            }
            query.fetch_all(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(format!("{{\"data\":{{\"id\":\"{}\",\"version\":1,\"userErrors\":[]}}}}", values.ids[1]))
    }

    fn bind<'q>(
        &self,
        query: Query<'q, Sqlite, SqliteArguments>,
        name: &str,
        values: &Values,
    ) -> Query<'q, Sqlite, SqliteArguments> {
        match name {
            "n" => query.bind(values.number),
            "now" => query.bind(values.now),
            "user" => query.bind(self.user),
            "source" => query.bind(self.source),
            "pipeline" => query.bind(self.pipeline),
            "stage" => query.bind(values.stage),
            "lead" | "opportunity" => query.bind(values.record),
            id => {
                query.bind(id.strip_prefix("id").and_then(|id| id.parse().ok()).and_then(|id: usize| values.ids.get(id)).copied())
            }
        }
    }
}
