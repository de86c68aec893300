//! The reject file: the rows that didn't go in, with line, column and reason. It can be corrected and imported in turn.

use std::fs::File;
use std::path::{Path, PathBuf};

use csv::{Writer, WriterBuilder};

use super::plan::Plan;
use super::reading::Row;
use crate::error::{Error, Result, UserError};
use crate::values::cell::harmless;

/// Where rejected rows go. The file is made when there is a first one.
pub struct Rejects {
    path: PathBuf,
    writer: Option<Writer<File>>,
}

impl Rejects {
    /// Rejects to this file.
    pub fn new(path: PathBuf) -> Self {
        Self { path, writer: None }
    }

    /// The name of the reject file beside an imported one: `leads.csv` has `leads.rejects.csv`.
    pub fn beside(file: &Path) -> PathBuf {
        file.with_extension("rejects.csv")
    }

    /// The file, if there is one.
    pub fn path(&self) -> Option<&Path> {
        self.writer.as_ref().map(|_| self.path.as_path())
    }

    /// Writes a row with what is wrong with it.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn write(&mut self, plan: &Plan, row: &Row, problems: &[UserError]) -> Result<()> {
        let unwritable =
            |cause: csv::Error| Error::bad_input(format!("The reject file {} cannot be written: {cause}.", self.path.display()));
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => {
                let mut writer = WriterBuilder::new().flexible(true).from_path(&self.path).map_err(unwritable)?;
                let header = ["line", "column", "reason"].into_iter().chain(plan.header.iter().map(String::as_str));
                writer.write_record(header).map_err(unwritable)?;
                none.insert(writer)
            }
        };
        let mut columns: Vec<String> = problems.iter().filter_map(|problem| column(plan, problem)).collect();
        columns.dedup();
        let reasons: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        let (line, columns, reasons) = (row.line.to_string(), columns.join(", "), reasons.join(" "));
        let told = [line.as_str(), columns.as_str(), reasons.as_str()];
        // Where lines end with CR and LF, the last cell has kept the CR.
        let cells = row.cells.iter().map(|cell| cell.trim_end_matches('\r'));
        writer.write_record(told.into_iter().chain(cells).map(|cell| harmless(cell).into_owned())).map_err(unwritable)
    }

    /// Makes sure that everything is in the file.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn finish(&mut self) -> Result<()> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        writer
            .flush()
            .map_err(|cause| Error::bad_input(format!("The reject file {} cannot be written: {cause}.", self.path.display())))
    }
}

/// The columns that a problem is about: those of the field at the end of its path, or the field itself where it has none.
fn column(plan: &Plan, problem: &UserError) -> Option<String> {
    let step = problem.field.as_ref()?.last()?;
    let field = step.strip_suffix("Id").unwrap_or(step);
    plan.column_names(step)
        .or_else(|| plan.column_names(field))
        .or_else(|| Some(field.to_owned()))
        .filter(|name| !name.is_empty())
}
