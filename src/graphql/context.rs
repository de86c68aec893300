//! What a resolver reaches: the app, who is asking, the request's loaders.

use std::pin::Pin;

use async_graphql::Context;
use futures_util::future::BoxFuture;

use super::loaders::Loaders;
use crate::app::App;
use crate::auth::Actor;
use crate::data::database::Database;
use crate::data::write::Write;
use crate::error::{Error, FaultCode, Result, UserError};

/// Who is asking, as the HTTP layer found out. Put into every request.
#[derive(Debug, Clone, Default)]
pub struct Caller(pub Option<Actor>);

/// What the HTTP layer knows about a request and resolvers need. Put into every request.
#[derive(Debug, Clone, Copy, Default)]
pub struct RequestInfo {
    /// Whether the client reached us over https, so that the session cookie may ask for it.
    pub secure: bool,
}

/// What is known about the request; the defaults where the HTTP layer said nothing.
pub fn request_info(ctx: &Context<'_>) -> RequestInfo {
    ctx.data_opt::<RequestInfo>().copied().unwrap_or_default()
}

/// What requests may use.
pub fn app<'a>(ctx: &Context<'a>) -> Result<&'a App> {
    ctx.data::<App>().map_err(|error| Error::internal(error.message))
}

/// Who is signed in, if anybody.
pub fn signed_in<'a>(ctx: &Context<'a>) -> Option<&'a Actor> {
    ctx.data_opt::<Caller>().and_then(|caller| caller.0.as_ref())
}

/// Who is signed in; UNAUTHENTICATED where nobody is. Every field of Query and Mutation but `signIn` and `signOut` asks this.
pub fn actor<'a>(ctx: &Context<'a>) -> Result<&'a Actor> {
    signed_in(ctx).ok_or_else(|| {
        Error::fault(
            FaultCode::Unauthenticated,
            "Sign in first: call signIn and send its token as `Authorization: Bearer …`, or use the session cookie that it sets.",
        )
    })
}

/// The app and the actor: what every use case takes.
pub fn caller<'a>(ctx: &Context<'a>) -> Result<(&'a App, &'a Actor)> {
    Ok((app(ctx)?, actor(ctx)?))
}

/// The pool to read from.
pub fn database<'a>(ctx: &Context<'a>) -> Result<&'a Database> {
    app(ctx).map(App::database)
}

/// The request's loaders.
pub fn loaders<'a>(ctx: &Context<'a>) -> Result<&'a Loaders> {
    ctx.data::<Loaders>().map_err(|error| Error::internal(error.message))
}

/// Carries out a use case in one write transaction: all of it is kept where it succeeds, and nothing where it is refused or fails.
pub async fn in_transaction<'a, T>(
    ctx: &Context<'a>,
    use_case: impl for<'w> FnOnce(&'w Write<'a>) -> BoxFuture<'w, Result<T>> + Send,
) -> Result<T> {
    let (app, actor) = caller(ctx)?;
    let write = Write::begin(app, actor).await?;
    let made = use_case(&write).await?;
    write.commit().await?;
    Ok(made)
}

/// Puts a use case on the heap. The code of all mutations of a kind is one function, which would hold each use case's state several
/// times over: in an unoptimised build that is more stack than a thread has.
pub fn on_heap<'a, F: Future + Send + 'a>(use_case: impl FnOnce() -> F) -> Pin<Box<dyn Future<Output = F::Output> + Send + 'a>> {
    Box::pin(use_case())
}

/// Makes a payload of what a use case answered: what was refused becomes `userErrors`, a fault stays a fault.
pub fn payload<T, P>(answer: Result<T>, make: impl FnOnce(Option<T>, Vec<UserError>) -> P) -> Result<P> {
    match answer {
        Ok(made) => Ok(make(Some(made), Vec::new())),
        Err(Error::Refused(problems)) => Ok(make(None, problems)),
        Err(fault) => Err(fault),
    }
}
