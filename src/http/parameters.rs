//! The parameters of a GraphQL request, out of a body or an address.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONNECTION, CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::web::{BytesMut, Payload, Query};
use futures_util::StreamExt;
use serde_json::{Map, Value};

use super::answer::Refusal;
use super::documents::{DocumentHash, Wanted};
use crate::error::FaultCode;

/// A body that is too large is still read up to this multiple of the limit, and thrown away: a client that is busy sending
/// doesn't see our answer.
const TOLERATED: usize = 32;

/// The parameters of a GraphQL request.
#[derive(Debug)]
pub struct Parameters {
    /// Which document.
    pub document: Wanted,
    /// Which of its operations to carry out.
    pub operation_name: Option<String>,
    /// The values of its variables.
    pub variables: Map<String, Value>,
}

impl Parameters {
    /// Reads the body of a POST.
    ///
    /// # Errors
    /// 415, 413, 408 and 400, for what is wrong with it.
    pub async fn of_body(request: &HttpRequest, payload: Payload, limit: usize, patience: Duration) -> Result<Self, Refusal> {
        check_type(request)?;
        let body = tokio::time::timeout(patience, read(payload, limit)).await.map_err(|_| {
            let sentence = format!("The request's body did not arrive within {} seconds.", patience.as_secs());
            Refusal::new(StatusCode::REQUEST_TIMEOUT, FaultCode::Timeout.as_str(), sentence)
        })??;
        let json = serde_json::from_slice(&body)
            .map_err(|error| Refusal::bad_request(format!("The request's body is no JSON that we can read: {error}.")))?;
        match json {
            Value::Object(parameters) => Self::of_object(parameters),
            Value::Array(_) => Err(Refusal::bad_request("Batches are not supported: send one operation per request.")),
            _ => Err(Refusal::bad_request("The request's body must be a JSON object with the field `query`.")),
        }
    }

    /// Reads the address of a GET.
    ///
    /// # Errors
    /// 400, for what is wrong with it.
    pub fn of_address(request: &HttpRequest) -> Result<Self, Refusal> {
        let pairs = Query::<Vec<(String, String)>>::from_query(request.query_string())
            .map_err(|error| Refusal::bad_request(format!("The address can't be read: {error}.")))?;
        let mut parameters = Map::new();
        for (name, text) in pairs.into_inner() {
            let value = match name.as_str() {
                "variables" | "extensions" if text.is_empty() => Value::Null,
                "variables" | "extensions" => serde_json::from_str(&text).map_err(|error| {
                    Refusal::bad_request(format!("The parameter `{name}` is no JSON that we can read: {error}."))
                })?,
                "operationName" if text.is_empty() => Value::Null,
                _ => Value::String(text),
            };
            parameters.insert(name, value);
        }
        Self::of_object(parameters)
    }

    /// Checks the types of the parameters.
    ///
    /// # Errors
    /// 400, for what is wrong with them.
    pub fn of_object(mut parameters: Map<String, Value>) -> Result<Self, Refusal> {
        let hash = persisted_query(parameters.remove("extensions"))?;
        let document = wanted(parameters.remove("query"), hash, parameters.remove("documentId"))?;
        let operation_name = match parameters.remove("operationName") {
            Some(Value::String(name)) => Some(name),
            None | Some(Value::Null) => None,
            Some(_) => return Err(Refusal::bad_request("The parameter `operationName` must be a string.")),
        };
        let variables = match parameters.remove("variables") {
            Some(Value::Object(variables)) => variables,
            None | Some(Value::Null) => Map::new(),
            Some(_) => return Err(Refusal::bad_request("The parameter `variables` must be an object.")),
        };
        Ok(Self { document, operation_name, variables })
    }
}

/// The hash in the extension `persistedQuery`, as Apollo's clients send it.
fn persisted_query(extensions: Option<Value>) -> Result<Option<DocumentHash>, Refusal> {
    let extension = match extensions {
        Some(Value::Object(mut extensions)) => extensions.remove("persistedQuery").unwrap_or_default(),
        None | Some(Value::Null) => Value::Null,
        Some(_) => return Err(Refusal::bad_request("The parameter `extensions` must be an object.")),
    };
    if extension.is_null() {
        return Ok(None);
    }
    let hash = extension["sha256Hash"].as_str().and_then(DocumentHash::parse);
    match hash {
        Some(hash) if extension["version"] == 1 => Ok(Some(hash)),
        _ => Err(Refusal::bad_request(
            "The extension `persistedQuery` must be {\"version\": 1, \"sha256Hash\": \"…\"}, with the SHA-256 of the document in 64 hexadecimal digits.",
        )),
    }
}

/// Which document the parameters name: by its text, its hash (an empty text counts as none beside it) or its id.
fn wanted(query: Option<Value>, hash: Option<DocumentHash>, id: Option<Value>) -> Result<Wanted, Refusal> {
    let id = match id {
        Some(Value::String(id)) => Some(id),
        None | Some(Value::Null) => None,
        Some(_) => return Err(Refusal::bad_request("The parameter `documentId` must be a string.")),
    };
    match (query, hash, id) {
        (None | Some(Value::Null), None, Some(id)) => Ok(Wanted::Id(id)),
        (None | Some(Value::Null), Some(hash), None) => Ok(Wanted::Hash(hash)),
        (Some(Value::String(text)), Some(hash), None) if text.is_empty() => Ok(Wanted::Hash(hash)),
        (Some(Value::String(text)), hash, None) => Ok(Wanted::Text { text, hash }),
        (None, None, None) => Err(Refusal::bad_request("The parameter `query` is missing.")),
        (Some(_), _, None) => Err(Refusal::bad_request("The parameter `query` must be a string.")),
        (_, _, Some(_)) => {
            Err(Refusal::bad_request("Name the document once: send `documentId` without `query` and `persistedQuery`."))
        }
    }
}

/// Only JSON in UTF-8, and not compressed. Forms and plain text are what pages of other sites can send without asking first.
fn check_type(request: &HttpRequest) -> Result<(), Refusal> {
    let text = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = text.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    let is_utf8 = parts.filter_map(|part| part.split_once('=')).all(|(name, value)| {
        !name.trim().eq_ignore_ascii_case("charset") || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
    });
    let is_plain = request.headers().get(CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity");
    if is_json && is_utf8 && is_plain {
        return Ok(());
    }
    let sentence = "Send the request as `Content-Type: application/json`, in UTF-8 and not compressed.";
    Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, FaultCode::BadUserInput.as_str(), sentence))
}

async fn read(mut payload: Payload, limit: usize) -> Result<BytesMut, Refusal> {
    let mut body = BytesMut::new();
    let mut length = 0_usize;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| Refusal::bad_request(format!("The request's body can't be read: {error}.")))?;
        length += chunk.len();
        if length <= limit {
            body.extend_from_slice(&chunk);
        } else if length > limit.saturating_mul(TOLERATED) {
            break;
        } else {
            body = BytesMut::new();
        }
    }
    if length <= limit {
        return Ok(body);
    }
    let sentence = format!("The request's body is larger than {limit} bytes, which is the most that this server takes.");
    let refusal = Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, FaultCode::BadUserInput.as_str(), sentence);
    Err(refusal.with_header(CONNECTION, "close"))
}
