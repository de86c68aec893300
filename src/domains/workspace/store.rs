//! What the workspace and its lists are asked of the database, and nothing else.

use entity::workspace;
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};

use crate::error::Result;

/// Lets those who change users or the workspace's lists take turns until the end of their transactions: what was checked (a name is
/// free, another administrator is left) still holds when it is written. Such changes are rare.
pub async fn take_turns(connection: &impl ConnectionTrait) -> Result<()> {
    workspace::Entity::find_by_id(1).lock_exclusive().one(connection).await?;
    Ok(())
}
