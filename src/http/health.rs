//! Whether the server lives, whether it can work, and what it understands.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{Data, ServiceConfig, resource};
use actix_web::{HttpResponse, Responder};

use super::State;

/// `/healthz`, `/readyz` and `/schema.graphql`.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/healthz").get(lives))
        .service(resource("/readyz").get(is_ready))
        .service(resource("/schema.graphql").get(schema));
}

/// The process answers.
async fn lives() -> impl Responder {
    text(StatusCode::OK).body("ok\n")
}

/// The database answers, and the server isn't about to stop.
async fn is_ready(state: Data<State>) -> HttpResponse {
    if *state.stopping.borrow() {
        return text(StatusCode::SERVICE_UNAVAILABLE).body("The server is stopping.\n");
    }
    match state.app.database().ping().await {
        Ok(()) => text(StatusCode::OK).body("ready\n"),
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            text(StatusCode::SERVICE_UNAVAILABLE).body("The database does not answer.\n")
        }
    }
}

/// The schema as text. It is public: it says what can be asked, and nothing about what is stored.
async fn schema(state: Data<State>) -> HttpResponse {
    text(StatusCode::OK).body(state.schema_text.clone())
}

fn text(status: StatusCode) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).insert_header((CACHE_CONTROL, "no-cache"));
    response
}
