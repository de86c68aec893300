//! `leadgraph rebuild-summaries`

use std::process::ExitCode;

use super::{CommandError, open, say};
use crate::config::Settings;
use crate::error::Error;
use crate::reports::summaries::rebuild;

/// Makes the summaries anew and says what was wrong with them.
pub async fn run(settings: Settings) -> Result<ExitCode, CommandError> {
    // All histories are read, which may take longer than any request may.
    let app = open(&Settings { database_statement_seconds: 0, ..settings }).await?;
    let corrected = rebuild(&app).await;
    app.database().close().await.map_err(Error::from)?;
    let corrected = corrected?;
    say(format_args!(
        "Corrected {} leads, {} changes of their statuses, the wins of {} opportunities and the stages of {}.",
        corrected.leads, corrected.lead_status_changes, corrected.wins, corrected.stages_reached
    ));
    Ok(ExitCode::SUCCESS)
}
