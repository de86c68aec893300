//! What callers say about users and teams, and what they are answered. What holds a password can't be printed.

use async_graphql::{ID, InputObject, MaybeUndefined, SimpleObject};

use super::types::{Team, User};
use crate::error::UserError;
use crate::graphql::enums::Role;
use crate::graphql::scalars::DateTime;

/// Who signs in.
#[derive(Clone, InputObject)]
pub struct SignInInput {
    /// The user's e-mail address, in any case.
    pub email: String,
    /// The user's password.
    #[graphql(secret)]
    pub password: String,
}

/// The sign-in, or what stood in the way. It sets the session cookie as well.
#[derive(SimpleObject)]
pub struct SignInPayload {
    /// What to send as `Authorization: Bearer …`. It is shown this once.
    pub token: Option<String>,
    /// Who is signed in.
    pub viewer: Option<User>,
    /// Until when the sign-in holds.
    pub expires_at: Option<DateTime>,
    /// What stood in the way: the same sentence for an unknown e-mail address, a wrong password and a deactivated user.
    pub user_errors: Vec<UserError>,
}

/// Whether a sign-in ended.
#[derive(Debug, SimpleObject)]
pub struct SignOutPayload {
    /// False where nobody was signed in.
    pub signed_out: bool,
}

/// A user to create.
#[derive(Clone, InputObject)]
pub struct CreateUserInput {
    /// The user's name; at most 200 characters.
    pub name: String,
    /// The e-mail address to sign in with; no other user has it.
    pub email: String,
    /// The password: 10 to 200 characters.
    #[graphql(secret)]
    pub password: String,
    /// What the user may do.
    pub role: Role,
    /// The team that the user belongs to.
    pub team_id: Option<ID>,
}

/// What can be changed about a user: an absent field stays.
#[derive(Clone, Default, InputObject)]
pub struct UserFields {
    /// The user's name; at most 200 characters. It can't be cleared.
    pub name: MaybeUndefined<String>,
    /// The e-mail address to sign in with; for administrators. It can't be cleared.
    pub email: MaybeUndefined<String>,
    /// What the user may do; for administrators. The last active ADMIN keeps the role.
    pub role: MaybeUndefined<Role>,
    /// Whether the user may sign in and own records; for administrators. Deactivating ends the user's sign-ins. The last active ADMIN
    /// stays active.
    pub active: MaybeUndefined<bool>,
    /// The team that the user belongs to, null for none; for administrators.
    pub team_id: MaybeUndefined<ID>,
    /// A new password: 10 to 200 characters. It ends the user's sign-ins, except the one that sets it.
    #[graphql(secret)]
    pub password: MaybeUndefined<String>,
}

/// What to change about a user. Administrators may change everybody; anyone may change their own name and password.
#[derive(Clone, InputObject)]
pub struct UpdateUserInput {
    /// The user.
    pub id: ID,
    /// The changes.
    #[graphql(flatten)]
    pub fields: UserFields,
}

/// The user as they are now, or what stood in the way.
#[derive(SimpleObject)]
pub struct UserPayload {
    /// The user as they are now; null where the call was refused.
    pub user: Option<User>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

/// A team to create.
#[derive(Debug, Clone, InputObject)]
pub struct CreateTeamInput {
    /// The team's name; at most 200 characters.
    pub name: String,
    /// Who leads the team, an active user.
    pub manager_id: Option<ID>,
}

/// What to change about a team: an absent field stays, null clears it.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateTeamInput {
    /// The team.
    pub id: ID,
    /// The team's name; at most 200 characters. It can't be cleared.
    pub name: MaybeUndefined<String>,
    /// Who leads the team, an active user.
    pub manager_id: MaybeUndefined<ID>,
}

/// The team as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct TeamPayload {
    /// The team as it is now; null where the call was refused.
    pub team: Option<Team>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}
