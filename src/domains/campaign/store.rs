//! What campaigns are asked of the database, and nothing else.

use entity::campaign;
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder};

use crate::auth::Scope;
use crate::error::Result;

/// All campaigns, or the active ones, by name.
pub async fn campaigns(connection: &impl ConnectionTrait, scope: Scope, active_only: bool) -> Result<Vec<campaign::Model>> {
    let mut select = scope.find::<campaign::Entity>();
    if active_only {
        select = select.filter(campaign::Column::Active.eq(true));
    }
    Ok(select.order_by_asc(campaign::Column::NameKey).order_by_asc(campaign::Column::Id).all(connection).await?)
}
