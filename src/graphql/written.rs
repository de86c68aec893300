//! Values that are JSON already: a page's nodes are written as soon as they are known, since a tree of maps costs as much again to make,
//! to write and to take down.

use std::sync::LazyLock;

use async_graphql::indexmap::IndexMap;
use async_graphql::{Name, Value};

/// An object with this key alone is a text of JSON, for serde_json and so for async-graphql, which both keep the name to themselves.
/// Here it is only if the key is this very one: an object that came from elsewhere is what it is.
static KEY: LazyLock<Name> = LazyLock::new(|| Name::new("$serde_json::private::RawValue"));

/// Goes with an operation none of whose fields have to be put together into one object, which can't be done with JSON.
pub struct Unmerged;

/// A value that is this JSON. Whoever serialises it gets the JSON.
pub fn written(json: String) -> Value {
    Value::Object(IndexMap::from([(KEY.clone(), Value::String(json))]))
}

/// Writes a value as JSON.
///
/// # Errors
/// None that values of the API have.
pub fn write(value: &Value, json: &mut Vec<u8>) -> serde_json::Result<()> {
    match value {
        Value::Object(fields) => match already(fields) {
            Some(text) => json.extend_from_slice(text.as_bytes()),
            None => {
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
        },
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

fn already(fields: &IndexMap<Name, Value>) -> Option<&str> {
    match fields.first() {
        Some((name, Value::String(json))) if fields.len() == 1 && std::ptr::eq(name.as_str(), KEY.as_str()) => Some(json),
        _ => None,
    }
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
        let text = String::from_utf8(json).unwrap();
        let within = Value::List(vec![written(text.clone()), Value::Null]);
        let mut json = Vec::new();
        write(&within, &mut json).unwrap();
        assert_eq!(String::from_utf8(json).unwrap(), format!("[{text},null]"));
        assert_eq!(serde_json::to_string(&within).unwrap(), format!("[{text},null]"));
        assert_eq!(within.into_json().unwrap()[0], tree.into_json().unwrap());
    }

    #[test]
    fn what_somebody_else_made_is_no_json_already() {
        let strange = Value::Object(IndexMap::from([(Name::new(KEY.as_str()), Value::from("\"}, broken"))]));
        let mut json = Vec::new();
        write(&strange, &mut json).unwrap();
        let read: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&json).unwrap();
        assert_eq!(read[KEY.as_str()], "\"}, broken");
    }
}
