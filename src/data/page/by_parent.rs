//! The same page of many lists at once: the contacts of each of these accounts, in one statement.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, Func, JoinType, Query, SelectStatement};
use sea_orm::{ColumnTrait, DbBackend, QueryFilter, QueryTrait, Select, Statement};
use uuid::Uuid;

use super::keyset::Slice;
use super::order::Order;
use super::request::PageRequest;
use super::sparse::{Columns, Listed, Reading};
use super::{Page, ReadAlong, Surroundings, assemble, fetch, statement};
use crate::data::database::{ReadRows, Row};
use crate::data::listed;
use crate::error::Result;

/// The column with the parent that a row belongs to.
const PARENT: &str = "page_parent";
/// The parents, as rows of the statement.
const PARENTS: &str = "parents";
/// The rows of a parent's page.
const PAGE: &str = "page";

/// Reads the same page of the list of each parent, with at most two statements for all of them, as `fetch` reads one list; those of
/// a view one by one on SQLite, where that is no way there and back.
/// The select may join other tables, and `parent` may be a column of a joined one; it must be a uuid that is never null.
/// Every parent gets a page, if only an empty one.
///
/// # Errors
/// `BAD_USER_INPUT` for a cursor that does not fit the order; an internal fault if the database fails.
pub async fn fetch_by_parent<E: Listed>(
    db: &impl ReadRows,
    select: Select<E>,
    columns: Columns,
    parent: impl ColumnTrait,
    parents: &[Uuid],
    order: &Order<E::Column>,
    request: &PageRequest,
) -> Result<HashMap<Uuid, Page<E::Model>>> {
    let database = db.get_database_backend();
    if parents.len() < 2 || (E::IS_VIEW && database == DbBackend::Sqlite) {
        let (nothing, mut pages) = (ReadAlong::default(), HashMap::new());
        for one in parents {
            let list = select.clone().filter(parent.eq(*one));
            pages.insert(*one, fetch(db, list, columns, (&[], &nothing), order, request, 1).await?);
        }
        return Ok(pages);
    }
    let slice = Slice::new(order, request)?;
    let select = statement::bare(select.into_query());
    let reading = Reading::<E>::new(columns, order.keys().iter().map(|key| key.column));
    let lists = Lists { select, reading: &reading, parent, parents, slice, database };

    let mut pages: HashMap<Uuid, (Vec<E::Model>, Surroundings)> =
        parents.iter().map(|id| (*id, (Vec::new(), Surroundings::default()))).collect();
    let width = reading.width();
    let read = |row: &Row<'_>| Ok((row.get::<Uuid>(width)?, reading.row(row, 0)?));
    for (parent, row) in db.read_rows(lists.build(lists.rows()), read).await? {
        if let Some((rows, _)) = pages.get_mut(&parent) {
            rows.push(row);
        }
    }
    if request.want_other_side || request.want_total {
        let read = |row: &Row<'_>| Ok((row.get::<Uuid>(0)?, Surroundings::read(row, 1, request)?));
        for (parent, known) in db.read_rows(lists.build(lists.surroundings()), read).await? {
            if let Some((_, around)) = pages.get_mut(&parent) {
                *around = known;
            }
        }
    }
    pages.into_iter().map(|(id, (rows, around))| Ok((id, assemble(rows, around, order, request)?))).collect()
}

/// The same list of many parents.
struct Lists<'a, E: Listed, P: ColumnTrait> {
    /// The rows of all parents, and of others; no columns yet.
    select: SelectStatement,
    reading: &'a Reading<E>,
    parent: P,
    parents: &'a [Uuid],
    slice: Slice<'a, E::Column>,
    database: DbBackend,
}

impl<E: Listed, P: ColumnTrait> Lists<'_, E, P> {
    /// The parents as rows.
    fn parents(&self) -> SelectStatement {
        let text = Expr::col(listed::TEXT);
        let id = match self.database {
            DbBackend::Postgres => text.cast_as("uuid"),
            _ => Func::cust("unhex").arg(text).into(),
        };
        let texts = listed::rows_of(self.database, self.parents.iter().map(|id| id.simple().to_string()));
        Query::select().expr_as(id, PARENT).from_function(texts, "listed").take()
    }

    /// The list of the parent that stands beside it.
    fn of_parent(&self) -> SelectStatement {
        self.select.clone().and_where(Expr::col(self.parent.as_column_ref()).eq(Expr::col((PARENTS, PARENT)))).take()
    }

    /// The rows of each page and one more, from the cursor away, and the parent at the end of each row. No more rows than these are read,
    /// however long the lists are.
    fn rows(&self) -> SelectStatement {
        let mut all = Query::select().from_subquery(self.parents(), PARENTS).take();
        let columns = self.reading.columns();
        let from = if self.database == DbBackend::Postgres {
            let rows = statement::rows(&self.reading.of(self.of_parent()), &self.slice, self.database);
            all.columns(columns.map(|column| (PAGE, column)));
            all.join_lateral(JoinType::InnerJoin, rows, PAGE, Expr::cust("TRUE"));
            PAGE
        } else {
            // Here a part of a join can't depend on another, but a condition can. SQLite keeps to the order of a cross join.
            let mut keys = self.of_parent();
            self.slice.order.keys().iter().for_each(|key| _ = keys.expr_as(key.place(), key.column));
            let rows = statement::rows(&keys, &self.slice, self.database);
            let id = self.slice.order.id();
            let ids = Query::select().column(id).from_subquery(rows, PAGE).take();
            all.columns(columns.map(|column| (E::default().table_name(), column)));
            all.cross_join(E::default()).and_where(Expr::col(id.as_column_ref()).in_subquery(ids));
            E::default().table_name()
        };
        all.column((PARENTS, PARENT));
        self.slice.order.sort(&mut all, self.database, self.slice.request.backward, |key| Expr::col((from, key.column)));
        all
    }

    /// What is wanted to be known about each page besides its rows.
    fn surroundings(&self) -> SelectStatement {
        let mut known = Query::select().column((PARENTS, PARENT)).from_subquery(self.parents(), PARENTS).take();
        for (name, column) in statement::surroundings(&self.of_parent(), &self.slice, self.database) {
            known.expr_as(column, name);
        }
        known
    }

    /// What a statement is carried out as. PostgreSQL plans it once, unless the list is filtered.
    fn build(&self, statement: SelectStatement) -> Statement {
        let built = self.database.build(&statement);
        let is_filtered = statement::conditions(&self.select, self.database).values > 0;
        if self.database == DbBackend::Postgres && !is_filtered { statement::planned_once(built) } else { built }
    }
}
