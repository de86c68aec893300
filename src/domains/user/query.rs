//! Reading users and teams.

use async_graphql::{Context, Object};
use std::sync::Arc;

use super::store;
use super::types::{Team, User};
use crate::error::Result;
use crate::graphql::context::{actor, database};

/// About how many users a workspace has, for the complexity of lists that have no pages.
const USUAL_NUMBER: usize = 50;

/// Reading users and teams.
#[derive(Default)]
pub struct UserQuery;

#[Object]
impl UserQuery {
    /// Who is signed in.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<User> {
        Ok(User(actor(ctx)?.user.clone()))
    }

    /// The users of the workspace, by name.
    #[graphql(complexity = "USUAL_NUMBER * child_complexity + 1")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether to leave out deactivated users.", default_with = "Some(true)")] active_only: Option<bool>,
    ) -> Result<Vec<User>> {
        let scope = actor(ctx)?.scope();
        let users = store::users(database(ctx)?.read(), scope, active_only.unwrap_or(true)).await?;
        Ok(users.into_iter().map(|user| User(Arc::new(user))).collect())
    }

    /// The teams of the workspace, by name.
    #[graphql(complexity = "USUAL_NUMBER * child_complexity + 1")]
    async fn teams(&self, ctx: &Context<'_>) -> Result<Vec<Team>> {
        let scope = actor(ctx)?.scope();
        let teams = store::teams(database(ctx)?.read(), scope).await?;
        Ok(teams.into_iter().map(|team| Team(Arc::new(team))).collect())
    }
}
