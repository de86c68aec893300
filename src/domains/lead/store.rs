//! What leads are asked of the database, and nothing else.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{LeadId, buying_signal, lead, lead_conversion, lead_status_change};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::data::page::{Order, SortKey};
use crate::data::write::Write;
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

/// The change of status that a write of a lead means, if any. The first one is of the moment at which the lead came in.
pub fn status_change(write: &Write<'_>, before: Option<&lead::Model>, after: &lead::Model) -> Option<lead_status_change::Model> {
    let from_status = before.map(|before| before.status);
    (from_status != Some(after.status)).then(|| lead_status_change::Model {
        id: write.new_id(),
        lead_id: after.id,
        lead_created_at: after.created_at,
        // Clocks differ: nothing happens to a lead before it comes in.
        at: if before.is_some() { write.now.max(after.created_at) } else { after.created_at },
        by: write.by(),
        from_status,
        status: after.status,
    })
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
