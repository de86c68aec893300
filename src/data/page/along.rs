//! What the rows of a page refer to, read along with them by the page's own statement: a round trip and a batch less for each reference.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use entity::Id;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, SelectStatement, ValueType};
use sea_orm::{ColumnTrait, Condition, DbErr, IdenStatic, ModelTrait};
use uuid::Uuid;

use super::sparse::{Columns, Listed, Reading};
use crate::auth::Scope;
use crate::auth::scope::Visible;
use crate::data::database;

/// Records that pages of a request have read along: the columns that were read, and the row, or nothing where the caller sees none.
#[derive(Debug, Default)]
pub struct ReadAlong(Mutex<HashMap<(TypeId, Uuid), Known>>);

type Known = (Columns, Option<Row>);
type Row = Arc<dyn Any + Send + Sync>;

impl ReadAlong {
    /// A record of which at least these columns were read; nothing where they weren't.
    pub fn get<E: Visible>(&self, id: Id<E>, columns: Columns) -> Option<Option<Arc<E::Model>>> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, row) = found.get(&(TypeId::of::<E>(), id.uuid()))?;
        if !read.has(columns) {
            return None;
        }
        match row {
            Some(row) => row.clone().downcast().ok().map(Some),
            None => Some(None),
        }
    }

    fn keep<E: Visible>(&self, id: Uuid, columns: Columns, row: Option<Row>) {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        found.insert((TypeId::of::<E>(), id), (columns, row));
    }
}

/// A reference of a page's rows that is read along.
pub struct Along<E: Listed> {
    column: E::Column,
    target: Box<dyn Target>,
}

impl<E: Listed> Along<E> {
    /// What the column names: these columns of it, as far as the caller sees it. Nothing where rows of that table are read whole.
    pub fn new<T: Visible>(column: E::Column, scope: Scope, columns: Columns) -> Option<Self> {
        let reading = Reading::<T>::new(columns, std::iter::once(T::ID));
        let target: Box<dyn Target> = Box::new(Rows { reading: (!reading.is_whole()).then_some(reading)?, scope, columns });
        Some(Self { column, target })
    }

    /// Lets a select give these columns behind its own. `name` is what the statement calls the row.
    pub(super) fn join(&self, select: &mut SelectStatement, name: &'static str) {
        self.target.join(select, Expr::col(self.column.as_column_ref()), name);
    }

    /// Reads what belongs to a row, from this place on, and answers where the next begins.
    pub(super) fn read(
        &self,
        model: &E::Model,
        row: &database::Row<'_>,
        place: usize,
        found: &ReadAlong,
    ) -> Result<usize, DbErr> {
        if let Ok(id) = <Uuid as ValueType>::try_from(model.get(self.column)) {
            self.target.read(id, row, place, found)?;
        }
        Ok(place + self.target.width())
    }
}

/// A table that pages read along.
trait Target: Send + Sync {
    fn join(&self, select: &mut SelectStatement, id: Expr, name: &'static str);
    fn width(&self) -> usize;
    fn read(&self, id: Uuid, row: &database::Row<'_>, place: usize, found: &ReadAlong) -> Result<(), DbErr>;
}

struct Rows<T: Visible> {
    reading: Reading<T>,
    scope: Scope,
    columns: Columns,
}

impl<T: Visible> Target for Rows<T> {
    fn join(&self, select: &mut SelectStatement, id: Expr, name: &'static str) {
        let same = Condition::all().add(id.eq(Expr::col((name, T::ID)))).add(self.scope.condition_on::<T>(name));
        select.join_as(JoinType::LeftJoin, T::default().table_ref(), name, same);
        for column in self.reading.columns() {
            select.expr_as(Expr::col((name, column)), format!("{name}_{}", column.as_str()));
        }
    }

    fn width(&self) -> usize {
        self.reading.width()
    }

    fn read(&self, id: Uuid, row: &database::Row<'_>, place: usize, found: &ReadAlong) -> Result<(), DbErr> {
        if found.get::<T>(Id::new(id), self.columns).is_some() {
            return Ok(());
        }
        let own = self.reading.columns().position(|column| column.as_str() == T::ID.as_str()).unwrap_or_default();
        let is_there = row.get::<Option<Uuid>>(place + own)?.is_some();
        let model = if is_there { Some(Arc::new(self.reading.row(row, place)?) as Row) } else { None };
        found.keep::<T>(id, self.columns, model);
        Ok(())
    }
}
