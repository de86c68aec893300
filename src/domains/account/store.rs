//! What accounts are asked of the database, and nothing else.

use entity::account::{Column, Entity};
use entity::{AccountId, contact, lead, lead_conversion, opportunity, workspace};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::auth::Scope;
use crate::data::page::{Order, SortKey};
use crate::domains::uses::Uses;
use crate::error::Result;

/// Lets only one transaction at a time rearrange accounts under parents: two at once, each harmless, could close a circle.
/// It is taken before any account is locked, so that two of them never wait for each other.
pub async fn lock_parents(connection: &impl ConnectionTrait) -> Result<()> {
    workspace::Entity::find_by_id(1).lock_exclusive().one(connection).await?;
    Ok(())
}

/// The account and those that stand above it, from below; at most so many.
pub async fn with_parents(
    connection: &impl ConnectionTrait,
    scope: Scope,
    account: AccountId,
    most: usize,
) -> Result<Vec<AccountId>> {
    let mut chain = Vec::new();
    let mut next = Some(account);
    while let Some(id) = next.filter(|_| chain.len() < most) {
        chain.push(id);
        let parent = scope.with_deleted().find::<Entity>().select_only().column(Column::ParentId).filter(Column::Id.eq(id));
        next = parent.into_tuple::<Option<AccountId>>().one(connection).await?.flatten();
    }
    Ok(chain)
}

/// What stands in the way of deleting an account: its contacts and opportunities, the accounts below it, the leads that became it.
pub async fn uses(connection: &impl ConnectionTrait, scope: Scope, account: AccountId) -> Result<Uses> {
    let converted = lead_conversion::Entity::find()
        .select_only()
        .column(lead_conversion::Column::LeadId)
        .filter(lead_conversion::Column::AccountId.eq(account))
        .into_query();
    let mut uses = Uses::default();
    uses.find::<contact::Entity>(connection, scope, "contacts", contact::Column::AccountId.eq(account)).await?;
    uses.find::<opportunity::Entity>(connection, scope, "opportunities", opportunity::Column::AccountId.eq(account)).await?;
    uses.find::<Entity>(connection, scope, "children", Column::ParentId.eq(account)).await?;
    uses.find::<lead::Entity>(connection, scope, "leads", lead::Column::Id.in_subquery(converted)).await?;
    Ok(uses)
}

/// The order in which accounts come: as wanted, otherwise the newest first.
pub fn order(wanted: impl IntoIterator<Item = SortKey<Column>>) -> Order<Column> {
    let mut keys: Vec<_> = wanted.into_iter().collect();
    if keys.is_empty() {
        keys.push(SortKey::descending(Column::CreatedAt));
    }
    Order::new(keys, Column::Id)
}
