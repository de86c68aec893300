//! The words under which records are found: each as an entry of its own, from which a search begins, and all of a record's in one text,
//! which tells whether it has the other words of the search, too.

use entity::{RecordKind, search_word, searched_record};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{ActiveModelTrait, ColumnTrait, DbBackend, EntityTrait, QueryFilter, QueryTrait, Statement, Value};
use uuid::Uuid;

use super::batch::{MOST_ROWS, placeholders};
use super::beside::Beside;
use super::listed;
use super::record::Record;
use crate::error::{Error, Result};

/// A record's words as one text.
fn text(words: &[String]) -> String {
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.sort_unstable();
    format!(" {} ", words.join(" "))
}

/// What new records are found by: their texts, and the entries of their words.
pub(super) fn of_new<'r, M: Record + 'r>(
    records: impl Iterator<Item = &'r M>,
) -> (Vec<searched_record::Model>, Vec<search_word::Model>) {
    let (mut texts, mut entries) = (Vec::new(), Vec::new());
    for (record_id, words) in records.map(|record| (record.uuid(), record.words())).filter(|(_, words)| !words.is_empty()) {
        texts.push(searched_record::Model { record_id, words: text(&words) });
        entries.extend(words.into_iter().map(|word| search_word::Model { word, record_id, record_kind: M::KIND }));
    }
    (texts, entries)
}

/// Adds what keeps a record's words in step with it.
pub(super) fn keep(
    beside: &mut Beside,
    database: DbBackend,
    (record_kind, record_id): (RecordKind, Uuid),
    before: &[String],
    after: &[String],
) -> Result<()> {
    use search_word::Column::{RecordId, RecordKind, Word};
    let gone: Vec<&String> = before.iter().filter(|word| !after.contains(word)).collect();
    let new: Vec<&String> = after.iter().filter(|word| !before.contains(word)).collect();
    if gone.is_empty() && new.is_empty() {
        return Ok(());
    }
    keep_text(beside, record_id, after);
    if !gone.is_empty() {
        let delete = search_word::Entity::delete_many().filter(RecordId.eq(record_id)).filter(Word.is_in(gone));
        beside.add(delete.into_query());
    }
    if new.is_empty() {
        return Ok(());
    }
    let rows = Query::select()
        .column(listed::TEXT)
        .exprs([Expr::value(record_id), Expr::value(record_kind)])
        .from_function(listed::rows_of(database, new), "words")
        // SQLite would take what follows for a part of a join.
        .and_where(Expr::cust("TRUE"))
        .take();
    let insert = Query::insert()
        .into_table(search_word::Entity)
        .columns([Word, RecordId, RecordKind])
        .select_from(rows)
        .map_err(Error::internal)?
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .take();
    beside.add(insert);
    Ok(())
}

/// A record without words, such as a deleted one, isn't found.
fn keep_text(beside: &mut Beside, record_id: Uuid, words: &[String]) {
    use searched_record::{ActiveModel, Column, Entity, Model};
    if words.is_empty() {
        return beside.add(Entity::delete_by_id(record_id).into_query());
    }
    let row: ActiveModel = Model { record_id, words: text(words) }.into();
    let kept = OnConflict::column(Column::RecordId).update_column(Column::Words).to_owned();
    beside.add(Entity::insert(row.reset_all()).on_conflict(kept).into_query());
}

/// Inserts of words of new records in the order of their index, so that its pages are touched once each.
pub(super) fn inserts(backend: DbBackend, mut words: Vec<search_word::Model>) -> Vec<Statement> {
    let key = |row: &search_word::Model| row.record_kind.as_str();
    words.sort_unstable_by(|one, other| (key(one), &one.word, one.record_id).cmp(&(key(other), &other.word, other.record_id)));
    // OR FAIL: whoever writes these words gives the transaction up where one can't be written, so SQLite needn't be able to undo the
    // statement alone.
    let (verb, sizes): (_, &[usize]) = match backend {
        DbBackend::Sqlite => ("INSERT OR FAIL", &[MOST_ROWS]),
        // Each statement is a way there and back.
        _ => ("INSERT", &[4 * MOST_ROWS, MOST_ROWS]),
    };
    let mut statements = Vec::with_capacity(words.len() / MOST_ROWS + 1);
    let mut words = words.into_iter().peekable();
    while let Some(kind) = words.peek().map(|row| row.record_kind) {
        let rows: Vec<_> = std::iter::from_fn(|| words.next_if(|row| row.record_kind == kind)).collect();
        let kind = format!("'{}'", kind.as_str());
        let mut rows = rows.into_iter();
        while !rows.as_slice().is_empty() {
            let count = sizes.iter().copied().find(|size| *size <= rows.len()).unwrap_or(rows.len());
            let values: Vec<Value> = rows.by_ref().take(count).flat_map(|row| [row.word.into(), row.record_id.into()]).collect();
            let places = placeholders(backend, count, &[None, None, Some(&kind)]);
            let sql = format!("{verb} INTO \"search_words\" (\"word\", \"record_id\", \"record_kind\") VALUES {places}");
            statements.push(Statement::from_sql_and_values(backend, sql, values));
        }
    }
    statements
}
