//! What contacts are asked of the database, and nothing else.

use entity::contact::Column;
use entity::{AccountId, ContactId, lead, lead_conversion, opportunity};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::auth::Scope;
use crate::data::page::{Order, SortKey};
use crate::domains::uses::Uses;
use crate::error::Result;

/// What stands in the way of deleting a contact: the opportunities whose primary contact it is, the leads that became it.
pub async fn uses(connection: &impl ConnectionTrait, scope: Scope, contact: ContactId) -> Result<Uses> {
    let converted = lead_conversion::Entity::find()
        .select_only()
        .column(lead_conversion::Column::LeadId)
        .filter(lead_conversion::Column::ContactId.eq(contact))
        .into_query();
    let primary = opportunity::Column::PrimaryContactId.eq(contact);
    let mut uses = Uses::default();
    uses.find::<opportunity::Entity>(connection, scope, "opportunities", primary).await?;
    uses.find::<lead::Entity>(connection, scope, "leads", lead::Column::Id.in_subquery(converted)).await?;
    Ok(uses)
}

/// What keeps a contact in its account: the account's opportunities whose primary contact it is.
pub async fn ties(connection: &impl ConnectionTrait, scope: Scope, contact: ContactId, account: AccountId) -> Result<Uses> {
    let tie = opportunity::Column::PrimaryContactId.eq(contact).and(opportunity::Column::AccountId.eq(account));
    let mut ties = Uses::default();
    ties.find::<opportunity::Entity>(connection, scope, "opportunities", tie).await?;
    Ok(ties)
}

/// The order in which contacts come: as wanted, otherwise the newest first.
pub fn order(wanted: impl IntoIterator<Item = SortKey<Column>>) -> Order<Column> {
    let mut keys: Vec<_> = wanted.into_iter().collect();
    if keys.is_empty() {
        keys.push(SortKey::descending(Column::CreatedAt));
    }
    Order::new(keys, Column::Id)
}
