//! Values that are JSON already: a page's nodes are written as soon as they are known, since a tree of maps costs as much again to make,
//! to write and to take down.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web::Bytes;
use async_graphql::parser::types::SelectionSet;
use async_graphql::{Name, Positioned, Value};

/// A row that answers are made of.
pub type Row = Arc<dyn Any + Send + Sync>;

/// Goes with an operation whose answer is written by `write`, and none of whose fields have to be put together into one object, which can't
/// be done with JSON.
#[derive(Default)]
pub struct Unmerged {
    /// What was written of rows that many records lead to, such as the owners of a page, by row and place in the document. Nothing for a
    /// mutation: what one of its fields answers may change by the next. The row stands with it so that its address isn't taken by another.
    again: Option<Mutex<HashMap<Place, (Row, Value)>>>,
}

/// A row and a selection, by their addresses.
type Place = (usize, usize);

impl Unmerged {
    /// For a query.
    pub fn query() -> Self {
        Self { again: Some(Mutex::default()) }
    }

    /// What was written of this row for this place.
    pub fn written_before(&self, row: &Row, place: &Positioned<SelectionSet>) -> Option<Value> {
        let again = self.again.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        again.get(&key(row, place)).map(|(_, written)| written.clone())
    }

    /// Keeps it for the next time.
    pub fn keep(&self, row: &Row, place: &Positioned<SelectionSet>, written: &Value) {
        if let Some(again) = &self.again {
            let mut again = again.lock().unwrap_or_else(PoisonError::into_inner);
            again.insert(key(row, place), (row.clone(), written.clone()));
        }
    }
}

fn key(row: &Row, place: &Positioned<SelectionSet>) -> Place {
    (Arc::as_ptr(row).addr(), std::ptr::from_ref(place).addr())
}

/// A value that is this JSON. The API has no binary values of its own.
pub fn written(json: Vec<u8>) -> Value {
    Value::Binary(Bytes::from(json))
}

/// Writes a value as JSON.
///
/// # Errors
/// None that values of the API have.
pub fn write(value: &Value, json: &mut Vec<u8>) -> serde_json::Result<()> {
    match value {
        Value::Binary(written) => json.extend_from_slice(written),
        Value::Object(fields) => {
            let mut before = b'{';
            for (name, value) in fields {
                json.push(before);
                serde_json::to_writer(&mut *json, name.as_str())?;
                json.push(b':');
                write(value, json)?;
                before = b',';
            }
            json.extend_from_slice(if fields.is_empty() { b"{}" } else { b"}" });
        }
        Value::List(entries) => {
            json.push(b'[');
            for (place, entry) in entries.iter().enumerate() {
                if place > 0 {
                    json.push(b',');
                }
                write(entry, json)?;
            }
            json.push(b']');
        }
        leaf => serde_json::to_writer(json, leaf)?,
    }
    Ok(())
}

/// Writes the name of a field with its colon. Names of GraphQL have nothing that JSON must escape.
pub fn write_name(name: &Name, json: &mut Vec<u8>) {
    json.push(b'"');
    json.extend_from_slice(name.as_bytes());
    json.extend_from_slice(b"\":");
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    #[test]
    fn what_is_written_is_what_the_libraries_would_write() {
        let tree = value!({ "name": "Ada \"the\" first\n", "none": null, "list": [1, 2.5, true, []], "empty": {}, "nested": { "a": [{ "b": 1 }] } });
        let mut json = Vec::new();
        write(&tree, &mut json).unwrap();
        assert_eq!(json, serde_json::to_vec(&tree).unwrap());
        let within = Value::List(vec![written(json.clone()), Value::Null]);
        let mut again = Vec::new();
        write(&within, &mut again).unwrap();
        assert_eq!(again, [b"[".as_slice(), &json, b",null]"].concat());
    }
}
