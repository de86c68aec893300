//! What line items are asked of the database, and nothing else.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::line_item::{Column, Entity, Model};
use entity::{LineItemId, OpportunityId, ProductId, product};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::rules::{Offer, Offers};
use crate::data::write::Write;
use crate::domains::product::store::prices;
use crate::error::{Error, Result};
use crate::graphql::loaders::Source;

/// The line items of this opportunity, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LinesOf(pub OpportunityId);

impl Loader<LinesOf> for Source {
    type Value = Vec<Arc<Model>>;
    type Error = Error;

    async fn load(&self, keys: &[LinesOf]) -> Result<HashMap<LinesOf, Self::Value>> {
        let rows = lines(self.database.read(), keys.iter().map(|key| key.0)).await?;
        let mut lines: HashMap<LinesOf, Self::Value> = HashMap::new();
        for row in rows {
            lines.entry(LinesOf(row.opportunity_id)).or_default().push(Arc::new(row));
        }
        Ok(lines)
    }
}

/// The line items of these opportunities, each opportunity's in their order.
pub async fn lines(
    connection: &impl ConnectionTrait,
    opportunities: impl IntoIterator<Item = OpportunityId>,
) -> Result<Vec<Model>> {
    let select = Entity::find().filter(Column::OpportunityId.is_in(opportunities));
    Ok(select.order_by_asc(Column::Position).order_by_asc(Column::Id).all(connection).await?)
}

/// The ids of an opportunity's line items, in their order.
pub async fn ids(connection: &impl ConnectionTrait, opportunity: OpportunityId) -> Result<Vec<LineItemId>> {
    let select = Entity::find().select_only().column(Column::Id).filter(Column::OpportunityId.eq(opportunity));
    Ok(select.order_by_asc(Column::Position).order_by_asc(Column::Id).into_tuple().all(connection).await?)
}

/// The opportunity that a line item belongs to.
pub async fn opportunity_of(connection: &impl ConnectionTrait, line: LineItemId) -> Result<Option<OpportunityId>> {
    let select = Entity::find_by_id(line).select_only().column(Column::OpportunityId);
    Ok(select.into_tuple().one(connection).await?)
}

/// The products with these ids and their prices. On PostgreSQL nobody deletes them until the end of the transaction.
pub async fn offers(write: &Write<'_>, products: Vec<ProductId>) -> Result<Offers> {
    if products.is_empty() {
        return Ok(Offers::new());
    }
    let prices = prices(write.connection(), products.clone()).await?;
    let select = write.scope().find::<product::Entity>().filter(product::Column::Id.is_in(products));
    let found = select.order_by_asc(product::Column::Id).lock(LockType::KeyShare).all(write.connection()).await?;
    let offer = |product: product::Model| {
        let own = prices.iter().filter(|price| price.product_id == product.id);
        let prices = own.map(|price| (price.currency.clone(), price.amount)).collect();
        (product.id, Offer { product, prices })
    };
    Ok(found.into_iter().map(offer).collect())
}

/// Writes an opportunity's line items in place of those that it has.
pub async fn replace(write: &Write<'_>, before: &[Model], after: &[Model]) -> Result<()> {
    let is_there = |line: &Model, lines: &[Model]| lines.iter().any(|other| other.id == line.id);
    let gone: Vec<LineItemId> = before.iter().filter(|line| !is_there(line, after)).map(|line| line.id).collect();
    if !gone.is_empty() {
        Entity::delete_many().filter(Column::Id.is_in(gone)).exec(write.connection()).await?;
    }
    let (known, new): (Vec<Model>, Vec<Model>) = after.iter().cloned().partition(|line| is_there(line, before));
    for changed in known {
        if !before.contains(&changed) {
            Entity::update(changed.into_active_model().reset_all()).exec(write.connection()).await?;
        }
    }
    write.insert_rows::<Entity>(new.into_iter()).await
}
