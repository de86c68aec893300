//! Who may change what about a user: pure decisions.

use async_graphql::MaybeUndefined;
use entity::{Role, UserId, user};
use serde_json::{Value as Json, json};

use super::input::UserFields;
use crate::auth::{Actor, password, policy};
use crate::domains::fields::Cleaner;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::values::email;
use crate::values::text::TextLimit;

/// Administrators may change everybody; anyone may change their own name and password.
pub fn may_change(actor: &Actor, user: UserId, fields: &UserFields) -> Result<()> {
    let own_affair = fields.email.is_undefined()
        && fields.role.is_undefined()
        && fields.active.is_undefined()
        && fields.team_id.is_undefined();
    if actor.id() == user && own_affair {
        return Ok(());
    }
    policy::may_manage_users(actor)
        .map_err(|_| Error::forbidden("Only an ADMIN may change users; you may change your own name and password."))
}

/// Sets what the caller gave, and notes what is wrong with it. Whether the team is there is for the service to check.
pub fn apply(cleaner: &mut Cleaner<'_>, fields: &UserFields, user: &mut user::Model) {
    cleaner.required_text("name", &fields.name, TextLimit::Name, &mut user.name);
    set_email(cleaner, &fields.email, &mut user.email);
    if let Some(role) = given(cleaner, "role", &fields.role) {
        user.role = role.into();
    }
    if let Some(active) = given(cleaner, "active", &fields.active) {
        user.active = active;
    }
    cleaner.id("teamId", &fields.team_id, &mut user.team_id);
    if let Some(password) = given(cleaner, "password", &fields.password)
        && let Some((code, sentence)) = password::check(&password)
    {
        cleaner.problem(code, "password", sentence);
    }
}

/// A value that can be changed and not cleared.
fn given<T: Clone>(cleaner: &mut Cleaner<'_>, field: &str, input: &MaybeUndefined<T>) -> Option<T> {
    if input.is_null() {
        cleaner.problem(UserErrorCode::Required, field, format!("The {field} can't be cleared: leave it out to keep it."));
    }
    input.value().cloned()
}

fn set_email(cleaner: &mut Cleaner<'_>, input: &MaybeUndefined<String>, target: &mut String) {
    let given = match input {
        MaybeUndefined::Undefined => return,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(text) => Some(text.as_str()),
    };
    match email::optional_email(&mut cleaner.problems, "email", given) {
        Some(email) => *target = email,
        None if cleaner.fine_so_far(&["email"]) => {
            cleaner.problem(UserErrorCode::Required, "email", "A user needs an e-mail address to sign in with.");
        }
        None => {}
    }
}

/// Whether this takes an active administrator away.
pub fn loses_administrator(before: &user::Model, after: &user::Model) -> bool {
    let administers = |user: &user::Model| user.active && user.role == Role::Admin;
    administers(before) && !administers(after)
}

/// The refusal to go without any administrator.
pub fn last_administrator(after: &user::Model) -> UserError {
    let path = if after.active { "role" } else { "active" };
    let sentence = "This is the last active ADMIN: make somebody else an ADMIN first, or nobody could manage users any more.";
    UserError::at(UserErrorCode::InUse, path, sentence)
}

/// What the history says of a new password.
pub fn password_history(fields: &UserFields) -> Json {
    if fields.password.is_value() { json!([{ "field": "password", "before": null, "after": null }]) } else { Json::Null }
}
