//! Values that are JSON already: a page's nodes are written as soon as they are known, since a tree of maps costs as much again to make,
//! to write and to take down.

use actix_web::web::Bytes;
use async_graphql::{Name, Value};

/// Goes with an operation whose answer is written by `write`, and none of whose fields have to be put together into one object, which can't
/// be done with JSON.
pub struct Unmerged;

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
