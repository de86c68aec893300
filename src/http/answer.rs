//! Answers: from a GraphQL response to an HTTP one, as the GraphQL-over-HTTP specification wants it.

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, VARY};
use actix_web::{HttpRequest, HttpResponse};
use async_graphql::{Response, ServerError, Value};

use crate::error::FaultCode;
use crate::graphql::written::write;

/// The code of a document that is no GraphQL.
pub const PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";
/// The code of a document that doesn't fit the schema.
pub const VALIDATION_FAILED: &str = "GRAPHQL_VALIDATION_FAILED";

/// The code of a document that a client names by its hash, and that isn't known any more, or yet.
pub const PERSISTED_QUERY_NOT_FOUND: &str = "PERSISTED_QUERY_NOT_FOUND";
/// The code of a document that isn't in the manifest, where only those are carried out.
pub const DOCUMENT_NOT_TRUSTED: &str = "DOCUMENT_NOT_TRUSTED";

/// The two media types of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// `application/graphql-response+json`: the status tells whether the operation was carried out.
    GraphQl,
    /// `application/json`: 200 for whatever was a well-formed request.
    Json,
}

impl MediaType {
    /// What the client likes best of the two; JSON where it doesn't say. `None`: neither will do.
    pub fn accepted(request: &HttpRequest) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        let mut said = false;
        for value in request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok()) {
            for range in value.split(',').map(str::trim).filter(|range| !range.is_empty()) {
                said = true;
                let Some((media, quality)) = Self::of_range(range) else { continue };
                if quality > 0.0 && best.is_none_or(|(so_far, _)| quality > so_far) {
                    best = Some((quality, media));
                }
            }
        }
        if said { best.map(|(_, media)| media) } else { Some(Self::Json) }
    }

    fn of_range(range: &str) -> Option<(Self, f32)> {
        let mut parts = range.split(';').map(str::trim);
        let media = match parts.next()?.to_ascii_lowercase().as_str() {
            "application/graphql-response+json" => Self::GraphQl,
            "application/json" | "application/*" | "*/*" => Self::Json,
            _ => return None,
        };
        let mut quality = 1.0;
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => quality = value.trim().parse().ok()?,
                "charset" if !value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8") => return None,
                _ => {}
            }
        }
        Some((media, quality))
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }
}

/// A request that never became an operation.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    errors: Vec<ServerError>,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Refusal {
    /// Refuses with this status, whatever the media type.
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self { status, errors: refusal(code, message), header: None }
    }

    /// 400: the request makes no sense.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, FaultCode::BadUserInput.as_str(), message)
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &'static str) -> Self {
        self.header = Some((name, HeaderValue::from_static(value)));
        self
    }

    /// The errors, where there is no HTTP to answer with.
    pub fn into_errors(self) -> Vec<ServerError> {
        self.errors
    }

    /// The answer.
    pub fn into_http(self, media: MediaType) -> HttpResponse {
        let mut http = build(self.status, media, Response::from_errors(self.errors));
        if let Some((name, value)) = self.header {
            http.headers_mut().insert(name, value);
        }
        http
    }
}

/// One error, which is all that there is to answer.
pub fn refusal(code: &str, message: impl Into<String>) -> Vec<ServerError> {
    let mut error = ServerError::new(message, None);
    set(&mut error, "code", code);
    vec![error]
}

/// Sets an extension of an error.
pub fn set(error: &mut ServerError, name: &str, value: &str) {
    error.extensions.get_or_insert_default().set(name, value);
}

/// The code of an error.
pub fn code(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

/// The HTTP answer to an operation.
pub fn answer(response: Response, media: MediaType) -> HttpResponse {
    let status = match media {
        MediaType::GraphQl if was_refused(&response) => status_of(&response),
        MediaType::GraphQl | MediaType::Json => StatusCode::OK,
    };
    build(status, media, response)
}

/// Whether an operation was refused before a field of it was carried out: then there is no data, not even null.
fn was_refused(response: &Response) -> bool {
    response.data == Value::Null && !response.errors.is_empty() && response.errors.iter().all(|error| error.path.is_empty())
}

fn status_of(response: &Response) -> StatusCode {
    match response.errors.first().and_then(code) {
        Some("UNAUTHENTICATED") => StatusCode::UNAUTHORIZED,
        Some("FORBIDDEN") => StatusCode::FORBIDDEN,
        Some("TIMEOUT") => StatusCode::GATEWAY_TIMEOUT,
        Some("INTERNAL") => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// The body of an answer.
fn write_body(response: &Response) -> serde_json::Result<Vec<u8>> {
    let mut json = b"{".to_vec();
    if !was_refused(response) {
        json.extend_from_slice(b"\"data\":");
        write(&response.data, &mut json)?;
    }
    if !response.errors.is_empty() {
        json.extend_from_slice(if json.len() > 1 { b",\"errors\":" } else { b"\"errors\":" });
        serde_json::to_writer(&mut json, &response.errors)?;
    }
    json.push(b'}');
    Ok(json)
}

fn build(status: StatusCode, media: MediaType, response: Response) -> HttpResponse {
    let text = write_body(&response).unwrap_or_default();
    let mut http = HttpResponse::build(status);
    http.insert_header((CONTENT_TYPE, media.as_str()))
        .insert_header((CACHE_CONTROL, "no-store"))
        .append_header((VARY, "Accept, Authorization, Cookie"));
    // async-graphql has its headers from another version of the same crate.
    for (name, value) in &response.http_headers {
        http.append_header((name.as_str(), value.as_bytes()));
    }
    http.body(text)
}
