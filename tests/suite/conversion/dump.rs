//! All that a database holds, to compare what was there before and after.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;

use super::World;
use crate::harness::on_postgres;

/// The rows of each table, sorted.
#[derive(Debug, Clone, PartialEq)]
pub struct Dump(pub BTreeMap<String, Vec<Value>>);

impl Dump {
    /// Fails with what differs where something does.
    #[track_caller]
    pub fn assert_same(&self, other: &Dump, what: &str) {
        for (table, before) in &self.0 {
            let after = &other.0[table];
            let gone: Vec<_> = before.iter().filter(|row| !after.contains(row)).collect();
            let new: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
            assert!(gone.is_empty() && new.is_empty(), "{what}: {table} differs\n gone: {gone:#?}\n new: {new:#?}");
        }
    }

    pub fn rows(&self, table: &str) -> usize {
        self.0[table].len()
    }
}

impl World {
    /// All that the database holds.
    pub async fn dump(&self) -> Dump {
        let statement = self.dump_statement.get_or_init(|| self.make_dump_statement()).await;
        let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in self.texts(statement).await {
            let (table, row) = line.split_once(' ').unwrap();
            let rows = tables.entry(table.to_owned()).or_default();
            if !row.is_empty() {
                rows.push(row.to_owned());
            }
        }
        let read = |mut rows: Vec<String>| {
            rows.sort_unstable();
            rows.iter().map(|row| serde_json::from_str(row).unwrap()).collect()
        };
        Dump(tables.into_iter().map(|(table, rows)| (table, read(rows))).collect())
    }

    /// One statement for all tables, so that it sees all of them at the same moment. Each table says that it is there, too.
    async fn make_dump_statement(&self) -> String {
        let mut parts = Vec::new();
        for table in self.tables().await {
            let row = if on_postgres() {
                "row_to_json(t)::text".to_owned()
            } else {
                let columns = self.texts(&format!("SELECT name AS line FROM pragma_table_info('{table}')")).await;
                let value = |name: &String| {
                    format!("'{name}', CASE typeof(\"{name}\") WHEN 'blob' THEN hex(\"{name}\") ELSE \"{name}\" END")
                };
                format!("json_object({})", columns.iter().map(value).collect::<Vec<_>>().join(", "))
            };
            parts.push(format!("SELECT '{table} ' AS line UNION ALL SELECT '{table} ' || {row} FROM \"{table}\" t"));
        }
        parts.join(" UNION ALL ")
    }

    async fn tables(&self) -> Vec<String> {
        let sql = if on_postgres() {
            "SELECT table_name::text AS line FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        } else {
            "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        };
        self.texts(sql).await
    }

    /// The column `line` of what a statement answers.
    async fn texts(&self, sql: &str) -> Vec<String> {
        let connection = self.app.database().read();
        let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), sql)).await.unwrap();
        rows.iter().map(|row| row.try_get("", "line").unwrap()).collect()
    }
}
