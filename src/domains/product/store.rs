//! What products are asked of the database, and nothing else.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::product::Column;
use entity::{ProductId, line_item, opportunity, product, product_price, quote, quote_line};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use crate::auth::Scope;
use crate::data::page::{Order, SortKey};
use crate::data::write::Write;
use crate::domains::uses::Uses;
use crate::error::{Error, Result};
use crate::graphql::loaders::Source;

/// The prices of this product, by currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PricesOf(pub ProductId);

impl Loader<PricesOf> for Source {
    type Value = Vec<product_price::Model>;
    type Error = Error;

    async fn load(&self, keys: &[PricesOf]) -> Result<HashMap<PricesOf, Self::Value>> {
        let rows = prices(self.database.read(), keys.iter().map(|key| key.0)).await?;
        let mut prices: HashMap<PricesOf, Self::Value> = HashMap::new();
        for row in rows {
            prices.entry(PricesOf(row.product_id)).or_default().push(row);
        }
        Ok(prices)
    }
}

/// The prices of these products, each product's by currency.
pub async fn prices(
    connection: &impl ConnectionTrait,
    products: impl IntoIterator<Item = ProductId>,
) -> Result<Vec<product_price::Model>> {
    let select = product_price::Entity::find().filter(product_price::Column::ProductId.is_in(products));
    Ok(select.order_by_asc(product_price::Column::Currency).all(connection).await?)
}

/// Writes the prices that a product is to have in place of those that it has.
pub async fn replace_prices(write: &Write<'_>, before: &[product_price::Model], after: Vec<product_price::Model>) -> Result<()> {
    for gone in before.iter().filter(|price| !after.contains(price)) {
        let key = (gone.product_id, gone.currency.clone());
        product_price::Entity::delete_by_id(key).exec(write.connection()).await?;
    }
    let new = after.into_iter().filter(|price| !before.contains(price));
    write.insert_rows::<product_price::Entity>(new).await
}

/// The products that have one of these codes, in the form that is compared.
pub async fn with_codes(connection: &impl ConnectionTrait, code_keys: &[String]) -> Result<Vec<product::Model>> {
    Ok(product::Entity::find().filter(Column::CodeKey.is_in(code_keys)).all(connection).await?)
}

/// What stands in the way of deleting a product: the opportunities that have line items of it, deleted ones included, for those can be
/// restored, and the quotes that offer it.
pub async fn uses(connection: &impl ConnectionTrait, scope: Scope, product: ProductId) -> Result<Uses> {
    let sold = line_item::Entity::find()
        .select_only()
        .column(line_item::Column::OpportunityId)
        .filter(line_item::Column::ProductId.eq(product))
        .into_query();
    let mut uses = Uses::default();
    let named = opportunity::Column::Id.in_subquery(sold);
    uses.find::<opportunity::Entity>(connection, scope.with_deleted(), "opportunities", named).await?;
    let offered = quote_line::Entity::find()
        .select_only()
        .column(quote_line::Column::QuoteId)
        .filter(quote_line::Column::ProductId.eq(product))
        .into_query();
    uses.find::<quote::Entity>(connection, scope, "quotes", quote::Column::Id.in_subquery(offered)).await?;
    Ok(uses)
}

/// The order in which products come: as wanted, otherwise by name.
pub fn order(wanted: impl IntoIterator<Item = SortKey<Column>>) -> Order<Column> {
    let mut keys: Vec<_> = wanted.into_iter().collect();
    if keys.is_empty() {
        keys.push(SortKey::ascending(Column::NameKey));
    }
    Order::new(keys, Column::Id)
}
