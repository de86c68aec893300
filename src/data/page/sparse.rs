//! Rows of which only some columns are read: a page of a list, or a reference, needs those of the fields that are asked for, and
//! reading a value costs about as much as answering it.

use entity::RecordKind;
use sea_orm::sea_query::{ColumnType, Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, Iterable, ModelTrait, PrimaryKeyToColumn};

use crate::data::database::{ReadRows, Row};

/// A table whose rows stand in lists, or are what others refer to.
pub trait Listed: EntityTrait<Model: Default + Sync> {
    /// What the API calls a row, where rows are read in part; then the columns of its fields and their places are given, too.
    const TYPE: Option<&'static str> = None;

    /// Whether it is no table but a view, whose rows SQLite finds by values of the statement alone.
    const IS_VIEW: bool = false;

    /// The columns that a field of the API shows or leads on from, beside the id. Nothing where it may need any of them.
    fn columns_of(_field: &str) -> Option<&'static [Self::Column]> {
        None
    }

    /// The column of a field that refers to another record, and of what kind that is, where pages read it along.
    fn reference(_field: &str) -> Option<(Self::Column, RecordKind)> {
        None
    }

    /// A column's place among all columns.
    fn place(_column: Self::Column) -> u32 {
        0
    }
}

/// Which columns of a table are read, each as the bit of its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Columns(u64);

impl Columns {
    /// All of them.
    pub const ALL: Self = Self(u64::MAX);
    /// The id and nothing else.
    pub const ID: Self = Self(0);

    /// These, and those that a field of the API needs.
    #[must_use]
    pub fn and_of<E: Listed>(self, field: &str) -> Self {
        match field {
            "id" | "__typename" => self,
            field => E::columns_of(field).map_or(Self::ALL, |columns| columns.iter().fold(self, |all, one| all.with::<E>(*one))),
        }
    }

    /// All that either of the two has.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of the others are among these.
    pub(super) fn has(self, others: Self) -> bool {
        others.0 & !self.0 == 0
    }

    fn with<E: Listed>(self, column: E::Column) -> Self {
        Some(E::place(column)).filter(|place| *place < 63).map_or(Self::ALL, |place| Self(self.0 | 1 << place))
    }
}

/// How rows are read: these columns of them.
pub(super) struct Reading<E: Listed> {
    columns: Vec<Read<E>>,
    is_whole: bool,
}

/// A column that is read, and its type.
type Read<E> = (<E as EntityTrait>::Column, ColumnType);

impl<E: Listed> Reading<E> {
    /// Reads these columns, and some that are needed in any case.
    pub fn new(columns: Columns, needed: impl Iterator<Item = E::Column>) -> Self {
        let columns = needed.fold(columns, |all, column| all.with::<E>(column));
        let is_whole = columns == Columns::ALL;
        let read = E::Column::iter().enumerate().filter(|(place, _)| is_whole || columns.0 & 1 << place != 0);
        Self { columns: read.map(|(_, column)| (column, column.def().get_column_type().clone())).collect(), is_whole }
    }

    /// Lets a select without columns give what is read.
    pub fn of(&self, mut select: SelectStatement) -> SelectStatement {
        select.exprs(self.columns().map(|column| Expr::col(column.as_column_ref())));
        select
    }

    /// Whether all of a row is read.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// What is read of a row, in this order.
    pub fn columns(&self) -> impl Iterator<Item = E::Column> {
        self.columns.iter().map(|(column, _)| *column)
    }

    /// How many values that are.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// Reads a row whose values begin at this place.
    pub fn row(&self, row: &Row<'_>, start: usize) -> Result<E::Model, DbErr> {
        let mut model = E::Model::default();
        for (place, (column, kind)) in self.columns.iter().enumerate() {
            model.try_set(*column, row.value(start + place, kind)?)?;
        }
        Ok(model)
    }
}

/// Reads these columns, and the ids, of all rows that meet a condition.
///
/// # Errors
/// An internal fault if the database fails.
pub async fn fetch_all<E: Listed>(db: &impl ReadRows, condition: Condition, columns: Columns) -> Result<Vec<E::Model>, DbErr> {
    let ids = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
    let reading = Reading::<E>::new(columns, ids);
    let select = reading.of(Query::select().from(E::default()).cond_where(condition).take());
    db.read_rows(db.get_database_backend().build(&select), |row| reading.row(row, 0)).await
}
