//! What the search asks of the database, and nothing else. Every statement walks the index `(word, record_id)` from a place on, and looks
//! the other words up in the text of all words of the record that an entry leads to.

use entity::RecordKind;
use entity::search_word::{Column, Entity, Model};
use entity::searched_record;
use sea_orm::DbBackend;
use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Func, Order, Query, SelectStatement, UnionType};
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
        let (mut found, database) = (Vec::new(), connection.get_database_backend());
        if after.is_none_or(|place| self.is_exact(place)) {
            found = read(connection, self.exact(database, after, false, most)).await?;
        }
        if found.len() < most {
            let after = after.filter(|place| !self.is_exact(place));
            found.extend(read(connection, self.longer(database, after, false, most - found.len())).await?);
        }
        Ok(found)
    }

    /// Whether there are hits at a place or before it.
    pub async fn any_up_to(&self, connection: &impl ReadRows, place: &Place) -> Result<bool> {
        let database = connection.get_database_backend();
        let nearest = if self.is_exact(place) {
            self.exact(database, Some(place), true, 1)
        } else {
            let exact = wrapped(self.exact(database, None, false, 1));
            wrapped(self.longer(database, Some(place), true, 1)).union(UnionType::All, exact).limit(1).take()
        };
        Ok(!read(connection, nearest).await?.is_empty())
    }

    /// Records that have the leading word itself, the newest first: those after a place, or the nearest first those up to it.
    fn exact(&self, database: DbBackend, place: Option<&Place>, up_to: bool, most: usize) -> SelectStatement {
        let mut select = self.select(database);
        select.and_where(hit(Column::Word).eq(self.leading_word()));
        if let Some(place) = place {
            let record = hit(Column::RecordId);
            select.and_where(if up_to { record.gte(place.record) } else { record.lt(place.record) });
        }
        let direction = if up_to { Order::Asc } else { Order::Desc };
        select.order_by_expr(hit(Column::RecordId), direction).limit(most as u64).take()
    }

    /// Records that have a longer word, in the order of the index; each by the first of such words, and none that is an exact hit.
    fn longer(&self, database: DbBackend, place: Option<&Place>, up_to: bool, most: usize) -> SelectStatement {
        let mut select = self.select(database);
        let (first, last) = range(self.leading_word());
        select.and_where(hit(Column::Word).gt(first.clone())).and_where(hit(Column::Word).lt(last));
        // Words stand in order: this is the first of those that begin like that where it stands where the first of them begins.
        let begins = place_of(database, format!(" {}", self.leading_word()));
        let stands = place_of(database, joined(joined(Expr::val(" "), hit(Column::Word)), Expr::val(" ")));
        select.and_where(in_words_of_hit(begins.eq(stands)));
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
    fn select(&self, database: DbBackend) -> SelectStatement {
        let mut select = Query::select();
        select.columns([("hit", Column::Word), ("hit", Column::RecordId), ("hit", Column::RecordKind)]).from_as(Entity, "hit");
        let others = self.words.iter().enumerate().filter(|(index, _)| *index != self.leading);
        let there = others.map(|(_, word)| place_of(database, format!(" {word}")).gt(0));
        if let Some(all) = there.reduce(ExprTrait::and) {
            select.and_where(in_words_of_hit(all));
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

/// Where in the text of all words of a record this piece begins; 0 where it isn't in it.
fn place_of(database: DbBackend, piece: impl Into<Expr>) -> Expr {
    let function = if database == DbBackend::Postgres { "strpos" } else { "instr" };
    Func::cust(function).args([Expr::col((searched_record::Entity, searched_record::Column::Words)), piece.into()]).into()
}

/// Two texts as one.
fn joined(first: Expr, then: Expr) -> Expr {
    first.binary(BinOper::Custom("||"), then)
}

/// Whether something holds for the words of the record that was hit. Asked for each hit, so that only as many records are looked at as it
/// takes to fill a page.
fn in_words_of_hit(condition: Expr) -> Expr {
    let record = Expr::col((searched_record::Entity, searched_record::Column::RecordId));
    let answer = Query::select().expr(condition).from(searched_record::Entity).and_where(record.eq(hit(Column::RecordId))).take();
    Expr::SubQuery(None, Box::new(answer.into()))
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
