//! A real server on a fresh database, and what tests say to it.

mod answer;
mod clock;
mod database;
mod outcomes;
mod people;
mod skip;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use leadgraph::app::App;
use leadgraph::http::{self, HttpSettings, Stop, Threads};
use reqwest::{Client, RequestBuilder};
use sea_orm::Statement;
use serde_json::{Value, json};

pub use answer::{Answer, answer_of};
pub use clock::TestClock;
pub use database::{TestDatabase, on_postgres};
pub use outcomes::Outcomes;
pub use people::{PASSWORD, Person};
pub use skip::{shared, skip};

/// How long a sign-in lasts in tests, in hours.
pub const SESSION_HOURS: i64 = 24;

/// A server with a database of its own. Dropping it stops the server and drops the database.
pub struct TestServer {
    pub app: App,
    pub clock: Arc<TestClock>,
    pub address: SocketAddr,
    pub client: Client,
    statements: Arc<AtomicUsize>,
    recorded: Arc<Mutex<Option<Vec<Statement>>>>,
    stop: Stop,
    server: tokio::task::JoinHandle<std::io::Result<()>>,
    // The last field: the database goes when nobody uses it any more.
    fresh: Arc<TestDatabase>,
}

impl TestServer {
    /// Starts a server as it is by default.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts a server with other settings.
    pub async fn start_with(change: impl FnOnce(&mut HttpSettings) + Send + 'static) -> Self {
        let start = async { Self::start_here(Arc::new(TestDatabase::fresh().await), Arc::default(), change).await };
        threads().spawn(start).await.unwrap()
    }

    /// Starts another server on the same database, as another process would be, with the same clock.
    pub async fn another(&self) -> Self {
        threads().spawn(Self::start_here(self.fresh.clone(), self.clock.clone(), |_| {})).await.unwrap()
    }

    async fn start_here(fresh: Arc<TestDatabase>, clock: Arc<TestClock>, change: impl FnOnce(&mut HttpSettings)) -> Self {
        let mut database = fresh.open().await;
        let statements = Arc::new(AtomicUsize::new(0));
        let recorded = Arc::<Mutex<Option<Vec<Statement>>>>::default();
        let (counter, recorder) = (statements.clone(), recorded.clone());
        database.on_statement(move |info| {
            counter.fetch_add(1, Ordering::Relaxed);
            if let Some(recorded) = recorder.lock().unwrap().as_mut() {
                recorded.push(info.statement.clone());
            }
        });
        let app = App::start(database, clock.clone(), SESSION_HOURS).await.unwrap();
        let mut settings = HttpSettings { workers: 1, ..HttpSettings::new(([127, 0, 0, 1], 0).into()) };
        change(&mut settings);
        let running = http::start(app.clone(), settings, threads().clone()).unwrap();
        let (address, stop) = (running.address, running.stop());
        let server = tokio::spawn(running.finished());
        // Less than the five seconds after which the server closes a connection: a request could cross the closing.
        let client = Client::builder().pool_idle_timeout(Duration::from_secs(2)).build().expect("client");
        Self { app, clock, address, client, statements, recorded, stop, server, fresh }
    }

    /// Where its database is, as the program is told.
    pub fn database(&self) -> &str {
        self.fresh.address()
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sends an operation, signed in or not, and reads the answer.
    pub async fn graphql(&self, person: impl Into<Option<&Person>>, query: &str, variables: Value) -> Answer {
        let mut request = self.client.post(self.url("/graphql")).json(&json!({ "query": query, "variables": variables }));
        if let Some(person) = person.into() {
            request = request.bearer_auth(&person.token);
        }
        answer_of(request).await
    }

    /// A POST to `/graphql` with this body, as JSON.
    pub fn post(&self, body: impl Into<reqwest::Body>) -> RequestBuilder {
        self.client.post(self.url("/graphql")).header("content-type", "application/json").body(body)
    }

    /// How many statements the database has got so far, while what is kept in memory stays there.
    pub fn statements_with_memory(&self) -> usize {
        self.statements.load(Ordering::Relaxed)
    }

    /// How many statements the database has got so far. What was kept in memory is forgotten, so that what comes next asks as if it
    /// were the first.
    pub fn statements(&self) -> usize {
        self.app.changes().note();
        self.statements.load(Ordering::Relaxed)
    }

    /// Keeps the statements that the database gets, with their values, until they are asked for.
    pub fn record(&self) {
        *self.recorded.lock().unwrap() = Some(Vec::new());
    }

    /// What was kept.
    pub fn recorded(&self) -> Vec<Statement> {
        self.recorded.lock().unwrap().take().unwrap_or_default()
    }

    /// Stops the server as an operator would, and waits for it.
    pub async fn shut_down(mut self) -> std::io::Result<()> {
        let stop = self.stop.clone();
        threads().spawn(async move { stop.gracefully().await }).await.unwrap();
        (&mut self.server).await.unwrap()
    }

    /// What stops the server.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        let stop = self.stop.clone();
        threads().spawn(async move { stop.at_once().await });
    }
}

/// The threads on which all servers carry out their operations, and start and stop. The tests themselves run on one each.
pub fn threads() -> &'static Threads {
    static THREADS: OnceLock<Threads> = OnceLock::new();
    THREADS.get_or_init(|| Threads::start(2).unwrap())
}

impl TestServer {
    /// Keeps everybody else from writing leads until the transaction ends.
    pub async fn block_leads(&self) -> leadgraph::data::database::Transaction {
        let transaction = self.app.database().begin().await.unwrap();
        // On SQLite an open write transaction is enough.
        if on_postgres() {
            sea_orm::ConnectionTrait::execute_unprepared(&transaction, "LOCK TABLE leads IN ACCESS EXCLUSIVE MODE")
                .await
                .unwrap();
        }
        transaction
    }
}
