//! The limit of writes on PostgreSQL: pgbench with the statements of `limit::statements`, on as many connections as leadgraph's pool has.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use entity::LeadId;
use leadgraph::data::database::Database;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use uuid::Uuid;

use super::limit::statements::{CONVERT, CREATE, MOVE, with_values};
use super::operations;

/// As many as in leadgraph's pool.
const CLIENTS: usize = 10;

/// pgbench, and the rows that its scripts name by number.
pub struct Pgbench {
    program: PathBuf,
    address: String,
    folder: tempfile::TempDir,
    user: Uuid,
    source: Uuid,
    pipeline: Uuid,
    stage: Uuid,
    stages: usize,
    opportunities: usize,
}

impl Pgbench {
    /// Gets ready; nothing where there is no pgbench.
    pub async fn find(address: &str, database: &Database) -> Result<Option<Self>, Box<dyn Error>> {
        let Some(program) = program() else { return Ok(None) };
        let one = async |sql: &str| -> Result<Uuid, Box<dyn Error>> {
            let row = database.read().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
            Ok(row.ok_or("an empty database")?.try_get_by_index(0)?)
        };
        let folder = tempfile::tempdir()?;
        let mut pgbench = Self {
            program,
            address: address.to_owned(),
            folder,
            user: one("SELECT id FROM users WHERE active ORDER BY id LIMIT 1").await?,
            source: one("SELECT id FROM lead_sources ORDER BY id LIMIT 1").await?,
            pipeline: one("SELECT id FROM pipelines WHERE is_default").await?,
            stage: one("SELECT id FROM stages WHERE category = 'OPEN' ORDER BY position LIMIT 1").await?,
            stages: 0,
            opportunities: 0,
        };
        let (stages, sales) = (operations::open_stages(database).await?, operations::open_sales(database, true).await?);
        (pgbench.stages, pgbench.opportunities) = (stages.len(), sales.len());
        number(database, "bench_stages", stages.iter().map(|id| id.uuid())).await?;
        number(database, "bench_opportunities", sales.iter().map(|(id, _)| id.uuid())).await?;
        Ok(Some(pgbench))
    }

    /// Creates leads for so long; answers how many in a second.
    pub async fn create(&self, duration: Duration) -> Result<f64, Box<dyn Error>> {
        self.run(CREATE, "", &["-T", &seconds(duration)])
    }

    /// Converts these leads; answers how many in a second.
    pub async fn convert(&self, database: &Database, leads: &[LeadId]) -> Result<f64, Box<dyn Error>> {
        number(database, "bench_leads", leads.iter().map(|id| id.uuid())).await?;
        self.run(CONVERT, "", &["-t", &(leads.len() / CLIENTS).to_string()])
    }

    /// Moves opportunities for so long; answers how many in a second.
    pub async fn moves(&self, duration: Duration) -> Result<f64, Box<dyn Error>> {
        let own = (self.opportunities / CLIENTS).max(1);
        let choose = format!("\\set o (:i % {own}) * {CLIENTS} + :client_id\n\\set s random(0, {})\n", self.stages - 1);
        self.run(MOVE, &choose, &["-T", &seconds(duration)])
    }

    fn run(&self, statements: &[&str], choose: &str, how_long: &[&str]) -> Result<f64, Box<dyn Error>> {
        let script = self.folder.path().join("script.sql");
        let mut text = format!("\\set i :i + 1\n\\set k :i * {CLIENTS} + :client_id\n\\set n :base + :k\n{choose}BEGIN;\n");
        for statement in statements {
            text += &with_values(&statement.replace("/*lock*/", "FOR UPDATE"), |name| self.value(name, choose.is_empty()));
            text += ";\n";
        }
        std::fs::write(&script, text + "END;\n")?;
        let clients = CLIENTS.to_string();
        let base = format!("base={}", chrono::Utc::now().timestamp_micros());
        let output = Command::new(&self.program)
            .args(["-n", "-M", "prepared", "-c", &clients, "-j", "2", "-D", "i=-1", "-D", &base, "-f"])
            .arg(&script)
            .args(how_long)
            .arg(&self.address)
            .output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let throughput = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        match throughput {
            Some(throughput) if output.status.success() => Ok(throughput),
            _ => Err(format!("pgbench: {said} {}", String::from_utf8_lossy(&output.stderr)).into()),
        }
    }

    fn value(&self, name: &str, one_stage: bool) -> String {
        match name {
            "n" => ":n::text".to_owned(),
            "now" => "now()".to_owned(),
            "user" => literal(self.user),
            "source" => literal(self.source),
            "pipeline" => literal(self.pipeline),
            "stage" if one_stage => literal(self.stage),
            "stage" => "(SELECT id FROM bench_stages WHERE n = :s)".to_owned(),
            "lead" => "(SELECT id FROM bench_leads WHERE n = :k)".to_owned(),
            "opportunity" => "(SELECT id FROM bench_opportunities WHERE n = :o)".to_owned(),
            id => format!("lpad(to_hex(:n::bigint * 16 + {}), 32, '0')::uuid", id.trim_start_matches("id")),
        }
    }
}

fn literal(id: Uuid) -> String {
    format!("'{id}'::uuid")
}

/// Whole seconds, one at least, which is what pgbench takes.
fn seconds(duration: Duration) -> String {
    duration.as_secs_f64().ceil().max(1.0).to_string()
}

/// A table of ids by number, made anew.
async fn number(database: &Database, table: &str, ids: impl Iterator<Item = Uuid>) -> Result<(), Box<dyn Error>> {
    let rows: Vec<String> = ids.enumerate().map(|(number, id)| format!("({number}, '{id}')")).collect();
    let write = database.begin().await?;
    write.execute_unprepared(&format!("DROP TABLE IF EXISTS {table}")).await?;
    write.execute_unprepared(&format!("CREATE TABLE {table} (n integer PRIMARY KEY, id uuid NOT NULL)")).await?;
    write.execute_unprepared(&format!("INSERT INTO {table} VALUES {}", rows.join(", "))).await?;
    write.execute_unprepared(&format!("ANALYZE {table}")).await?;
    Ok(write.commit().await?)
}

/// On the path, or where Debian puts it.
fn program() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect::<Vec<_>>()).unwrap_or_default();
    let versions =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|version| version.path().join("bin"));
    let found = |folder: PathBuf| Some(folder.join("pgbench")).filter(|program: &PathBuf| Path::is_file(program));
    on_path.into_iter().chain(versions).find_map(found)
}
