//! Managing users from the command line, where nobody is signed in: whoever can start the program on the database may do it. The
//! history names nobody.

use async_graphql::MaybeUndefined;
use entity::{Role, user};
use rand::TryRngCore;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::input::{CreateUserInput, UserFields};
use super::{service, store};
use crate::app::App;
use crate::auth::Actor;
use crate::data::write::Write;
use crate::domains::workspace;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::values::email::email_key;

/// Whom the first start creates.
const FIRST_ADMINISTRATOR: &str = "admin@leadgraph.local";
/// Letters and digits that nobody takes for others: 32, so five bits each.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Twenty of them in groups of five: 100 bits.
const GROUPS: usize = 4;

/// All users by name, deactivated ones included.
pub async fn list(app: &App) -> Result<Vec<user::Model>> {
    let mut users = user::Entity::find().all(app.database().read()).await?;
    store::sort_by_name(&mut users);
    Ok(users)
}

/// Creates a user; the same rules hold as in the API.
pub async fn create(app: &App, input: CreateUserInput) -> Result<user::Model> {
    let fields = service::all_fields(input);
    let hash = service::hash_of(&fields).await?;
    let user = service::blank(app);
    let nobody = Actor::of(user.clone());
    let write = Write::begin(app, &nobody).await?.by_nobody();
    let user = service::insert(&write, user, &fields, hash).await?;
    write.commit().await?;
    Ok(user)
}

/// Lets a user sign in no more. The last active ADMIN can't be deactivated.
pub async fn deactivate(app: &App, email: &str) -> Result<user::Model> {
    change(app, email, UserFields { active: MaybeUndefined::Value(false), ..UserFields::default() }).await
}

/// Gives a user a new password and ends all of their sign-ins.
pub async fn set_password(app: &App, email: &str, password: String) -> Result<user::Model> {
    change(app, email, UserFields { password: MaybeUndefined::Value(password), ..UserFields::default() }).await
}

/// Changes a user, found by their e-mail address; the same rules hold as in the API.
pub async fn change(app: &App, email: &str, fields: UserFields) -> Result<user::Model> {
    let Some(user) = store::by_email(app.database().read(), &email_key(email)).await? else {
        let sentence = format!("There is no user with the e-mail address {email}.");
        return Err(Error::refused(UserError::at(UserErrorCode::NotFound, "email", sentence)));
    };
    let hash = service::hash_of(&fields).await?;
    let nobody = Actor::of(user);
    let write = Write::begin(app, &nobody).await?.by_nobody();
    let user = service::change(&write, nobody.id(), &fields, hash).await?;
    write.commit().await?;
    Ok(user)
}

/// Creates an administrator where there are no users at all, and answers the e-mail address and the password, which is kept nowhere.
/// Of several processes that start at the same time, one does it.
pub async fn first_administrator(app: &App) -> Result<Option<(String, String)>> {
    if store::count(app.database().read()).await? > 0 {
        return Ok(None);
    }
    let password = new_password()?;
    let fields = service::all_fields(CreateUserInput {
        name: "Administrator".to_owned(),
        email: FIRST_ADMINISTRATOR.to_owned(),
        password: password.clone(),
        role: Role::Admin.into(),
        team_id: None,
    });
    let hash = service::hash_of(&fields).await?;
    let user = service::blank(app);
    let nobody = Actor::of(user.clone());
    let write = Write::begin(app, &nobody).await?.by_nobody();
    workspace::store::take_turns(write.connection()).await?;
    if store::count(write.connection()).await? > 0 {
        return Ok(None);
    }
    let user = service::insert(&write, user, &fields, hash).await?;
    write.commit().await?;
    Ok(Some((user.email, password)))
}

/// A password that is easy to copy and hard to guess, for example `k7m2p-x9fqd-3hjwr-8btzn`.
pub fn new_password() -> Result<String> {
    let mut bytes = [0_u8; GROUPS * 5];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).map_err(Error::internal)?;
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    let groups: Vec<String> = letters.chunks(5).map(String::from_iter).collect();
    Ok(groups.join("-"))
}

/// The user on whose behalf the command line works: the active one with this e-mail address, or the first active administrator.
pub async fn acting(app: &App, email: Option<&str>) -> Result<user::Model> {
    let not_found = |sentence: String| Error::refused(UserError::at(UserErrorCode::NotFound, "email", sentence));
    if let Some(email) = email {
        let found = store::by_email(app.database().read(), &email_key(email)).await?;
        return found
            .filter(|user| user.active)
            .ok_or_else(|| not_found(format!("There is no active user with the e-mail address {email}.")));
    }
    let administrators = user::Entity::find()
        .filter(user::Column::Role.eq(Role::Admin))
        .filter(user::Column::Active.eq(true))
        .order_by_asc(user::Column::Id);
    administrators.one(app.database().read()).await?.ok_or_else(|| {
        not_found("There is no administrator yet: start the server once, or create one with `leadgraph user create`.".to_owned())
    })
}
