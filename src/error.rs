//! One error type for everything below the HTTP layer.
//!
//! Two kinds must not be mixed up (see `api.md`, rule 5). What a person can act on is *refused*: it is data in the
//! payload, all problems at once. What went wrong with the request or the server is a *fault*: a GraphQL error with a code.
//! The internal cause of a fault is logged with the request id and never sent.

use std::sync::Arc;

use async_graphql::{Enum, ErrorExtensions, SimpleObject};
use sea_orm::{DbErr, RuntimeErr};

/// The result of everything that can be refused or can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a use case did not succeed.
///
/// It has no `Display`: async-graphql turns whatever can be displayed into an error without a code by itself.
#[derive(Debug, Clone)]
pub enum Error {
    /// Expected: each entry goes into the payload's `userErrors`. Nothing was changed.
    Refused(Vec<UserError>),
    /// A fault of the caller or of the server: a GraphQL error with `extensions.code`.
    Fault(Fault),
}

/// One thing that stands in the way, and what to do about it.
#[derive(Debug, Clone, PartialEq, SimpleObject)]
pub struct UserError {
    /// What kind of problem it is, for programs.
    pub code: UserErrorCode,
    /// One sentence that a person can act on.
    pub message: String,
    /// The path into the arguments that the problem is about, for example `["input", "email"]`. Null when it is about the whole call.
    pub field: Option<Vec<String>>,
    /// Machine-readable facts: allowed states, missing criteria, ids of what a lead became.
    pub details: Option<crate::graphql::scalars::Json>,
}

impl UserError {
    /// A problem with the whole call.
    pub fn new(code: UserErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, details: None }
    }

    /// A problem with one field of the input: `at(Required, "lastName", …)` points at `["input", "lastName"]`;
    /// dots separate the steps of a longer path.
    pub fn at(code: UserErrorCode, path: &str, message: impl Into<String>) -> Self {
        let field = std::iter::once("input").chain(path.split('.')).map(str::to_owned).collect();
        Self { code, message: message.into(), field: Some(field), details: None }
    }

    /// Adds machine-readable facts.
    #[must_use]
    pub fn with_details(mut self, details: serde_json::Value) -> Self {
        self.details = Some(crate::graphql::scalars::Json(details));
        self
    }
}

/// What kind of expected failure a `UserError` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum UserErrorCode {
    /// A value that must be given is missing or blank.
    Required,
    /// A value has the wrong form or does not fit the others.
    Invalid,
    /// A text is longer than its limit. Texts are never cut.
    TooLong,
    /// A number, amount or date lies outside what is allowed.
    OutOfRange,
    /// There is no such record, or you may not see it.
    NotFound,
    /// Something with this unique value exists already.
    AlreadyExists,
    /// A strongly similar record exists; `details.matches` names it.
    DuplicateSuspected,
    /// The record was changed since you read it; `details.version` is its version now.
    VersionConflict,
    /// The record's state does not allow this move; `details.allowed` lists those that it allows.
    IllegalTransition,
    /// The lead must be qualified first; `details.missing` lists the criteria that are not met.
    NotQualified,
    /// The lead was converted before; `details` names the records that it became.
    AlreadyConverted,
    /// The lead has no conversion to revert.
    NotConverted,
    /// The conversion cannot be undone; `details` names what stands in the way.
    CannotRevert,
    /// Somebody, maybe you, owns the lead already.
    AlreadyOwned,
    /// Other records still use it; `details` names them.
    InUse,
    /// The user is deactivated and cannot own or do anything.
    InactiveUser,
    /// This idempotency key was used with another input.
    IdempotencyKeyReused,
    /// There is no exchange rate for the day that counts.
    MissingExchangeRate,
    /// You may not do this with this item; only in calls for many records. Elsewhere it is a GraphQL error with this code.
    Forbidden,
    /// The server failed at this item, and at no other; only in calls for many records. Elsewhere it is a GraphQL error.
    Internal,
}

