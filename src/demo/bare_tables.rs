//! Tables without indexes and references while very many rows are written into them: PostgreSQL makes both afterwards in a fraction
//! of the time. SQLite takes the rows as quickly as it is.

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::app::App;
use crate::error::Result;

/// The tables that get the most rows.
const TABLES: [&str; 5] = ["leads", "lead_status_changes", "opportunities", "opportunity_changes", "lead_conversions"];

/// How to make what was taken away.
pub struct BareTables {
    restore: Vec<String>,
}

impl BareTables {
    /// Takes away all indexes but those of the keys, and the references to other tables. Whoever stops before `dress` is left with
    /// a database that is good for nothing: this is for new ones.
    pub async fn strip(app: &App) -> Result<Self> {
        let mut restore = Vec::new();
        if app.database().is_postgres() {
            let transaction = app.database().begin().await?;
            for row in transaction.query_all_raw(Statement::from_string(DbBackend::Postgres, extras())).await? {
                transaction.execute_unprepared(&row.try_get::<String>("", "take")?).await?;
                restore.push(row.try_get("", "make")?);
            }
            transaction.commit().await?;
        }
        Ok(Self { restore })
    }

    /// Makes everything again, and lets the database see how the rows are spread.
    pub async fn dress(self, app: &App) -> Result<()> {
        let transaction = app.database().begin().await?;
        if app.database().is_postgres() {
            let patience = "SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '512MB'";
            transaction.execute_unprepared(patience).await?;
        }
        for statement in &self.restore {
            transaction.execute_unprepared(statement).await?;
        }
        // SQLite looks at as much as it does when the program ends: with more, it would plan each statement anew for its values.
        transaction
            .execute_unprepared(if app.database().is_postgres() { "ANALYZE" } else { "PRAGMA analysis_limit = 400; ANALYZE" })
            .await?;
        transaction.commit().await?;
        if app.database().is_postgres() {
            // As it would do by itself after a while: only then does it trust its indexes without looking at the rows.
            for table in TABLES {
                app.database().read().execute_unprepared(&format!("VACUUM {table}")).await?;
            }
        }
        Ok(())
    }
}

/// What is taken away, as statements: how to take it, and how to make it again.
fn extras() -> String {
    let tables = TABLES.map(|table| format!("'{table}'")).join(", ");
    format!(
        "SELECT 'ALTER TABLE ' || r.relname || ' DROP CONSTRAINT ' || quote_ident(c.conname) AS take,
            'ALTER TABLE ' || r.relname || ' ADD CONSTRAINT ' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid) AS make
        FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
        WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace AND r.relname IN ({tables})
        UNION ALL
        SELECT 'DROP INDEX ' || quote_ident(indexname), indexdef FROM pg_indexes
        WHERE schemaname = current_schema() AND tablename IN ({tables})
            AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    )
}
