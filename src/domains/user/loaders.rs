//! The members of teams, many teams at once.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::{TeamId, user};
use sea_orm::{ColumnTrait, QueryFilter};

use super::store::sort_by_name;
use super::types::User;
use crate::error::{Error, Result};
use crate::graphql::loaders::Source;

/// The members of this team, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MembersOf(pub TeamId);

impl Loader<MembersOf> for Source {
    type Value = Vec<User>;
    type Error = Error;

    async fn load(&self, keys: &[MembersOf]) -> Result<HashMap<MembersOf, Vec<User>>> {
        let mut users = self
            .scope
            .find::<user::Entity>()
            .filter(user::Column::TeamId.is_in(keys.iter().map(|key| key.0)))
            .all(self.database.read())
            .await?;
        sort_by_name(&mut users);
        let mut members: HashMap<MembersOf, Vec<User>> = HashMap::new();
        for user in users {
            if let Some(team) = user.team_id {
                members.entry(MembersOf(team)).or_default().push(User(Arc::new(user)));
            }
        }
        Ok(members)
    }
}
