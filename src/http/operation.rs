//! Operations: the one way from any transport into the schema, with its limits, and from the schema's errors to codes.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::{Pos, Request, Response, ServerError, Variables};
use serde_json::{Map, Value};

use super::answer::{VALIDATION_FAILED, code, refusal, set};
use super::documents::{Documents, Found, check_nesting};
use super::identity::Sender;
use super::limits;
use super::parameters::Parameters;
use super::{HttpSettings, Threads};
use crate::app::App;
use crate::auth::{Actor, Scope, session};
use crate::data::page::ReadAlong;
use crate::error::{Error, FaultCode, Result};
use crate::graphql::context::{Caller, RequestInfo};
use crate::graphql::inputs::InputTypes;
use crate::graphql::loaders::{self, Since, Source};
use crate::graphql::schema::Schemas;
use crate::graphql::written::Unmerged;

/// The most errors that a refused document is answered with.
const MOST_ERRORS: usize = 50;

/// Carries out operations.
#[derive(Clone)]
pub struct Operations(Arc<Inner>);

struct Inner {
    schemas: Schemas,
    types: InputTypes,
    documents: Documents,
    app: App,
    threads: Threads,
    timeout: Duration,
    open_introspection: bool,
}

/// An operation that was found bearable.
pub struct Operation {
    found: Found,
    name: Option<String>,
    variables: Variables,
    is_mutation: bool,
}

/// What an answer is wanted as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// To be written by `graphql::written` and by nobody else: parts of it may be JSON already.
    Written,
    /// Values, for whoever reads them, or writes them in another way.
    Values,
}

impl Operation {
    /// Whether it changes something.
    pub fn is_mutation(&self) -> bool {
        self.is_mutation
    }
}

impl Operations {
    /// Builds the schema.
    pub fn new(app: &App, settings: &HttpSettings, threads: Threads) -> Self {
        Self(Arc::new(Inner {
            schemas: Schemas::serving(app, settings.limits),
            types: InputTypes::of_schema(),
            documents: Documents::new(settings.trusted_documents.clone()),
            app: app.clone(),
            threads,
            timeout: settings.timeout,
            open_introspection: settings.open_introspection,
        }))
    }

    /// Finds the document, or reads it where it is new, and picks the operation.
    ///
    /// # Errors
    /// The answer to what is unknown or no GraphQL, asks for too much, or names no operation of the document.
    pub fn prepare(&self, parameters: Parameters) -> Result<Operation, Vec<ServerError>> {
        let Parameters { document, operation_name, variables } = parameters;
        let found = self.0.documents.find(document)?;
        check_nesting(limits::value_nesting(variables.values()))?;
        let operation = pick(found.document.parsed(), operation_name.as_deref())?;
        check_variables(operation, &variables)?;
        let is_mutation = operation.ty == OperationType::Mutation;
        let variables = Variables::from_json(Value::Object(variables));
        Ok(Operation { found, name: operation_name, variables, is_mutation })
    }

    /// Carries out an operation on behalf of whoever sent it.
    pub async fn execute(&self, operation: Operation, sender: Sender, form: Form) -> Response {
        let document = operation.found.document.clone();
        let work = self.clone().run(operation, sender.info, sender.token, form);
        let work = self.0.threads.carry_out(work);
        let mut response = match tokio::time::timeout(self.0.timeout, work).await {
            Ok(Ok(Ok(response))) => response,
            Ok(Ok(Err(error))) => fault(error),
            Ok(Err(panic)) => fault(Error::internal(panic)),
            Err(_) => fault(Error::fault(
                FaultCode::Timeout,
                format!("The operation took longer than {} seconds and was given up: ask for less.", self.0.timeout.as_secs()),
            )),
        };
        give_codes(&mut response, &document.survey().variable_arguments, &sender.request_id);
        response
    }

    /// What happens on the threads for operations.
    async fn run(self, operation: Operation, info: RequestInfo, token: Option<String>, form: Form) -> Result<Response> {
        let Inner { app, open_introspection, .. } = self.0.as_ref();
        let since = match operation.is_mutation {
            false => app.changes().mark().map(Since::Began),
            // On SQLite a mark is that of the last write of all, and so never holds for long.
            true => app.database().is_postgres().then_some(Since::Now),
        };
        let actor = match token {
            Some(token) => session::actor(app, &token).await?,
            None => None,
        };
        if operation.found.document.survey().introspects && actor.is_none() && !open_introspection {
            let sentence = "Sign in first: only those who are signed in may ask about the schema.";
            return Err(Error::fault(FaultCode::Unauthenticated, sentence));
        }
        let scope = actor.as_ref().map_or_else(Scope::nobody, Actor::scope);
        let kept = since.map(|since| (app.clone(), since));
        let found = (!operation.is_mutation).then(ReadAlong::default);
        let loaders = loaders::from(Source { database: app.database().clone(), scope, kept, found });
        Ok(self.0.carry_out(operation, form, |request| request.data(info).data(loaders).data(Caller(actor))).await)
    }
}

