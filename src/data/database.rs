//! The database: how it is opened, migrated and closed, and where reads and writes go.
//!
//! SQLite has one connection that writes and several that only read, so that writers queue up here, in order, instead of
//! failing on SQLite's lock; what reads little reads on its own thread (`readers`). PostgreSQL has one pool for both. Everything above
//! this folder sees no difference.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, TryFutureExt};
use migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::{ConnectOptions, ConnectionTrait, DbBackend, DbErr, RuntimeErr};

pub use connections::{Connections, use_own_connections};
pub use rows::{ReadRows, Row};
pub use transaction::Transaction;

use super::group_commit::{Queue, Turn};
use connections::Pools;

/// Rows that SQLite's thread may read ahead of us. At least a page of 200 rows and the one that tells whether more follow:
/// with fewer, the two threads wait for each other within every page.
const SQLITE_ROW_BUFFER: usize = 256;

/// Prepared statements kept per connection. Filters and orders combine into many, and each is worth keeping.
const STATEMENT_CACHE: usize = 256;

/// Page cache of a reading and of the writing SQLite connection, in KiB. The writer's is larger, since a write touches the pages of
/// every index; what writes much has more (`prepare_for_much`). Nothing is memory-mapped: mapped
/// pages would count as the process's memory once per connection.
const SQLITE_READER_CACHE_KIB: u32 = 3_000;
const SQLITE_WRITER_CACHE_KIB: u32 = 6_000;

/// A PostgreSQL connection that lay idle for longer is tried before it is used.
const IDLE_BEFORE_TEST: Duration = Duration::from_secs(30);

/// How often a write looks whether another process's on SQLite is over. SQLite itself would look ten times a second at last, and find
/// the lock taken again for seconds while an import runs, which leaves it for some milliseconds between two transactions.
const BUSY_PAUSE: Duration = Duration::from_millis(2);

/// Processes that migrate the same PostgreSQL database take turns by this number: "leadgrap" in ASCII.
const MIGRATION_LOCK: i64 = 0x6c65_6164_6772_6170;

/// Which database to open, and how.
#[derive(Clone)]
pub struct DatabaseSettings {
    /// A PostgreSQL URL (`postgres://user:password@host/name`), or the path of an SQLite file, with or without `sqlite:` before
    /// it. The path is taken literally; a query part after an URL's `?` is only heeded for PostgreSQL.
    pub url: String,
    /// How many connections read at once on SQLite (one more writes, and each thread that answers has one for short statements), or how
    /// many there are on PostgreSQL (one more listens).
    pub max_connections: u32,
    /// How many threads carry out operations: on PostgreSQL each has its share of the connections for itself. 0: all share one pool.
    pub threads: u32,
    /// How long a request waits for a free connection before it fails. On SQLite that is also how long a write waits for its turn.
    pub acquire_timeout_seconds: u64,
    /// After how long PostgreSQL gives a statement up. 0: never. SQLite has no such limit.
    pub statement_timeout_seconds: u64,
    /// How long SQLite waits for another process that holds the write lock.
    pub sqlite_busy_timeout_ms: u64,
}

impl DatabaseSettings {
    /// The settings that fit most: 8 readers on SQLite, a pool of 10 on PostgreSQL, 30 seconds' patience everywhere, 10 for a
    /// lock that another process holds.
    pub fn new(url: impl Into<String>) -> Self {
        let url = url.into();
        let max_connections = if is_postgres_url(&url) { 10 } else { 8 };
        Self {
            url,
            max_connections,
            threads: 0,
            acquire_timeout_seconds: 30,
            statement_timeout_seconds: 30,
            sqlite_busy_timeout_ms: 10_000,
        }
    }

