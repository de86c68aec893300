//! All that a database holds, to compare what was there before and after.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;

use super::World;

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
        let mut tables = BTreeMap::new();
        for table in self.tables().await {
            let row = if crate::harness::on_postgres() {
                format!("SELECT row_to_json(t)::text AS line FROM \"{table}\" t")
            } else {
                let columns = self.texts(&format!("SELECT name AS line FROM pragma_table_info('{table}')")).await;
                let values: Vec<_> = columns
                    .iter()
                    .map(|name| format!("'{name}', CASE typeof(\"{name}\") WHEN 'blob' THEN hex(\"{name}\") ELSE \"{name}\" END"))
                    .collect();
                format!("SELECT json_object({}) AS line FROM \"{table}\"", values.join(", "))
            };
            let mut lines = self.texts(&row).await;
            lines.sort_unstable();
            tables.insert(table, lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect());
        }
        Dump(tables)
    }

    async fn tables(&self) -> Vec<String> {
        let sql = if crate::harness::on_postgres() {
            "SELECT table_name::text AS line FROM information_schema.tables WHERE table_schema = 'public'"
        } else {
            "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        };
        self.texts(sql).await
    }

    /// The column `line` of what a statement answers.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let connection = self.app.database().read();
        let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), sql)).await.unwrap();
        rows.iter().map(|row| row.try_get("", "line").unwrap()).collect()
    }
}