impl Inner {
    /// Passes an operation to the schema: to the one that validates, unless that could find nothing.
    async fn carry_out(&self, operation: Operation, form: Form, with_data: impl FnOnce(Request) -> Request) -> Response {
        let Operation { found, name, variables, .. } = operation;
        let document = &found.document;
        let surely_fits = document.surely_fits(&variables, &self.types);
        let mut request = with_data(Request::new(""));
        request.operation_name = name;
        if form == Form::Written && !document.survey().merges {
            request = request.data(Unmerged);
        }
        request.set_parsed_query(document.ready(&variables));
        if surely_fits {
            return self.schemas.fast().execute(request.variables(variables)).await;
        }
        let response = self.schemas.strict.execute(request.variables(variables.clone())).await;
        // Whatever validation finds is about no field.
        if response.errors.iter().all(|error| !error.path.is_empty()) {
            document.note_fitting(&variables);
            self.documents.keep(&found);
        }
        response
    }
}

/// A response that consists of a fault. Its cause is logged.
fn fault(error: Error) -> Response {
    let mut error = async_graphql::Error::from(error).into_server_error(Pos::default());
    error.locations.clear();
    Response::from_errors(vec![error])
}

/// The operation that the request means.
fn pick<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Result<&'a OperationDefinition, Vec<ServerError>> {
    let problem = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => return Ok(&operation.node),
        (DocumentOperations::Single(_), Some(name)) => {
            format!("The document has no operation named `{name}`; its only one has no name.")
        }
        (DocumentOperations::Multiple(operations), Some(name)) => match operations.get(name) {
            Some(operation) => return Ok(&operation.node),
            None => format!("The document has no operation named `{name}`."),
        },
        (DocumentOperations::Multiple(operations), None) => match operations.values().next() {
            Some(operation) if operations.len() == 1 => return Ok(&operation.node),
            _ => "The document has several operations: name one in `operationName`.".to_owned(),
        },
    };
    Err(refusal(FaultCode::BadUserInput.as_str(), problem))
}

/// Variables that must have a value have one. async-graphql finds that out no earlier than in the field that uses it, when
/// other fields of a mutation have been carried out.
fn check_variables(operation: &OperationDefinition, variables: &Map<String, Value>) -> Result<(), Vec<ServerError>> {
    let errors: Vec<ServerError> = operation
        .variable_definitions
        .iter()
        .filter(|definition| {
            let given = variables.get(definition.node.name.node.as_str());
            let nullable = definition.node.var_type.node.nullable;
            given.map_or(!nullable && definition.node.default_value.is_none(), |value| value.is_null() && !nullable)
        })
        .map(|definition| {
            let sentence =
                format!("The variable `${}` must have a value of type `{}`.", definition.node.name, definition.node.var_type);
            let mut error = ServerError::new(sentence, Some(definition.pos));
            set(&mut error, "code", FaultCode::BadUserInput.as_str());
            error
        })
        .take(MOST_ERRORS)
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Gives every error its code, and those that are our fault the id of the request.
fn give_codes(response: &mut Response, variable_arguments: &[Pos], request_id: &str) {
    if response.errors.iter().all(|error| error.path.is_empty()) {
        // A document is walked through twice, and what the walker doesn't understand is reported both times.
        response.errors.dedup_by(|one, other| one.message == other.message && one.locations == other.locations);
        response.errors.truncate(MOST_ERRORS);
    }
    // What can't be read is found out again when the complexity is added up.
    if response.errors.iter().any(|error| !is_unreadable(error)) {
        response.errors.retain(|error| !is_unreadable(error));
    }
    for error in &mut response.errors {
        if code(error).is_none() {
            let (code, message) = classify(error, variable_arguments);
            set(error, "code", code);
            if let Some(message) = message {
                message.clone_into(&mut error.message);
            }
        }
        if code(error) == Some(FaultCode::Internal.as_str()) {
            set(error, "requestId", request_id);
        }
    }
}

/// async-graphql's own errors have no codes. What happened in a field (it has a path) is about the field's arguments; the
/// limits are known by their messages, which say too little and are replaced; the rest is validation.
fn classify(error: &ServerError, variable_arguments: &[Pos]) -> (&'static str, Option<&'static str>) {
    const TOO_COMPLEX: FaultCode = FaultCode::TooComplex;
    if !error.path.is_empty() {
        return (FaultCode::BadUserInput.as_str(), None);
    }
    let message = error.message.as_str();
    if message == "Query is too complex." {
        return (
            TOO_COMPLEX.as_str(),
            Some("The operation asks for too much: ask for fewer fields or smaller pages, above all in lists within lists."),
        );
    }
    if message == "Query is nested too deep." {
        return (TOO_COMPLEX.as_str(), Some("The operation is nested too deep: ask for fewer levels."));
    }
    let is_limit = ["The amount of aliases", "The number of directives", "The recursion depth"];
    if is_limit.iter().any(|start| message.starts_with(start)) {
        return (TOO_COMPLEX.as_str(), None);
    }
    let from_variables = error.locations.iter().any(|place| variable_arguments.contains(place));
    let is_value = message.starts_with("Invalid value for argument") && from_variables;
    if is_value || is_unreadable(error) && !variable_arguments.is_empty() {
        return (FaultCode::BadUserInput.as_str(), None);
    }
    (VALIDATION_FAILED, None)
}

/// An argument that could not be read outside of its field: async-graphql doesn't say which.
fn is_unreadable(error: &ServerError) -> bool {
    let is_about_value = ["Failed to parse", "Expected input type"].iter().any(|start| error.message.starts_with(start));
    error.path.is_empty() && is_about_value
}
