//! What exchange rates are asked of the database, and nothing else.

use chrono::NaiveDate;
use entity::exchange_rate::{Column, Entity, Model};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryFilter, QueryOrder};

use crate::auth::Scope;
use crate::data::page::{Order, SortKey};
use crate::error::Result;

/// In the order that is wanted, otherwise the latest days first.
pub fn order(wanted: impl IntoIterator<Item = SortKey<Column>>) -> Order<Column> {
    let mut keys: Vec<SortKey<Column>> = wanted.into_iter().collect();
    if keys.is_empty() {
        keys.push(SortKey::descending(Column::ValidFrom));
    }
    Order::new(keys, Column::Id)
}

/// The one rate of a currency from this day on.
pub fn is_rate(base_currency: &str, currency: &str, valid_from: NaiveDate) -> Condition {
    Condition::all()
        .add(Column::BaseCurrency.eq(base_currency))
        .add(Column::Currency.eq(currency))
        .add(Column::ValidFrom.eq(valid_from))
}

/// The rate of a currency that is in force on a day.
pub async fn in_force(
    connection: &impl ConnectionTrait,
    scope: Scope,
    base_currency: &str,
    currency: &str,
    day: NaiveDate,
) -> Result<Option<Model>> {
    let select = scope.find::<Entity>().filter(Column::BaseCurrency.eq(base_currency)).filter(Column::Currency.eq(currency));
    Ok(select.filter(Column::ValidFrom.lte(day)).order_by_desc(Column::ValidFrom).one(connection).await?)
}
