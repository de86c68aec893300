//! `leadgraph schema`

use std::process::ExitCode;

use super::{CommandError, say};

/// Prints the schema, as `schema.graphql` has it.
pub fn run() -> Result<ExitCode, CommandError> {
    say(crate::graphql::schema::sdl().trim_end());
    Ok(ExitCode::SUCCESS)
}
