//! Who is asking.

use entity::{Role, UserId, user};

use super::Scope;

/// The signed-in user on whose behalf a request runs.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The user as they were when the request came in.
    pub user: user::Model,
    /// The hash of the session's token; the command line has none.
    pub session: Option<String>,
}

impl Actor {
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
