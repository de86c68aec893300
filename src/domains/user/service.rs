//! Creating and changing users. Every use case: policy, one transaction, the order of steps.

use async_graphql::MaybeUndefined;
use entity::{Role, UserId, team, user};
use serde_json::Value as Json;

use super::input::{CreateUserInput, UpdateUserInput, UserFields};
use super::{rules, store};
use crate::app::App;
use crate::auth::{Actor, password, policy, session};
use crate::data::write::Write;
use crate::domains::fields::Cleaner;
use crate::domains::{references, workspace};
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::graphql::ids;
use crate::values::email::email_key;

/// Creates a user.
pub async fn create(app: &App, actor: &Actor, input: CreateUserInput) -> Result<user::Model> {
    policy::may_manage_users(actor)?;
    let fields = all_fields(input);
    let hash = hash_of(&fields).await?;
    let write = Write::begin(app, actor).await?;
    let user = insert(&write, blank(app), &fields, hash).await?;
    write.commit().await?;
    Ok(user)
}

/// Changes a user. A deactivated user's sign-ins end, and so do all others of a user with a new password.
pub async fn update(app: &App, actor: &Actor, input: UpdateUserInput) -> Result<user::Model> {
    let id = ids::subject(&input.id, "id")?;
    rules::may_change(actor, id, &input.fields)?;
    let hash = hash_of(&input.fields).await?;
    let write = Write::begin(app, actor).await?;
    let user = change(&write, id, &input.fields, hash).await?;
    write.commit().await?;
    Ok(user)
}

/// Writes a new user, whoever asks.
pub(super) async fn insert(
    write: &Write<'_>,
    mut user: user::Model,
    fields: &UserFields,
    hash: Option<String>,
) -> Result<user::Model> {
    workspace::store::take_turns(write.connection()).await?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    rules::apply(&mut cleaner, fields, &mut user);
    check(write, &mut cleaner, &user).await?;
    cleaner.problems.check()?;
    user.password_hash = hash.ok_or_else(|| Error::internal("a new user without a password"))?;
    write.insert(user, "created").await
}

/// Writes what is to change about a user, whoever asks.
pub(super) async fn change(write: &Write<'_>, id: UserId, fields: &UserFields, hash: Option<String>) -> Result<user::Model> {
    workspace::store::take_turns(write.connection()).await?;
    let before = write.lock::<user::Entity>(write.scope(), id, "id").await?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut user = before.clone();
    rules::apply(&mut cleaner, fields, &mut user);
    check(write, &mut cleaner, &user).await?;
    if rules::loses_administrator(&before, &user) && store::other_administrators(write.connection(), id).await? == 0 {
        cleaner.problems.push(rules::last_administrator(&user));
    }
    cleaner.problems.check()?;
    if let Some(hash) = hash {
        user.password_hash = hash;
    }
    end_sign_ins(write, &before, &user).await?;
    match rules::password_history(fields) {
        Json::Null => write.update(&before, user, "updated").await,
        password => write.update_with(&before, user, "updated", password).await,
    }
}

async fn end_sign_ins(write: &Write<'_>, before: &user::Model, after: &user::Model) -> Result<()> {
    if before.active && !after.active {
        session::close_all(write.connection(), after.id, None).await
    } else if before.password_hash != after.password_hash {
        session::close_all(write.connection(), after.id, write.actor.session.as_deref()).await
    } else {
        Ok(())
    }
}

async fn check(write: &Write<'_>, cleaner: &mut Cleaner<'_>, user: &user::Model) -> Result<()> {
    references::check::<team::Entity>(write, &mut cleaner.problems, "teamId", user.team_id).await?;
    let namesake = store::by_email(write.connection(), &email_key(&user.email)).await?;
    if namesake.is_some_and(|other| other.id != user.id) {
        let sentence = "Another user has this e-mail address already; it may be deactivated. Give another address.";
        cleaner.problems.push(UserError::at(UserErrorCode::AlreadyExists, "email", sentence));
    }
    Ok(())
}

/// The hash of the password that is to be set, if it is a good one. Made before the transaction, which must not wait for it.
pub(super) async fn hash_of(fields: &UserFields) -> Result<Option<String>> {
    match fields.password.value() {
        Some(given) if password::check(given).is_none() => password::hash(given.clone()).await.map(Some),
        _ => Ok(None),
    }
}

/// What is given for a new user, as fields to set.
pub(super) fn all_fields(input: CreateUserInput) -> UserFields {
    UserFields {
        name: MaybeUndefined::Value(input.name),
        email: MaybeUndefined::Value(input.email),
        role: MaybeUndefined::Value(input.role),
        active: MaybeUndefined::Undefined,
        team_id: input.team_id.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value),
        password: MaybeUndefined::Value(input.password),
    }
}

/// A new, active user with nothing known about them.
pub(super) fn blank(app: &App) -> user::Model {
    let now = app.now();
    user::Model {
        id: app.new_id(),
        name: String::new(),
        email: String::new(),
        email_key: String::new(),
        password_hash: String::new(),
        role: Role::Viewer,
        active: true,
        team_id: None,
        created_at: now,
        updated_at: now,
    }
}
