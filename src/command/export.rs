//! `leadgraph export`

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use tempfile::NamedTempFile;

use super::{CommandError, open};
use crate::app::App;
use crate::auth::Actor;
use crate::config::Settings;
use crate::domains::user::administration;
use crate::error::{Error, Result};
use crate::export::export;
use crate::import::Kind;

/// Exports records as CSV, with the columns that `leadgraph import` takes: what was exported can be imported again.
///
/// A text that a spreadsheet would take for a formula has an apostrophe before it, which an import takes away again. Exchange rates
/// are those to the base currency.
#[derive(Debug, Args)]
pub struct Export {
    /// Which records.
    #[arg(value_enum)]
    kind: Kind,
    /// The file. An existing one is replaced once the new one is complete. [default: standard output]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// The user on whose behalf records are read. [default: the first administrator]
    #[arg(long = "as", value_name = "EMAIL")]
    user: Option<String>,
}

impl Export {
    /// Exports the records and says how many they are.
    pub async fn run(self, settings: Settings) -> Result<ExitCode, CommandError> {
        let app = open(&settings).await?;
        let written = self.export(&app).await;
        app.database().close().await.map_err(Error::from)?;
        let written = written?;
        // Standard output may be the export itself.
        drop(writeln!(std::io::stderr(), "{written} exported."));
        Ok(ExitCode::SUCCESS)
    }

    async fn export(&self, app: &App) -> Result<u64> {
        let actor = Actor::of(administration::acting(app, self.user.as_deref()).await?);
        let Some(path) = &self.to else {
            return export(app, actor.scope(), self.kind, BufWriter::new(std::io::stdout())).await;
        };
        let unwritable = |cause: std::io::Error| Error::bad_input(format!("{} cannot be written: {cause}.", path.display()));
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = NamedTempFile::new_in(folder).map_err(unwritable)?;
        let written = export(app, actor.scope(), self.kind, BufWriter::new(file.as_file())).await?;
        file.persist(path).map_err(|failure| unwritable(failure.error))?;
        Ok(written)
    }
}