/// A fault of the caller or of the server.
#[derive(Debug, Clone)]
pub struct Fault {
    /// What kind of fault it is, sent as `extensions.code`.
    pub code: FaultCode,
    /// The sentence that is sent.
    pub message: String,
    /// The internal cause: logged, never sent.
    pub cause: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// The codes of faults, as `api.md` lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The one who is signed in may not do this.
    Forbidden,
    /// An argument makes no sense: a wrong id, a page of 0, a cursor of another order.
    BadUserInput,
    /// The query asks for more than the limits allow.
    TooComplex,
    /// Too many requests.
    RateLimited,
    /// The request took too long.
    Timeout,
    /// The server's own fault.
    Internal,
}

impl FaultCode {
    /// The code as it is sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::TooComplex => "TOO_COMPLEX",
            Self::RateLimited => "RATE_LIMITED",
            Self::Timeout => "TIMEOUT",
            Self::Internal => "INTERNAL",
        }
    }
}

impl Error {
    /// One problem that a person can act on.
    pub fn refused(problem: UserError) -> Self {
        Self::Refused(vec![problem])
    }

    /// A fault without an internal cause.
    pub fn fault(code: FaultCode, message: impl Into<String>) -> Self {
        Self::Fault(Fault { code, message: message.into(), cause: None })
    }

    /// An argument that makes no sense, and what would.
    pub fn bad_input(message: impl Into<String>) -> Self {
        Self::fault(FaultCode::BadUserInput, message)
    }

    /// The one who is signed in may not do this.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::fault(FaultCode::Forbidden, message)
    }

    /// Keeps the internal cause of a fault in the log, inside the request's span.
    pub fn log(&self) {
        if let Self::Fault(Fault { cause: Some(cause), .. }) = self {
            tracing::error!(error = %cause, "internal error");
        }
    }

    /// Whether PostgreSQL gave a transaction up because it and another one waited for each other.
    pub fn is_deadlock(&self) -> bool {
        let Self::Fault(Fault { cause: Some(cause), .. }) = self else { return false };
        let failed = match cause.downcast_ref() {
            Some(DbErr::Exec(RuntimeErr::SqlxError(failed)) | DbErr::Query(RuntimeErr::SqlxError(failed))) => failed,
            _ => return false,
        };
        failed.as_database_error().and_then(|failed| failed.code()).is_some_and(|code| code == "40P01")
    }

    /// The public sentences, for the command line and for queries, which have no payload to put problems into.
    pub fn sentences(&self) -> String {
        match self {
            Self::Refused(problems) => problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" "),
            Self::Fault(fault) => fault.message.clone(),
        }
    }

    /// The server's own fault: the cause is kept for the log.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Fault(Fault {
            code: FaultCode::Internal,
            message: "Something went wrong on the server. Try again, and quote the request id if it keeps happening.".to_owned(),
            cause: Some(Arc::from(cause.into())),
        })
    }
}

impl From<DbErr> for Error {
    fn from(cause: DbErr) -> Self {
        Self::internal(cause)
    }
}

impl From<Error> for async_graphql::Error {
    /// What leaves a resolver: the public sentence and the code. The cause goes to the log here.
    fn from(error: Error) -> Self {
        error.log();
        let message = error.sentences();
        let fault = match error {
            Error::Fault(fault) => fault,
            Error::Refused(_) => Fault { code: FaultCode::BadUserInput, message, cause: None },
        };
        async_graphql::Error::new(fault.message).extend_with(|_, extensions| extensions.set("code", fault.code.as_str()))
    }
}

/// Collects problems, so that a caller hears of all of them at once.
#[derive(Debug, Default)]
pub struct Problems(Vec<UserError>);

impl Problems {
    /// Adds one problem.
    pub fn push(&mut self, problem: UserError) {
        self.0.push(problem);
    }

    /// Keeps the value, or its problem.
    pub fn keep<T>(&mut self, result: Result<T, UserError>) -> Option<T> {
        result.map_err(|problem| self.0.push(problem)).ok()
    }

    /// Whether nothing was wrong so far.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are so far.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether any of these fields of the input has a problem.
    pub fn mention(&self, fields: &[&str]) -> bool {
        self.0
            .iter()
            .flat_map(|problem| &problem.field)
            .any(|path| path.get(1).is_some_and(|step| fields.contains(&step.as_str())))
    }

    /// Ends the collecting: all problems as one refusal, or nothing.
    pub fn check(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Refused(self.0)) }
    }

    /// The problems themselves, for answers that show them without refusing.
    pub fn into_vec(self) -> Vec<UserError> {
        self.0
    }
}
