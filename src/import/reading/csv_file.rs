//! CSV of any delimiter, with or without a byte order mark.

use std::fs::File;
use std::io::{Chain, Read};
use std::path::Path;

use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord, Terminator};

use super::Row;
use crate::error::{Error, Result};
use crate::values::cell::original;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The rows of a CSV file.
pub struct CsvRows {
    /// The last row, too, ends with a line break here.
    reader: Reader<Chain<File, &'static [u8]>>,
    header: Vec<String>,
    size: u64,
}

impl CsvRows {
    /// Reads the header. A problem is a sentence.
    pub(super) fn read(path: &Path, file: File, delimiter: Option<char>) -> Result<Self, String> {
        let delimiter = match delimiter.map(u8::try_from) {
            Some(Ok(delimiter)) if delimiter.is_ascii() => delimiter,
            Some(_) => return Err("the delimiter must be a single ASCII character.".to_owned()),
            None => sniff(path)?,
        };
        let size = file.metadata().map(|metadata| metadata.len()).unwrap_or_default();
        let mut builder = ReaderBuilder::new();
        // Rows end where lines do, and nowhere else: otherwise lines couldn't be counted where they end with CR and LF.
        builder.delimiter(delimiter).terminator(Terminator::Any(b'\n')).flexible(true).buffer_capacity(1 << 18);
        let mut reader = builder.from_reader(file.chain(b"\n".as_slice()));
        let header: Vec<String> = reader.headers().map_err(sentence)?.iter().map(|name| name.trim().to_owned()).collect();
        if header.iter().all(String::is_empty) {
            return Err("the file is empty: its first line must name the columns.".to_owned());
        }
        Ok(Self { reader, header, size })
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    pub(super) fn progress(&self) -> (u64, u64) {
        (self.reader.position().byte(), self.size)
    }

    pub(super) fn next_row(&mut self) -> Result<Option<Row>> {
        let mut cells = StringRecord::with_capacity(256, self.header.len());
        if !self.reader.read_record(&mut cells).map_err(|error| Error::bad_input(sentence(error)))? {
            return Ok(None);
        }
        let breaks = cells.as_slice().bytes().filter(|byte| *byte == b'\n').count() as u64;
        let line = self.reader.position().line().saturating_sub(breaks + 1);
        if cells.iter().any(|cell| cell.starts_with('\'')) {
            cells = cells.iter().map(original).collect();
        }
        let problem = (cells.len() != self.header.len()).then(|| {
            let advice = "a cell that holds the delimiter must stand in quotes";
            format!("The row has {} cells and the header {}; {advice}.", cells.len(), self.header.len())
        });
        Ok(Some(Row { line, cells, problem }))
    }
}

/// The delimiter that occurs most often in the header, outside quotes.
fn sniff(path: &Path) -> Result<u8, String> {
    let unreadable = |cause: csv::Error| sentence(cause);
    let counts = DELIMITERS.iter().map(|delimiter| {
        let mut reader = ReaderBuilder::new().delimiter(*delimiter).from_path(path).map_err(unreadable)?;
        Ok((reader.headers().map_err(unreadable)?.len(), *delimiter))
    });
    let counts: Vec<(usize, u8)> = counts.collect::<Result<_, String>>()?;
    let most = counts.iter().map(|(count, _)| *count).max().unwrap_or_default();
    Ok(counts.iter().find(|(count, _)| *count == most).map_or(b',', |(_, delimiter)| *delimiter))
}

fn sentence(error: csv::Error) -> String {
    match error.kind() {
        ErrorKind::Io(cause) => format!("the file cannot be read: {cause}."),
        _ => format!("the file cannot be read: {error}."),
    }
}
