//! What requests cost, next to what they could cost at best: `cargo bench --bench requests [-- --help]`.
//!
//! It fills a database, starts the release server on it, and asks for the standard operations over 16 connections: in turns
//! leadgraph, and the limit (see `limit`). Nothing of it runs in the tests.

mod fill;
mod footprint;
mod growth;
mod import;
mod limit;
mod load;
mod measure;
mod operations;
mod pages;
mod pgbench;
mod place;
mod rounds;
mod server;
mod table;
mod words;
mod writes;

use std::error::Error;
use std::time::Duration;

use clap::Parser;

/// Measures requests: throughput, times and memory next to what can be reached at best, on SQLite and PostgreSQL.
#[derive(Debug, Clone, Parser)]
struct Options {
    /// How much there is in the databases. 1 is 100 000 leads, 50 000 accounts, 100 000 contacts, 200 000 opportunities with
    /// history, 500 000 activities and 50 users.
    #[arg(long, default_value_t = 0.1)]
    scale: f64,
    /// How long each operation is driven in one round, in seconds.
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// How many rounds there are, of which the median counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Only these, of R1 to R6, W1 to W3, pages, memory and import; with commas between them.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Leaves out how the figures change with growing data, for which smaller databases are measured before.
    #[arg(long)]
    no_growth: bool,
    /// How many leads are imported.
    #[arg(long, default_value_t = 50_000)]
    import: usize,
    /// Only this database.
    #[arg(long, value_enum)]
    database: Option<place::Kind>,
    /// Serves the limit on a database; this is how the benchmark starts its other part.
    #[arg(long, hide = true)]
    limit: Option<String>,
    /// Cargo adds this.
    #[arg(long, hide = true)]
    bench: bool,
}

/// The standard operations.
const OPERATIONS: [&str; 9] = ["R1", "R2", "R3", "R4", "R5", "R6", "W1", "W2", "W3"];

impl Options {
    fn wants(&self, operation: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == operation)
    }

    fn round(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    if let Some(database) = &options.limit {
        return limit::serve(database).await;
    }
    for kind in [place::Kind::Sqlite, place::Kind::Postgres] {
        if options.database.is_some_and(|only| only != kind) {
            continue;
        }
        match place::Place::make(kind) {
            Ok(place) => all(&options, &place).await?,
            Err(reason) => table::say(format_args!("\n{}: SKIPPED, because {reason}", kind.name()))?,
        }
    }
    Ok(())
}

/// Everything on one database.
async fn all(options: &Options, place: &place::Place) -> Result<(), Box<dyn Error>> {
    let growth = !options.no_growth && OPERATIONS.iter().any(|operation| options.wants(operation));
    let mut figures = if growth { growth::smaller(options, place).await? } else { Vec::new() };
    figures.push(measure::measure(options, place, options.scale).await?);
    if growth {
        growth::print(&figures)?;
    }
    if options.wants("import") {
        import::measure(options, place).await?;
    }
    Ok(())
}
