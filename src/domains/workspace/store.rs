//! What the workspace and its lists are asked of the database, and nothing else.

use entity::workspace;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::record::Entry;
use crate::auth::Scope;
use crate::auth::scope::Visible;
use crate::error::{Error, Result};

/// Lets those who change users, pipelines or the workspace's lists take turns until the end of their transactions: what was checked (a name is
/// free, another administrator is left) still holds when it is written. Such changes are rare.
pub async fn take_turns(connection: &impl ConnectionTrait) -> Result<()> {
    lock_settings(connection).await.map(|_| ())
}

/// The workspace's settings, which nobody else changes until the end of the transaction.
pub async fn lock_settings(connection: &impl ConnectionTrait) -> Result<workspace::Model> {
    found(workspace::Entity::find_by_id(1).lock_exclusive().one(connection).await?)
}

/// The workspace's settings as they are now.
pub async fn settings(connection: &impl ConnectionTrait) -> Result<workspace::Model> {
    found(workspace::Entity::find_by_id(1).one(connection).await?)
}

fn found(settings: Option<workspace::Model>) -> Result<workspace::Model> {
    settings.ok_or_else(|| Error::internal("the workspace's row is missing"))
}

/// Whether another entry of the same list has this name already.
pub async fn has_namesake<M: Entry>(connection: &impl ConnectionTrait, entry: &M, name_key: &str) -> Result<bool> {
    let others = M::Entity::find()
        .filter(entry.list())
        .filter(M::NAME_KEY.eq(name_key))
        .filter(<M::Entity as Visible>::ID.ne(entry.uuid()));
    Ok(others.one(connection).await?.is_some())
}

/// The place behind the last entry of a list.
pub async fn next_position<M: Entry>(connection: &impl ConnectionTrait, entry: &M) -> Result<i32> {
    let last: Option<Option<i32>> = M::Entity::find()
        .select_only()
        .column_as(M::POSITION.max(), "last")
        .filter(entry.list())
        .into_tuple()
        .one(connection)
        .await?;
    Ok(last.flatten().unwrap_or_default() + 1)
}

/// The entries of a list in their places.
pub async fn entries<M: Entry>(connection: &impl ConnectionTrait, scope: Scope) -> Result<Vec<M>> {
    let select = scope.find::<M::Entity>().order_by_asc(M::POSITION).order_by_asc(<M::Entity as Visible>::ID);
    Ok(select.all(connection).await?)
}
