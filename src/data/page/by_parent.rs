//! The same page of many lists at once: the contacts of each of these accounts, in one statement.

use std::collections::HashMap;

use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, Func, OverStatement, Query, SelectStatement, WindowStatement};
use sea_orm::{ColumnTrait, Condition, DbBackend, QueryFilter, QueryTrait, Select};
use uuid::Uuid;

use super::keyset::{self, Slice};
use super::order::{Order, SortKey};
use super::request::PageRequest;
use super::sparse::{Columns, Listed, Reading};
use super::{Page, ReadAlong, Surroundings, assemble, fetch, statement};
use crate::data::database::{ReadRows, Row};
use crate::error::Result;

/// The column with the parent that a row belongs to.
const PARENT: &str = "page_parent";
/// The column with a row's place in its parent's list, from 1.
const PLACE: &str = "page_place";

/// Reads the same page of the list of each parent, with at most three statements for all of them, as `fetch` reads one list.
/// The select may join other tables, and `parent` may be a column of a joined one; it must be a uuid that is never null.
/// Every parent gets a page, if only an empty one. Up to 30 000 parents: SQLite takes no more parameters.
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
    match parents {
        [] => return Ok(HashMap::new()),
        [only] => {
            let (select, nothing) = (select.filter(parent.eq(*only)), ReadAlong::default());
            let page = fetch(db, select, columns, (&[], &nothing), order, request, 1).await?;
            return Ok(HashMap::from([(*only, page)]));
        }
        _ => {}
    }
    let slice = Slice::new(order, request)?;
    let select = statement::unordered(select.filter(parent.is_in(parents.iter().copied())).into_query());
    let parent = Expr::col(parent.as_column_ref());

    let mut lists: HashMap<Uuid, (Vec<E::Model>, Surroundings)> =
        parents.iter().map(|id| (*id, (Vec::new(), no_surroundings(request)))).collect();
    let reading = Reading::<E>::new(columns, order.keys().iter().map(|key| key.column));
    let database = db.get_database_backend();
    let statement = database.build(&rows(&reading.narrow(select.clone()), &parent, &slice, database));
    let width = reading.width();
    let read = |row: &Row<'_>| Ok((row.get::<Uuid>(width)?, reading.row(row, 0)?));
    for (parent, row) in db.read_rows(statement, read).await? {
        if let Some((rows, _)) = lists.get_mut(&parent) {
            rows.push(row);
        }
    }
    if request.want_other_side {
        let read = |row: &Row<'_>| {
            let is = |place| row.get::<i32>(place).map(|value| value == 1);
            Ok((row.get::<Uuid>(0)?, is(1)?, is(2)?))
        };
        for (parent, cursor, bound) in db.read_rows(database.build(&outside(&select, &parent, &slice)), read).await? {
            if let Some((_, around)) = lists.get_mut(&parent) {
                (around.beyond_cursor, around.beyond_bound) = (cursor, bound);
            }
        }
    }
    if request.want_total {
        let read = |row: &Row<'_>| {
            let total: i64 = row.get(0)?;
            Ok((row.get::<Uuid>(1)?, total.unsigned_abs()))
        };
        for (parent, total) in db.read_rows(database.build(&totals(&select, &parent)), read).await? {
            if let Some((_, around)) = lists.get_mut(&parent) {
                around.total = Some(total);
            }
        }
    }
    lists.into_iter().map(|(id, (rows, around))| Ok((id, assemble(rows, around, order, request)?))).collect()
}

/// What is known about a list that no statement has a row of: it is empty.
fn no_surroundings(request: &PageRequest) -> Surroundings {
    Surroundings { total: request.want_total.then_some(0), ..Surroundings::default() }
}

/// The rows of each page and one more, from the cursor away.
fn rows<C: ColumnTrait>(select: &SelectStatement, parent: &Expr, slice: &Slice<C>, database: DbBackend) -> SelectStatement {
    let mut window = WindowStatement::new();
    window.add_partition_by(parent.clone());
    slice.order.sort(&mut window, database, slice.request.backward, SortKey::place);
    let mut numbered = select.clone();
    numbered
        .expr_as(parent.clone(), PARENT)
        .expr_window_as(Func::cust("ROW_NUMBER"), window, PLACE)
        .cond_where(slice.within_bound())
        .cond_where(keyset::any(slice.stretches()));
    Query::select()
        .column(Asterisk)
        .from_subquery(numbered, "numbered")
        .and_where(Expr::col(PLACE).lte(slice.rows_to_read()))
        .order_by(PARENT, sea_orm::Order::Asc)
        .order_by(PLACE, sea_orm::Order::Asc)
        .take()
}

/// For each parent, whether its list has rows on the other side of the cursor, and of the bound: 1 or 0.
fn outside<C: ColumnTrait>(select: &SelectStatement, parent: &Expr, slice: &Slice<C>) -> SelectStatement {
    let any_row_in = |stretches: Vec<Condition>| match stretches.is_empty() {
        true => Expr::val(0),
        false => Func::max(Expr::case(keyset::any(stretches), 1).finally(0)).into(),
    };
    let [(_, cursor), (_, bound)] = slice.outside();
    let mut outside = select.clone();
    outside
        .clear_selects()
        .expr_as(parent.clone(), PARENT)
        .expr_as(any_row_in(cursor), statement::BEYOND_CURSOR)
        .expr_as(any_row_in(bound), statement::BEYOND_BOUND)
        .add_group_by([parent.clone()]);
    outside
}

/// How many rows the list of each parent has; a parent without any does not come.
fn totals(select: &SelectStatement, parent: &Expr) -> SelectStatement {
    let mut totals = statement::total(select);
    totals.expr_as(parent.clone(), PARENT).add_group_by([parent.clone()]);
    totals
}
