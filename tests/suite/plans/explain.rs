//! How the database goes about a statement, and how much work that is.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use leadgraph::data::database::{Database, DatabaseSettings};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;

use super::data::BIG;
use crate::harness::{TestServer, on_postgres};

/// After how many steps of its machine SQLite is asked whether to go on, and how many have gone by.
const EVERY: u64 = 10;

/// A connection of its own to a server's database, on which statements are looked at.
pub struct Explainer {
    database: Database,
    steps: Arc<AtomicU64>,
}

/// How the database goes about a statement.
#[derive(Debug, Default)]
pub struct Plan {
    /// What the database says.
    pub text: String,
    /// The big tables that are read as they lie, from one end to the other.
    pub full_scans: BTreeSet<String>,
    /// Rows and pages read on PostgreSQL, steps of its machine on SQLite. 0 for what writes: it isn't carried out.
    pub work: u64,
}

impl Explainer {
    pub async fn new(server: &TestServer) -> Self {
        let settings = DatabaseSettings { max_connections: 1, ..DatabaseSettings::new(server.database()) };
        let database = Database::open(&settings).await.unwrap();
        let steps = Arc::new(AtomicU64::new(0));
        if !on_postgres() {
            let counter = steps.clone();
            let mut connection = database.read().pool().get_sqlite_connection_pool().acquire().await.unwrap();
            connection.lock_handle().await.unwrap().set_progress_handler(i32::try_from(EVERY).unwrap(), move || {
                counter.fetch_add(EVERY, Ordering::Relaxed);
                true
            });
        }
        Self { database, steps }
    }

    /// Looks at a statement with the values that it was sent with.
    pub async fn plan(&self, statement: &Statement) -> Plan {
        if on_postgres() { self.postgres(statement).await } else { self.sqlite(statement).await }
    }

    async fn sqlite(&self, statement: &Statement) -> Plan {
        let lines = self.ask("EXPLAIN QUERY PLAN", statement).await;
        let lines: Vec<String> = lines.iter().map(|line| line.try_get("", "detail").unwrap()).collect();
        let scans = |table: &&str| lines.iter().filter(|line| line.strip_prefix("SCAN ") == Some(*table)).count();
        // What was found once goes by the table's name, too.
        let found = |table: &&str| statement.sql.matches(&format!("FROM \"matched\" AS \"{table}\"")).count();
        let full_scans = BIG.into_iter().filter(|table| scans(table) > found(table)).map(str::to_owned).collect();
        let mut work = 0;
        if reads(statement) {
            self.steps.store(0, Ordering::Relaxed);
            self.database.read().query_all_raw(statement.clone()).await.unwrap();
            work = self.steps.load(Ordering::Relaxed);
        }
        Plan { text: lines.join("\n"), full_scans, work }
    }

    /// Tables as small as the test's are rather read whole, and joined whole: PostgreSQL may only do so where no index helps.
    async fn postgres(&self, statement: &Statement) -> Plan {
        let analyze = if reads(statement) { "ANALYZE, BUFFERS, TIMING OFF, " } else { "" };
        let transaction = self.database.begin().await.unwrap();
        let as_at_scale = "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off";
        transaction.execute_unprepared(as_at_scale).await.unwrap();
        let explain = Statement { sql: format!("EXPLAIN ({analyze}FORMAT JSON) {}", statement.sql), ..statement.clone() };
        let row = transaction.query_one_raw(explain).await.unwrap_or_else(|error| panic!("{error}: {statement}")).unwrap();
        transaction.rollback().await.unwrap();
        let json: Value = row.try_get("", "QUERY PLAN").unwrap();
        let mut plan = Plan::default();
        let root = &json[0]["Plan"];
        plan.work = number(root, "Shared Hit Blocks") + number(root, "Shared Read Blocks");
        plan.follow(root, 0);
        plan
    }

    async fn ask(&self, how: &str, statement: &Statement) -> Vec<sea_orm::QueryResult> {
        let explain = Statement { sql: format!("{how} {}", statement.sql), ..statement.clone() };
        self.database.read().query_all_raw(explain).await.unwrap_or_else(|error| panic!("{error}: {statement}"))
    }
}

impl Plan {
    fn follow(&mut self, node: &Value, depth: usize) {
        let text = |name: &str| node[name].as_str().unwrap_or_default();
        let (kind, table) = (text("Node Type"), text("Relation Name"));
        if kind == "Seq Scan" && BIG.contains(&table) {
            self.full_scans.insert(table.to_owned());
        }
        let loops = number(node, "Actual Loops");
        let read =
            number(node, "Actual Rows") + number(node, "Rows Removed by Filter") + number(node, "Rows Removed by Index Recheck");
        if kind.contains("Scan") {
            self.work += read * loops;
        }
        self.text += &format!(
            "{}{kind} {table} {} {}{} read {read} x {loops}\n",
            "  ".repeat(depth),
            text("Index Name"),
            text("Index Cond"),
            if text("Filter").is_empty() { String::new() } else { format!(" filter {}", text("Filter")) }
        );
        for child in node["Plans"].as_array().into_iter().flatten() {
            self.follow(child, depth + 1);
        }
    }
}

fn number(node: &Value, name: &str) -> u64 {
    node[name].as_f64().unwrap_or_default() as u64
}

fn reads(statement: &Statement) -> bool {
    let writes = ["INSERT INTO", "UPDATE ", "DELETE FROM"].iter().any(|word| statement.sql.contains(word));
    statement.sql.starts_with("SELECT") || statement.sql.starts_with("WITH") && !writes
}
