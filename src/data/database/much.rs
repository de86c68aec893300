//! A process that writes many records into SQLite's file.

use sea_orm::{ConnectionTrait, DbErr};

use super::{Database, Transaction};

/// Page cache of the writing connection of a process that imports, in KiB: the pages that some thousand new records touch, since one
/// that must make room for others is written more than once.
const SQLITE_IMPORT_CACHE_KIB: u32 = 64_000;
/// How many pages the log may have before such a connection empties it itself, in KiB 4 times as many.
const SQLITE_IMPORT_LOG_PAGES: u32 = 50_000;

impl Database {
    /// Prepares SQLite's writing connection for a process that writes many records: it keeps more pages, and leaves it to `fold_log` to
    /// empty the log, unless that grows large all the same.
    ///
    /// # Errors
    /// When the connection doesn't get free in time.
    pub async fn prepare_for_much(&self) -> Result<(), DbErr> {
        if self.is_postgres() {
            return Ok(());
        }
        let (cache, log) = (SQLITE_IMPORT_CACHE_KIB, SQLITE_IMPORT_LOG_PAGES);
        let pragmas = format!("PRAGMA cache_size = -{cache}; PRAGMA wal_autocheckpoint = {log}");
        self.write.of_this_thread().execute_unprepared(&pragmas).await.map(|_| ())
    }

    /// Begins a transaction for many records. SQLite looks at their references when it ends: otherwise it would have to be able to undo each
    /// statement of many rows alone, and would keep a copy of each page that the statement touches.
    ///
    /// # Errors
    /// Those of `begin`.
    pub async fn begin_much(&self) -> Result<Transaction, DbErr> {
        let transaction = self.begin().await?;
        if !self.is_postgres() {
            transaction.execute_unprepared("PRAGMA defer_foreign_keys = ON").await?;
        }
        Ok(transaction)
    }

    /// Copies what SQLite's log has into the file, while others read and write. What it leaves stays for the next time.
    pub async fn fold_log(&self) {
        if let Err(error) = self.read().execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)").await {
            tracing::debug!(%error, "SQLite's log was not folded into its file");
        }
    }
}
