//! `leadgraph import`

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{CommandError, complain, open, say};
use crate::app::App;
use crate::auth::Actor;
use crate::config::Settings;
use crate::domains::user::administration;
use crate::error::{Error, Result};
use crate::import::mapping::Mapping;
use crate::import::{Kind, Request, Summary, import};

/// Some rows were rejected, or the import ended early.
const SOME_REJECTED: u8 = 1;
/// Nothing was done.
const NOTHING_DONE: u8 = 2;

/// Imports records from a file: CSV of any delimiter or JSON, in UTF-8.
///
/// The exit code is 0 when every row went in, 1 when some were rejected, and 2 when nothing was done.
#[derive(Debug, Args)]
pub struct Import {
    /// What the rows are.
    #[arg(value_enum)]
    kind: Kind,
    /// The file.
    file: PathBuf,
    /// How columns become fields, in TOML: see `examples/`. Without it, columns go to the fields of the same name.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Do everything, report it, and undo it.
    #[arg(long)]
    dry_run: bool,
    /// Hand out new leads that have no owner by the assignment rules that are switched on. [default: they lie in the pool]
    #[arg(long)]
    assign: bool,
    /// Where rejected rows go, with line, column and reason. [default: beside the file, as FILE.rejects.csv]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// The user on whose behalf records are made. [default: the first administrator]
    #[arg(long = "as", value_name = "EMAIL")]
    user: Option<String>,
}

impl Import {
    /// Imports the file and says what was done.
    pub async fn run(self, settings: Settings) -> Result<ExitCode, CommandError> {
        let app = open(&settings).await?;
        let code = match self.import(&app).await {
            Ok(code) => code,
            Err(error) => {
                complain(CommandError::from(error));
                ExitCode::from(NOTHING_DONE)
            }
        };
        app.database().close().await.map_err(Error::from)?;
        Ok(code)
    }

    async fn import(self, app: &App) -> Result<ExitCode> {
        let actor = actor(app, self.user.as_deref()).await?;
        let mapping = self.mapping.as_deref().map(Mapping::read).transpose()?;
        let request = Request {
            kind: self.kind,
            file: self.file,
            mapping,
            rejects: self.rejects,
            assign: self.assign,
            dry_run: self.dry_run,
        };
        let bar = if std::io::stderr().is_terminal() { bar() } else { ProgressBar::hidden() };
        let start = Instant::now();
        let summary = import(app, &actor, &request, &|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        })
        .await;
        bar.finish_and_clear();
        let summary = summary?;
        report(&summary, start.elapsed().as_secs_f64(), request.dry_run);
        let code = match &summary {
            Summary { stopped: None, rejected: 0, .. } => return Ok(ExitCode::SUCCESS),
            summary if summary.rows() == summary.rejected => NOTHING_DONE,
            _ => SOME_REJECTED,
        };
        Ok(ExitCode::from(code))
    }
}

/// The user that is named, or the first administrator who may still sign in; on an empty database there is one from now on.
async fn actor(app: &App, email: Option<&str>) -> Result<Actor> {
    if let Some((email, password)) = administration::first_administrator(app).await? {
        say(format_args!(
            "The database was empty: an administrator was created. Sign in as {email} with the password {password}"
        ));
    }
    let user = administration::acting(app, email).await?;
    Ok(Actor::of(user))
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    match ProgressStyle::with_template("{wide_bar} {percent:>3} %  {elapsed} / {eta} to go") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn report(summary: &Summary, seconds: f64, dry_run: bool) {
    if !summary.unused.is_empty() {
        say(format_args!("Columns that go nowhere: {}.", summary.unused.join(", ")));
    }
    say(format_args!(
        "{} created, {} updated, {} unchanged, {} rejected in {seconds:.1} s.",
        summary.created, summary.updated, summary.unchanged, summary.rejected
    ));
    if let Some(path) = &summary.rejects {
        say(format_args!("Rejected rows are in {}: correct them there and import that file.", path.display()));
    }
    if dry_run {
        say("This was a dry run: everything is as it was.");
    }
    if let Some(cause) = &summary.stopped {
        complain(format_args!(
            "The import ended early: {cause} What is counted above is in; rows with an external id can be imported again."
        ));
    }
}
