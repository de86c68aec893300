//! `leadgraph serve`

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Args;

use super::{CommandError, say, shutdown};
use crate::config::Settings;
use crate::http;

/// Serves the API, after bringing the database up to date.
#[derive(Debug, Args)]
pub struct Serve {}

impl Serve {
    /// Serves until it is told to stop.
    pub async fn run(self, settings: Settings) -> Result<ExitCode, CommandError> {
        let app = super::open(&settings).await?;
        let running = http::start(app.clone(), settings.for_http()).map_err(|error| cannot_listen(settings.listen, &error))?;
        say(format_args!("leadgraph listens on http://{}", running.address));
        let signals = tokio::spawn(shutdown::on_signal(running.stop()));
        let outcome = running.finished().await;
        signals.abort();
        app.database().close().await.map_err(crate::error::Error::from)?;
        outcome?;
        Ok(ExitCode::SUCCESS)
    }
}

fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> CommandError {
    CommandError::Failed(match error.kind() {
        ErrorKind::AddrInUse => {
            format!("Port {} is taken by another program: stop it, or choose another one with --listen {}:PORT.", address.port(), address.ip())
        }
        ErrorKind::PermissionDenied => format!("You may not listen on {address}: choose a port from 1024 on."),
        ErrorKind::AddrNotAvailable => format!("This machine does not have the address {}.", address.ip()),
        _ => format!("Can't listen on {address}: {error}."),
    })
}