    /// What the database is called in messages and logs: without the user and the password.
    pub fn display_name(&self) -> String {
        if !is_postgres_url(&self.url) {
            return sqlite_path(&self.url).display().to_string();
        }
        let without_query = self.url.split('?').next().unwrap_or_default();
        let place = without_query.rsplit_once('@').or_else(|| without_query.split_once("://")).map_or("", |(_, place)| place);
        format!("postgres://{place}")
    }
}

impl fmt::Debug for DatabaseSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DatabaseSettings")
            .field("url", &self.display_name())
            .field("max_connections", &self.max_connections)
            .finish_non_exhaustive()
    }
}

/// Why the database can't be used. Each sentence is meant for the person who started the program.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The URL is of a database that we don't know.
    #[error("leadgraph works with SQLite and PostgreSQL: give the path of a file or a postgres:// URL, not a {0}:// URL.")]
    UnknownKind(String),
    /// SQLite was asked for a database without a file, which readers and the writer couldn't share.
    #[error("An SQLite database needs a file: give its path.")]
    InMemory,
    /// SQLite makes files, but no directories.
    #[error("The directory {} of the database file does not exist: create it, or name another path.", .0.display())]
    DirectoryMissing(PathBuf),
    /// The settings allow no connection at all.
    #[error("The database needs at least one connection: set max_connections to 1 or more.")]
    NoConnections,
    /// The database refused us, or isn't there.
    #[error("The database {name} could not be opened: {cause}")]
    Open {
        /// The database without credentials.
        name: String,
        /// What the driver says.
        cause: DbErr,
    },
    /// A later version of leadgraph has migrated the database.
    #[error(
        "This database is newer than this program: it has step {newest_step}, which this version does not know. Use a newer leadgraph."
    )]
    Newer {
        /// The newest step that the program doesn't know.
        newest_step: String,
    },
    /// A step failed. The database is as it was before.
    #[error("The database could not be migrated and is as it was before: {0}")]
    Migrate(#[from] DbErr),
}

/// The open database. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Database {
    read: Pools,
    write: Pools,
    /// Who wants to write, on SQLite.
    queue: Option<Arc<Queue>>,
    /// How long a write waits for another process's on SQLite.
    busy_timeout: Duration,
}

/// A write transaction: of its own, or a part of one.
#[derive(Debug)]
pub enum WriteTransaction {
    /// On PostgreSQL.
    Own(Transaction),
    /// On SQLite.
    Shared(Turn),
}

impl WriteTransaction {
    /// The connection to write on.
    pub fn connection(&self) -> &Transaction {
        match self {
            Self::Own(transaction) => transaction,
            Self::Shared(turn) => turn.connection(),
        }
    }

    /// Makes what was written last.
    ///
    /// # Errors
    /// When the database fails: then nothing was written.
    pub fn commit(self) -> BoxFuture<'static, Result<(), DbErr>> {
        match self {
            Self::Own(transaction) => transaction.commit().boxed(),
            Self::Shared(turn) => turn.commit().boxed(),
        }
    }
}

impl Database {
    /// Opens the database; SQLite's file is made where it is missing. The tables are `migrate`'s work.
    ///
    /// # Errors
    /// When the URL makes no sense or the database can't be reached.
    pub async fn open(settings: &DatabaseSettings) -> Result<Self, DatabaseError> {
        if settings.max_connections == 0 {
            return Err(DatabaseError::NoConnections);
        }
        if is_postgres_url(&settings.url) {
            let pools = postgres_pools(settings).await?;
            return Ok(Self { read: pools.clone(), write: pools, queue: None, busy_timeout: Duration::ZERO });
        }
        let path = checked_sqlite_path(&settings.url)?;
        // The writer comes first: it makes the file and turns on write-ahead logging.
        let write = connect(sqlite_writer_options(settings, path.clone()), settings).await?;
        let read = connect(sqlite_reader_options(settings, path.clone()), settings).await?.with_readers(path);
        // From here on waiting is `begin`'s work.
        let unready = |cause| DatabaseError::Open { name: settings.display_name(), cause };
        write.execute_unprepared("PRAGMA busy_timeout = 0").await.map_err(unready)?;
        let queue = Queue::new(Duration::from_secs(settings.acquire_timeout_seconds));
        let busy_timeout = Duration::from_millis(settings.sqlite_busy_timeout_ms);
        Ok(Self { read: Pools::new(vec![read]), write: Pools::new(vec![write]), queue: Some(Arc::new(queue)), busy_timeout })
    }

