//! Reading the rows of a file: CSV row by row, JSON as a whole.

mod csv_file;
mod json_file;
mod utf8;

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use csv::StringRecord;

use crate::error::{Error, Result};

/// One row.
#[derive(Debug)]
pub struct Row {
    /// The line in a CSV file on which the row begins, or the number of a JSON record; from 1.
    pub line: u64,
    /// Its cells, in the order of the header.
    pub cells: StringRecord,
    /// What makes it unreadable: a sentence.
    pub problem: Option<String>,
}

/// The rows of a file, one after the other.
pub enum Rows {
    /// CSV.
    Csv(csv_file::CsvRows),
    /// JSON.
    Json(json_file::JsonRows),
}

impl Rows {
    /// Opens a file. What isn't UTF-8 from beginning to end is refused with the line, before anything is read.
    ///
    /// # Errors
    /// When the file can't be read, isn't UTF-8, or isn't of a known form.
    pub fn open(path: &Path, delimiter: Option<char>) -> Result<Self> {
        let unreadable = |cause: std::io::Error| Error::bad_input(format!("{} cannot be read: {cause}.", path.display()));
        utf8::check(File::open(path).map_err(unreadable)?).map_err(|problem| match problem {
            utf8::Problem::Read(cause) => unreadable(cause),
            other => Error::bad_input(format!("{}: {other}", path.display())),
        })?;
        let file = File::open(path).map_err(unreadable)?;
        let rows = if is_json(path).map_err(unreadable)? {
            json_file::JsonRows::read(BufReader::new(file)).map(Self::Json)
        } else {
            csv_file::CsvRows::read(path, file, delimiter).map(Self::Csv)
        };
        rows.map_err(|sentence| Error::bad_input(format!("{}: {sentence}", path.display())))
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        match self {
            Self::Csv(rows) => rows.header(),
            Self::Json(rows) => rows.header(),
        }
    }

    /// The next row; nothing at the end. Rows without any text are passed over.
    ///
    /// # Errors
    /// When the file can't be read on.
    pub fn next_row(&mut self) -> Result<Option<Row>> {
        loop {
            let row = match self {
                Self::Csv(rows) => rows.next_row()?,
                Self::Json(rows) => rows.next_row(),
            };
            match row {
                Some(row) if row.cells.iter().all(|cell| cell.trim().is_empty()) => {}
                other => return Ok(other),
            }
        }
    }

    /// How far the reading has come, and how far there is to go, in the same unit.
    pub fn progress(&self) -> (u64, u64) {
        match self {
            Self::Csv(rows) => rows.progress(),
            Self::Json(rows) => rows.progress(),
        }
    }
}

/// Whether a file holds JSON: by its name, or by its first character where the name says nothing.
fn is_json(path: &Path) -> std::io::Result<bool> {
    let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
    match extension.as_ref().and_then(|extension| extension.to_str()) {
        Some("json") => Ok(true),
        Some("csv" | "tsv" | "txt") => Ok(false),
        _ => {
            let mut beginning = Vec::new();
            File::open(path)?.take(1_000).read_to_end(&mut beginning)?;
            let text = beginning.strip_prefix(utf8::BOM).unwrap_or(&beginning);
            Ok(matches!(text.iter().find(|byte| !byte.is_ascii_whitespace()), Some(b'{' | b'[')))
        }
    }
}

#[cfg(test)]
mod tests;
