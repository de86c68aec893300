//! A fresh database per test: a copy of one that is migrated once per run.

use std::io::Write;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use leadgraph::data::database::{Database, DatabaseSettings};
use sea_orm::ConnectionTrait;
use tempfile::TempDir;

/// The address of the PostgreSQL server to test on, if any.
fn postgres() -> Option<&'static str> {
    static URL: OnceLock<Option<String>> = OnceLock::new();
    URL.get_or_init(|| {
        let url = std::env::var("LEADGRAPH_TEST_POSTGRES").ok().filter(|url| !url.is_empty());
        // Past the test runner, which keeps the output of tests that pass to itself.
        drop(writeln!(
            std::io::stderr(),
            "{}",
            match &url {
                Some(_) => "The suite runs on PostgreSQL.",
                None => "The suite runs on SQLite. SKIPPED PostgreSQL: LEADGRAPH_TEST_POSTGRES names no server.",
            }
        ));
        url
    })
    .as_deref()
}

/// Whether the tests run on PostgreSQL.
pub fn on_postgres() -> bool {
    postgres().is_some()
}

/// A database of one test. Dropping it drops the database.
pub enum TestDatabase {
    Sqlite { file: PathBuf, _directory: TempDir },
    Postgres { url: String, name: String },
}

impl TestDatabase {
    /// Makes a database without any tables.
    pub fn empty() -> Self {
        let Some(server) = postgres() else {
            let directory = tempfile::tempdir().unwrap();
            return Self::Sqlite { file: directory.path().join("empty.db"), _directory: directory };
        };
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let (process, number) = (std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let name = format!("leadgraph_test_empty_{process}_{number}");
        execute(server, vec![format!("CREATE DATABASE {name}")]);
        Self::Postgres { url: with_name(server, &name), name }
    }

    /// Makes a migrated database.
    pub async fn fresh() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        match postgres() {
            Some(server) => {
                let template = postgres_template(server);
                let name = format!("{template}_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
                execute(server, vec![format!("CREATE DATABASE {name} TEMPLATE {template}")]);
                Self::Postgres { url: with_name(server, &name), name }
            }
            None => {
                let directory = tempfile::tempdir().unwrap();
                let file = directory.path().join("test.db");
                std::fs::write(&file, sqlite_template()).unwrap();
                Self::Sqlite { file, _directory: directory }
            }
        }
    }

    /// Where it is, as the program is told.
    pub fn address(&self) -> &str {
        match self {
            Self::Sqlite { file, .. } => file.to_str().unwrap(),
            Self::Postgres { url, .. } => url,
        }
    }

    /// What opens it.
    pub fn settings(&self) -> DatabaseSettings {
        DatabaseSettings::new(self.address())
    }

    /// Opens it.
    pub async fn open(&self) -> Database {
        Database::open(&self.settings()).await.unwrap()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let (Self::Postgres { name, .. }, Some(server)) = (self, postgres()) {
            execute(server, vec![format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")]);
        }
    }
}

/// The bytes of a migrated SQLite database.
fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        announce("SQLite");
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("template.db");
        migrate(DatabaseSettings::new(file.to_str().unwrap()));
        std::fs::read(&file).unwrap()
    })
}

/// The name of a migrated PostgreSQL database. It stays behind, and is made anew by the next run of this working copy.
fn postgres_template(server: &str) -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        announce("PostgreSQL");
        let copy: u64 = env!("CARGO_MANIFEST_DIR").bytes().fold(17, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        let name = format!("leadgraph_test_{copy:x}");
        execute(server, vec![format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")]);
        migrate(DatabaseSettings::new(with_name(server, &name)));
        name
    })
}

/// Says once which database the run is on.
fn announce(name: &str) {
    use std::io::Write;
    // Written past the capturing of the test runner.
    drop(writeln!(std::io::stderr().lock(), "these tests run on {name}"));
}

fn migrate(settings: DatabaseSettings) {
    elsewhere(async move {
        let database = Database::open(&settings).await.unwrap();
        database.migrate().await.unwrap();
        database.close().await.unwrap();
    });
}

fn execute(server: &str, statements: Vec<String>) {
    let server = server.to_owned();
    elsewhere(async move {
        let mut options = sea_orm::ConnectOptions::new(server);
        options.max_connections(1).sqlx_logging(false);
        let connection = sea_orm::Database::connect(options).await.unwrap();
        for statement in statements {
            connection.execute_unprepared(&statement).await.unwrap();
        }
        connection.close().await.unwrap();
    });
}

/// Runs something to its end on a thread and a runtime of its own, whatever runtime the test is in or has just left.
fn elsewhere(work: impl Future<Output = ()> + Send + 'static) {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    std::thread::spawn(move || runtime().block_on(work)).join().unwrap();
}

/// The address of another database of the same server.
fn with_name(server: &str, name: &str) -> String {
    let (address, parameters) = server.split_once('?').unwrap_or((server, ""));
    let start = address.find("://").map_or(0, |at| at + 3);
    let end = address[start..].find('/').map_or(address.len(), |at| start + at);
    let parameters = if parameters.is_empty() { String::new() } else { format!("?{parameters}") };
    format!("{}/{name}{parameters}", &address[..end])
}