    /// Applies the steps that the database lacks, all or none, and returns their names.
    ///
    /// Everything happens in one transaction on one connection, under a lock: a process that comes at the same time waits,
    /// and then finds nothing left to do.
    ///
    /// # Errors
    /// `Newer` when a later version of the program was here; `Migrate` when a step fails.
    pub async fn migrate(&self) -> Result<Vec<String>, DatabaseError> {
        self.migrate_by(None).await
    }

    /// The same for so many steps and no more, to look at a database of an earlier version.
    ///
    /// # Errors
    /// The same.
    pub async fn migrate_by(&self, steps: Option<u32>) -> Result<Vec<String>, DatabaseError> {
        // The migrations are the library's, so the transaction is, too.
        let connections = self.write.of_this_thread();
        let transaction = self.patiently(|| connections.begin_in_library()).await?;
        if self.is_postgres() {
            let lock = format!("SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock({MIGRATION_LOCK})");
            transaction.execute_unprepared(&lock).await?;
        }
        let known: BTreeSet<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
        let applied: BTreeSet<String> =
            Migrator::get_migration_models(&transaction).await?.into_iter().map(|step| step.version).collect();
        if let Some(newest_step) = applied.difference(&known).last() {
            return Err(DatabaseError::Newer { newest_step: newest_step.clone() });
        }
        Migrator::up(&transaction, steps).await?;
        transaction.commit().await?;
        let most = steps.map_or(usize::MAX, |steps| usize::try_from(steps).unwrap_or(usize::MAX));
        Ok(known.difference(&applied).take(most).cloned().collect())
    }

    /// Where queries go that aren't part of a write. Not to be used while a transaction is open: pass the transaction.
    pub fn read(&self) -> &Connections {
        self.read.of_this_thread()
    }

    /// Begins a write as part of a transaction that others may share, where the database doesn't commit for several by itself. It must
    /// not be open for long. Its state is on the heap: every mutation has it in its own.
    ///
    /// # Errors
    /// When its turn doesn't come in time.
    pub fn begin_shared(&self) -> BoxFuture<'_, Result<WriteTransaction, DbErr>> {
        match &self.queue {
            Some(queue) => queue.begin(self).map_ok(WriteTransaction::Shared).boxed(),
            None => self.begin().map_ok(WriteTransaction::Own).boxed(),
        }
    }

    /// Begins a write transaction. Dropping it rolls it back.
    ///
    /// SQLite takes the write lock at once (`BEGIN IMMEDIATE`), since a transaction that reads first and writes later fails
    /// when another one wrote in between. PostgreSQL runs it as READ COMMITTED: guard what you read by its version or `FOR UPDATE`.
    ///
    /// # Errors
    /// When no connection gets free in time, or the lock doesn't.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        let connections = self.write.of_this_thread();
        self.patiently(|| connections.begin()).await
    }

    /// Begins something again and again as long as another process holds SQLite's write lock.
    async fn patiently<T, B>(&self, begin: impl Fn() -> B) -> Result<T, DbErr>
    where
        B: Future<Output = Result<T, DbErr>>,
    {
        let until = Instant::now() + self.busy_timeout;
        loop {
            match begin().await {
                Err(error) if is_busy(&error) && Instant::now() < until => tokio::time::sleep(BUSY_PAUSE).await,
                other => return other,
            }
        }
    }

    /// Calls back after every statement, those within transactions included, on clones that are made from now on.
    /// `BEGIN`, `COMMIT` and `ROLLBACK` aren't counted. For metrics, and for tests that count statements.
    pub fn on_statement<F>(&mut self, callback: F)
    where
        F: Fn(&sea_orm::metric::Info<'_>) + Clone + Send + Sync + 'static,
    {
        self.read.on_statement(callback.clone());
        self.write.on_statement(callback);
    }

    /// The file that every transaction is written to first, on SQLite.
    pub(super) fn write_ahead_log(&self) -> Option<PathBuf> {
        if self.is_postgres() {
            return None;
        }
        let options = self.write.of_this_thread().pool().get_sqlite_connection_pool().connect_options();
        let mut file = options.get_filename().as_os_str().to_owned();
        file.push("-wal");
        Some(file.into())
    }

    /// Asks whether the database answers.
    ///
    /// # Errors
    /// When it doesn't, or when no connection gets free in time.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.read().ping().await
    }

    /// Waits for running statements and closes all connections; SQLite's log is folded into its file.
    ///
    /// # Errors
    /// When the database doesn't let go.
    pub async fn close(&self) -> Result<(), DbErr> {
        self.read.close().await?;
        if !self.is_postgres() {
            // What SQLite does last, it does by itself, and waits for others by itself.
            let wait = format!("PRAGMA busy_timeout = {}", self.busy_timeout.as_millis());
            drop(self.write.of_this_thread().execute_unprepared(&wait).await);
        }
        self.write.close().await
    }

    /// Whether this is PostgreSQL. For the few places where its SQL differs from SQLite's.
    pub fn is_postgres(&self) -> bool {
        self.read().get_database_backend() == DbBackend::Postgres
    }
}

