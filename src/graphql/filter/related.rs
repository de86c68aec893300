//! How filters reach over a reference. PostgreSQL plans both ways alike, by what it knows of the tables; SQLite does what it is told.

use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
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
    let named = Expr::col(id.as_column_ref()).eq(Expr::col(column.as_column_ref()));
    let mut row = E::find().filter(named).filter(condition).into_query();
    row.clear_selects().expr(Expr::cust("1"));
    Expr::exists(row)
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
