//! `leadgraph migrate`

use std::process::ExitCode;

use super::{CommandError, say};
use crate::config::Settings;
use crate::data::database::Database;

/// Brings the database up to date and says what was done.
pub async fn run(settings: Settings) -> Result<ExitCode, CommandError> {
    let target = settings.for_database();
    let database = Database::open(&target).await?;
    let steps = database.migrate().await?;
    database.close().await.map_err(crate::error::Error::from)?;
    for step in &steps {
        say(format_args!("applied {step}"));
    }
    say(match steps.len() {
        0 => format!("{} was up to date.", target.display_name()),
        1 => format!("{} is up to date: 1 step applied.", target.display_name()),
        count => format!("{} is up to date: {count} steps applied.", target.display_name()),
    });
    Ok(ExitCode::SUCCESS)
}
