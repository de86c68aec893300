//! What intake asks of the database, and nothing else.

use entity::intake_form::{Column, Entity, Model};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::auth::Scope;
use crate::error::Result;

/// All forms, by name.
pub async fn forms(connection: &impl ConnectionTrait, scope: Scope) -> Result<Vec<Model>> {
    Ok(scope.find::<Entity>().order_by_asc(Column::NameKey).order_by_asc(Column::Id).all(connection).await?)
}

/// The active form with this key.
pub async fn by_key(connection: &impl ConnectionTrait, key: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Key.eq(key)).filter(Column::Active.eq(true)).one(connection).await?)
}
