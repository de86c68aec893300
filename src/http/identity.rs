//! Whose token a request carries: the bearer token or the session cookie, and the protection of the cookie against other sites.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, AsHeaderName, HOST, ORIGIN};

use super::answer::Refusal;
use super::request_log::RequestId;
use crate::auth::session::cookie;
use crate::error::FaultCode;
use crate::graphql::context::RequestInfo;

/// Who sends a request.
#[derive(Debug, Clone)]
pub struct Sender {
    /// The token of their sign-in.
    pub token: Option<String>,
    /// What resolvers need to know.
    pub info: RequestInfo,
    /// The id of their request.
    pub request_id: String,
}

/// Finds out who sends a request.
///
/// # Errors
/// Those of `token`.
pub fn sender(request: &HttpRequest, allowed_origins: &[String], id: &RequestId) -> Result<Sender, Refusal> {
    // Behind a proxy, `X-Forwarded-Proto` or `Forwarded` tell how the client reached it.
    let secure = request.connection_info().scheme() == "https";
    Ok(Sender { token: token(request, allowed_origins)?, info: RequestInfo { secure }, request_id: id.0.clone() })
}

/// The token that a request carries. A bearer token goes before the cookie.
///
/// # Errors
/// Browsers add cookies by themselves, whatever page makes them send a request. So a request with the cookie and without
/// a bearer token has to come from our own pages or from an allowed site.
fn token(request: &HttpRequest, allowed_origins: &[String]) -> Result<Option<String>, Refusal> {
    if let Some(token) = header(request, AUTHORIZATION).and_then(bearer) {
        return Ok(Some(token.to_owned()));
    }
    let Some(session) = request.cookie(cookie::NAME) else { return Ok(None) };
    if comes_from_us(request, allowed_origins) {
        return Ok(Some(session.value().to_owned()));
    }
    let sentence = "This request comes from another site and carries the session cookie. Send a bearer token instead, \
        or have the site's origin added to `allowed_origins`.";
    Err(Refusal::new(StatusCode::FORBIDDEN, FaultCode::Forbidden.as_str(), sentence))
}

/// The token of `Bearer …`.
pub fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

/// Browsers say where a request comes from in `Sec-Fetch-Site`; to plain http addresses they don't, but they send the
/// `Origin` with whatever could change something. A client that sends neither is no browser.
fn comes_from_us(request: &HttpRequest, allowed_origins: &[String]) -> bool {
    let origin = header(request, ORIGIN);
    if origin.is_some_and(|origin| allowed_origins.iter().any(|allowed| allowed == origin)) {
        return true;
    }
    match header(request, "sec-fetch-site") {
        Some(site) => site == "same-origin" || site == "none",
        None => origin.is_none_or(|origin| {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == header(request, HOST)
        }),
    }
}

fn header(request: &HttpRequest, name: impl AsHeaderName) -> Option<&str> {
    request.headers().get(name)?.to_str().ok()
}