/// Whether another process holds SQLite's write lock.
fn is_busy(error: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(failed))
    | DbErr::Exec(RuntimeErr::SqlxError(failed))
    | DbErr::Query(RuntimeErr::SqlxError(failed))) = error
    else {
        return false;
    };
    let code = failed.as_database_error().and_then(|error| error.code());
    // SQLITE_BUSY, and the same while another process recovers the log.
    matches!(code.as_deref(), Some("5" | "261"))
}

async fn connect(options: ConnectOptions, settings: &DatabaseSettings) -> Result<Connections, DatabaseError> {
    let opened = sea_orm::Database::connect(options).await;
    opened.map(Connections::new).map_err(|cause| DatabaseError::Open { name: settings.display_name(), cause })
}

fn is_postgres_url(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

fn sqlite_path(url: &str) -> PathBuf {
    match url.strip_prefix("sqlite:") {
        Some(rest) => {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            PathBuf::from(path.split('?').next().unwrap_or_default())
        }
        None => PathBuf::from(url),
    }
}

fn checked_sqlite_path(url: &str) -> Result<PathBuf, DatabaseError> {
    if let Some((kind, _)) = url.split_once("://").filter(|(kind, _)| *kind != "sqlite") {
        return Err(DatabaseError::UnknownKind(kind.to_owned()));
    }
    let path = sqlite_path(url);
    if path.as_os_str().is_empty() || path == Path::new(":memory:") || url.contains("mode=memory") {
        return Err(DatabaseError::InMemory);
    }
    match path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        Some(directory) if !directory.is_dir() => Err(DatabaseError::DirectoryMissing(directory.to_owned())),
        _ => Ok(path),
    }
}

/// What both databases have in common. Statements are logged for those who debug the program; errors are logged by whoever gets them.
fn common_options(url: &str, connections: u32, settings: &DatabaseSettings) -> ConnectOptions {
    let patience = Duration::from_secs(settings.acquire_timeout_seconds);
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).connect_timeout(patience).acquire_timeout(patience);
    // The type of a log level belongs to a crate that is no dependency of ours, so it is read from its name.
    match "debug".parse() {
        Ok(level) => options.sqlx_logging_level(level),
        Err(_) => options.sqlx_logging(false),
    };
    options
}

