//! The measurement of one database.

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use leadgraph::app::{App, SystemClock};

use super::load::{Client, Prepared, Requests};
use super::operations::Read;
use super::pgbench::Pgbench;
use super::place::{Kind, Place, open};
use super::rounds::{Rounds, alternate, warm_up};
use super::server::Server;
use super::table::{self, figure, say};
use super::writes::Writes;
use super::{Options, fill, footprint, operations, pages};

/// How many answers to each read are compared, byte by byte.
const COMPARED: usize = 64;

/// What was measured, by the names of operations.
pub type Figures = Vec<(&'static str, Rounds)>;

/// Measures everything on a database of this scale and prints it.
pub async fn measure(options: &Options, place: &Place, scale: f64) -> Result<Figures, Box<dyn Error>> {
    let address = place.database("requests").await?;
    let begun = Instant::now();
    let database = open(&address).await?;
    database.migrate().await?;
    let app = App::start(database.clone(), Arc::new(SystemClock), 1).await.map_err(|error| error.sentences())?;
    let records = fill::fill(&app, scale).await?;
    say(format_args!(
        "\n{}, scale {scale}: {records} records, made in {:.1} s",
        place.kind.name(),
        begun.elapsed().as_secs_f64()
    ))?;
    let ours = Server::leadgraph(&address)?;
    let limit = Server::limit(&address)?;
    let anonymous = Client::connect(&ours, "").await?;
    let token = operations::sign_in(&anonymous, fill::EMAIL, fill::PASSWORD).await?;
    let client = Client::connect(&ours, &token).await?;
    let bare = Client::connect(&limit, "").await?;
    let pgbench = if place.kind == Kind::Postgres { Pgbench::find(&address, &database).await? } else { None };
    let mut figures = Vec::new();
    table::head()?;
    for read in operations::reads(&database, &client).await?.iter().filter(|read| options.wants(read.name)) {
        let rounds = measure_read(options, place.kind, &client, &bare, read).await?;
        table::operation(read.name, read.title, &rounds)?;
        figures.push((read.name, rounds));
    }
    let writes = Writes { options, app: &app, client: &client, bare: &bare, pgbench: pgbench.as_ref() };
    figures.extend(writes.measure().await?);
    if options.wants("pages") {
        pages::measure(options, &client).await?;
    }
    if options.wants("memory") {
        say("")?;
        let peak = ours.peak_memory();
        figure("peak memory under load, MiB", format_args!("{peak:.0}"), Some((peak <= 120.0, "at most 120")))?;
        figure("the limit's peak memory, MiB", format_args!("{:.0}", limit.peak_memory()), None)?;
    }
    drop((ours, limit));
    if options.wants("memory") {
        footprint::measure(&address).await?;
    }
    database.close().await?;
    place.remove(&address).await?;
    Ok(figures)
}

async fn measure_read(
    options: &Options,
    kind: Kind,
    client: &Client,
    bare: &Client,
    read: &Read,
) -> Result<Rounds, Box<dyn Error>> {
    compare(client, &read.ours, bare, &read.limit).await.map_err(|error| format!("{}: {error}", read.name))?;
    let best = best_limit(kind, bare, read).await?;
    alternate((client, &Requests::cycle(&read.ours)), (bare, &best), options.rounds, options.round()).await
}

/// Fails unless both answer the same bytes.
async fn compare(client: &Client, ours: &[Prepared], bare: &Client, limit: &[Prepared]) -> Result<(), Box<dyn Error>> {
    for (one, other) in ours.iter().zip(limit).take(COMPARED) {
        let (one, other) = (client.send(one).await?, bare.send(other).await?);
        if one != other {
            let same = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
            let from =
                |text: &[u8]| String::from_utf8_lossy(&text[same.saturating_sub(40)..(same + 80).min(text.len())]).into_owned();
            return Err(format!("the answers differ:\n… {}\n… {}", from(&one), from(&other)).into());
        }
    }
    Ok(())
}

/// The limit's requests: on PostgreSQL those that it answers faster of two kinds, from rows or with JSON from the database.
async fn best_limit(kind: Kind, bare: &Client, read: &Read) -> Result<Requests, Box<dyn Error>> {
    let from_rows = Requests::cycle(&read.limit);
    if kind == Kind::Sqlite || read.name == "R6" {
        return Ok(from_rows);
    }
    let by_database = |request: &Prepared| Prepared { path: format!("/json{}", request.path), body: None };
    let from_database = Requests::cycle(&read.limit.iter().map(by_database).collect::<Vec<_>>());
    let mut throughput = [0.0_f64; 2];
    for _ in 0..2 {
        for (requests, best) in [&from_rows, &from_database].into_iter().zip(&mut throughput) {
            *best = best.max(warm_up((bare, requests)).await?);
        }
    }
    Ok(if throughput[0] >= throughput[1] { from_rows } else { from_database })
}
