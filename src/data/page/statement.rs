//! The statements behind a page of one list.

use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, Func, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, Condition, DbBackend, Statement, Value, Values};

use super::keyset::Slice;

/// The column that says whether rows lie on the other side of the cursor.
pub(super) const BEYOND_CURSOR: &str = "beyond_cursor";
/// The column that says whether rows lie on the other side of the bound.
pub(super) const BEYOND_BOUND: &str = "beyond_bound";
/// The column that counts the list.
pub(super) const TOTAL: &str = "total";

/// The list without the order that it may have had: the page's own order is the only one.
pub(super) fn unordered(mut select: SelectStatement) -> SelectStatement {
    select.clear_order_by();
    select
}

/// The rows of a page and one more, from the cursor away.
pub(super) fn rows<C: ColumnTrait>(select: &SelectStatement, slice: &Slice<C>, database: DbBackend) -> SelectStatement {
    let mut stretches = slice.stretches().into_iter().map(|stretch| {
        let mut rows = select.clone();
        rows.cond_where(slice.within_bound()).cond_where(stretch);
        slice.order.sort(&mut rows, database, slice.request.backward, |column| Expr::col(column.as_column_ref()));
        rows.limit(slice.rows_to_read());
        rows
    });
    let first = stretches.next().unwrap_or_else(|| select.clone());
    let others: Vec<_> = stretches.collect();
    if others.is_empty() {
        return first;
    }
    // Each stretch of the index is read in order and no further than needed; few rows are left to be sorted together.
    let all_of = |stretch| Query::select().column(Asterisk).from_subquery(stretch, "stretch").take();
    let mut rows = all_of(first);
    rows.unions(others.into_iter().map(|stretch| (UnionType::All, all_of(stretch))));
    slice.order.sort(&mut rows, database, slice.request.backward, Expr::col);
    rows.limit(slice.rows_to_read());
    rows
}

/// The same with the limit as a part of its text, where that is its only value: PostgreSQL then plans it once, and not each time anew. With
/// other values it ought to be planned anew, since it depends on them how many rows are to be read.
pub(super) fn prepared(mut statement: Statement) -> Statement {
    if let Some(limit) = statement.sql.strip_suffix(" LIMIT $1")
        && let Some(Values(values)) = &statement.values
        && let [Value::BigUnsigned(Some(rows))] = values.as_slice()
    {
        (statement.sql, statement.values) = (format!("{limit} LIMIT {rows}"), None);
    }
    statement
}

/// Whether rows lie on the other side of the cursor, and of the bound: one row with two answers.
pub(super) fn outside<C: ColumnTrait>(select: &SelectStatement, slice: &Slice<C>, database: DbBackend) -> SelectStatement {
    // The nearest row is looked for, and not just any: it is found at once in the index, and normally is the cursor's own.
    let nearest = |backward: bool, stretch: Condition| {
        let mut row = select.clone();
        row.clear_selects().expr(Expr::cust("1")).cond_where(stretch);
        slice.order.sort(&mut row, database, backward, |column| Expr::col(column.as_column_ref()));
        row.limit(1);
        Expr::SubQuery(None, Box::new(row.into())).is_not_null()
    };
    let exists = |(backward, stretches): (bool, Vec<Condition>)| {
        let found = stretches.into_iter().map(|stretch| nearest(backward, stretch));
        found.reduce(ExprTrait::or).unwrap_or_else(|| Expr::cust("FALSE"))
    };
    let [beyond_cursor, beyond_bound] = slice.outside().map(exists);
    Query::select().expr_as(beyond_cursor, BEYOND_CURSOR).expr_as(beyond_bound, BEYOND_BOUND).take()
}

/// How many rows the list has.
pub(super) fn total(select: &SelectStatement) -> SelectStatement {
    let mut total = select.clone();
    total.clear_selects().expr_as(Func::count(Expr::col(Asterisk)), TOTAL);
    total
}
