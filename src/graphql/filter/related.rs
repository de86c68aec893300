//! How filters reach over a reference. PostgreSQL plans both ways alike, by what it knows of the tables; SQLite does what it is told.

use sea_orm::sea_query::{Expr, ExprTrait, Func, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use super::Filter;
use crate::auth::scope::Visible;
use crate::error::Result;

/// Whether a reference is among the rows of another table that meet a condition: for conditions that few rows meet, which are found
/// first.
pub fn related<E, C>(column: C, id: E::Column, condition: Condition) -> SimpleExpr
where
    E: EntityTrait,
    C: ColumnTrait,
{
    column.in_subquery(E::find().select_only().column(id).filter(condition).into_query())
}

/// Whether the row of another table that a reference names meets a condition: for conditions that many rows meet, so that each is looked
/// up only when it is needed. The other table must not be the one that the reference stands in.
pub fn refers_to<E, C>(column: C, id: E::Column, condition: Condition) -> SimpleExpr
where
    E: EntityTrait,
    C: ColumnTrait,
{
    // The limit says nothing that EXISTS doesn't; without it, SQLite would join the tables and read all of the other one for that.
    Expr::exists(named::<E, C>(column, id, condition).limit(1).take())
}

/// The same for one of several alternatives: PostgreSQL would rather read all rows that meet the condition first, although most lists
/// end after a page. What it must look up as a value it looks up row by row. `id` must be unique.
pub fn looked_up<E, C>(column: C, id: E::Column, condition: Condition) -> SimpleExpr
where
    E: EntityTrait,
    C: ColumnTrait,
{
    Expr::SubQuery(None, Box::new(named::<E, C>(column, id, condition).into())).is_not_null()
}

fn named<E, C>(column: C, id: E::Column, condition: Condition) -> SelectStatement
where
    E: EntityTrait,
    C: ColumnTrait,
{
    let named = Expr::col(id.as_column_ref()).eq(Expr::col(column.as_column_ref()));
    let mut row = E::find().filter(named).filter(condition).into_query();
    row.clear_selects().expr(Expr::cust("1"));
    row
}

/// A condition on one of few values, which many rows have: SQLite better reads along the list's order than to sort them all. Nothing to
/// PostgreSQL, which knows how many have it (`likely` is a function there that answers what it is given, and is gone when it plans).
pub fn common(condition: Condition) -> SimpleExpr {
    if condition.is_empty() { Expr::cust("1 = 1") } else { Func::cust("likely").arg(SimpleExpr::from(condition)).into() }
}

/// Whether a record that isn't deleted meets a filter, and `id` of it is what `column` has: the one way or the other, as the filter is.
pub fn reached<E, C>(column: C, id: E::Column, filter: &impl Filter) -> Result<SimpleExpr>
where
    E: Visible,
    C: ColumnTrait,
{
    let there = E::DELETED_AT.map(|deleted_at| deleted_at.is_null());
    let condition = filter.condition()?.add_option(there).add(id.is_not_null());
    Ok(if filter.finds_few() { related::<E, _>(column, id, condition) } else { refers_to::<E, _>(column, id, condition) })
}
