//! Writing many records at once: a few statements of many rows each instead of several statements a record.

use entity::{RecordKind, change, outbox, search_word};
use futures_util::future::join;
use sea_orm::{ConnectionTrait, DbBackend, EntityName, EntityTrait, IdenStatic, Iterable, ModelTrait, Statement};
use serde_json::Value as Json;
use uuid::Uuid;

use super::record::{Record, differences, to_json};
use super::write::{Write, joined};
use crate::auth::scope::Visible;
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
        let notes = records.iter().map(|record| (record.uuid(), joined(to_json(&differences(None, record)), more(record))));
        self.note_all(M::KIND, action, notes.collect()).await?;
        let mut words: Vec<search_word::Model> = records
            .iter()
            .flat_map(|record| record.words().into_iter().map(move |word| (word, record.uuid())))
            .map(|(word, record_id)| search_word::Model { word, record_id, record_kind: M::KIND })
            .collect();
        words.sort_unstable_by(|one, other| (&one.word, one.record_id).cmp(&(&other.word, other.record_id)));
        self.insert_rows::<search_word::Entity>(words.into_iter()).await?;
        Ok(records)
    }

    /// Writes what changed between two states of each record, with history, version, events and search words, and answers the later
    /// states as they were written. Records that didn't change are left alone.
    pub async fn update_all<M: Record<Entity: Visible>>(&self, changes: Vec<(M, M)>, action: &str) -> Result<Vec<M>> {
        let mut changed = Vec::with_capacity(changes.len());
        for (before, mut after) in changes {
            after.derive();
            if after != before {
                after.touch(self.now);
                changed.push((before, after));
            }
        }
        let most = MOST_PARAMETERS / <M::Entity as EntityTrait>::Column::iter().count();
        for rows in changed.chunks(most.min(MOST_ROWS)) {
            if let Some(statement) = update(self.connection().get_database_backend(), rows) {
                self.connection().execute_raw(statement).await?;
            }
            let notes = rows.iter().map(|(before, after)| (after.uuid(), to_json(&differences(Some(before), after))));
            self.note_all(M::KIND, action, notes.collect()).await?;
            for (before, after) in rows {
                self.write_words(M::KIND, after.uuid(), before.words(), after.words()).await?;
            }
            M::keep_all_beside(self, rows).await?;
        }
        Ok(changed.into_iter().map(|(_, after)| after).collect())
    }

    /// One entry of the history for each of these records, and the events that others hear of.
    async fn note_all(&self, record_kind: RecordKind, action: &str, notes: Vec<(Uuid, Json)>) -> Result<()> {
        self.will_change(record_kind);
        let events: Vec<outbox::Model> = notes
            .iter()
            .map(|(record_id, _)| outbox::Model {
                id: self.new_id(),
                action: action.to_owned(),
                record_kind,
                record_id: *record_id,
                at: self.now,
            })
            .collect();
        self.insert_rows::<change::Entity>(notes.into_iter().map(|(record_id, fields)| change::Model {
            id: self.new_id(),
            record_kind,
            record_id,
            action: action.to_owned(),
            at: self.now,
            by: self.by(),
            fields,
        }))
        .await?;
        self.insert_rows::<outbox::Entity>(events.into_iter()).await
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

/// An update of all rows by their ids, in the columns in which any of them changed; nothing where none did.
fn update<M: Record<Entity: Visible>>(backend: DbBackend, rows: &[(M, M)]) -> Option<Statement> {
    let columns: Vec<_> = <M::Entity as EntityTrait>::Column::iter()
        .filter(|column| rows.iter().any(|(before, after)| before.get(*column) != after.get(*column)))
        .collect();
    if columns.is_empty() {
        return None;
    }
    let id = <M::Entity as Visible>::ID;
    let all: Vec<_> = std::iter::once(id).chain(columns.iter().copied()).collect();
    let values = rows.iter().flat_map(|(_, after)| all.iter().map(|column| after.get(*column)));
    let names: Vec<String> = all.iter().map(|column| format!("\"{}\"", column.as_str())).collect();
    let sets: Vec<String> = names.iter().skip(1).map(|name| format!("{name} = new.{name}")).collect();
    let sql = format!(
        "WITH new ({}) AS (VALUES {}) UPDATE \"{table}\" SET {} FROM new WHERE \"{table}\".{id} = new.{id}",
        names.join(", "),
        placeholders(backend, rows.len(), all.len()),
        sets.join(", "),
        table = M::Entity::default().table_name(),
        id = names[0],
    );
    Some(Statement::from_sql_and_values(backend, sql, values.collect::<Vec<_>>()))
}

/// The text of an insert: always the same for the same number of rows, so that it stays prepared.
fn insert<E: EntityTrait>(backend: DbBackend, columns: &[E::Column], rows: usize) -> String {
    let names: Vec<String> = columns.iter().map(|column| format!("\"{}\"", column.as_str())).collect();
    let values = placeholders(backend, rows, columns.len());
    format!("INSERT INTO \"{}\" ({}) VALUES {values}", E::default().table_name(), names.join(", "))
}

/// Places for the parameters of this many rows: `(?,?), (?,?)`.
fn placeholders(backend: DbBackend, rows: usize, columns: usize) -> String {
    let mut sql = String::new();
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            if column > 0 {
                sql.push(',');
            }
            if backend == DbBackend::Postgres {
                sql.push_str(&format!("${}", row * columns + column + 1));
            } else {
                sql.push('?');
            }
        }
        sql.push(')');
    }
    sql
}
