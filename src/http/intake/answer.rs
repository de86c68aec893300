//! What a post is answered: a page for people, JSON for programs, and never anything of what we know.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE,
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER, VARY,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use async_graphql::resolver_utils::enum_value;
use maud::{DOCTYPE, html};
use serde_json::{Value, json};

use crate::error::{Error, Result, UserError};

/// What became of a post.
pub enum Outcome {
    /// It became a lead, or will be taken for one that did.
    Received,
    /// What stands in the way.
    Refused(Vec<UserError>),
    /// No active form has this key.
    NoForm,
    /// The page belongs to a site that may not post this form.
    ForeignSite,
    /// So many seconds to wait.
    TooMany(i64),
    /// The body is too large.
    TooLarge,
    /// The body took too long.
    TooSlow,
    /// The body is of another type.
    OtherType,
    /// The body makes no sense.
    Unreadable(&'static str),
    /// Only POST makes sense here.
    OtherMethod,
    /// Our own fault.
    Failed,
}

impl Outcome {
    /// The outcome of making a lead. The cause of a fault goes to the log.
    pub fn of(made: Result<()>) -> Self {
        match made {
            Ok(()) => Self::Received,
            Err(Error::Refused(problems)) => Self::Refused(problems),
            Err(Error::Fault(fault)) => {
                tracing::error!(?fault, "an intake form failed");
                Self::Failed
            }
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Received => StatusCode::CREATED,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NoForm => StatusCode::NOT_FOUND,
            Self::ForeignSite => StatusCode::FORBIDDEN,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::OtherType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::OtherMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The sentences for whoever posted it.
    fn sentences(&self) -> Vec<&str> {
        vec![match self {
            Self::Refused(problems) => return problems.iter().map(|problem| problem.message.as_str()).collect(),
            Self::Received => "Thank you: we have received it.",
            Self::NoForm => "This form does not take anything in any more.",
            Self::ForeignSite => "This form can't be sent from this website.",
            Self::TooMany(_) => "Too much was sent at once: wait a little and send it again.",
            Self::TooLarge => "This is too long: send at most 32 KiB.",
            Self::TooSlow => "This took too long to arrive: send it again.",
            Self::OtherType => "Send a form (application/x-www-form-urlencoded) or JSON (application/json), in UTF-8.",
            Self::Unreadable(sentence) => sentence,
            Self::OtherMethod => "Send the form by POST.",
            Self::Failed => "Something went wrong on the server: try again later.",
        }]
    }

    fn json(&self) -> Value {
        match self {
            Self::Received => json!({ "received": true }),
            Self::Refused(problems) => {
                json!({ "received": false, "userErrors": problems.iter().map(problem).collect::<Value>() })
            }
            other => json!({ "received": false, "message": other.sentences().concat() }),
        }
    }
}

/// A problem with the name of the form's field that it is about.
fn problem(problem: &UserError) -> Value {
    let field = problem.field.as_ref().and_then(|path| path.last());
    let code = enum_value(problem.code).into_json().unwrap_or_default();
    json!({ "code": code, "message": problem.message, "field": field })
}

/// Which site's page a request comes from.
pub enum Site {
    /// It doesn't say; then it is no page of another site.
    Unknown,
    /// The form may be posted from everywhere.
    Any,
    /// From a site that may post the form.
    Allowed(HeaderValue),
    /// From a site that may not.
    Foreign,
}

impl Site {
    fn permit(&self, answer: &mut HttpResponseBuilder) {
        match self {
            Self::Any => drop(answer.insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"))),
            Self::Allowed(origin) => drop(answer.insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone()))),
            Self::Unknown | Self::Foreign => {}
        }
    }
}

/// The answer to a post.
pub fn respond(request: &HttpRequest, site: &Site, redirect: Option<&str>, outcome: Outcome) -> HttpResponse {
    let form = wants_page(request);
    let mut answer = HttpResponse::build(outcome.status());
    answer.insert_header((CACHE_CONTROL, "no-store")).insert_header((VARY, "Accept, Origin"));
    site.permit(&mut answer);
    match &outcome {
        Outcome::TooMany(seconds) => drop(answer.insert_header((RETRY_AFTER, *seconds))),
        Outcome::OtherMethod => drop(answer.insert_header((ALLOW, "POST, OPTIONS"))),
        _ => {}
    }
    match (&outcome, redirect) {
        (Outcome::Received, Some(url)) if form => answer.status(StatusCode::SEE_OTHER).insert_header((LOCATION, url)).finish(),
        _ if form => {
            answer.insert_header((CONTENT_TYPE, "text/html; charset=utf-8"));
            answer.insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'")).body(page(&outcome.sentences()))
        }
        _ => answer.json(outcome.json()),
    }
}

/// The answer to a browser that asks whether a page may post.
pub fn preflight(site: &Site) -> HttpResponse {
    let allowed = matches!(site, Site::Any | Site::Allowed(_));
    let mut answer = HttpResponse::build(if allowed { StatusCode::NO_CONTENT } else { StatusCode::FORBIDDEN });
    site.permit(&mut answer);
    if allowed {
        answer
            .insert_header((ACCESS_CONTROL_ALLOW_METHODS, "POST"))
            .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, "content-type"))
            .insert_header((ACCESS_CONTROL_MAX_AGE, "3600"));
    }
    answer.insert_header((VARY, "Origin")).finish()
}

/// Whether a person looks at the answer: browsers that send a form ask for HTML.
fn wants_page(request: &HttpRequest) -> bool {
    let accepted = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|range| {
        let essence = range.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("text/html") || essence.eq_ignore_ascii_case("application/xhtml+xml")
    })
}

fn page(sentences: &[&str]) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Form" } }
            body { @for sentence in sentences { p { (sentence) } } }
        }
    };
    page.into_string()
}
