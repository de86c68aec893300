//! Signing in and out.

use chrono::{DateTime, Utc};
use entity::user;

use super::input::SignInInput;
use super::store;
use crate::app::App;
use crate::auth::throttle::SignInThrottle;
use crate::auth::{Actor, password, session};
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::values::email::{clean_email, email_key};

/// A sign-in that succeeded.
pub struct SignedIn {
    /// What the client sends with its requests.
    pub token: String,
    /// Until when it holds.
    pub expires_at: DateTime<Utc>,
    /// Who is signed in.
    pub user: user::Model,
}

/// Signs somebody in. It takes as long and says the same whether or not the e-mail address exists and the user is active.
///
/// # Errors
/// `RATE_LIMITED` after ten wrong passwords for the address within 15 minutes.
pub async fn sign_in(app: &App, throttle: &SignInThrottle, input: SignInInput) -> Result<SignedIn> {
    let key = email_key(&input.email);
    throttle.check(&key, app.now())?;
    // What is no address has no user; the database need not see it.
    let user = match clean_email(&input.email) {
        Ok(Some(email)) => store::by_email(app.database().read(), &email_key(&email)).await?.filter(|user| user.active),
        _ => None,
    };
    let right = password::matches(input.password, user.as_ref().map(|user| user.password_hash.clone())).await?;
    throttle.note(&key, right, app.now())?;
    let Some(user) = user.filter(|_| right) else {
        let sentence =
            "The e-mail address or the password is wrong, or the user is deactivated: check both, or ask an administrator.";
        return Err(Error::refused(UserError::at(UserErrorCode::Invalid, "password", sentence)));
    };
    let session::NewSession { token, expires_at } = session::open(app, user.id).await?;
    Ok(SignedIn { token, expires_at, user })
}

/// Ends the sign-in of the request; says whether there was one.
pub async fn sign_out(app: &App, actor: Option<&Actor>) -> Result<bool> {
    let Some(session) = actor.and_then(|actor| actor.session.as_deref()) else { return Ok(false) };
    session::close(app, session).await?;
    Ok(true)
}
