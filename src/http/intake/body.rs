//! The body of a post: a form, or a JSON object of texts.

use std::collections::HashMap;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::web::{Bytes, Payload, Query};
use serde_json::Value;

use super::answer::Outcome;

/// The most bytes that a post may have.
const MOST_BYTES: usize = 32_768;
/// How long a post may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a post says, by the names of its fields. Of several with the same name it's the last.
pub type Posted = HashMap<String, String>;

enum Kind {
    Form,
    Json,
}

/// Reads a post, and answers its bytes besides.
pub async fn read(request: &HttpRequest, payload: Payload) -> Result<(Posted, Bytes), Outcome> {
    let kind = kind(request).ok_or(Outcome::OtherType)?;
    let bytes = match tokio::time::timeout(PATIENCE, payload.to_bytes_limited(MOST_BYTES)).await {
        Ok(Ok(Ok(bytes))) => bytes,
        Ok(Ok(Err(_))) => return Err(Outcome::Unreadable("The post did not arrive in full.")),
        Ok(Err(_)) => return Err(Outcome::TooLarge),
        Err(_) => return Err(Outcome::TooSlow),
    };
    let text = std::str::from_utf8(&bytes).map_err(|_| Outcome::Unreadable("The post is not written in UTF-8."))?;
    let posted = match kind {
        Kind::Form => of_form(text)?,
        Kind::Json => of_json(text)?,
    };
    Ok((posted, bytes))
}

fn kind(request: &HttpRequest) -> Option<Kind> {
    let text = request.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    let mut parts = text.split(';').map(str::trim);
    let essence = parts.next()?.to_ascii_lowercase();
    let is_utf8 = parts.filter_map(|part| part.split_once('=')).all(|(name, value)| {
        !name.trim().eq_ignore_ascii_case("charset") || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
    });
    let is_plain = request.headers().get(CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity");
    match essence.as_str() {
        "application/x-www-form-urlencoded" if is_utf8 && is_plain => Some(Kind::Form),
        "application/json" if is_utf8 && is_plain => Some(Kind::Json),
        _ => None,
    }
}

fn of_form(text: &str) -> Result<Posted, Outcome> {
    let pairs = Query::<Vec<(String, String)>>::from_query(text);
    Ok(pairs.map_err(|_| Outcome::Unreadable("The post is no form that can be read."))?.into_inner().into_iter().collect())
}

/// Numbers are taken as they are written; anything deeper than that is no field of a lead.
fn of_json(text: &str) -> Result<Posted, Outcome> {
    let unreadable = Outcome::Unreadable("The post must be a JSON object whose fields are texts.");
    let Ok(Value::Object(fields)) = serde_json::from_str(text) else { return Err(unreadable) };
    let mut posted = Posted::new();
    for (name, value) in fields {
        match value {
            Value::Null => {}
            Value::String(text) => drop(posted.insert(name, text)),
            Value::Number(number) => drop(posted.insert(name, number.to_string())),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => return Err(unreadable),
        }
    }
    Ok(posted)
}
