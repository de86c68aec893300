//! The rows beyond a position in an order, as SQL conditions.
//!
//! They are given as several conditions that exclude each other. Each is one stretch of the index `(keys…, id)`, so the
//! database can read any of them from its beginning in order; their disjunction would make it read the whole index.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, Value};

use super::order::{Order, SortKey};
use super::request::PageRequest;
use crate::error::Result;

/// A value of each key of an order; nothing stands for a missing value.
type Position = Vec<Option<Value>>;

/// A request's place in an order: what is in the page, and what lies around it.
pub(super) struct Slice<'a, C: ColumnTrait> {
    pub order: &'a Order<C>,
    pub request: &'a PageRequest,
    cursor: Option<Position>,
    bound: Option<Position>,
}

impl<'a, C: ColumnTrait> Slice<'a, C> {
    /// # Errors
    /// `BAD_USER_INPUT` if a cursor does not fit the order's columns.
    pub fn new(order: &'a Order<C>, request: &'a PageRequest) -> Result<Self> {
        let position = |cursor: &Option<_>| cursor.as_ref().map(|cursor| order.position(cursor)).transpose();
        Ok(Self { order, request, cursor: position(&request.cursor)?, bound: position(&request.bound)? })
    }

    /// One row more than the page: it tells whether the list goes on.
    pub fn rows_to_read(&self) -> u64 {
        self.request.size + 1
    }

    /// The rows beyond the cursor, of which the page is the first; all rows without a cursor. The bound isn't in it.
    pub fn stretches(&self) -> Vec<Condition> {
        match &self.cursor {
            Some(position) => beyond(self.order.keys(), position, self.request.backward, false),
            None => vec![Condition::all()],
        }
    }

    /// The rows this side of the bound.
    pub fn within_bound(&self) -> Condition {
        match &self.bound {
            Some(position) => any(beyond(self.order.keys(), position, !self.request.backward, false)),
            None => Condition::all(),
        }
    }

    /// The rows up to the cursor and those from the bound on, with the direction in which to look for the nearest.
    /// A side that has no limit has no rows.
    pub fn outside(&self) -> [(bool, Vec<Condition>); 2] {
        let side = |position: &Option<Position>, backward| match position {
            Some(position) => (backward, beyond(self.order.keys(), position, backward, true)),
            None => (backward, Vec::new()),
        };
        [side(&self.cursor, !self.request.backward), side(&self.bound, self.request.backward)]
    }
}

/// Rows for which any of the conditions holds.
pub(super) fn any(conditions: Vec<Condition>) -> Condition {
    conditions.into_iter().fold(Condition::any(), Condition::add)
}

/// A key, in the direction of reading.
struct Step<'a, C: ColumnTrait> {
    key: &'a SortKey<C>,
    value: &'a Option<Value>,
    /// Whether the rows beyond have greater values; otherwise they have smaller ones, or none.
    greater: bool,
}

impl<C: ColumnTrait> Step<'_, C> {
    fn column(&self) -> Expr {
        self.key.place()
    }

    /// Rows that do not differ from the position in this key.
    fn equal(&self) -> Expr {
        match self.value {
            Some(value) => self.column().eq(value.clone()),
            None => self.column().is_null(),
        }
    }
}

/// The rows after a position (before it, if `backward`), with the position itself if `inclusive`.
fn beyond<C: ColumnTrait>(keys: &[SortKey<C>], position: &Position, backward: bool, inclusive: bool) -> Vec<Condition> {
    let steps: Vec<Step<C>> =
        (keys.iter().zip(position)).map(|(key, value)| Step { key, value, greater: key.descending == backward }).collect();
    let mut stretches = Vec::new();
    let mut equal_so_far = Condition::all();
    let mut rest = steps.as_slice();
    while let [first, ..] = rest {
        let (run, after) = rest.split_at(run_length(rest));
        match (first.value, first.greater) {
            (Some(_), _) => stretches.push(equal_so_far.clone().add(compare(run, inclusive && after.is_empty()))),
            (None, true) => stretches.push(equal_so_far.clone().add(first.column().is_not_null())),
            (None, false) => {}
        }
        for step in run {
            // Missing values come before all others; no comparison finds them.
            if step.value.is_some() && step.key.nullable && !step.greater {
                stretches.push(equal_so_far.clone().add(step.column().is_null()));
            }
            equal_so_far = equal_so_far.add(step.equal());
        }
        rest = after;
    }
    stretches
}

/// How many of the next keys can be compared as one row: those of one direction that have a value, and at least one.
fn run_length<C: ColumnTrait>(steps: &[Step<C>]) -> usize {
    let together = |step: &Step<C>| step.value.is_some() && step.greater == steps[0].greater;
    steps.iter().take_while(|step| together(step)).count().max(1)
}

/// `(a, b) > (?, ?)`: the only form for which PostgreSQL goes straight to the place in the index.
fn compare<C: ColumnTrait>(run: &[Step<C>], inclusive: bool) -> Expr {
    let columns = Expr::tuple(run.iter().map(Step::column));
    let values = Expr::tuple(run.iter().filter_map(|step| step.value.clone()).map(Expr::val));
    match (run.first().is_some_and(|step| step.greater), inclusive) {
        (true, false) => columns.gt(values),
        (true, true) => columns.gte(values),
        (false, false) => columns.lt(values),
        (false, true) => columns.lte(values),
    }
}
