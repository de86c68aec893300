//! On PostgreSQL, processes hear when a sign-in ends, or a user, a short list or the settings change: what they keep in memory of these
//! holds no more then. On SQLite they look at the file.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// The step.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const NOTIFY: &str = "CREATE FUNCTION notify_leadgraph_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('leadgraph_changes', ''); RETURN NULL; END $$";

const TABLES: [&str; 8] =
    ["close_reasons", "disqualification_reasons", "lead_sources", "pipelines", "stages", "teams", "users", "workspace"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let connection = manager.get_connection();
        connection.execute_unprepared(NOTIFY).await?;
        // Signing in deletes what is over, which mostly is nothing: only rows count there.
        let sessions = "CREATE TRIGGER sessions_notify AFTER UPDATE OR DELETE ON sessions
            FOR EACH ROW EXECUTE FUNCTION notify_leadgraph_changes()";
        connection.execute_unprepared(sessions).await?;
        for table in TABLES {
            let trigger = format!(
                "CREATE TRIGGER {table}_notify AFTER INSERT OR UPDATE OR DELETE ON {table}
                    FOR EACH STATEMENT EXECUTE FUNCTION notify_leadgraph_changes()"
            );
            connection.execute_unprepared(&trigger).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
