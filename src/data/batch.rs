//! Writing many records at once: a few statements of many rows each instead of several statements a record.

use entity::{RecordKind, change, outbox, search_word, searched_record};
use futures_util::future::join;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbBackend, EntityName, EntityTrait, IdenStatic, IntoActiveModel, Iterable, Statement,
    Value,
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::record::{Record, differences, to_json};
use super::words;
use super::write::{Write, joined};
use crate::auth::scope::Visible;
use crate::error::Result;

/// The most parameters of one statement: what SQLite takes. PostgreSQL takes twice as many.
const MOST_PARAMETERS: usize = 32_766;
/// The most rows of one statement. Beyond that the time per row no longer falls.
pub(super) const MOST_ROWS: usize = 500;
/// As many rows of records that are written in the background go to SQLite in a statement: more would not stay in the processor's cache.
const SQLITE_ROWS: usize = 16;
/// As many search words of records that are written in the background are put in the order of their index together.
const WORDS_TOGETHER: usize = 32_768;

impl Write<'_> {
    /// Writes new records with their history, events and search words, and answers them as they were written.
    pub async fn insert_all<M: Record>(&self, mut records: Vec<M>, action: &str) -> Result<Vec<M>> {
        records.iter_mut().for_each(Record::derive);
        self.insert_rows::<M::Entity>(records.iter().cloned()).await?;
        let notes = records.iter().map(|record| (record.uuid(), to_json(differences(None, record))));
        let (entries, events) = self.notes(M::KIND, action, notes);
        self.insert_rows::<change::Entity>(entries.into_iter()).await?;
        self.insert_rows::<outbox::Entity>(events.into_iter()).await?;
        let (texts, words) = words::of_new(records.iter());
        self.insert_rows::<searched_record::Entity>(texts.into_iter()).await?;
        self.insert_words(words).await?;
        Ok(records)
    }

    /// The same in the background, for records whose derived columns are there already: see `settle`. With each record stands what the
    /// history tells of it beside its fields. `also` is written after them. Search words wait until there are many.
    pub async fn insert_behind<'r, M: Record + 'r>(
        &self,
        records: impl Iterator<Item = (&'r M, Json)>,
        action: &str,
        also: Vec<Statement>,
    ) {
        let (records, more): (Vec<&M>, Vec<Json>) = records.unzip();
        let backend = self.connection().get_database_backend();
        let rows = records.iter().copied().cloned();
        let mut all: Vec<Statement> = statements::<M::Entity>(backend, rows, backend == DbBackend::Sqlite).collect();
        let told = records.iter().zip(more);
        let notes = told.map(|(record, more)| (record.uuid(), joined(to_json(differences(None, *record)), more)));
        let (entries, events) = self.notes(M::KIND, action, notes);
        all.extend(self.rows::<change::Entity>(entries.into_iter()));
        all.extend(self.rows::<outbox::Entity>(events.into_iter()));
        all.extend(also);
        let (texts, words) = words::of_new(records.into_iter());
        all.extend(self.rows::<searched_record::Entity>(texts.into_iter()));
        all.extend(words::inserts(backend, self.collect_words(words, WORDS_TOGETHER)));
        self.carry_out_behind(all).await;
    }

    /// The statements that write rows that have no history of their own, for `insert_behind`.
    pub fn rows<E: EntityTrait>(&self, rows: impl Iterator<Item = E::Model>) -> Vec<Statement>
    where
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        statements::<E>(self.connection().get_database_backend(), rows, false).collect()
    }

    /// Writes search words of new records.
    pub(super) async fn insert_words(&self, words: Vec<search_word::Model>) -> Result<()> {
        for statement in words::inserts(self.connection().get_database_backend(), words) {
            self.connection().execute_raw(statement).await?;
        }
        Ok(())
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
            let (entries, events) = self.notes(M::KIND, action, notes);
            self.insert_rows::<change::Entity>(entries.into_iter()).await?;
            self.insert_rows::<outbox::Entity>(events.into_iter()).await?;
            for (before, after) in rows {
                self.write_words(M::KIND, after.uuid(), before.words(), after.words()).await?;
            }
            M::keep_all_beside(self, rows).await?;
        }
        Ok(changed.into_iter().map(|(_, after)| after).collect())
    }

    /// One entry of the history for each of these records, and the events that others hear of.
    fn notes(
        &self,
        record_kind: RecordKind,
        action: &str,
        notes: impl Iterator<Item = (Uuid, Json)>,
    ) -> (Vec<change::Model>, Vec<outbox::Model>) {
        self.will_change(record_kind);
        let note = |(record_id, fields)| {
            let entry = change::Model {
                id: self.new_id(),
                record_kind,
                record_id,
                action: action.to_owned(),
                at: self.now,
                by: self.by(),
                fields,
            };
            let event = outbox::Model { id: self.new_id(), action: action.to_owned(), record_kind, record_id, at: self.now };
            (entry, event)
        };
        notes.map(note).unzip()
    }

    /// Writes rows that have no history of their own. The next statement is made while the database works on the one before.
    pub async fn insert_rows<E: EntityTrait>(&self, rows: impl Iterator<Item = E::Model>) -> Result<()>
    where
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let connection = self.connection();
        let mut statements = statements::<E>(connection.get_database_backend(), rows, false);
        let mut next = statements.next();
        while let Some(statement) = next {
            let (done, following) = join(connection.execute_raw(statement), async { statements.next() }).await;
            done?;
            next = following;
        }
        Ok(())
    }
}

