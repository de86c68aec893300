//! Rows of which only some columns are read: a page of a list, or a reference, needs those of the fields that are asked for, and
//! reading a value costs about as much as answering it.

use entity::RecordKind;
use sea_orm::sea_query::{ColumnType, Expr, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, FromQueryResult, Iterable, ModelTrait, PrimaryKeyToColumn, QueryFilter,
    QueryTrait, Statement,
};

use crate::data::database::{ReadRows, Row};

/// A table whose rows stand in lists, or are what others refer to.
pub trait Listed: EntityTrait<Model: Sync> {
    /// What the API calls a row, where rows are read in part; then all below is given, too.
    const TYPE: Option<&'static str> = None;

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

    /// A row without any values.
    fn blank() -> Option<Self::Model> {
        None
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

/// How rows are read.
pub(super) struct Reading<E: Listed> {
    /// A blank row, and what is read into it. Without it rows are read whole.
    sparse: Option<(E::Model, Vec<Read<E>>)>,
}

/// A column that is read, and its type.
type Read<E> = (<E as EntityTrait>::Column, ColumnType);

impl<E: Listed> Reading<E> {
    /// Reads these columns, and some that are needed in any case.
    pub fn new(columns: Columns, needed: impl Iterator<Item = E::Column>) -> Self {
        let columns = needed.fold(columns, |all, column| all.with::<E>(column));
        if columns == Columns::ALL {
            return Self { sparse: None };
        }
        let read = E::Column::iter().enumerate().filter(|(place, _)| columns.0 & 1 << place != 0);
        let read = read.map(|(_, column)| (column, column.def().get_column_type().clone())).collect();
        Self { sparse: E::blank().map(|blank| (blank, read)) }
    }

    /// Lets a select of whole rows give what is read.
    pub fn narrow(&self, mut select: SelectStatement) -> SelectStatement {
        if let Some((_, columns)) = &self.sparse {
            select.clear_selects().exprs(columns.iter().map(|(column, _)| Expr::col(column.as_column_ref())));
        }
        select
    }

    /// Whether it isn't all of a row that is read.
    pub fn is_sparse(&self) -> bool {
        self.sparse.is_some()
    }

    /// What is read of a row, in this order; nothing is said of whole rows.
    pub fn columns(&self) -> impl Iterator<Item = E::Column> {
        self.sparse.iter().flat_map(|(_, columns)| columns).map(|(column, _)| *column)
    }

    /// How many values a row has.
    pub fn width(&self) -> usize {
        self.sparse.as_ref().map_or_else(|| E::Column::iter().count(), |(_, columns)| columns.len())
    }

    /// Makes something of each row of a statement.
    pub async fn rows<T: Send>(
        &self,
        db: &impl ReadRows,
        statement: Statement,
        mut make: impl FnMut(&Row<'_>) -> Result<T, DbErr> + Send,
    ) -> Result<Vec<T>, DbErr> {
        match self.sparse {
            Some(_) => db.read_rows(statement, make).await,
            None => db.query_all_raw(statement).await?.iter().map(|row| make(&Row::OfLibrary(row))).collect(),
        }
    }

    /// Reads a row whose values begin at this place. Whole rows begin at the first, and are the library's.
    pub fn row(&self, row: &Row<'_>, start: usize) -> Result<E::Model, DbErr> {
        match (&self.sparse, row) {
            (Some((blank, columns)), row) => {
                let mut model = blank.clone();
                for (place, (column, kind)) in columns.iter().enumerate() {
                    model.try_set(*column, row.value(start + place, kind)?)?;
                }
                Ok(model)
            }
            (None, Row::OfLibrary(row)) => E::Model::from_query_result(row, ""),
            (None, Row::OfReader(_)) => Err(DbErr::Type("whole rows are read by the library".to_owned())),
        }
    }
}

/// Reads these columns, and the ids, of all rows that meet a condition.
///
/// # Errors
/// An internal fault if the database fails.
pub async fn fetch_all<E: Listed>(db: &impl ReadRows, condition: Condition, columns: Columns) -> Result<Vec<E::Model>, DbErr> {
    let ids = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
    let reading = Reading::<E>::new(columns, ids);
    // A select of whole rows costs more to make than the others cost to read.
    let select = match reading.sparse {
        Some(_) => Query::select().from(E::default()).cond_where(condition).take(),
        None => E::find().filter(condition).into_query(),
    };
    let statement = db.get_database_backend().build(&reading.narrow(select));
    reading.rows(db, statement, |row| reading.row(row, 0)).await
}
