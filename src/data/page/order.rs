//! In which order a list stands.

use sea_orm::sea_query::{Expr, NullOrdering, Order as Direction, OrderedStatement};
use sea_orm::{ColumnTrait, DbBackend, EntityName, EntityTrait, ModelTrait, Value};

use crate::data::cursor::{self, Cursor, Key};
use crate::error::Result;

/// One column to sort by.
#[derive(Debug, Clone, Copy)]
pub struct SortKey<C: ColumnTrait> {
    /// The column: of type text, whole number, boolean, date, timestamp with time zone or uuid.
    pub column: C,
    /// Whether the greatest value comes first.
    pub descending: bool,
    /// Whether rows may have no value here. Such rows stand before all others, or after them in descending order.
    pub nullable: bool,
    /// The table and column of a joined row that has the same value; see `copied_to`.
    copy: Option<(&'static str, &'static str)>,
}

impl<C: ColumnTrait> SortKey<C> {
    /// Sorts by a column in the given direction; whether it is nullable is taken from the entity.
    pub fn new(column: C, descending: bool) -> Self {
        Self { column, descending, nullable: column.def().is_null(), copy: None }
    }

    /// The smallest value first, missing values before it.
    pub fn ascending(column: C) -> Self {
        Self::new(column, false)
    }

    /// The greatest value first, missing values last.
    pub fn descending(column: C) -> Self {
        Self::new(column, true)
    }

    /// Sorts by a column of a joined row, which always has the same value. Where that row leads to the list's, as what an activity is about
    /// leads to the activity, an index on it gives the list in its order; otherwise all of the list would be read and sorted for each page.
    #[must_use]
    pub fn copied_to<J: ColumnTrait<EntityName: Default>>(self, copy: J) -> Self {
        Self { copy: Some((EntityName::table_name(&J::EntityName::default()), copy.as_str())), ..self }
    }

    /// What statements over the list compare and sort by.
    pub(super) fn place(&self) -> Expr {
        match self.copy {
            Some(copy) => Expr::col(copy),
            None => Expr::col(self.column.as_column_ref()),
        }
    }
}

/// A total order of an entity's rows: some columns, and the id at the end.
///
/// An index `(a ASC NULLS FIRST, …, id)` serves an order and its opposite on both databases; SQLite's indexes are like that
/// by nature. The keys of an order should all have the same direction, or the index must have the same mixture.
/// Texts stand in the order of their column's collation: `COLLATE "C"` on PostgreSQL is what SQLite does.
#[derive(Debug, Clone)]
pub struct Order<C: ColumnTrait> {
    name: String,
    keys: Vec<SortKey<C>>,
    id: C,
}

impl<C: ColumnTrait> Order<C> {
    /// Sorts by these keys and then by the id, in the direction of the last key (ascending without any key).
    /// A column that comes a second time decides nothing and is left out, and so is what comes after the id.
    pub fn new(wanted: impl IntoIterator<Item = SortKey<C>>, id: C) -> Self {
        let mut keys: Vec<SortKey<C>> = Vec::new();
        for key in wanted {
            if !keys.iter().any(|known| known.column.as_str() == key.column.as_str()) {
                keys.push(key);
            }
        }
        match keys.iter().position(|key| key.column.as_str() == id.as_str()) {
            Some(place) => keys.truncate(place + 1),
            None => keys.push(SortKey { nullable: false, ..SortKey::new(id, keys.last().is_some_and(|key| key.descending)) }),
        }
        Self { name: name(&keys), keys, id }
    }

    /// What the order is called in cursors, such as `last_name ASC,id ASC`: equal for equal orders only.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The cursor of a row.
    ///
    /// # Errors
    /// An internal fault if the order has a column of a type that lists are not sorted by.
    pub fn cursor<M>(&self, row: &M) -> Result<String>
    where
        M: ModelTrait,
        M::Entity: EntityTrait<Column = C>,
    {
        let mut keys = self.keys.iter().map(|key| Key::from_value(row.get(key.column))).collect::<Result<Vec<_>>>()?;
        let Some(Key::Uuid(id)) = keys.pop() else {
            return Err(crate::error::Error::internal(format!("the order {} does not end with an id", self.name)));
        };
        Cursor { order: self.name.clone(), keys, id }.encode()
    }

    /// The same order by the list's own columns alone, for rows that stand without those that were joined to them.
    pub(super) fn of_own_columns(&self) -> Self {
        let keys = self.keys.iter().map(|key| SortKey { copy: None, ..*key });
        Self { name: self.name.clone(), keys: keys.collect(), id: self.id }
    }

    /// The column that tells all rows apart.
    pub(super) fn id(&self) -> C {
        self.id
    }

    /// All keys; the last one is the id.
    pub(super) fn keys(&self) -> &[SortKey<C>] {
        &self.keys
    }

    /// The values of a cursor, one for each key; nothing stands for a missing value. Every value is of its column's type.
    pub(super) fn position(&self, cursor: &Cursor) -> Result<Vec<Option<Value>>> {
        if cursor.order != self.name || cursor.keys.len() + 1 != self.keys.len() {
            return Err(cursor::malformed());
        }
        let id = Key::Uuid(cursor.id);
        let values = cursor.keys.iter().chain(std::iter::once(&id));
        self.keys.iter().zip(values).map(|(key, value)| position_in(key, value)).collect()
    }

    /// Sorts a statement whose rows carry the keys where `place_of` says.
    pub(super) fn sort<S: OrderedStatement>(
        &self,
        statement: &mut S,
        database: DbBackend,
        backward: bool,
        place_of: impl Fn(&SortKey<C>) -> Expr,
    ) {
        for key in &self.keys {
            let descending = key.descending != backward;
            let (direction, nulls) = match descending {
                false => (Direction::Asc, NullOrdering::First),
                true => (Direction::Desc, NullOrdering::Last),
            };
            // Said only where it isn't the database's nature already: an index on a column that is never null has it otherwise.
            if key.nullable && database == DbBackend::Postgres {
                statement.order_by_expr_with_nulls(place_of(key), direction, nulls);
            } else {
                statement.order_by_expr(place_of(key), direction);
            }
        }
    }
}

fn name<C: ColumnTrait>(keys: &[SortKey<C>]) -> String {
    let direction = |key: &SortKey<C>| if key.descending { "DESC" } else { "ASC" };
    keys.iter().map(|key| format!("{} {}", key.column.as_str(), direction(key))).collect::<Vec<_>>().join(",")
}

fn position_in<C: ColumnTrait>(key: &SortKey<C>, value: &Key) -> Result<Option<Value>> {
    if *value == Key::Null && key.nullable {
        return Ok(None);
    }
    value.to_value(key.column.def().get_column_type()).map(Some).ok_or_else(cursor::malformed)
}
