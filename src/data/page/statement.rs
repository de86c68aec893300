//! The statements behind a page of one list.

use sea_orm::sea_query::{Asterisk, CommonTableExpression, Expr, ExprTrait, Func, JoinType, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, Condition, DbBackend, EntityTrait, Statement, Value, Values};

use super::keyset::Slice;
use super::order::SortKey;

/// The column that says whether rows lie on the other side of the cursor.
pub(super) const BEYOND_CURSOR: &str = "beyond_cursor";
/// The column that says whether rows lie on the other side of the bound.
pub(super) const BEYOND_BOUND: &str = "beyond_bound";
/// The column that counts the list. No table has one of that name, nor of the two above.
pub(super) const TOTAL: &str = "page_total";

/// Which rows the list has, and nothing else: neither the columns of a row, which would be copied with each use of it, nor an order, since the
/// page's own is the only one.
pub(super) fn bare(mut select: SelectStatement) -> SelectStatement {
    select.clear_selects().clear_order_by();
    select
}

/// The rows of a page and one more, from the cursor away.
pub(super) fn rows<C: ColumnTrait>(select: &SelectStatement, slice: &Slice<C>, database: DbBackend) -> SelectStatement {
    let mut stretches = slice.stretches().into_iter().map(|stretch| {
        let mut rows = select.clone();
        rows.cond_where(slice.within_bound()).cond_where(stretch);
        slice.order.sort(&mut rows, database, slice.request.backward, SortKey::place);
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
    slice.order.sort(&mut rows, database, slice.request.backward, |key| Expr::col(key.column));
    rows.limit(slice.rows_to_read());
    rows
}

/// A statement that PostgreSQL plans once for good, and not each time anew: its limits are a part of its text, and what else it is given is
/// hidden from the planner, which finds the one plan that suits all values as cheap then as one for these alone. The limits' values stay,
/// unused, so that the others keep their numbers.
pub(super) fn planned_once(mut statement: Statement) -> Statement {
    let values: &[Value] = statement.values.as_ref().map_or(&[], |Values(values)| values);
    let mut parts = statement.sql.split('$');
    let mut sql = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_at(part.bytes().take_while(u8::is_ascii_digit).count());
        match number.parse::<usize>().ok().and_then(|number| values.get(number.checked_sub(1)?)) {
            Some(Value::BigUnsigned(Some(limit))) => sql.push_str(&limit.to_string()),
            _ => sql.extend(["(SELECT $", number, ")"]),
        }
        sql.push_str(rest);
    }
    statement.sql = sql;
    statement
}

/// What is wanted to be known about a page besides its rows, as columns of any statement.
pub(super) fn surroundings<C: ColumnTrait>(
    select: &SelectStatement,
    slice: &Slice<C>,
    database: DbBackend,
) -> Vec<(&'static str, Expr)> {
    let mut columns = Vec::new();
    if slice.request.want_other_side {
        columns.extend([BEYOND_CURSOR, BEYOND_BOUND].into_iter().zip(outside(select, slice, database)));
    }
    if slice.request.want_total {
        columns.push((TOTAL, Expr::SubQuery(None, Box::new(total(select).into()))));
    }
    columns
}

/// What the conditions of a list are like.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Conditions {
    /// How many values they have.
    pub values: usize,
    /// Whether they look into other rows than the list's own.
    pub look_elsewhere: bool,
}

/// Looks at the conditions of a list: at their text, in which no values stand.
pub(super) fn conditions(select: &SelectStatement, database: DbBackend) -> Conditions {
    let mut any = select.clone();
    any.expr(Expr::cust("1"));
    let Statement { sql, values, .. } = database.build(&any);
    Conditions { values: values.map_or(0, |Values(values)| values.len()), look_elsewhere: sql.matches("SELECT").count() > 1 }
}

/// What meets a list's conditions, in the statement that finds it once.
const MATCHED: &str = "matched";
/// What of it is in the page.
const PAGE: &str = "page";

/// A list whose conditions are gone through once, for the rows and for the total: its rows have their keys alone.
pub(super) fn matched<E: EntityTrait>() -> SelectStatement {
    Query::select().from_as(MATCHED, E::default().table_name()).take()
}

/// The rows of a page of such a list. `all` gives all rows of the table, and `select` those of the list.
pub(super) fn rows_of_matched<C: ColumnTrait>(
    mut all: SelectStatement,
    (select, matched): (&SelectStatement, &SelectStatement),
    slice: &Slice<C>,
    database: DbBackend,
) -> SelectStatement {
    let keys = slice.order.keys().iter().map(|key| key.column);
    let with_keys =
        |select: &SelectStatement| select.clone().exprs(keys.clone().map(|key| Expr::col(key.as_column_ref()))).take();
    let (found, matched) = (with_keys(select), with_keys(matched));
    let found = CommonTableExpression::new().query(found).table_name(MATCHED).columns(keys.clone()).materialized(true).to_owned();
    let id = slice.order.id();
    let same = Expr::col(id.as_column_ref()).eq(Expr::col((PAGE, id)));
    all.join_subquery(JoinType::InnerJoin, rows(&matched, slice, database), PAGE, same);
    slice.order.sort(&mut all, database, slice.request.backward, SortKey::place);
    all.with_cte(found).take()
}

/// What is to be known besides as a statement of its own.
pub(super) fn alone(surroundings: Vec<(&'static str, Expr)>) -> SelectStatement {
    let mut alone = Query::select();
    for (name, column) in surroundings {
        alone.expr_as(column, name);
    }
    alone
}

/// Whether rows lie on the other side of the cursor, and of the bound.
fn outside<C: ColumnTrait>(select: &SelectStatement, slice: &Slice<C>, database: DbBackend) -> [Expr; 2] {
    // The nearest row is looked for, and not just any: it is found at once in the index, and normally is the cursor's own.
    let nearest = |backward: bool, stretch: Condition| {
        let mut row = select.clone();
        row.expr(Expr::cust("1")).cond_where(stretch);
        slice.order.sort(&mut row, database, backward, SortKey::place);
        row.limit(1);
        Expr::SubQuery(None, Box::new(row.into())).is_not_null()
    };
    let exists = |(backward, stretches): (bool, Vec<Condition>)| {
        let found = stretches.into_iter().map(|stretch| nearest(backward, stretch));
        found.reduce(ExprTrait::or).unwrap_or_else(|| Expr::cust("FALSE"))
    };
    slice.outside().map(exists)
}

/// How many rows the list has.
pub(super) fn total(select: &SelectStatement) -> SelectStatement {
    let mut total = select.clone();
    total.expr_as(Func::count(Expr::col(Asterisk)), TOTAL);
    total
}
