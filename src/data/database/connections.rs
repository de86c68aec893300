//! The connections to a database, and which of them a thread takes.

use std::cell::Cell;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use sea_orm::metric::Info;
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::sqlx::{Postgres, Sqlite};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait,
};

use super::idle::IdleConnections;
use super::readers::Readers;
use super::rows::Row;
use super::transaction::{PostgresTransaction, Transaction};

/// A pool of connections, and those of them that lie ready.
#[derive(Clone)]
pub struct Connections {
    pool: DatabaseConnection,
    idle: EitherIdle,
    /// What reads SQLite on the thread that asks.
    readers: Option<Arc<Readers>>,
    on_statement: Option<Callback>,
}

/// Who is told of each statement.
pub(super) type Callback = Arc<dyn Fn(&Info<'_>) + Send + Sync>;

#[derive(Clone)]
enum EitherIdle {
    Postgres(Arc<IdleConnections<Postgres>>),
    Sqlite(Arc<IdleConnections<Sqlite>>),
}

/// Does something on a connection of either kind, which lies ready again afterwards.
macro_rules! on_connection {
    ($connections:expr, $method:ident($($argument:expr),*)) => {
        match &$connections.idle {
            EitherIdle::Postgres(idle) => {
                let mut taken = idle.take().await?;
                let result = taken.$method($($argument),*).await;
                result.inspect(|_| taken.lay_aside())
            }
            EitherIdle::Sqlite(idle) => {
                let mut taken = idle.take().await?;
                let result = taken.$method($($argument),*).await;
                result.inspect(|_| taken.lay_aside())
            }
        }
    };
}

impl Connections {
    /// The connections of a pool.
    pub(super) fn new(pool: DatabaseConnection) -> Self {
        let idle = match pool.get_database_backend() {
            DbBackend::Sqlite => EitherIdle::Sqlite(IdleConnections::new(pool.get_sqlite_connection_pool().clone())),
            _ => EitherIdle::Postgres(IdleConnections::new(pool.get_postgres_connection_pool().clone())),
        };
        Self { pool, idle, readers: None, on_statement: None }
    }

    /// Those that read this file, and have readers of it beside them.
    pub(super) fn with_readers(mut self, file: PathBuf) -> Self {
        self.readers = Some(Arc::new(Readers::new(file)));
        self
    }

    /// Makes something of each row of a statement on this very thread; nothing where that is left to the library.
    pub(super) fn read_here<T>(&self, statement: &Statement, make: impl FnMut(&Row<'_>) -> Result<T, DbErr>) -> Option<Vec<T>> {
        let readers = self.readers.as_ref()?;
        let watch = Watch::of(self.on_statement.as_ref(), statement);
        let made = Ok(readers.read(statement, make)?);
        watch.inspect(|watch| watch.tell(&made));
        made.ok()
    }

    /// The library's own pool, for what is neither a statement nor a transaction.
    pub fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }

    /// Begins a transaction. On SQLite it takes the write lock at once.
    ///
    /// # Errors
    /// When no connection gets free in time, or the database fails.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        match &self.idle {
            EitherIdle::Postgres(idle) => {
                let taken = idle.take().await?;
                PostgresTransaction::begin(taken, self.on_statement.clone()).await.map(Transaction::Postgres)
            }
            EitherIdle::Sqlite(_) => self.begin_in_library().await.map(Transaction::Sqlite),
        }
    }

    /// The same for those who want one of the library.
    pub(super) async fn begin_in_library(&self) -> Result<DatabaseTransaction, DbErr> {
        let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode, ..Default::default() };
        match &self.idle {
            EitherIdle::Postgres(idle) => {
                let _waiting = idle.wait_for_pool();
                self.pool.begin_with_options(options).await
            }
            EitherIdle::Sqlite(idle) => {
                let _waiting = idle.wait_for_pool();
                self.pool.begin_with_options(options).await
            }
        }
    }

    /// Asks whether the database answers.
    pub(super) async fn ping(&self) -> Result<(), DbErr> {
        on_connection!(self, ping())
    }

    pub(super) async fn close(&self) -> Result<(), DbErr> {
        if let Some(readers) = &self.readers {
            readers.close();
        }
        match &self.idle {
            EitherIdle::Postgres(idle) => idle.close().await,
            EitherIdle::Sqlite(idle) => idle.close().await,
        }
        self.pool.close_by_ref().await
    }

    fn on_statement(&mut self, callback: Callback) {
        let within_transactions = callback.clone();
        self.pool.set_metric_callback(move |info| within_transactions(info));
        self.on_statement = Some(callback);
    }
}

/// A statement that is carried out, and whom to tell.
pub(super) struct Watch<'a> {
    callback: &'a Callback,
    statement: Statement,
    start: Instant,
}

impl<'a> Watch<'a> {
    pub fn of(callback: Option<&'a Callback>, statement: &Statement) -> Option<Self> {
        Some(Self { callback: callback?, statement: statement.clone(), start: Instant::now() })
    }

    pub fn tell<T>(&self, result: &Result<T, DbErr>) {
        (self.callback)(&Info { elapsed: self.start.elapsed(), statement: &self.statement, failed: result.is_err() });
    }
}

#[async_trait]
impl ConnectionTrait for Connections {
    fn get_database_backend(&self) -> DbBackend {
        match self.idle {
            EitherIdle::Postgres(_) => DbBackend::Postgres,
            EitherIdle::Sqlite(_) => DbBackend::Sqlite,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let watch = Watch::of(self.on_statement.as_ref(), &statement);
        let result = on_connection!(self, execute(statement));
        watch.inspect(|watch| watch.tell(&result));
        result
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        on_connection!(self, execute_unprepared(sql))
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let watch = Watch::of(self.on_statement.as_ref(), &statement);
        let result = on_connection!(self, query_one(statement));
        watch.inspect(|watch| watch.tell(&result));
        result
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let watch = Watch::of(self.on_statement.as_ref(), &statement);
        let result = on_connection!(self, query_all(statement));
        watch.inspect(|watch| watch.tell(&result));
        result
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Connections").field("pool", &self.pool).finish_non_exhaustive()
    }
}

/// One pool for whoever comes, and on PostgreSQL one for each thread that carries out operations. A connection is woken by the thread that
/// opened it, so those that come and go between threads cost two switches for each statement.
#[derive(Debug, Clone)]
pub(super) struct Pools(Arc<[Connections]>);

thread_local! {
    /// Which pool this thread takes its connections from.
    static POOL: Cell<usize> = const { Cell::new(0) };
}

/// Gives the thread that calls connections of its own. `number`: from 0 for the threads that carry out operations.
pub fn use_own_connections(number: usize) {
    POOL.set(number + 1);
}

impl Pools {
    /// The first is for whoever comes.
    pub fn new(pools: Vec<Connections>) -> Self {
        Self(pools.into())
    }

    pub fn of_this_thread(&self) -> &Connections {
        let (first, own) = (&self.0[0], &self.0[1..]);
        match POOL.get() {
            number if number > 0 && !own.is_empty() => &own[(number - 1) % own.len()],
            _ => first,
        }
    }

    pub fn on_statement<F>(&mut self, callback: F)
    where
        F: Fn(&Info<'_>) + Send + Sync + 'static,
    {
        let callback: Callback = Arc::new(callback);
        let mut pools = self.0.to_vec();
        pools.iter_mut().for_each(|pool| pool.on_statement(callback.clone()));
        self.0 = pools.into();
    }

    pub async fn close(&self) -> Result<(), DbErr> {
        for pool in self.0.iter() {
            pool.close().await?;
        }
        Ok(())
    }
}
