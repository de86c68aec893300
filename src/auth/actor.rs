//! Who is asking.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::{Role, UserId, user};
use uuid::Uuid;

use super::Scope;

/// The signed-in user on whose behalf a request runs.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The user as they were when the request came in.
    pub user: Arc<user::Model>,
    /// The hash of the session's token; the command line has none.
    pub session: Option<String>,
}

impl Actor {
    /// A user who didn't sign in, for what the command line does.
    pub fn of(user: user::Model) -> Self {
        Self { user: Arc::new(user), session: None }
    }

    /// The program itself, for what runs without anybody being signed in: it may do what a manager may. There is no such user, so
    /// what it writes names nobody (`Write::by_nobody`).
    pub fn program(now: DateTime<Utc>) -> Self {
        let user = user::Model {
            id: UserId::new(Uuid::nil()),
            name: "leadgraph".to_owned(),
            email: String::new(),
            email_key: String::new(),
            password_hash: String::new(),
            role: Role::Manager,
            active: true,
            team_id: None,
            created_at: now,
            updated_at: now,
        };
        Self::of(user)
    }

    /// The user's id.
    pub fn id(&self) -> UserId {
        self.user.id
    }

    /// What the user may do.
    pub fn role(&self) -> Role {
        self.user.role
    }

    /// Which rows the user sees.
    pub fn scope(&self) -> Scope {
        Scope::of(self)
    }
}
