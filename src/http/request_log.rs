//! What every request goes through: it gets an id, which its log lines bear and its answer names, and one line in the log.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use tracing::Instrument;
use uuid::Uuid;

/// The header that names a request: taken over from whoever is in front of us, and sent with every answer.
pub const REQUEST_ID: &str = "x-request-id";
/// The most characters that somebody else's request id may have.
const MOST_CHARACTERS: usize = 128;

/// The id of a request.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

impl RequestId {
    /// The id that came with the request, if it is harmless in logs; otherwise a new one.
    fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
        let harmless = |id: &&str| {
            (1..=MOST_CHARACTERS).contains(&id.len())
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(&byte))
        };
        Self(given.filter(harmless).map_or_else(|| Uuid::new_v4().to_string(), str::to_owned))
    }
}

/// Gives a request its id and its span, and its answer the headers that every answer has.
pub async fn request(request: ServiceRequest, next: Next<impl MessageBody>) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = RequestId::of(request.headers());
    let span = tracing::info_span!("request", id = id.0);
    request.extensions_mut().insert(id.clone());
    let started = Instant::now();
    let method = request.method().clone();
    let path = request.path().to_owned();
    async move {
        let mut response = next.call(request).await?;
        let status = response.status().as_u16();
        // To a hundredth.
        let milliseconds = (started.elapsed().as_secs_f64() * 100_000.0).round() / 100.0;
        tracing::info!(%method, path, status, milliseconds, "answered");
        add_headers(response.headers_mut(), &id);
        Ok(response)
    }
    .instrument(span)
    .await
}

/// The answer's request id, and what keeps browsers from guessing types, leaking addresses and framing pages.
fn add_headers(headers: &mut HeaderMap, id: &RequestId) {
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        headers.insert(HeaderName::from_static(REQUEST_ID), id);
    }
    for (name, value) in [(X_CONTENT_TYPE_OPTIONS, "nosniff"), (REFERRER_POLICY, "no-referrer"), (X_FRAME_OPTIONS, "DENY")] {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
