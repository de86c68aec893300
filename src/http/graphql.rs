//! `/graphql`: GraphQL over HTTP, as the specification of that name wants it, and over WebSocket.

use actix_web::guard::Header;
use actix_web::http::StatusCode;
use actix_web::http::header::ALLOW;
use actix_web::web::{Data, Payload, ReqData, ServiceConfig, get, resource};
use actix_web::{HttpRequest, HttpResponse};
use async_graphql::Response;

use super::answer::{MediaType, Refusal, answer};
use super::operation::Form;
use super::parameters::Parameters;
use super::request_log::RequestId;
use super::{State, identity, websocket};
use crate::error::FaultCode;

/// `/graphql`.
pub fn configure(config: &mut ServiceConfig) {
    config.service(
        resource("/graphql")
            .route(get().guard(Header("upgrade", "websocket")).to(websocket::connect))
            .get(of_address)
            .post(of_body)
            .default_service(actix_web::web::to(other_method)),
    );
}

async fn of_body(request: HttpRequest, payload: Payload, state: Data<State>, id: ReqData<RequestId>) -> HttpResponse {
    let work = async {
        let settings = &state.settings;
        // A body that isn't read keeps the client from seeing our answer, so it is read first.
        let parameters = Parameters::of_body(&request, payload, settings.body_bytes, settings.timeout).await?;
        carry_out(&request, parameters, &state, &id).await
    };
    respond(&request, work.await)
}

async fn of_address(request: HttpRequest, state: Data<State>, id: ReqData<RequestId>) -> HttpResponse {
    let work = async { carry_out(&request, Parameters::of_address(&request)?, &state, &id).await };
    respond(&request, work.await)
}

async fn other_method(request: HttpRequest) -> HttpResponse {
    let refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, FaultCode::BadUserInput.as_str(), "Use POST, or GET for queries.");
    respond(&request, Err(refusal.with_header(ALLOW, "GET, POST")))
}

async fn carry_out(request: &HttpRequest, parameters: Parameters, state: &State, id: &RequestId) -> Result<Response, Refusal> {
    let sender = identity::sender(request, &state.settings.allowed_origins, id)?;
    let operation = match state.operations.prepare(parameters) {
        Ok(operation) => operation,
        Err(errors) => return Ok(Response::from_errors(errors)),
    };
    if operation.is_mutation() && request.method() == actix_web::http::Method::GET {
        let refusal = Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            FaultCode::BadUserInput.as_str(),
            "GET carries out queries only: send mutations by POST.",
        );
        return Err(refusal.with_header(ALLOW, "POST"));
    }
    Ok(state.operations.execute(operation, sender, Form::Written).await)
}

fn respond(request: &HttpRequest, outcome: Result<Response, Refusal>) -> HttpResponse {
    let Some(media) = MediaType::accepted(request) else {
        let sentence = "Answers are application/graphql-response+json or application/json: accept one of them.";
        let refusal = Refusal::new(StatusCode::NOT_ACCEPTABLE, FaultCode::BadUserInput.as_str(), sentence);
        return refusal.into_http(MediaType::Json);
    };
    match outcome {
        Ok(response) => answer(response, media),
        Err(refusal) => refusal.into_http(media),
    }
}
