//! Sign-ins: opaque tokens, of which only the hash is kept.

pub mod cookie;
mod known;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{UserId, session, user, workspace};
use rand::TryRngCore;
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, QueryTrait,
};
use sha2::{Digest, Sha256};

use super::Actor;
use crate::app::App;
use crate::error::Result;

pub use known::Sessions;

/// A new sign-in: the token is shown once.
pub struct NewSession {
    /// What the client sends as `Authorization: Bearer …` or as the cookie.
    pub token: String,
    /// Until when it holds.
    pub expires_at: DateTime<Utc>,
}

/// Signs a user in.
pub async fn open(app: &App, user: UserId) -> Result<NewSession> {
    let mut bytes = [0_u8; 32];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).map_err(crate::error::Error::internal)?;
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let now = app.now();
    let expires_at = now + TimeDelta::hours(app.session_hours());
    let row = session::ActiveModel {
        token_hash: Set(hash(&token)),
        user_id: Set(user),
        created_at: Set(now),
        expires_at: Set(expires_at),
    };
    let write = app.database().begin().await?;
    session::Entity::delete_many().filter(session::Column::ExpiresAt.lte(now)).exec(&write).await?;
    session::Entity::insert(row).exec_without_returning(&write).await?;
    write.commit().await?;
    Ok(NewSession { token, expires_at })
}

/// Who holds this token; nobody where it is unknown or expired, or the user is deactivated. Whoever was found is known for some seconds,
/// unless something changes.
pub async fn actor(app: &App, token: &str) -> Result<Option<Actor>> {
    let token_hash = hash(token);
    let (mark, now) = (app.changes().mark(), app.now());
    if let Some(actor) = mark.and_then(|mark| app.sessions().get(&token_hash, mark, now)) {
        return Ok(Some(actor));
    }
    let found = look_up(app, token_hash, now).await?;
    if let (Some(mark), Some((actor, expires_at))) = (mark, &found) {
        app.sessions().keep(actor, mark, now, *expires_at);
    }
    Ok(found.map(|(actor, _)| actor))
}

/// The statement behind it also tells whether another process changed the workspace's settings.
async fn look_up(app: &App, token_hash: String, now: DateTime<Utc>) -> Result<Option<(Actor, DateTime<Utc>)>> {
    let select = user::Entity::find()
        .join_rev(
            JoinType::InnerJoin,
            session::Entity::belongs_to(user::Entity).from(session::Column::UserId).to(user::Column::Id).into(),
        )
        .filter(session::Column::TokenHash.eq(&token_hash))
        .filter(session::Column::ExpiresAt.gt(now))
        .column_as(session::Column::ExpiresAt, "session_expires_at")
        .expr_as(Expr::SubQuery(None, Box::new(settings_version().into())), "settings_version");
    let Some(row) = app.database().read().query_one(&select.into_query()).await? else { return Ok(None) };
    app.keep_up(row.try_get("", "settings_version")?).await?;
    let expires_at = row.try_get("", "session_expires_at")?;
    let user = Arc::new(user::Model::from_query_result(&row, "")?);
    Ok(user.active.then_some((Actor { user, session: Some(token_hash) }, expires_at)))
}

fn settings_version() -> SelectStatement {
    workspace::Entity::find().select_only().column(workspace::Column::Version).into_query()
}

/// Ends one sign-in.
pub async fn close(app: &App, token_hash: &str) -> Result<()> {
    let write = app.database().begin().await?;
    session::Entity::delete_by_id(token_hash).exec(&write).await?;
    write.commit().await?;
    app.changes().note();
    Ok(())
}

/// Ends all sign-ins of a user, but the one with the token of this hash.
pub async fn close_all(connection: &impl ConnectionTrait, user: UserId, except: Option<&str>) -> Result<()> {
    let mut sessions = session::Entity::delete_many().filter(session::Column::UserId.eq(user));
    if let Some(kept) = except {
        sessions = sessions.filter(session::Column::TokenHash.ne(kept));
    }
    sessions.exec(connection).await?;
    Ok(())
}

fn hash(token: &str) -> String {
    format!("{:x}", Sha256::digest(token))
}
