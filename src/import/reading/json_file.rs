//! JSON: a list of objects, or an object with such a list under `records`. Nested values get the names of all levels,
//! `attributes.type`, and places in lists count as names.

use std::collections::HashMap;
use std::io::Read;

use csv::StringRecord;
use serde_json::{Map, Value};

use super::{Row, utf8};

const FORM: &str = "The file must hold a list of objects, or an object with such a list as \"records\".";

/// The rows of a JSON file.
pub struct JsonRows {
    header: Vec<String>,
    records: std::vec::IntoIter<Vec<(usize, String)>>,
    total: u64,
    read: u64,
}

impl JsonRows {
    /// Reads all records; the columns are the names that occur in any of them. A problem is a sentence.
    pub(super) fn read(mut file: impl Read) -> Result<Self, String> {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|cause| format!("the file cannot be read: {cause}."))?;
        let text = bytes.strip_prefix(utf8::BOM).unwrap_or(&bytes);
        let value: Value = serde_json::from_slice(text).map_err(|cause| format!("this is no JSON: {cause}."))?;
        let list = match value {
            Value::Array(list) => list,
            Value::Object(mut object) => match object.remove("records") {
                Some(Value::Array(list)) => list,
                _ => return Err(FORM.to_owned()),
            },
            _ => return Err(FORM.to_owned()),
        };
        let mut header = Header::default();
        let mut records = Vec::with_capacity(list.len());
        for record in list {
            let Value::Object(record) = record else { return Err(FORM.to_owned()) };
            let mut cells = Vec::new();
            flatten(&mut header, &mut cells, "", record);
            records.push(cells);
        }
        let total = records.len() as u64;
        Ok(Self { header: header.names, records: records.into_iter(), total, read: 0 })
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    pub(super) fn progress(&self) -> (u64, u64) {
        (self.read, self.total)
    }

    pub(super) fn next_row(&mut self) -> Option<Row> {
        let given = self.records.next()?;
        self.read += 1;
        let mut cells = vec![String::new(); self.header.len()];
        for (place, cell) in given {
            cells[place] = cell;
        }
        Some(Row { line: self.read, cells: StringRecord::from(cells), problem: None })
    }
}

/// The columns, in the order in which they occur first.
#[derive(Default)]
struct Header {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Header {
    fn place(&mut self, name: String) -> usize {
        *self.places.entry(name).or_insert_with_key(|name| {
            self.names.push(name.clone());
            self.names.len() - 1
        })
    }
}

fn flatten(header: &mut Header, cells: &mut Vec<(usize, String)>, prefix: &str, object: Map<String, Value>) {
    for (name, value) in object {
        let name = format!("{prefix}{name}");
        match value {
            Value::Object(object) => flatten(header, cells, &format!("{name}."), object),
            Value::Array(list) => {
                let numbered = list.into_iter().enumerate().map(|(number, value)| (number.to_string(), value)).collect();
                flatten(header, cells, &format!("{name}."), numbered);
            }
            Value::Null => {
                header.place(name);
            }
            Value::String(text) => cells.push((header.place(name), text)),
            other => cells.push((header.place(name), other.to_string())),
        }
    }
}
