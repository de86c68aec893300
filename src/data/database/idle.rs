//! Connections that lie ready.
//!
//! sqlx tries each connection that comes back to its pool: a round trip and a task for every statement outside of a transaction, and for
//! every transaction. So a connection that has done its work lies here instead, ready for the next. The pool gets it back when somebody
//! waits for one there, when its statement failed or was given up, and when it has lain idle for long: then it is tried.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{AssertSqlSafe, Connection, Database, Error, Executor, IntoArguments, Pool, query_with};
use sea_orm::{ConnAcquireErr, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values};
use sea_query_sqlx::SqlxValues;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};
use tokio::time::timeout;

use super::IDLE_BEFORE_TEST;

/// Connections of a pool that lie ready.
pub(super) struct IdleConnections<DB: Database> {
    pool: Pool<DB>,
    /// As many as the pool has connections: who waits here is told at once that one lies ready.
    turns: Arc<Semaphore>,
    /// How long a statement waits for its turn.
    patience: Duration,
    state: Mutex<State<DB>>,
}

struct State<DB: Database> {
    /// The one that was used last comes last.
    connections: Vec<(PoolConnection<DB>, Instant)>,
    /// How many wait for the pool.
    waiting: usize,
    closed: bool,
}

/// A connection in use. Dropping it gives it to the pool, which makes it fit to be used again.
pub(super) struct Taken<DB: Database> {
    home: Arc<IdleConnections<DB>>,
    /// There until it is laid aside.
    connection: Option<PoolConnection<DB>>,
    /// Whether nobody may use it after this: it is in the middle of a transaction.
    pub unfit: bool,
    _turn: OwnedSemaphorePermit,
}

/// Somebody who waits for the pool, until it is dropped.
pub(super) struct Waiting<'a, DB: Database>(&'a IdleConnections<DB>);

impl<DB: Database> IdleConnections<DB> {
    pub fn new(pool: Pool<DB>) -> Arc<Self> {
        let options = pool.options();
        let (count, patience) = (options.get_max_connections(), options.get_acquire_timeout());
        let turns = Arc::new(Semaphore::new(usize::try_from(count).unwrap_or(1)));
        let state = Mutex::new(State { connections: Vec::new(), waiting: 0, closed: false });
        Arc::new(Self { pool, turns, patience, state })
    }

    /// Says that the pool is waited for: what is done with goes there, and one that lies here. (What the pool says of how many it has
    /// itself is wrong for a moment after each that comes back.)
    pub fn wait_for_pool(&self) -> Waiting<'_, DB> {
        let mut state = self.state();
        state.waiting += 1;
        drop(state.connections.pop());
        Waiting(self)
    }

    /// Closes what lies here, and lays nothing aside any more. The pool is closed by itself.
    pub async fn close(&self) {
        let connections = {
            let mut state = self.state();
            state.closed = true;
            std::mem::take(&mut state.connections)
        };
        for (connection, _) in connections {
            if let Err(error) = connection.close().await {
                tracing::debug!(%error, "a connection was not closed in good order");
            }
        }
    }

    /// Waits for a connection.
    pub async fn take(self: &Arc<Self>) -> Result<Taken<DB>, DbErr> {
        let turn = match self.turns.clone().try_acquire_owned() {
            Err(TryAcquireError::NoPermits) => timeout(self.patience, self.turns.clone().acquire_owned())
                .await
                .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?
                .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?,
            turn => turn.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?,
        };
        // One that lay here for long goes to the pool, to be tried.
        let ready = self.state().connections.pop().filter(|(_, since)| since.elapsed() < IDLE_BEFORE_TEST);
        let connection = match ready {
            Some((connection, _)) => connection,
            // This is rare, so its state goes on the heap.
            None => Box::pin(self.take_from_pool()).await?,
        };
        Ok(Taken { home: self.clone(), connection: Some(connection), unfit: false, _turn: turn })
    }

    async fn take_from_pool(&self) -> Result<PoolConnection<DB>, DbErr> {
        let _waiting = self.wait_for_pool();
        self.pool.acquire().await.map_err(unavailable)
    }

    fn state(&self) -> MutexGuard<'_, State<DB>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<DB: Database> Taken<DB> {
    /// Keeps it ready for the next.
    pub fn lay_aside(mut self) {
        let mut state = self.home.state();
        if state.waiting == 0 && !state.closed {
            state.connections.extend(self.connection.take().map(|connection| (connection, Instant::now())));
        }
    }

    fn connection(&mut self) -> Result<&mut DB::Connection, DbErr> {
        self.connection.as_deref_mut().ok_or(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
    }
}

impl<DB: Database> Drop for Taken<DB> {
    fn drop(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            if self.unfit {
                connection.close_on_drop();
            }
            give_back(connection);
        }
    }
}

impl<DB: Database> Drop for Waiting<'_, DB> {
    fn drop(&mut self) {
        self.0.state().waiting -= 1;
    }
}

impl<DB: Database> Drop for IdleConnections<DB> {
    fn drop(&mut self) {
        let connections = std::mem::take(&mut self.state().connections);
        connections.into_iter().for_each(|(connection, _)| give_back(connection));
    }
}

/// Gives a connection to its pool, which needs a runtime for that. Where there is none any more, it is closed at once.
fn give_back<DB: Database>(connection: PoolConnection<DB>) {
    match Handle::try_current() {
        Ok(_) => drop(connection),
        Err(_) => drop(connection.detach()),
    }
}

/// What is done on a connection, as the library does it on its own.
impl<DB: Database> Taken<DB>
where
    SqlxValues: IntoArguments<DB>,
    QueryResult: From<DB::Row>,
    ExecResult: From<DB::QueryResult>,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    pub async fn query_all(&mut self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        let rows = query_with(sql, values).fetch_all(self.connection()?).await.map_err(query_failed)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    pub async fn query_one(&mut self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        let row = query_with(sql, values).fetch_optional(self.connection()?).await.map_err(query_failed)?;
        Ok(row.map(Into::into))
    }

    pub async fn execute(&mut self, statement: Statement) -> Result<ExecResult, DbErr> {
        let (sql, values) = parts(statement);
        let done = query_with(sql, values).execute(self.connection()?).await.map_err(execution_failed)?;
        Ok(done.into())
    }

    pub async fn execute_unprepared(&mut self, sql: &str) -> Result<ExecResult, DbErr> {
        let done = self.connection()?.execute(AssertSqlSafe(sql.to_owned())).await.map_err(execution_failed)?;
        Ok(done.into())
    }

    pub async fn ping(&mut self) -> Result<(), DbErr> {
        self.connection()?.ping().await.map_err(unavailable)
    }
}

fn parts(statement: Statement) -> (AssertSqlSafe<String>, SqlxValues) {
    (AssertSqlSafe(statement.sql), SqlxValues(statement.values.unwrap_or(Values(Vec::new()))))
}

fn unavailable(error: Error) -> DbErr {
    match error {
        Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        other => DbErr::Conn(RuntimeErr::SqlxError(other.into())),
    }
}

fn query_failed(error: Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

fn execution_failed(error: Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

#[cfg(test)]
mod tests;
