//! Tables without indexes and, on PostgreSQL, references while very many rows are written into them: a database makes both
//! afterwards in a fraction of the time.

use sea_orm::{ConnectionTrait, Statement};

use crate::app::App;
use crate::error::Result;

/// How to make what was taken away.
pub struct BareTables {
    tables: &'static [&'static str],
    restore: Vec<String>,
}

impl BareTables {
    /// Takes away all indexes but those of the keys, and the references to other tables. Whoever stops before `dress` is left with
    /// a database that is good for nothing: this is for new ones.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn strip(app: &App, tables: &'static [&'static str]) -> Result<Self> {
        let mut restore = Vec::new();
        let transaction = app.database().begin().await?;
        let backend = transaction.get_database_backend();
        let extras = if app.database().is_postgres() { postgres_extras(tables) } else { sqlite_extras(tables) };
        for row in transaction.query_all_raw(Statement::from_string(backend, extras)).await? {
            transaction.execute_unprepared(&row.try_get::<String>("", "take")?).await?;
            restore.push(row.try_get("", "make")?);
        }
        transaction.commit().await?;
        Ok(Self { tables, restore })
    }

    /// Makes everything again, and lets the database see how the rows are spread.
    ///
    /// # Errors
    /// When the database refuses.
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
            for table in self.tables {
                app.database().read().execute_unprepared(&format!("VACUUM {table}")).await?;
            }
        }
        Ok(())
    }
}

/// What is taken away, as statements: how to take it, and how to make it again.
fn postgres_extras(tables: &[&str]) -> String {
    let tables = quoted(tables);
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

/// SQLite's references stay: they are looked up by keys, and those are there.
fn sqlite_extras(tables: &[&str]) -> String {
    format!(
        "SELECT 'DROP INDEX ' || name AS take, sql AS make FROM sqlite_master
        WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({})",
        quoted(tables)
    )
}

fn quoted(tables: &[&str]) -> String {
    tables.iter().map(|table| format!("'{table}'")).collect::<Vec<_>>().join(", ")
}
