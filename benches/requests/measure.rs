//! The measurement of one database.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use leadgraph::app::{App, SystemClock};
use leadgraph::data::database::Database;

use super::load::{Client, Measured, Prepared, Requests};
use super::place::{Kind, Place, open};
use super::server::Server;
use super::{Options, fill, operations, say};

/// How long everybody gets used to an operation before it is measured.
const WARM_UP: Duration = Duration::from_millis(300);
/// How many answers to each read are compared, byte by byte.
const COMPARED: usize = 64;
/// Leads for one round of conversions.
const LEADS_A_ROUND: usize = 4_000;

/// Measures everything on one database and prints it.
pub async fn measure(options: &Options, place: Place) -> Result<(), Box<dyn Error>> {
    let name = if place.kind == Kind::Sqlite { "SQLite" } else { "PostgreSQL" };
    let address = place.database("requests").await?;
    let begun = Instant::now();
    let database = open(&address).await?;
    database.migrate().await?;
    let app = App::start(database.clone(), Arc::new(SystemClock), 1).await.map_err(|error| error.sentences())?;
    let records = fill::fill(&app, options.scale).await?;
    say(format_args!("\n{name}, scale {}: {records} records, made in {:.1} s", options.scale, begun.elapsed().as_secs_f64()))?;
    let ours = Server::leadgraph(&address)?;
    let limit = Server::limit(&address)?;
    let anonymous = Client::connect(ours.address, "").await?;
    let token = operations::sign_in(&anonymous, fill::EMAIL, fill::PASSWORD).await?;
    let client = Client::connect(ours.address, &token).await?;
    let bare = Client::connect(limit.address, "").await?;
    say(format_args!("{:22} {:>9} {:>9} {:>6} {:>8} {:>8} {:>8} {:>9} {:>9}", "operation", "ours/s", "limit/s", "ratio", "p50 ms", "p99 ms", "p99/p50", "limit p50", "limit p99"))?;
    for read in operations::reads(&database, &client).await? {
        if options.wants(read.name) {
            compare(&client, &read.ours, &bare, &read.limit).await.map_err(|error| format!("{}: {error}", read.name))?;
            let best = best_limit(place.kind, &bare, &read).await?;
            let (one, other) = alternate(options, (&client, &Requests::cycle(&read.ours)), (&bare, &best)).await?;
            row(&format!("{} {}", read.name, read.title), &one, Some(&other))?;
        }
    }
    writes(options, &app, &database, &client).await?;
    say(format_args!("peak memory {:.0} MiB, the limit's {:.0} MiB", ours.peak_memory(), limit.peak_memory()))?;
    drop((ours, limit));
    database.close().await?;
    place.remove(&address).await
}

/// Fails unless both answer the same bytes.
async fn compare(client: &Client, ours: &[Prepared], bare: &Client, limit: &[Prepared]) -> Result<(), Box<dyn Error>> {
    for (one, other) in ours.iter().zip(limit).take(COMPARED) {
        let (one, other) = (client.send(one).await?, bare.send(other).await?);
        if one != other {
            let same = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
            let from = |text: &[u8]| String::from_utf8_lossy(&text[same.saturating_sub(40)..(same + 80).min(text.len())]).into_owned();
            return Err(format!("the answers differ:\n… {}\n… {}", from(&one), from(&other)).into());
        }
    }
    Ok(())
}

/// The limit's requests: on PostgreSQL those that it answers faster of two kinds, from rows or with JSON from the database.
async fn best_limit(kind: Kind, bare: &Client, read: &operations::Read) -> Result<Requests, Box<dyn Error>> {
    let from_rows = Requests::cycle(&read.limit);
    if kind == Kind::Sqlite || read.name == "R6" {
        return Ok(from_rows);
    }
    let by_database = |request: &Prepared| Prepared { path: format!("/json{}", request.path), body: None };
    let from_database = Requests::cycle(&read.limit.iter().map(by_database).collect::<Vec<_>>());
    let mut throughput = [0.0_f64; 2];
    for _ in 0..2 {
        for (requests, best) in [&from_rows, &from_database].into_iter().zip(&mut throughput) {
            *best = best.max(bare.drive(requests, WARM_UP, is_fine).await?.throughput);
        }
    }
    Ok(if throughput[0] >= throughput[1] { from_rows } else { from_database })
}

/// Drives both in turns and answers the median round of each.
async fn alternate(
    options: &Options,
    (client, ours): (&Client, &Requests),
    (bare, limit): (&Client, &Requests),
) -> Result<(Measured, Measured), Box<dyn Error>> {
    client.drive(ours, WARM_UP, is_fine).await?;
    bare.drive(limit, WARM_UP, is_fine).await?;
    let (mut one, mut other) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        one.push(client.drive(ours, options.round(), is_fine).await?);
        other.push(bare.drive(limit, options.round(), is_fine).await?);
    }
    Ok((median(one)?, median(other)?))
}

fn median(mut rounds: Vec<Measured>) -> Result<Measured, Box<dyn Error>> {
    rounds.sort_by(|one, other| one.throughput.total_cmp(&other.throughput));
    let middle = rounds.len() / 2;
    Ok(rounds.into_iter().nth(middle).ok_or("no rounds")?)
}

/// Whether an answer has neither errors nor refusals.
fn is_fine(answer: &[u8]) -> bool {
    let has = |text: &[u8]| answer.windows(text.len()).any(|window| window == text);
    !answer.starts_with(b"{\"errors") && !(has(b"\"userErrors\":[{") || has(b"\"errors\":["))
}

async fn writes(options: &Options, app: &App, database: &Database, client: &Client) -> Result<(), Box<dyn Error>> {
    if options.wants("W1") {
        let requests = Requests::cycle(&operations::creations(database).await?);
        row("W1 create lead", &rounds(options, client, &requests).await?, None)?;
    }
    if options.wants("W2") {
        let mut measured = Vec::new();
        for _ in 0..options.rounds {
            let leads = fill::add_leads(app, LEADS_A_ROUND).await?;
            let requests = Requests::once(&operations::conversions(&leads));
            measured.push(client.drive(&requests, options.round(), is_fine).await?);
        }
        row("W2 convert", &median(measured)?, None)?;
    }
    if options.wants("W3") {
        let requests = Requests::own(operations::moves(database).await?);
        row("W3 move", &rounds(options, client, &requests).await?, None)?;
    }
    Ok(())
}

async fn rounds(options: &Options, client: &Client, requests: &Requests) -> Result<Measured, Box<dyn Error>> {
    client.drive(requests, WARM_UP, is_fine).await?;
    let mut measured = Vec::new();
    for _ in 0..options.rounds {
        measured.push(client.drive(requests, options.round(), is_fine).await?);
    }
    median(measured)
}

fn row(name: &str, ours: &Measured, limit: Option<&Measured>) -> std::io::Result<()> {
    let (p50, p99) = (ours.percentile(50.0), ours.percentile(99.0));
    let line = format!("{name:22} {:9.0}", ours.throughput);
    match limit {
        None => say(format_args!("{line} {:>9} {:>6} {p50:8.2} {p99:8.2} {:8.1}", "", "", p99 / p50)),
        Some(limit) => say(format_args!(
            "{line} {:9.0} {:6.2} {p50:8.2} {p99:8.2} {:8.1} {:9.2} {:9.2}",
            limit.throughput,
            ours.throughput / limit.throughput,
            p99 / p50,
            limit.percentile(50.0),
            limit.percentile(99.0)
        )),
    }
}
