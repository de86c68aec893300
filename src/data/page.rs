//! Pages of lists: the machinery behind every connection of the API, the same on both databases.
//!
//! A page is found by the sort values at its edge (a keyset) and not by counting rows, so page 1 000 costs what page 1 costs,
//! and rows that come and go elsewhere neither repeat nor hide any. See `Order` for the indexes that this needs.
//!
//! The select that is paged says which rows the list has. It must give every row once (for conditions over many related rows use
//! `EXISTS` or `IN`), under the table's own name, and without `DISTINCT`, `GROUP BY` or a limit of its own.

mod along;
mod by_parent;
mod keyset;
mod order;
mod request;
mod sparse;
mod statement;

#[cfg(test)]
mod tests;

use sea_orm::sea_query::Query;
use sea_orm::{DbBackend, DbErr, EntityTrait, ModelTrait, QueryTrait, Select};

pub use along::{Along, ReadAlong};
pub use by_parent::fetch_by_parent;
pub use order::{Order, SortKey};
pub use request::{DEFAULT_SIZE, MAX_SIZE, PageRequest};
pub use sparse::{Columns, Listed, fetch_all};

use crate::data::database::{ReadRows, Row};
use crate::error::Result;
use keyset::Slice;
use sparse::Reading;
use statement::Conditions;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<M> {
    /// The rows in the order of the list, also when the page was asked for from its end.
    pub rows: Vec<M>,
    /// The cursor of each row; where only those of the first and the last were wanted, the others are empty.
    pub cursors: Vec<String>,
    /// Whether the list has rows before the page. Exact if it was wanted.
    pub has_previous: bool,
    /// Whether the list has rows after the page. Exact if it was wanted.
    pub has_next: bool,
    /// How many rows the whole list has, if it was wanted.
    pub total: Option<u64>,
}

impl<M> Page<M> {
    /// Turns the rows into something else and keeps the rest.
    pub fn map<T>(self, make: impl FnMut(M) -> T) -> Page<T> {
        let Self { rows, cursors, has_previous, has_next, total } = self;
        Page { rows: rows.into_iter().map(make).collect(), cursors, has_previous, has_next, total }
    }
}

/// The most values that a list's conditions have where what is to be known about the page is asked along with its rows. SQLite doesn't take
/// expressions of more than a thousand levels.
const MOST_VALUES_TOGETHER: usize = 200;

/// Names of the rows that are read along, one for each reference.
const NAMES: [&str; 4] = ["along_1", "along_2", "along_3", "along_4"];

/// Reads these columns of a page, what lies on the other side of the cursor, and the total, the latter two only if they are wanted: with one
/// statement if the page has rows. What the rows refer to is read by it, too, and kept in `found`; of more than four references only the first
/// are read. `harmless` says how many values the select may have that don't change how it is best gone about.
///
/// # Errors
/// `BAD_USER_INPUT` for a cursor that does not fit the order; an internal fault if the database fails.
pub async fn fetch<E: Listed>(
    db: &impl ReadRows,
    select: Select<E>,
    columns: Columns,
    (along, found): (&[Along<E>], &ReadAlong),
    order: &Order<E::Column>,
    request: &PageRequest,
    harmless: usize,
) -> Result<Page<E::Model>> {
    let select = statement::bare(select.into_query());
    let database = db.get_database_backend();
    let is_postgres = database == DbBackend::Postgres;

    let reading = Reading::<E>::new(columns, order.keys().iter().map(|key| key.column));
    let along = if reading.is_whole() { &[] } else { &along[..along.len().min(NAMES.len())] };
    let matter = is_postgres || request.want_total || request.want_other_side;
    let conditions = if matter { statement::conditions(&select, database) } else { Conditions::default() };
    let together = conditions.values <= MOST_VALUES_TOGETHER;
    // What looks into other rows costs more than to keep the keys of what it found.
    let matched = (together && request.want_total && conditions.look_elsewhere).then(|| statement::matched::<E>());
    let own = matched.is_some().then(|| order.of_own_columns());
    let slice = Slice::new(own.as_ref().unwrap_or(order), request)?;
    let around = statement::surroundings(matched.as_ref().unwrap_or(&select), &slice, database);
    let mut all = reading.of(if matched.is_some() { Query::select().from(E::default()).take() } else { select.clone() });
    along.iter().zip(NAMES).for_each(|(along, name)| along.join(&mut all, name));
    if together {
        around.iter().for_each(|(name, column)| _ = all.expr_as(column.clone(), *name));
    }
    let rows = match &matched {
        Some(matched) => statement::rows_of_matched(all, (&select, matched), &slice, database),
        None => statement::rows(&all, &slice, database),
    };
    let mut statement = database.build(&rows);
    // It depends on the values of a filter how many rows are to be read: those are left to be planned each time anew.
    if is_postgres && conditions.values <= harmless {
        statement = statement::planned_once(statement);
    }
    let mut surroundings = around.is_empty().then(Surroundings::default);
    let make = |row: &Row<'_>| {
        let model = reading.row(row, 0)?;
        let place = along.iter().try_fold(reading.width(), |place, along| along.read(&model, row, place, found))?;
        if together && surroundings.is_none() {
            surroundings = Some(Surroundings::read(row, place, request)?);
        }
        Ok(model)
    };
    let rows = db.read_rows(statement, make).await?;
    let surroundings = match surroundings {
        Some(surroundings) => surroundings,
        None => {
            let alone = database.build(&statement::alone(statement::surroundings(&select, &slice, database)));
            let read = db.read_rows(alone, |row| Surroundings::read(row, 0, request)).await?;
            read.into_iter().next().unwrap_or_default()
        }
    };
    assemble(rows, surroundings, order, request)
}

/// What is known about a page besides its rows.
#[derive(Debug, Clone, Copy, Default)]
struct Surroundings {
    beyond_cursor: bool,
    beyond_bound: bool,
    total: Option<u64>,
}

impl Surroundings {
    /// Reads those that are wanted, in the order of `statement::surroundings`.
    fn read(row: &Row<'_>, mut place: usize, request: &PageRequest) -> Result<Self, DbErr> {
        let mut around = Self::default();
        if request.want_other_side {
            around.beyond_cursor = row.get(place)?;
            around.beyond_bound = row.get(place + 1)?;
            place += 2;
        }
        if request.want_total {
            around.total = Some(row.get::<i64>(place)?.unsigned_abs());
        }
        Ok(around)
    }
}

/// Makes a page of the rows in the order in which they were read, one more than the page has if the list goes on.
fn assemble<M>(
    mut rows: Vec<M>,
    around: Surroundings,
    order: &Order<<M::Entity as EntityTrait>::Column>,
    request: &PageRequest,
) -> Result<Page<M>>
where
    M: ModelTrait,
{
    let size = usize::try_from(request.size).unwrap_or(usize::MAX);
    let goes_on = rows.len() > size || around.beyond_bound;
    rows.truncate(size);
    if request.backward {
        rows.reverse();
    }
    let last = rows.len().saturating_sub(1);
    let wanted = |place| request.want_each_cursor || place == 0 || place == last;
    let cursor = |(place, row)| if wanted(place) { order.cursor(row) } else { Ok(String::new()) };
    let cursors = rows.iter().enumerate().map(cursor).collect::<Result<_>>()?;
    let (has_previous, has_next) =
        if request.backward { (goes_on, around.beyond_cursor) } else { (around.beyond_cursor, goes_on) };
    Ok(Page { rows, cursors, has_previous, has_next, total: around.total })
}
