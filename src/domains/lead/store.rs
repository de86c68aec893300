//! What leads are asked of the database, and nothing else.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{LeadId, buying_signal, lead_conversion};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::data::page::{Order, SortKey};
use crate::error::{Error, Result};
use crate::graphql::loaders::Source;

/// The buying signals of this lead, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SignalsOf(pub LeadId);

impl Loader<SignalsOf> for Source {
    type Value = Vec<buying_signal::Model>;
    type Error = Error;

    async fn load(&self, keys: &[SignalsOf]) -> Result<HashMap<SignalsOf, Self::Value>> {
        let rows = buying_signal::Entity::find()
            .filter(buying_signal::Column::LeadId.is_in(keys.iter().map(|key| key.0)))
            .order_by_desc(buying_signal::Column::ObservedOn)
            .order_by_desc(buying_signal::Column::Id)
            .all(self.database.read())
            .await?;
        let mut signals: HashMap<SignalsOf, Self::Value> = HashMap::new();
        for row in rows {
            signals.entry(SignalsOf(row.lead_id)).or_default().push(row);
        }
        Ok(signals)
    }
}

/// What a lead became.
pub async fn conversion(connection: &impl ConnectionTrait, lead: LeadId) -> Result<Option<lead_conversion::Model>> {
    Ok(lead_conversion::Entity::find_by_id(lead).one(connection).await?)
}

/// The order in which leads come: as wanted, otherwise the newest first.
pub fn order(wanted: impl IntoIterator<Item = SortKey<entity::lead::Column>>) -> Order<entity::lead::Column> {
    use entity::lead::Column;
    let mut keys: Vec<_> = wanted.into_iter().collect();
    if keys.is_empty() {
        keys.push(SortKey::descending(Column::CreatedAt));
    }
    Order::new(keys, Column::Id)
}
