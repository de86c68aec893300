//! What the search asks of the database, and nothing else. Every statement walks the index `(word, record_id)` from a place on.

use entity::RecordKind;
use entity::search_word::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, UnionType};
use uuid::Uuid;

use crate::data::database::{ReadRows, Row};
use crate::error::Result;

/// From how many index entries on a word is simply frequent, when the rarest one is looked for.
const FREQUENT: u64 = 1_000;

/// What is searched for.
#[derive(Debug)]
pub struct Search {
    /// The words that must all begin a word of the record; at least one.
    pub words: Vec<String>,
    /// Which of the words leads: the hits are walked along its index entries.
    pub leading: usize,
    /// The kinds of record, where not all.
    pub kinds: Option<Vec<RecordKind>>,
}

/// A hit's place in the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The record's word that the leading word begins.
    pub word: String,
    /// The record.
    pub record: Uuid,
}

impl Search {
    fn leading_word(&self) -> &str {
        self.words.get(self.leading).map_or("", String::as_str)
    }

    /// Whether a place is among the hits that have the leading word itself; otherwise it's among the later ones.
    fn is_exact(&self, place: &Place) -> bool {
        place.word == self.leading_word()
    }

    /// The first hits after a place, at most so many.
    pub async fn hits(&self, connection: &impl ReadRows, after: Option<&Place>, most: usize) -> Result<Vec<Model>> {
        let mut found = Vec::new();
        if after.is_none_or(|place| self.is_exact(place)) {
            found = read(connection, self.exact(after, false, most)).await?;
        }
        if found.len() < most {
            let after = after.filter(|place| !self.is_exact(place));
            found.extend(read(connection, self.longer(after, false, most - found.len())).await?);
        }
        Ok(found)
    }

    /// Whether there are hits at a place or before it.
    pub async fn any_up_to(&self, connection: &impl ReadRows, place: &Place) -> Result<bool> {
        let mut nearest = if self.is_exact(place) { self.exact(Some(place), true, 1) } else { self.longer(Some(place), true, 1) };
        if !self.is_exact(place) {
            nearest = wrapped(nearest);
            nearest.union(UnionType::All, wrapped(self.exact(None, false, 1)));
            nearest.limit(1);
        }
        Ok(!read(connection, nearest).await?.is_empty())
    }

    /// Records that have the leading word itself, the newest first: those after a place, or the nearest first those up to it.
    fn exact(&self, place: Option<&Place>, up_to: bool, most: usize) -> SelectStatement {
        let mut select = self.select();
        select.and_where(hit(Column::Word).eq(self.leading_word()));
        if let Some(place) = place {
            let record = hit(Column::RecordId);
            select.and_where(if up_to { record.gte(place.record) } else { record.lt(place.record) });
        }
        let direction = if up_to { Order::Asc } else { Order::Desc };
        select.order_by_expr(hit(Column::RecordId), direction).limit(most as u64).take()
    }

    /// Records that have a longer word, in the order of the index; each by the first of such words, and none that is an exact hit.
    fn longer(&self, place: Option<&Place>, up_to: bool, most: usize) -> SelectStatement {
        let mut select = self.select();
        let (first, last) = range(self.leading_word());
        select.and_where(hit(Column::Word).gt(first.clone())).and_where(hit(Column::Word).lt(last));
        let mut earlier = words_of_hit("earlier");
        earlier.and_where(Expr::col(("earlier", Column::Word)).gte(first));
        earlier.and_where(Expr::col(("earlier", Column::Word)).lt(hit(Column::Word)));
        select.and_where(Expr::exists(earlier).not());
        if let Some(place) = place {
            let keys = Expr::tuple([hit(Column::Word), hit(Column::RecordId)]);
            let values = Expr::tuple([Expr::val(place.word.as_str()), Expr::val(place.record)]);
            select.and_where(if up_to { keys.lte(values) } else { keys.gt(values) });
        }
        let direction = if up_to { Order::Desc } else { Order::Asc };
        select.order_by_expr(hit(Column::Word), direction.clone()).order_by_expr(hit(Column::RecordId), direction);
        select.limit(most as u64).take()
    }

    /// Index entries of records that have the other words, too, and are of a wanted kind.
    fn select(&self) -> SelectStatement {
        let mut select = Query::select();
        select.columns([("hit", Column::Word), ("hit", Column::RecordId), ("hit", Column::RecordKind)]).from_as(Entity, "hit");
        for (index, word) in self.words.iter().enumerate().filter(|(index, _)| *index != self.leading) {
            let (first, last) = range(word);
            let alias = format!("other{index}");
            let mut other = words_of_hit(alias.clone());
            other.and_where(Expr::col((alias.clone(), Column::Word)).gte(first));
            other.and_where(Expr::col((alias, Column::Word)).lt(last));
            select.and_where(Expr::exists(other));
        }
        if let Some(kinds) = &self.kinds {
            select.and_where(hit(Column::RecordKind).is_in(kinds.iter().map(|kind| kind.as_str())));
        }
        select
    }
}

/// The word of a query that the fewest records have, as far as that can be told cheaply.
pub async fn rarest(connection: &impl ReadRows, words: &[String]) -> Result<usize> {
    if words.len() < 2 {
        return Ok(0);
    }
    let mut counts = Query::select();
    for (index, word) in words.iter().enumerate() {
        let (first, last) = range(word);
        let entries = Query::select()
            .expr(Expr::cust("1"))
            .from_as(Entity, "hit")
            .and_where(hit(Column::Word).gte(first))
            .and_where(hit(Column::Word).lt(last))
            .limit(FREQUENT)
            .take();
        let count = Query::select().expr(Expr::cust("COUNT(*)")).from_subquery(entries, "entries").take();
        counts.expr_as(Expr::SubQuery(None, Box::new(count.into())), index.to_string());
    }
    let statement = connection.get_database_backend().build(&counts);
    let counted = |row: &Row<'_>| (0..words.len()).map(|place| row.get::<i64>(place)).collect::<Result<Vec<_>, _>>();
    let counts = connection.read_rows(statement, counted).await?.into_iter().next().unwrap_or_default();
    Ok(counts.iter().enumerate().min_by_key(|(_, count)| **count).map_or(0, |(place, _)| place))
}

/// The words that begin with this one: from the first on, and before the last.
fn range(word: &str) -> (String, String) {
    (word.to_owned(), format!("{word}\u{10FFFF}"))
}

fn hit(column: Column) -> Expr {
    Expr::col(("hit", column))
}

/// The words of the record that was hit.
fn words_of_hit(alias: impl Into<String>) -> SelectStatement {
    let alias: String = alias.into();
    Query::select()
        .expr(Expr::cust("1"))
        .from_as(Entity, alias.clone())
        .and_where(Expr::col((alias, Column::RecordId)).eq(hit(Column::RecordId)))
        .take()
}

/// A statement with an order and a limit of its own, made fit for a union.
fn wrapped(statement: SelectStatement) -> SelectStatement {
    Query::select().columns([Column::Word, Column::RecordId, Column::RecordKind]).from_subquery(statement, "part").take()
}

async fn read(connection: &impl ReadRows, statement: SelectStatement) -> Result<Vec<Model>> {
    let statement = connection.get_database_backend().build(&statement);
    let hit = |row: &Row<'_>| Ok(Model { word: row.get(0)?, record_id: row.get(1)?, record_kind: row.get(2)? });
    Ok(connection.read_rows(statement, hit).await?)
}
