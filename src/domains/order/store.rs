//! What orders are asked of the database, and nothing else.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{OpportunityId, OrderId, QuoteId, order};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder};

use super::filter::OrderOrder;
use crate::auth::Scope;
use crate::data::page::{Order, SortKey};
use crate::error::{Error, Result};
use crate::graphql::loaders::Source;

/// An order as it is, without a lock.
pub async fn find(connection: &impl ConnectionTrait, scope: Scope, id: OrderId) -> Result<Option<order::Model>> {
    Ok(scope.find::<order::Entity>().filter(order::Column::Id.eq(id)).one(connection).await?)
}

/// The order that a quote left.
pub async fn of_quote(connection: &impl ConnectionTrait, scope: Scope, quote: QuoteId) -> Result<Option<order::Model>> {
    Ok(scope.find::<order::Entity>().filter(order::Column::QuoteId.eq(quote)).one(connection).await?)
}

/// The latest order of this opportunity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LatestOf(pub OpportunityId);

impl Loader<LatestOf> for Source {
    type Value = order::Model;
    type Error = Error;

    async fn load(&self, keys: &[LatestOf]) -> Result<HashMap<LatestOf, Self::Value>> {
        let orders = self
            .scope
            .find::<order::Entity>()
            .filter(order::Column::OpportunityId.is_in(keys.iter().map(|key| key.0)))
            .order_by_asc(order::Column::Number)
            .all(self.database.read())
            .await?;
        Ok(orders.into_iter().map(|order| (LatestOf(order.opportunity_id), order)).collect())
    }
}

/// The order in which orders come: as wanted, otherwise the newest first.
pub fn order(wanted: &[OrderOrder]) -> Order<order::Column> {
    use order::Column;
    let mut keys: Vec<_> = wanted.iter().map(|order| SortKey::from(*order)).collect();
    if keys.is_empty() {
        keys.push(SortKey::descending(Column::CreatedAt));
    }
    Order::new(keys, Column::Id)
}
