//! The log: to the standard error output, so that it doesn't mix with what commands print.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use super::CommandError;
use crate::config::{LogFormat, Settings};

/// Starts the log.
pub fn start(settings: &Settings) -> Result<(), CommandError> {
    let filter = EnvFilter::try_new(&settings.log_level)
        .map_err(|error| CommandError::Failed(format!("`log_level` can't be read: {error}.")))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Plain => log.with_target(false).with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).init(),
    }
    Ok(())
}
