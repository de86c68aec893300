//! Writing many records at once: a few statements of many rows each instead of several statements a record.

use std::borrow::Borrow;

use entity::{RecordKind, change, outbox, search_word};
use futures_util::future::join;
use sea_orm::{ConnectionTrait, DbBackend, EntityName, EntityTrait, IdenStatic, Iterable, ModelTrait, Statement};
use serde_json::Value as Json;
use uuid::Uuid;

use super::record::{Record, differences, to_json};
use super::write::{Write, joined};
use crate::auth::scope::Visible;
use crate::error::{Error, Result};

/// The most parameters of one statement: what SQLite takes. PostgreSQL takes twice as many.
const MOST_PARAMETERS: usize = 32_766;
/// The most rows of one statement. Beyond that the time per row no longer falls.
const MOST_ROWS: usize = 500;
/// As many statements of one row each go to SQLite at once. It carries them out faster than one of as many rows, for which it
/// would keep a copy of every page that it touches, so that it could undo the statement alone.
const SQLITE_ROWS: usize = 64;
/// New records whose statements are made together, while the database works on those of the ones before.
pub const PORTION: usize = 256;

impl Write<'_> {
    /// Writes new records with their history, events and search words, and answers them as they were written.
    ///
    /// Search words are written in the order of their index, so that its pages are touched once each.
    pub async fn insert_all<M: Record>(&self, mut records: Vec<M>, action: &str) -> Result<Vec<M>> {
        records.iter_mut().for_each(Record::derive);
        let mut portions = records.chunks(PORTION).map(|portion| portion.iter().map(|record| (record, Json::Null)));
        let mut next = portions.next().map(|portion| self.insertion(portion, action));
        while let Some(statements) = next {
            let carried_out = async {
                for statement in statements {
                    self.connection().execute_raw(statement).await?;
                }
                Ok::<(), Error>(())
            };
            let following = async { portions.next().map(|portion| self.insertion(portion, action)) };
            let (done, following) = join(carried_out, following).await;
            done?;
            next = following;
        }
        Ok(records)
    }

    /// The same in the background, for at most `PORTION` records whose derived columns are there already: see `settle`. With each
    /// record stands what the history tells of it beside its fields. `also` is written after them.
    pub async fn insert_behind<'r, M: Record + 'r>(
        &self,
        records: impl Iterator<Item = (&'r M, Json)>,
        action: &str,
        also: Vec<Statement>,
    ) -> Result<()> {
        let mut statements = self.insertion(records, action);
        statements.extend(also);
        self.carry_out_behind(statements).await
    }

    /// The statements that write rows that have no history of their own.
    pub fn rows<E: EntityTrait>(&self, rows: impl Iterator<Item = E::Model>) -> Vec<Statement> {
        statements::<E, _>(self.connection().get_database_backend(), rows).collect()
    }

    /// The statements that write new records.
    fn insertion<'r, M: Record + 'r>(&self, records: impl Iterator<Item = (&'r M, Json)>, action: &str) -> Vec<Statement> {
        let backend = self.connection().get_database_backend();
        let (records, more): (Vec<&M>, Vec<Json>) = records.unzip();
        let mut all: Vec<Statement> = statements::<M::Entity, _>(backend, records.iter().copied()).collect();
        let told = records.iter().zip(more);
        let notes = told.map(|(record, more)| (record.uuid(), joined(to_json(differences(None, *record)), more))).collect();
        all.extend(self.notes(M::KIND, action, notes));
        let mut words: Vec<search_word::Model> = records
            .iter()
            .flat_map(|record| record.words().into_iter().map(move |word| (word, record.uuid())))
            .map(|(word, record_id)| search_word::Model { word, record_id, record_kind: M::KIND })
            .collect();
        words.sort_unstable_by(|one, other| (&one.word, one.record_id).cmp(&(&other.word, other.record_id)));
        all.extend(statements::<search_word::Entity, _>(backend, words.into_iter()));
        all
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
            let notes = rows.iter().map(|(before, after)| (after.uuid(), to_json(differences(Some(before), after))));
            for statement in self.notes(M::KIND, action, notes.collect()) {
                self.connection().execute_raw(statement).await?;
            }
            for (before, after) in rows {
                self.write_words(M::KIND, after.uuid(), before.words(), after.words()).await?;
            }
            M::keep_all_beside(self, rows).await?;
        }
        Ok(changed.into_iter().map(|(_, after)| after).collect())
    }

    /// One entry of the history for each of these records, and the events that others hear of.
    fn notes(&self, record_kind: RecordKind, action: &str, notes: Vec<(Uuid, Json)>) -> Vec<Statement> {
        let backend = self.connection().get_database_backend();
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
        let entries = notes.into_iter().map(|(record_id, fields)| change::Model {
            id: self.new_id(),
            record_kind,
            record_id,
            action: action.to_owned(),
            at: self.now,
            by: self.by(),
            fields,
        });
        let entries = statements::<change::Entity, _>(backend, entries);
        entries.chain(statements::<outbox::Entity, _>(backend, events.into_iter())).collect()
    }

    /// Writes rows that have no history of their own. The next statement is made while the database works on the one before.
    pub async fn insert_rows<E: EntityTrait>(&self, rows: impl Iterator<Item = E::Model>) -> Result<()> {
        let connection = self.connection();
        let mut statements = statements::<E, _>(connection.get_database_backend(), rows);
        let mut next = statements.next();
        while let Some(statement) = next {
            let (done, following) = join(connection.execute_raw(statement), async { statements.next() }).await;
            done?;
            next = following;
        }
        Ok(())
    }
}

/// Inserts of as many rows as go into one call of the database.
fn statements<E: EntityTrait, R: Borrow<E::Model>>(
    backend: DbBackend,
    rows: impl Iterator<Item = R>,
) -> impl Iterator<Item = Statement> {
    let columns: Vec<E::Column> = E::Column::iter().collect();
    let most = if backend == DbBackend::Sqlite { SQLITE_ROWS } else { (MOST_PARAMETERS / columns.len()).min(MOST_ROWS) };
    let mut rows = rows.peekable();
    std::iter::from_fn(move || {
        rows.peek()?;
        let mut values = Vec::with_capacity(most * columns.len());
        for row in rows.by_ref().take(most) {
            let row = row.borrow();
            values.extend(columns.iter().map(|column| row.get(*column)));
        }
        let count = values.len() / columns.len();
        let sql = if backend == DbBackend::Sqlite && count == most {
            format!("{};", insert::<E>(backend, &columns, 1)).repeat(count)
        } else {
            insert::<E>(backend, &columns, count)
        };
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