/// One pool for whoever comes, which is tried at once, and one for each thread, which opens its connections itself.
async fn postgres_pools(settings: &DatabaseSettings) -> Result<Pools, DatabaseError> {
    const SHARED: u32 = 2;
    let all = settings.max_connections;
    if settings.threads == 0 || all < SHARED + settings.threads {
        return Ok(Pools::new(vec![connect(postgres_options(all, settings), settings).await?]));
    }
    let mut pools = vec![connect(postgres_options(SHARED, settings), settings).await?];
    for _ in 0..settings.threads {
        let mut options = postgres_options((all - SHARED) / settings.threads, settings);
        options.connect_lazy(true);
        pools.push(connect(options, settings).await?);
    }
    Ok(Pools::new(pools))
}

fn postgres_options(connections: u32, settings: &DatabaseSettings) -> ConnectOptions {
    let mut options = common_options(&settings.url, connections, settings);
    options
        .test_before_acquire_if_idle_for(IDLE_BEFORE_TEST)
        .statement_timeout(Duration::from_secs(settings.statement_timeout_seconds))
        .set_application_name("leadgraph")
        .map_sqlx_postgres_opts(|postgres| {
            // Said once per connection instead of once per transaction, which would cost a round trip each time.
            // Compiling a statement before it runs takes longer than any of ours gains by it.
            let settings = [("default_transaction_isolation", "read committed"), ("jit", "off")];
            postgres.statement_cache_capacity(STATEMENT_CACHE).options(settings)
        });
    options
}

fn sqlite_reader_options(settings: &DatabaseSettings, path: PathBuf) -> ConnectOptions {
    let busy = Duration::from_millis(settings.sqlite_busy_timeout_ms);
    sqlite_options(settings.max_connections, settings, move |sqlite| {
        sqlite_connection(sqlite, &path, busy, SQLITE_READER_CACHE_KIB).pragma("query_only", "ON")
    })
}

/// `synchronous = FULL`: with write-ahead logging, NORMAL would lose the last commits in a power cut, and a conversion that
/// was answered must survive one. It costs one sync of the disk per commit.
fn sqlite_writer_options(settings: &DatabaseSettings, path: PathBuf) -> ConnectOptions {
    let busy = Duration::from_millis(settings.sqlite_busy_timeout_ms);
    sqlite_options(1, settings, move |sqlite| {
        sqlite_connection(sqlite, &path, busy, SQLITE_WRITER_CACHE_KIB)
            .create_if_missing(true)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .pragma("journal_size_limit", "67108864")
            .optimize_on_close(true, 400)
    })
}

/// Connections stay open for ever, with their statements prepared, and are never tried before use: there is no network to fail.
fn sqlite_options<F>(connections: u32, settings: &DatabaseSettings, connection: F) -> ConnectOptions
where
    F: Fn(SqliteConnectOptions) -> SqliteConnectOptions + Send + Sync + 'static,
{
    // The path is set on the connection, where no character of it has a second meaning.
    let mut options = common_options("sqlite:leadgraph", connections, settings);
    options.idle_timeout(None).max_lifetime(None).test_before_acquire(false).map_sqlx_sqlite_opts(connection);
    options
}

/// `LIKE` minds the case, as on PostgreSQL; only so can it use an index.
fn sqlite_connection(sqlite: SqliteConnectOptions, path: &Path, busy: Duration, cache_kib: u32) -> SqliteConnectOptions {
    sqlite
        .filename(path)
        .busy_timeout(busy)
        .foreign_keys(true)
        .row_buffer_size(SQLITE_ROW_BUFFER)
        .statement_cache_capacity(STATEMENT_CACHE)
        .pragma("cache_size", format!("-{cache_kib}"))
        .pragma("temp_store", "MEMORY")
        .pragma("case_sensitive_like", "ON")
}

mod connections;
mod idle;
mod much;
mod readers;
mod rows;
#[cfg(test)]
mod tests;
mod transaction;
