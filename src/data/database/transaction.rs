//! Transactions: on PostgreSQL on connections that lie ready, on SQLite, which has only one that writes, the library's.

use std::fmt;

use sea_orm::prelude::async_trait::async_trait;
use sea_orm::sqlx::Postgres;
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement, TransactionTrait,
};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, MutexGuard};

use super::connections::{Callback, Watch};
use super::idle::Taken;

/// An open transaction. Dropping it undoes what was written in it.
#[derive(Debug)]
pub enum Transaction {
    /// The library's, which may have parts.
    Sqlite(DatabaseTransaction),
    /// One on a connection that lay ready.
    Postgres(PostgresTransaction),
}

/// A transaction on a connection that lay ready, and lies ready again when it is over.
pub struct PostgresTransaction {
    /// There until it is over.
    open: Option<Mutex<Taken<Postgres>>>,
    on_statement: Option<Callback>,
}

impl Transaction {
    /// Makes what was written last.
    ///
    /// # Errors
    /// When the database fails: then nothing was written.
    pub async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            Self::Postgres(transaction) => transaction.end("COMMIT").await,
        }
    }

    /// Undoes what was written, and waits until it is undone.
    ///
    /// # Errors
    /// When the database fails: then it does so by itself.
    pub async fn rollback(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.rollback().await,
            Self::Postgres(transaction) => transaction.end("ROLLBACK").await,
        }
    }

    /// Begins a part that can be undone by itself, on SQLite.
    ///
    /// # Errors
    /// When the database fails.
    pub(in crate::data) async fn begin_part(&self) -> Result<Self, DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.begin().await.map(Self::Sqlite),
            Self::Postgres(_) => Err(DbErr::Custom("a transaction on PostgreSQL has no parts".to_owned())),
        }
    }
}

impl PostgresTransaction {
    pub(super) async fn begin(mut taken: Taken<Postgres>, on_statement: Option<Callback>) -> Result<Self, DbErr> {
        // Whoever gives up in the middle leaves a connection that nobody else must get.
        taken.unfit = true;
        taken.execute_unprepared("BEGIN").await?;
        Ok(Self { open: Some(Mutex::new(taken)), on_statement })
    }

    async fn end(mut self, how: &str) -> Result<(), DbErr> {
        match self.open.take() {
            Some(open) => end(open.into_inner(), how).await,
            None => Ok(()),
        }
    }

    async fn connection(&self) -> Result<MutexGuard<'_, Taken<Postgres>>, DbErr> {
        match &self.open {
            Some(open) => Ok(open.lock().await),
            None => Err(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)),
        }
    }
}

async fn end(mut taken: Taken<Postgres>, how: &str) -> Result<(), DbErr> {
    taken.execute_unprepared(how).await?;
    taken.unfit = false;
    taken.lay_aside();
    Ok(())
}

impl Drop for PostgresTransaction {
    fn drop(&mut self) {
        let Some(open) = self.open.take() else { return };
        // Without a runtime the connection is closed, and the transaction with it.
        if let Ok(runtime) = Handle::try_current() {
            let undone = end(open.into_inner(), "ROLLBACK");
            runtime.spawn(async move {
                if let Err(error) = undone.await {
                    tracing::warn!(%error, "a transaction was undone by closing its connection");
                }
            });
        }
    }
}

/// Carries a statement out within either kind of transaction, and tells whoever wants to know of it.
macro_rules! within {
    ($transaction:expr, $statement:ident, $in_sqlite:ident, $in_postgres:ident) => {
        match $transaction {
            Transaction::Sqlite(transaction) => transaction.$in_sqlite($statement).await,
            Transaction::Postgres(transaction) => {
                let watch = Watch::of(transaction.on_statement.as_ref(), &$statement);
                let result = transaction.connection().await?.$in_postgres($statement).await;
                watch.inspect(|watch| watch.tell(&result));
                result
            }
        }
    };
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Sqlite(transaction) => transaction.get_database_backend(),
            Self::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        within!(self, statement, execute_raw, execute)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.execute_unprepared(sql).await,
            Self::Postgres(transaction) => transaction.connection().await?.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        within!(self, statement, query_one_raw, query_one)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        within!(self, statement, query_all_raw, query_all)
    }
}

impl fmt::Debug for PostgresTransaction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PostgresTransaction").field("is_open", &self.open.is_some()).finish_non_exhaustive()
    }
}
