//! Putting a whole list into another order: every entry is named once.

use async_graphql::ID;
use entity::{Id, Identified};
use serde_json::json;

use crate::error::{Problems, UserError, UserErrorCode};
use crate::graphql::ids;

/// Reads the order in which the caller wants a list: each of its entries once. Answers the entries in that order, and notes what is
/// wrong: ids of other lists, ids that come twice, entries that are missing. `id` tells an entry's id.
pub fn read<T: Clone, E: Identified>(
    problems: &mut Problems,
    path: &str,
    entries: &[T],
    id: impl Fn(&T) -> Id<E>,
    given: &[ID],
) -> Vec<T> {
    if given.len() > entries.len() {
        let sentence = format!("The list has {} entries, and these are {}: name each one once.", entries.len(), given.len());
        problems.push(UserError::at(UserErrorCode::Invalid, path, sentence));
        return Vec::new();
    }
    let mut named: Vec<Id<E>> = Vec::with_capacity(given.len());
    let mut ordered = Vec::with_capacity(given.len());
    for (index, text) in given.iter().enumerate() {
        let path = format!("{path}.{index}");
        let Some(wanted) = ids::reference::<E>(problems, &path, Some(text)) else { continue };
        match entries.iter().find(|entry| id(entry) == wanted) {
            None => {
                let sentence = "This is none of the list: name the list's own entries.";
                problems.push(UserError::at(UserErrorCode::NotFound, &path, sentence));
            }
            Some(_) if named.contains(&wanted) => {
                problems.push(UserError::at(UserErrorCode::Invalid, &path, "This entry comes twice: name each one once."));
            }
            Some(entry) => ordered.push(entry.clone()),
        }
        named.push(wanted);
    }
    let missing: Vec<String> = entries.iter().map(&id).filter(|id| !named.contains(id)).map(|id| id.to_string()).collect();
    if !missing.is_empty() && problems.is_empty() {
        let sentence =
            format!("{} of the list's entries are not named: name each one once, inactive ones included.", missing.len());
        problems.push(UserError::at(UserErrorCode::Invalid, path, sentence).with_details(json!({ "missing": missing })));
    }
    ordered
}
