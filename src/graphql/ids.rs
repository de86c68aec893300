//! Ids in arguments: read with a clear error, never mistaken for another kind's.

use async_graphql::ID;
use entity::{Id, Identified};

use crate::error::{Error, Problems, Result, UserError, UserErrorCode};

/// Reads an id that a query names. A wrong one is a fault of the caller.
pub fn argument<E: Identified>(id: &ID) -> Result<Id<E>> {
    id.parse().map_err(|error| Error::bad_input(sentence(&error)))
}

/// Reads the id of the record that a mutation is about. A wrong one refuses the call.
pub fn subject<E: Identified>(id: &ID, path: &str) -> Result<Id<E>> {
    id.parse().map_err(|error| Error::refused(UserError::at(UserErrorCode::Invalid, path, sentence(&error))))
}

/// Reads an optional reference in an input, and notes the problem where it can't.
pub fn reference<E: Identified>(problems: &mut Problems, path: &str, id: Option<&ID>) -> Option<Id<E>> {
    problems.keep(id?.parse().map_err(|error| UserError::at(UserErrorCode::Invalid, path, sentence(&error))))
}

fn sentence(error: &entity::IdError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).chain(['.']).collect()).unwrap_or_default()
}
