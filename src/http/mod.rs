//! HTTP: identity in, response out. GraphQL over POST, GET and WebSocket, the playground, health, the schema as text, and what websites' forms send.

mod answer;
pub mod documents;
mod graphql;
mod health;
mod identity;
mod intake;
mod limits;
mod operation;
mod parameters;
pub mod playground;
mod quotes;
mod reports;
mod request_log;
mod threads;
mod websocket;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_cors::Cors;
use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{Data, ServiceConfig, scope};
use actix_web::{App as Application, HttpServer};
use tokio::sync::watch;
use tokio::task::AbortHandle;

use crate::app::App;
use crate::data::database::use_own_connections;
use crate::graphql::schema::{self, Limits};
use documents::TrustedDocuments;
use playground::PlaygroundConfig;

pub use threads::Threads;

/// How long running requests may take to finish when the server stops.
const SHUTDOWN_SECONDS: u64 = 30;

/// What the HTTP layer is told.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Where to listen. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// How many threads speak HTTP. In an optimised build they carry out the operations, too; otherwise it is little work beside them.
    pub workers: usize,
    /// Other sites whose pages may use the API, as `https://app.example.com`.
    pub allowed_origins: Vec<String>,
    /// What one request may ask for.
    pub limits: Limits,
    /// The most bytes that the body of a request, or a WebSocket message, may have.
    pub body_bytes: usize,
    /// How long one operation may take.
    pub timeout: Duration,
    /// Whether the schema may be asked for by those who are not signed in.
    pub open_introspection: bool,
    /// What the playground is told.
    pub playground: PlaygroundConfig,
    /// Where there are such, no other documents are carried out, and there is no playground.
    pub trusted_documents: Option<TrustedDocuments>,
}

impl HttpSettings {
    /// The settings that fit most, on this address: see `config::Settings` for the same with their names.
    pub fn new(listen: SocketAddr) -> Self {
        Self {
            listen,
            workers: 2,
            allowed_origins: Vec::new(),
            limits: Limits::default(),
            body_bytes: 1_048_576,
            timeout: Duration::from_secs(30),
            open_introspection: listen.ip().is_loopback(),
            playground: PlaygroundConfig::default(),
            trusted_documents: None,
        }
    }
}

/// What every handler reaches.
struct State {
    app: App,
    settings: HttpSettings,
    operations: operation::Operations,
    schema_text: String,
    stopping: watch::Receiver<bool>,
    _listening: Listening,
}

/// The task that listens to what other processes change. It ends with the server.
struct Listening(AbortHandle);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A server that accepts requests. It runs while `finished` is awaited.
pub struct Running {
    /// Where it listens, with the port that it really has.
    pub address: SocketAddr,
    server: Server,
    stop: Stop,
}

impl Running {
    /// What stops the server, from any thread.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Waits until the server has stopped.
    ///
    /// # Errors
    /// When the server fails.
    pub async fn finished(self) -> std::io::Result<()> {
        self.server.await
    }
}

/// Stops a server.
#[derive(Clone)]
pub struct Stop {
    handle: ServerHandle,
    stopping: Arc<watch::Sender<bool>>,
}

impl Stop {
    /// Takes no new requests, says goodbye on WebSockets and lets running requests finish, for at most 30 seconds.
    pub async fn gracefully(&self) {
        self.stopping.send_replace(true);
        self.handle.stop(true).await;
    }

    /// Drops everything.
    pub async fn at_once(&self) {
        self.stopping.send_replace(true);
        self.handle.stop(false).await;
    }
}

/// Binds the address and starts to answer requests. Operations are carried out on the threads.
///
/// # Errors
/// When the address can't be bound: `AddrInUse` where another program has the port.
pub fn start(app: App, settings: HttpSettings, threads: Threads) -> std::io::Result<Running> {
    let (stopping, stopping_seen) = watch::channel(false);
    let (listen, workers) = (settings.listen, settings.workers);
    let page = Data::new(settings.playground.clone());
    let intake = Data::new(intake::Intake::new(app.clone(), threads.clone()));
    let listening = threads.spawn(app.changes().listen(app.database()));
    let state = Data::new(State {
        _listening: Listening(listening.abort_handle()),
        operations: operation::Operations::new(&app, &settings, threads),
        schema_text: schema::sdl(),
        app,
        settings,
        stopping: stopping_seen,
    });
    let started = Arc::new(AtomicUsize::new(0));
    let server = HttpServer::new(move || {
        // This runs once on each of the threads that speak HTTP.
        use_own_connections(started.fetch_add(1, Ordering::Relaxed));
        Application::new()
            .app_data(state.clone())
            .app_data(page.clone())
            .app_data(intake.clone())
            // It answers to other sites by rules of its own.
            .configure(intake::configure)
            .service(scope("").wrap(cors(&state.settings.allowed_origins)).configure(|config| routes(config, &state.settings)))
            .wrap(Compress::default())
            .wrap(from_fn(request_log::request))
    })
    .workers(workers)
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .disable_signals()
    .bind(listen)?;
    let address = server.addrs().first().copied().unwrap_or(listen);
    let server = server.run();
    let stop = Stop { handle: server.handle(), stopping: Arc::new(stopping) };
    Ok(Running { address, server, stop })
}

/// Everything that the API's own pages use.
fn routes(config: &mut ServiceConfig, settings: &HttpSettings) {
    config
        .configure(graphql::configure)
        .configure(health::configure)
        .configure(quotes::configure)
        .configure(reports::configure)
        .configure(if settings.trusted_documents.is_some() { playground::configure_absent } else { playground::configure });
}

/// Lets pages of the named sites use the API with the session cookie; all others get no permission from us, and browsers
/// keep our answers from them.
fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "POST", "OPTIONS"])
        .allow_any_header()
        .expose_headers([request_log::REQUEST_ID])
        .supports_credentials()
        .max_age(3_600);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
