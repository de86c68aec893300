//! `/reports/…`: reports as CSV for spreadsheets, and as pictures for presentations. They are asked of the schema like any query.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, Path, Query, ReqData, ServiceConfig, resource};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::answer::{MediaType, Refusal, answer, code};
use super::documents::Wanted as Asked;
use super::operation::Form;
use super::parameters::Parameters;
use super::request_log::RequestId;
use super::{State, identity};
use crate::error::FaultCode;
use crate::reports::export::{self, Export, Format};

/// `/reports/<name>.csv` and `/reports/<name>.svg`.
pub fn configure(config: &mut ServiceConfig) {
    config.service(resource("/reports/{name}.{format}").get(report));
}

/// What a report is asked for, in the address. Each is checked by the schema.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    /// The period's name, `THIS_YEAR` where nothing is said.
    period: Option<String>,
    /// Or its first day.
    from: Option<String>,
    /// And its last.
    to: Option<String>,
    /// The moment that a pipeline is asked for.
    as_of: Option<String>,
    /// The cuts, separated by commas.
    group_by: Option<String>,
}

async fn report(
    request: HttpRequest,
    path: Path<(String, String)>,
    wanted: Query<Wanted>,
    state: Data<State>,
    id: ReqData<RequestId>,
) -> HttpResponse {
    let (name, format) = path.into_inner();
    match carry_out(&request, &name, &format, &wanted, &state, &id).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_http(MediaType::Json),
    }
}

async fn carry_out(
    request: &HttpRequest,
    name: &str,
    format: &str,
    wanted: &Wanted,
    state: &State,
    id: &RequestId,
) -> Result<HttpResponse, Refusal> {
    let known = Format::named(format).and_then(|format| Some((Export::named(name, format)?, format)));
    let Some((export, format)) = known else {
        let sentence = format!("There is no report {name}.{format}. There are: {}.", export::all().join(", "));
        return Err(Refusal::new(StatusCode::NOT_FOUND, FaultCode::BadUserInput.as_str(), sentence));
    };
    let sender = identity::sender(request, &state.settings.allowed_origins, id)?;
    let cuts: Vec<&str> = wanted.group_by.as_deref().map(|cuts| cuts.split(',').map(str::trim).collect()).unwrap_or_default();
    let query = export.query(!cuts.is_empty(), wanted.as_of.is_some());
    let mut variables = Map::new();
    variables.insert("period".to_owned(), period(wanted));
    variables.insert("groupBy".to_owned(), cuts.into());
    variables.insert("asOf".to_owned(), wanted.as_of.clone().into());
    variables.retain(|name, _| query.contains(&format!("${name}:")));
    let operation = match state.operations.prepare(Parameters { document: Asked::Ours(query), operation_name: None, variables }) {
        Ok(operation) => operation,
        Err(errors) => return Ok(answer(async_graphql::Response::from_errors(errors), MediaType::Json)),
    };
    let response = state.operations.execute(operation, sender, Form::Values).await;
    if let Some(error) = response.errors.first() {
        let code = code(error).unwrap_or(FaultCode::BadUserInput.as_str());
        let status = if code == FaultCode::Unauthenticated.as_str() { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
        return Err(Refusal::new(status, code, error.message.clone()));
    }
    let data = response.data.into_json().unwrap_or_default();
    let report = &data["reports"]["report"];
    let (media, body) = match format {
        Format::Csv => ("text/csv; charset=utf-8", export.csv(report)),
        Format::Svg => ("image/svg+xml; charset=utf-8", export.svg(report)),
    };
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, media)).insert_header((CACHE_CONTROL, "no-store"));
    if format == Format::Csv {
        response.insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")));
    }
    Ok(response.body(body))
}

fn period(wanted: &Wanted) -> Value {
    match (&wanted.from, &wanted.to) {
        (None, None) => serde_json::json!({ "name": wanted.period.as_deref().unwrap_or("THIS_YEAR") }),
        (from, to) => serde_json::json!({ "name": wanted.period, "from": from, "to": to }),
    }
}
