//! The command line: one file per command.

mod browser;
mod demo;
mod export;
mod import;
mod log;
mod migrate;
mod rebuild_summaries;
mod schema;
mod serve;
mod shutdown;
mod user;

use std::fmt::Display;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::app::{App, SystemClock};
use crate::config::{Settings, SettingsError};
use crate::data::database::{Database, DatabaseError};
use crate::error::Error;

/// The headless CRM: leads, contacts, accounts and opportunities behind one typed GraphQL API.
#[derive(Debug, Parser)]
#[command(name = "leadgraph", version, about, max_term_width = 120)]
struct CommandLine {
    /// The file with the settings, in TOML. [default: leadgraph.toml in the working directory, if it is there]
    #[arg(long, global = true, env = "LEADGRAPH_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the API, after bringing the database up to date.
    Serve(serve::Serve),
    /// Brings the database up to date.
    Migrate,
    /// Fills a new database with made-up rows, for measuring.
    Demo(demo::Demo),
    /// Exports records as CSV.
    Export(export::Export),
    /// Imports records from a file.
    Import(import::Import),
    /// Makes what reports read besides the records anew from the histories, and says what was wrong with it.
    RebuildSummaries,
    /// Prints the schema of the API.
    Schema,
    /// Manages who can sign in.
    User(user::User),
}

/// Why a command failed. The sentence is meant for the person who gave it.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The settings can't be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The database can't be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// Something that the command asked for was refused, or failed.
    #[error("{0}")]
    Failed(String),
    /// The operating system refuses something.
    #[error("{0}")]
    System(#[from] std::io::Error),
}

impl From<Error> for CommandError {
    /// On the command line there is nobody to hide the cause from.
    fn from(error: Error) -> Self {
        let sentences = error.sentences();
        match error {
            Error::Fault(fault) => Self::Failed(fault.cause.map_or(sentences, |cause| cause.to_string())),
            Error::Refused(_) => Self::Failed(sentences),
        }
    }
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let matches = CommandLine::command().get_matches();
    match run(&matches) {
        Ok(code) => code,
        Err(CommandError::Settings(SettingsError::CommandLine(error))) => error.exit(),
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(matches: &ArgMatches) -> Result<ExitCode, CommandError> {
    let given = CommandLine::from_arg_matches(matches).map_err(SettingsError::CommandLine)?;
    let settings = Settings::load(matches, given.config.as_deref())?;
    log::start(&settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match given.command {
        Command::Serve(serve) => runtime.block_on(serve.run(settings)),
        Command::Migrate => runtime.block_on(migrate::run(settings)),
        Command::Demo(demo) => runtime.block_on(demo.run(settings)),
        Command::Export(export) => runtime.block_on(export.run(settings)),
        Command::Import(import) => runtime.block_on(import.run(settings)),
        Command::RebuildSummaries => runtime.block_on(rebuild_summaries::run(settings)),
        Command::Schema => schema::run(),
        Command::User(user) => runtime.block_on(user.run(settings)),
    }
}

/// Opens the database, brings it up to date and makes what requests use.
async fn open(settings: &Settings) -> Result<App, CommandError> {
    let database = Database::open(&settings.for_database()).await?;
    database.migrate().await?;
    Ok(App::start(database, Arc::new(SystemClock), settings.session_hours).await?)
}

/// Prints a line for the person who gave the command. Where nobody listens any more, it gets lost.
fn say(line: impl Display) {
    drop(writeln!(std::io::stdout(), "{line}"));
}

/// Prints what went wrong.
fn complain(line: impl Display) {
    drop(writeln!(std::io::stderr(), "error: {line}"));
}
