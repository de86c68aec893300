//! What users and teams are asked of the database, and nothing else.

use entity::{Role, UserId, team, user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::auth::Scope;
use crate::error::Result;
use crate::values::fold::fold;

/// The user with this e-mail address, in the form that is compared.
pub async fn by_email(connection: &impl ConnectionTrait, email_key: &str) -> Result<Option<user::Model>> {
    Ok(user::Entity::find().filter(user::Column::EmailKey.eq(email_key)).one(connection).await?)
}

/// How many users there are.
pub async fn count(connection: &impl ConnectionTrait) -> Result<u64> {
    Ok(user::Entity::find().count(connection).await?)
}

/// How many active administrators there are beside this user.
pub async fn other_administrators(connection: &impl ConnectionTrait, user: UserId) -> Result<u64> {
    let others = user::Entity::find()
        .filter(user::Column::Role.eq(Role::Admin))
        .filter(user::Column::Active.eq(true))
        .filter(user::Column::Id.ne(user));
    Ok(others.count(connection).await?)
}

/// All users, or the active ones, by name.
pub async fn users(connection: &impl ConnectionTrait, scope: Scope, active_only: bool) -> Result<Vec<user::Model>> {
    let mut select = scope.find::<user::Entity>();
    if active_only {
        select = select.filter(user::Column::Active.eq(true));
    }
    let mut users = select.all(connection).await?;
    sort_by_name(&mut users);
    Ok(users)
}

/// All teams, by name.
pub async fn teams(connection: &impl ConnectionTrait, scope: Scope) -> Result<Vec<team::Model>> {
    let mut teams = scope.find::<team::Entity>().all(connection).await?;
    teams.sort_by_cached_key(|team| (fold(&team.name), team.id));
    Ok(teams)
}

/// Sorts users by name as people do, whatever the case and accents. There are too few of them for a derived column.
pub fn sort_by_name(users: &mut [user::Model]) {
    users.sort_by_cached_key(|user| (fold(&user.name), user.id));
}
