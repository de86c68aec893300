//! Where the databases lie: thrown away at the end.

use std::path::Path;
use std::process::Command;

use clap::ValueEnum;
use leadgraph::data::database::{Database, DatabaseSettings};
use sea_orm::ConnectionTrait;
use tempfile::TempDir;

/// The two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// A file in a temporary folder.
    Sqlite,
    /// A server of our own, or the one that `LEADGRAPH_TEST_POSTGRES` names.
    Postgres,
}

impl Kind {
    /// As people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A place for databases.
pub struct Place {
    /// What they are.
    pub kind: Kind,
    folder: TempDir,
    /// The address of a PostgreSQL server, and whether it is our own.
    server: Option<(String, bool)>,
}

impl Place {
    /// Makes one, or says why there is none.
    pub fn make(kind: Kind) -> Result<Self, String> {
        let folder = tempfile::Builder::new().prefix("leadgraph-bench-").tempdir().map_err(|error| error.to_string())?;
        let server = match (kind, std::env::var("LEADGRAPH_TEST_POSTGRES")) {
            (Kind::Sqlite, _) => None,
            (Kind::Postgres, Ok(server)) => Some((server, false)),
            (Kind::Postgres, Err(_)) => Some((start(folder.path())?, true)),
        };
        Ok(Self { kind, folder, server })
    }

    /// The address of a database of this name, made anew.
    pub async fn database(&self, name: &str) -> Result<String, Box<dyn std::error::Error>> {
        let Some((server, _)) = &self.server else {
            return Ok(self.folder.path().join(format!("{name}.db")).display().to_string());
        };
        let name = format!("leadgraph_bench_{}_{name}", std::process::id());
        let admin = sea_orm::Database::connect(server).await?;
        admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
        admin.close().await?;
        let base = server.rsplit_once('/').map_or(server.as_str(), |(base, _)| base);
        Ok(format!("{base}/{name}"))
    }

    /// Takes a database away.
    pub async fn remove(&self, database: &str) -> Result<(), Box<dyn std::error::Error>> {
        let Some((server, _)) = &self.server else {
            for tail in ["", "-wal", "-shm"] {
                let file = format!("{database}{tail}");
                if Path::new(&file).exists() {
                    std::fs::remove_file(file)?;
                }
            }
            return Ok(());
        };
        let name = database.rsplit_once('/').map_or(database, |(_, name)| name);
        let admin = sea_orm::Database::connect(server).await?;
        admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
        Ok(admin.close().await?)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((_, true)) = self.server {
            drop(script("stop", &self.folder.path().join("postgres")));
        }
    }
}

/// Opens a database for preparations: statements may take as long as they like.
pub async fn open(database: &str) -> Result<Database, Box<dyn std::error::Error>> {
    let settings = DatabaseSettings { statement_timeout_seconds: 0, ..DatabaseSettings::new(database) };
    Ok(Database::open(&settings).await?)
}

fn start(folder: &Path) -> Result<String, String> {
    let folder = folder.join("postgres");
    // The server may run as another user, who has to come by here.
    let made = Command::new("mkdir")
        .arg("-p")
        .arg(&folder)
        .status()
        .and_then(|_| Command::new("chmod").arg("711").arg(folder.parent().unwrap_or(&folder)).status());
    made.map_err(|error| error.to_string())?;
    script("start", &folder)
}

fn script(action: &str, folder: &Path) -> Result<String, String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/.ci/postgres");
    let output = Command::new("bash").arg(script).arg(action).arg(folder).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(format!(
        "LEADGRAPH_TEST_POSTGRES is not set and .ci/postgres could not start a PostgreSQL server: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    ))
}
