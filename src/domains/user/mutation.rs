//! Signing in and out; changing users and teams.

use std::sync::Arc;

use async_graphql::{Context, Object};
use futures_util::FutureExt;

use super::input::{
    CreateTeamInput, CreateUserInput, SignInInput, SignInPayload, SignOutPayload, TeamPayload, UpdateTeamInput, UpdateUserInput,
    UserPayload,
};
use super::types::{Team, User};
use super::{service, sign_in, team};
use crate::auth::session::cookie;
use crate::auth::throttle::SignInThrottle;
use crate::error::{Error, Result, UserError};
use crate::graphql::context::{app, caller, in_transaction, on_heap, payload, request_info, signed_in};
use crate::graphql::scalars::DateTime;

/// Signing in and out; changing users and teams.
#[derive(Default)]
pub struct UserMutation;

fn user_payload(answer: Result<entity::user::Model>) -> Result<UserPayload> {
    payload(answer, |user, user_errors| UserPayload { user: user.map(|user| User(Arc::new(user))), user_errors })
}

fn team_payload(answer: Result<entity::team::Model>) -> Result<TeamPayload> {
    payload(answer, |team, user_errors| TeamPayload { team: team.map(|team| Team(Arc::new(team))), user_errors })
}

fn sign_in_payload(signed_in: Option<sign_in::SignedIn>, user_errors: Vec<UserError>) -> SignInPayload {
    let Some(signed_in) = signed_in else {
        return SignInPayload { token: None, viewer: None, expires_at: None, user_errors };
    };
    SignInPayload {
        token: Some(signed_in.token),
        viewer: Some(User(Arc::new(signed_in.user))),
        expires_at: Some(DateTime(signed_in.expires_at)),
        user_errors,
    }
}

#[Object]
impl UserMutation {
    /// Signs in: answers a token to send as `Authorization: Bearer …` and sets the session cookie. It takes as long and says the same
    /// whether or not the e-mail address exists. RATE_LIMITED after ten wrong passwords within 15 minutes.
    async fn sign_in(&self, ctx: &Context<'_>, #[graphql(desc = "Who signs in.")] input: SignInInput) -> Result<SignInPayload> {
        let app = app(ctx)?;
        let throttle = ctx.data::<SignInThrottle>().map_err(|error| Error::internal(error.message))?;
        let answer = Box::pin(sign_in::sign_in(app, throttle, input)).await;
        if let Ok(signed_in) = &answer {
            ctx.append_http_header("set-cookie", cookie::set(&signed_in.token, app.session_hours(), request_info(ctx).secure));
        }
        payload(answer, sign_in_payload)
    }

    /// Ends the sign-in that the request came with and clears the session cookie.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<SignOutPayload> {
        let signed_out = sign_in::sign_out(app(ctx)?, signed_in(ctx)).await?;
        ctx.append_http_header("set-cookie", cookie::clear(request_info(ctx).secure));
        Ok(SignOutPayload { signed_out })
    }

    /// Creates a user. For administrators.
    async fn create_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user to create.")] input: CreateUserInput,
    ) -> Result<UserPayload> {
        let (app, actor) = caller(ctx)?;
        user_payload(on_heap(|| service::create(app, actor, input)).await)
    }

    /// Changes a user: an absent field stays. For administrators; anyone may change their own name and password.
    async fn update_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateUserInput,
    ) -> Result<UserPayload> {
        let (app, actor) = caller(ctx)?;
        user_payload(on_heap(|| service::update(app, actor, input)).await)
    }

    /// Creates a team. For administrators.
    async fn create_team(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The team to create.")] input: CreateTeamInput,
    ) -> Result<TeamPayload> {
        team_payload(in_transaction(ctx, |write| team::create(write, input).boxed()).await)
    }

    /// Changes a team: an absent field stays, null clears it. For administrators.
    async fn update_team(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateTeamInput,
    ) -> Result<TeamPayload> {
        team_payload(in_transaction(ctx, |write| team::update(write, input).boxed()).await)
    }
}