/// Inserts of rows, of as many in each as go into one call of the database; `in_portions`, of as many as suit SQLite best.
///
/// Those are OR FAIL: whoever writes in the background gives the transaction up where a row can't be written, so SQLite needn't keep a copy
/// of each page that the statement touches, to be able to undo it alone. See also `Database::begin_much`.
fn statements<E: EntityTrait>(
    backend: DbBackend,
    rows: impl Iterator<Item = E::Model>,
    in_portions: bool,
) -> impl Iterator<Item = Statement>
where
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let mut rows = rows;
    let groups =
        std::iter::from_fn(move || Some(rows.by_ref().take(MOST_ROWS).collect::<Vec<_>>()).filter(|group| !group.is_empty()));
    groups.flat_map(move |group| inserts::<E>(backend, group, in_portions))
}

fn inserts<E: EntityTrait>(backend: DbBackend, rows: Vec<E::Model>, in_portions: bool) -> Vec<Statement>
where
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let columns: Vec<E::Column> = E::Column::iter().collect();
    let is_sqlite = backend == DbBackend::Sqlite;
    let verb = if in_portions { "INSERT OR FAIL" } else { "INSERT" };
    let most = if in_portions { SQLITE_ROWS } else { MOST_PARAMETERS / columns.len() };
    let are_many = rows.len() >= SQLITE_ROWS;
    let values = rows.into_iter().flat_map(|row| {
        let mut row = row.into_active_model();
        columns.iter().filter_map(move |column| row.take(*column).into_value())
    });
    let values: Vec<Value> = values.map(|value| if is_sqlite { as_text(value) } else { value }).collect();
    // What none of many rows has needs no parameter: of most records a file says less than half of what could be said.
    let is_given =
        |place: usize| !are_many || values.iter().skip(place).step_by(columns.len()).any(|value| *value != value.as_null());
    let places: Vec<Option<&str>> = (0..columns.len()).map(|place| (!is_given(place)).then_some("NULL")).collect();
    let parameters = places.iter().filter(|place| place.is_none()).count();
    let given = values.into_iter().zip(places.iter().cycle()).filter(|(_, place)| place.is_none());
    let mut given = given.map(|(value, _)| value).peekable();
    let mut statements = Vec::new();
    while given.peek().is_some() {
        let values: Vec<Value> = given.by_ref().take(most * parameters).collect();
        let count = values.len() / parameters;
        let sql = insert::<E>(backend, verb, &columns, count, &places);
        statements.push(Statement::from_sql_and_values(backend, sql, values));
    }
    statements
}

/// JSON as SQLite keeps it. The statement's values are copied on their way there, and a text is copied faster.
fn as_text(value: Value) -> Value {
    match value {
        Value::Json(Some(json)) => Value::from(json.to_string()),
        other => other,
    }
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
        placeholders(backend, rows.len(), &vec![None; all.len()]),
        sets.join(", "),
        table = M::Entity::default().table_name(),
        id = names[0],
    );
    Some(Statement::from_sql_and_values(backend, sql, values.collect::<Vec<_>>()))
}

/// The text of an insert: always the same for the same number of rows with the same values, so that it stays prepared.
fn insert<E: EntityTrait>(backend: DbBackend, verb: &str, columns: &[E::Column], rows: usize, places: &[Option<&str>]) -> String {
    let names: Vec<String> = columns.iter().map(|column| format!("\"{}\"", column.as_str())).collect();
    let values = placeholders(backend, rows, places);
    format!("{verb} INTO \"{}\" ({}) VALUES {values}", E::default().table_name(), names.join(", "))
}

/// Places for the values of this many rows: `(?,?), (?,?)`. Those that are named here are the same in each row.
pub(super) fn placeholders(backend: DbBackend, rows: usize, places: &[Option<&str>]) -> String {
    let mut sql = String::new();
    let mut parameters = 0;
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for (index, place) in places.iter().enumerate() {
            if index > 0 {
                sql.push(',');
            }
            match place {
                Some(named) => sql.push_str(named),
                None if backend == DbBackend::Postgres => {
                    parameters += 1;
                    sql.push_str(&format!("${parameters}"));
                }
                None => sql.push('?'),
            }
        }
        sql.push(')');
    }
    sql
}
