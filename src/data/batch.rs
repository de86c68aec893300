//! Writing many new records at once: a few statements of many rows each instead of several statements a record.

use entity::{change, outbox, search_word};
use futures_util::future::join;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, IdenStatic, Iterable, ModelTrait, Statement};
use serde_json::Value as Json;

use super::record::{Record, differences, to_json};
use super::write::{Write, joined};
use crate::error::Result;

/// The most parameters of one statement: what SQLite takes. PostgreSQL takes twice as many.
const MOST_PARAMETERS: usize = 32_766;
/// The most rows of one statement. Beyond that the time per row no longer falls.
const MOST_ROWS: usize = 500;

impl Write<'_> {
    /// Writes new records with their history, events and search words, and answers them as they were written.
    ///
    /// Search words are written in the order of their index, so that its pages are touched once each.
    pub async fn insert_all<M: Record>(&self, records: Vec<M>, action: &str) -> Result<Vec<M>> {
        self.insert_all_with(records, action, |_| Json::Null).await
    }

    /// The same where something beside the rows is written, too: `more` tells the history of it.
    pub async fn insert_all_with<M: Record>(
        &self,
        mut records: Vec<M>,
        action: &str,
        more: impl Fn(&M) -> Json,
    ) -> Result<Vec<M>> {
        records.iter_mut().for_each(Record::derive);
        self.insert_rows::<M::Entity>(records.clone().into_iter()).await?;
        let changes: Vec<change::Model> = records
            .iter()
            .map(|record| change::Model {
                id: self.new_id(),
                record_kind: M::KIND,
                record_id: record.uuid(),
                action: action.to_owned(),
                at: self.now,
                by: self.by(),
                fields: joined(to_json(&differences(None, record)), more(record)),
            })
            .collect();
        self.insert_rows::<change::Entity>(changes.into_iter()).await?;
        let events: Vec<outbox::Model> = records
            .iter()
            .map(|record| outbox::Model {
                id: self.new_id(),
                action: action.to_owned(),
                record_kind: M::KIND,
                record_id: record.uuid(),
                at: self.now,
            })
            .collect();
        self.insert_rows::<outbox::Entity>(events.into_iter()).await?;
        let mut words: Vec<search_word::Model> = records
            .iter()
            .flat_map(|record| record.words().into_iter().map(move |word| (word, record.uuid())))
            .map(|(word, record_id)| search_word::Model { word, record_id, record_kind: M::KIND })
            .collect();
        words.sort_unstable_by(|one, other| (&one.word, one.record_id).cmp(&(&other.word, other.record_id)));
        self.insert_rows::<search_word::Entity>(words.into_iter()).await?;
        Ok(records)
    }

    /// Writes rows that have no history of their own. The next statement is made while the database works on the one before.
    pub async fn insert_rows<E: EntityTrait>(&self, rows: impl Iterator<Item = E::Model>) -> Result<()> {
        let connection = self.connection();
        let mut statements = statements::<E>(connection.get_database_backend(), rows);
        let mut next = statements.next();
        while let Some(statement) = next {
            let (done, following) = join(connection.execute_raw(statement), async { statements.next() }).await;
            done?;
            next = following;
        }
        Ok(())
    }
}

/// Inserts of as many rows as fit into one statement.
fn statements<E: EntityTrait>(backend: DbBackend, rows: impl Iterator<Item = E::Model>) -> impl Iterator<Item = Statement> {
    let columns: Vec<E::Column> = E::Column::iter().collect();
    let most = (MOST_PARAMETERS / columns.len()).min(MOST_ROWS);
    let mut rows = rows.peekable();
    std::iter::from_fn(move || {
        rows.peek()?;
        let mut values = Vec::with_capacity(most * columns.len());
        for row in rows.by_ref().take(most) {
            values.extend(columns.iter().map(|column| row.get(*column)));
        }
        let sql = insert::<E>(backend, &columns, values.len() / columns.len());
        Some(Statement::from_sql_and_values(backend, sql, values))
    })
}

/// The text of an insert: always the same for the same number of rows, so that it stays prepared.
fn insert<E: EntityTrait>(backend: DbBackend, columns: &[E::Column], rows: usize) -> String {
    let names: Vec<String> = columns.iter().map(|column| format!("\"{}\"", column.as_str())).collect();
    let mut sql = format!("INSERT INTO \"{}\" ({}) VALUES ", E::default().table_name(), names.join(", "));
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns.len() {
            if column > 0 {
                sql.push(',');
            }
            if backend == DbBackend::Postgres {
                sql.push_str(&format!("${}", row * columns.len() + column + 1));
            } else {
                sql.push('?');
            }
        }
        sql.push(')');
    }
    sql
}
