//! `leadgraph serve`

use std::io::{ErrorKind, IsTerminal};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::{CommandError, browser, say, shutdown};
use crate::app::{App, SystemClock};
use crate::config::Settings;
use crate::demo::{self, DemoDatabase};
use crate::domains::user::administration::first_administrator;
use crate::http::documents::TrustedDocuments;
use crate::http::playground::DemoSignIn;
use crate::http::{self, Threads};
use crate::jobs::Ticker;

/// Serves the API, after bringing the database up to date.
#[derive(Debug, Args)]
pub struct Serve {
    /// Starts on a throw-away database that is filled with demo data, and opens the playground. No existing database is touched.
    #[arg(long)]
    demo: bool,
    /// Doesn't open the playground in the browser.
    #[arg(long, requires = "demo")]
    no_open: bool,
}

impl Serve {
    /// Serves until it is told to stop.
    pub async fn run(self, settings: Settings) -> Result<ExitCode, CommandError> {
        let mut for_http = settings.for_http();
        let manifest = settings.trusted_documents.as_deref().map(|file| TrustedDocuments::of_file(file, for_http.limits));
        for_http.trusted_documents = manifest.transpose().map_err(|error| CommandError::Failed(error.to_string()))?;
        let demo = if self.demo { Some(demo::prepare().await?) } else { None };
        let app = match &demo {
            Some(demo) => App::start(demo.database.clone(), Arc::new(SystemClock), settings.session_hours).await?,
            None => super::open(&settings).await?,
        };
        for_http.playground.demo_sign_in = demo.as_ref().map(sign_in);
        let threads = Threads::start(settings.workers)?;
        let running =
            http::start(app.clone(), for_http, threads.clone()).map_err(|error| cannot_listen(settings.listen, &error))?;
        say(format_args!("leadgraph listens on http://{}", running.address));
        match &demo {
            Some(demo) => self.greet(demo, running.address),
            None => greet_first_administrator(&app).await?,
        }
        let jobs = Ticker::start(&app, settings.job_seconds, &threads);
        let signals = tokio::spawn(shutdown::on_signal(running.stop()));
        let outcome = running.finished().await;
        signals.abort();
        jobs.stop().await;
        app.database().close().await.map_err(crate::error::Error::from)?;
        drop(threads);
        outcome?;
        Ok(ExitCode::SUCCESS)
    }

    /// Says how to get into the demo, and opens its playground for somebody who sits in front of the machine.
    fn greet(&self, demo: &DemoDatabase, address: SocketAddr) {
        say(format_args!("The demo data is thrown away when the server stops."));
        say(format_args!("Playground: http://{address}/"));
        say(format_args!("Sign in with {} and the password {}", demo.administrator, demo::PASSWORD));
        if !self.no_open && std::io::stdout().is_terminal() {
            browser::open(&format!("http://{address}/"));
        }
    }
}

fn sign_in(demo: &DemoDatabase) -> DemoSignIn {
    DemoSignIn { email: demo.administrator.clone(), password: demo::PASSWORD.to_owned() }
}

/// Creates the administrator of a workspace that has no users yet. The password is shown here and nowhere else.
async fn greet_first_administrator(app: &App) -> Result<(), CommandError> {
    if let Some((email, password)) = first_administrator(app).await? {
        say(format_args!("This workspace is new. Its administrator is {email}, with the one-time password {password}"));
        say("Sign in and change it: it is kept nowhere and will not be shown again.");
    }
    Ok(())
}

fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> CommandError {
    CommandError::Failed(match error.kind() {
        ErrorKind::AddrInUse => {
            format!(
                "Port {} is taken by another program: stop it, or choose another one with --listen {}:PORT.",
                address.port(),
                address.ip()
            )
        }
        ErrorKind::PermissionDenied => format!("You may not listen on {address}: choose a port from 1024 on."),
        ErrorKind::AddrNotAvailable => format!("This machine does not have the address {}.", address.ip()),
        _ => format!("Can't listen on {address}: {error}."),
    })
}
