//! `/quotes/….html`: quotes as documents that a customer could be sent, for whoever is signed in.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, VARY};
use actix_web::web::{Data, Path, ReqData, ServiceConfig, resource};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use entity::QuoteId;

use super::answer::MediaType;
use super::request_log::RequestId;
use super::{State, identity};
use crate::auth::session;
use crate::domains::quote::document;
use crate::domains::quote::printing;
use crate::error::{Error, FaultCode, Result};
use crate::graphql::ids;

/// `/quotes/{id}.html`.
pub fn configure(config: &mut ServiceConfig) {
    config.service(resource("/quotes/{id}.html").get(as_html));
}

async fn as_html(request: HttpRequest, id: Path<String>, state: Data<State>, request_id: ReqData<RequestId>) -> HttpResponse {
    let sender = match identity::sender(&request, &state.settings.allowed_origins, &request_id) {
        Ok(sender) => sender,
        Err(refusal) => return refusal.into_http(MediaType::Json),
    };
    match page(&state, sender.token.as_deref(), &id).await {
        Ok(response) => response,
        Err(error) => failed(error, &sender.request_id),
    }
}

async fn page(state: &State, token: Option<&str>, id: &str) -> Result<HttpResponse> {
    let actor = match token {
        Some(token) => session::actor(&state.app, token).await?,
        None => None,
    };
    let Some(actor) = actor else {
        let sentence = "Sign in first: this document is for those who are signed in.";
        return Ok(plain(StatusCode::UNAUTHORIZED).body(format!("{sentence}\n")));
    };
    let id: QuoteId = ids::argument(&id.into())?;
    let Some(document) = printing::document(&state.app, &actor, id).await? else {
        return Ok(plain(StatusCode::NOT_FOUND).body("There is no such quote. Check the id.\n"));
    };
    let name = format!("inline; filename=\"{}.html\"", document.reference());
    let page = document.write()?;
    let mut response = HttpResponse::Ok();
    guarded(&mut response)
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, document::CONTENT_SECURITY_POLICY.as_str()))
        .insert_header((CONTENT_DISPOSITION, name));
    Ok(response.body(page))
}

/// What went wrong, in a sentence. The cause of our own faults goes to the log.
fn failed(error: Error, request_id: &str) -> HttpResponse {
    let sentence = error.sentences();
    match error {
        Error::Fault(fault) if fault.code == FaultCode::Internal => {
            tracing::error!(error = ?fault.cause, "internal error");
            plain(StatusCode::INTERNAL_SERVER_ERROR).body(format!("{sentence} Request id: {request_id}\n"))
        }
        _ => plain(StatusCode::BAD_REQUEST).body(format!("{sentence}\n")),
    }
}

fn plain(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    guarded(&mut response).content_type("text/plain; charset=utf-8");
    response
}

/// Nobody on the way keeps what belongs to those who are signed in.
fn guarded(response: &mut HttpResponseBuilder) -> &mut HttpResponseBuilder {
    response.insert_header((CACHE_CONTROL, "no-store")).insert_header((VARY, "Authorization, Cookie"))
}
