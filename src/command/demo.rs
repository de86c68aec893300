//! `leadgraph demo`

use std::process::ExitCode;

use clap::Args;
use indicatif::ProgressBar;

use super::{CommandError, open, say};
use crate::config::Settings;
use crate::demo::scale;
use crate::error::Error;

/// Fills a new database with made-up rows, for measuring. (`leadgraph serve --demo` shows a small believable workspace.)
#[derive(Debug, Args)]
pub struct Demo {
    /// How much: 1 makes a million opportunities, two million leads and about ten million rows of their histories. At most 10.
    #[arg(long, default_value_t = 0.01)]
    scale: f64,
    /// The same seed makes the same workspace.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Demo {
    /// Fills the database and says with how much.
    pub async fn run(self, settings: Settings) -> Result<ExitCode, CommandError> {
        // Building the indexes of very many rows takes longer than any request may.
        let app = open(&Settings { database_statement_seconds: 0, ..settings }).await?;
        let bar = ProgressBar::new(0);
        let progress = |done, all| {
            bar.set_length(all);
            bar.set_position(done);
        };
        let made = scale::fill(&app, self.scale, self.seed, &progress).await;
        bar.finish_and_clear();
        app.database().close().await.map_err(Error::from)?;
        let made = made?;
        say(format_args!(
            "{} opportunities and {} leads made, with {} rows of history.",
            made.opportunities, made.leads, made.history
        ));
        Ok(ExitCode::SUCCESS)
    }
}
