//! `POST /intake/{key}`: what somebody fills in on a website becomes a lead. Nobody is signed in here, so everything is bounded.

mod answer;
mod body;
mod limits;

use std::sync::Arc;

use actix_web::http::Method;
use actix_web::http::header::ORIGIN;
use actix_web::web::{Data, Path, Payload, ServiceConfig, method, post, resource, to};
use actix_web::{HttpRequest, HttpResponse};
use chrono::TimeDelta;
use entity::intake_form::Model;
use sha2::{Digest, Sha256};
use tracing::Instrument;

use self::answer::{Outcome, Site, respond};
use self::limits::{Limits, sender};
use super::Threads;
use crate::app::App;
use crate::auth::Actor;
use crate::data::write::Write;
use crate::domains::intake::{service, store};
use crate::error::{Error, Result};

/// How long the same post again counts as the same: somebody clicked twice.
const SAME_POST: TimeDelta = TimeDelta::minutes(1);

/// What taking posts in needs.
pub struct Intake {
    app: App,
    threads: Threads,
    limits: Limits,
}

impl Intake {
    /// Stands ready with nothing posted yet.
    pub fn new(app: App, threads: Threads) -> Self {
        Self { app, threads, limits: Limits::default() }
    }

    async fn form(&self, key: &str) -> Result<Option<Model>> {
        store::by_key(self.app.database().read(), key).await
    }
}

/// `/intake/{key}`.
pub fn configure(config: &mut ServiceConfig) {
    config.service(
        resource("/intake/{key}")
            .route(post().to(take))
            .route(method(Method::OPTIONS).to(preflight))
            .default_service(to(other_method)),
    );
}

async fn take(request: HttpRequest, payload: Payload, key: Path<String>, intake: Data<Intake>) -> HttpResponse {
    let form = match intake.form(&key).await {
        Ok(form) => form,
        Err(error) => return respond(&request, &Site::Unknown, None, Outcome::of(Err(error))),
    };
    let Some(form) = form else { return respond(&request, &Site::Unknown, None, Outcome::NoForm) };
    let site = site(&request, &form);
    let redirect = form.redirect_url.clone();
    let outcome = match site {
        Site::Foreign => Outcome::ForeignSite,
        _ => receive(&request, payload, &intake, form).await,
    };
    respond(&request, &site, redirect.as_deref(), outcome)
}

/// Takes a post in: limits first, then the body, then what it says.
async fn receive(request: &HttpRequest, payload: Payload, intake: &Data<Intake>, form: Model) -> Outcome {
    let now = intake.app.now();
    if let Err(wait) = intake.limits.count(&form, sender(request), now) {
        return Outcome::TooMany(wait);
    }
    let (posted, content) = match body::read(request, payload).await {
        Ok(read) => read,
        Err(outcome) => return outcome,
    };
    if posted.get(&form.honeypot).is_some_and(|text| !text.trim().is_empty()) {
        tracing::info!(form = %form.id, "a machine filled in an intake form");
        return Outcome::Received;
    }
    let mark: [u8; 32] = Sha256::new().chain_update(form.id.uuid()).chain_update(&content).finalize().into();
    if !intake.limits.first(mark, SAME_POST, now) {
        return Outcome::Received;
    }
    let (work, form) = (intake.clone().into_inner(), Arc::new(form));
    let made = async move { make(&work.app, &form, &posted).await }.in_current_span();
    let made = intake.threads.spawn(made).await.unwrap_or_else(|error| Err(Error::internal(error)));
    if made.is_err() {
        intake.limits.forget(&mark);
    }
    Outcome::of(made)
}

async fn make(app: &App, form: &Model, posted: &body::Posted) -> Result<()> {
    let actor = Actor::program(app.now());
    let write = Write::begin(app, &actor).await?.by_nobody();
    service::take_in(&write, form, posted).await?;
    write.commit().await
}

/// Browsers ask first before a page of another site posts JSON.
async fn preflight(request: HttpRequest, key: Path<String>, intake: Data<Intake>) -> HttpResponse {
    match intake.form(&key).await {
        Ok(Some(form)) => answer::preflight(&site(&request, &form)),
        Ok(None) => respond(&request, &Site::Unknown, None, Outcome::NoForm),
        Err(error) => respond(&request, &Site::Unknown, None, Outcome::of(Err(error))),
    }
}

async fn other_method(request: HttpRequest) -> HttpResponse {
    respond(&request, &Site::Unknown, None, Outcome::OtherMethod)
}

/// Which site's page a request comes from. Programs that are no browsers don't say.
fn site(request: &HttpRequest, form: &Model) -> Site {
    let Some(origin) = request.headers().get(ORIGIN) else { return Site::Unknown };
    let allowed = &form.allowed_origins.0;
    if allowed.is_empty() {
        Site::Any
    } else if allowed.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()) {
        Site::Allowed(origin.clone())
    } else {
        Site::Foreign
    }
}
