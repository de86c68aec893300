//! Users and teams as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{team, user};

use crate::error::Result;
use crate::graphql::at_once::at_once;
use crate::graphql::context;
use crate::graphql::enums::Role;
use crate::graphql::loaders;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::DateTime;

/// Somebody who can sign in.
#[derive(Clone)]
pub struct User(pub Arc<user::Model>);

/// Somebody who can sign in.
#[Object]
impl User {
    /// The user's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The user's name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The e-mail address that the user signs in with.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// What the user may do.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// Whether the user may sign in and own records.
    async fn active(&self) -> bool {
        self.0.active
    }

    /// The team that the user belongs to.
    async fn team(&self, ctx: &Context<'_>) -> Option<Result<Answered<Team>>> {
        loaders::nullable(ctx, self.0.team_id, Team).await
    }

    /// When the user was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

at_once!(User: id name email role active team(team_id) created_at);

/// A group of users with a manager.
#[derive(Clone)]
pub struct Team(pub Arc<team::Model>);

/// A group of users with a manager.
#[Object]
impl Team {
    /// The team's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The team's name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Who leads the team.
    async fn manager(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.0.manager_id, User).await
    }

    /// Who belongs to the team, by name.
    async fn members(&self, ctx: &Context<'_>) -> Result<Vec<User>> {
        let members = context::loaders(ctx)?.load_one(super::loaders::MembersOf(self.0.id)).await?;
        Ok(members.unwrap_or_default())
    }
}

at_once!(Team: id name manager);
