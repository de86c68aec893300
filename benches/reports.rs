//! What reports cost, at three sizes a factor ten apart: `cargo bench --bench reports [-- SCALE]`.
//!
//! The largest size is the scale (0.1 where nothing is said; 1 is a million opportunities, two million leads and about twelve million
//! rows of history). On SQLite, or on the PostgreSQL server that `LEADGRAPH_TEST_POSTGRES` names, in databases of its own.
//! The figures that were measured stand in docs/performance.md.

use std::error::Error;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_graphql::Request;
use entity::user;
use leadgraph::app::{App, SystemClock};
use leadgraph::auth::Actor;
use leadgraph::data::database::{Database, DatabaseSettings};
use leadgraph::demo::scale;
use leadgraph::graphql::context::Caller;
use leadgraph::graphql::loaders;
use leadgraph::graphql::schema::{Limits, Schema, serving};
use sea_orm::{ConnectionTrait, EntityTrait};

/// How often each report is asked for after the first time, unless that takes too long.
const TIMES: usize = 7;
/// No report is asked for again after this long.
const PATIENCE: Duration = Duration::from_secs(10);

const YEAR: &str = "period: {name: LAST_12_MONTHS}";

fn reports() -> Vec<(&'static str, String)> {
    let ago = (chrono::Utc::now() - chrono::TimeDelta::days(180)).to_rfc3339();
    let figure = "{ count amount { amount } filter }";
    vec![
        ("pipeline", "pipeline { rows { count amount { amount } weightedAmount { amount } averageDaysInStage } }".to_owned()),
        ("pipeline as of", format!("pipeline(asOf: \"{ago}\") {{ rows {{ count amount {{ amount }} averageDaysInStage }} }}")),
        ("win/loss by owner", format!("winLoss({YEAR}, groupBy: [OWNER]) {{ rows {{ won {figure} lost {figure} winRate }} }}")),
        (
            "win/loss by industry",
            format!("winLoss({YEAR}, groupBy: [INDUSTRY]) {{ rows {{ won {figure} lost {figure} winRate }} }}"),
        ),
        ("lead funnel, cohort", format!("leadFunnel({YEAR}) {{ rows {{ steps {{ count rate }} }} }}")),
        ("lead funnel, events", format!("leadFunnel({YEAR}, basis: EVENT) {{ rows {{ steps {{ count rate }} }} }}")),
        (
            "conversion by source",
            format!("conversion({YEAR}) {{ rows {{ leads {{ count }} won {figure} medianDaysToConvert }} }}"),
        ),
        ("channel return", format!("channelReturn({YEAR}) {{ rows {{ returnOnInvestment won {figure} }} }}")),
        ("forecast", format!("forecast({YEAR}, groupBy: [TEAM]) {{ rows {{ closed {figure} commit {figure} }} }}")),
        ("sales cycle", format!("salesCycle({YEAR}) {{ total {{ medianDays }} stages {{ reached averageDays }} }}")),
        ("leaderboard", format!("leaderboard({YEAR}) {{ rows {{ rank won {figure} }} }}")),
        ("lead velocity", format!("leadVelocity({YEAR}) {{ month qualified growth }}")),
        ("sales velocity", format!("salesVelocity({YEAR}) {{ amountPerDay {{ amount }} }}")),
    ]
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench`.
    let scale: f64 = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(0.1);
    for scale in [scale / 100.0, scale / 10.0, scale] {
        measure(scale).await?;
    }
    Ok(())
}

async fn measure(scale: f64) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (settings, server) = database(folder.path()).await?;
    let database = Database::open(&settings).await?;
    database.migrate().await?;
    let app = App::start(database.clone(), Arc::new(SystemClock), 1).await.map_err(|error| error.sentences())?;
    let begun = Instant::now();
    let made = scale::fill(&app, scale, 1, &|_, _| {}).await.map_err(|error| format!("{error:?}"))?;
    let rows = made.opportunities + made.leads + made.history;
    say(format_args!(
        "\nscale {scale}: {} opportunities, {} leads, {} rows of history, made in {:.1} s ({:.0} rows/s)",
        made.opportunities,
        made.leads,
        made.history,
        begun.elapsed().as_secs_f64(),
        count(rows) / begun.elapsed().as_secs_f64()
    ))?;
    let user = user::Entity::find().one(database.read()).await?.ok_or("nobody is there")?;
    let (schema, actor) = (serving(app, Limits::default()), Actor::of(user));
    for (name, report) in reports() {
        ask(&schema, &database, &actor, &report).await?;
        let begun = Instant::now();
        let mut times = Vec::new();
        while times.is_empty() || (times.len() < TIMES && begun.elapsed() < PATIENCE) {
            times.push(ask(&schema, &database, &actor, &report).await?);
        }
        times.sort_unstable();
        let (best, median) = (times[0].as_secs_f64(), times[times.len() / 2].as_secs_f64());
        let subject = if name.starts_with("lead") || name.starts_with("con") || name.starts_with("channel") {
            made.leads
        } else {
            made.opportunities
        };
        say(format_args!(
            "{name:24} {:10.1} ms median {:10.1} ms best {:14.0} rows/s",
            median * 1_000.0,
            best * 1_000.0,
            count(subject) / median
        ))?;
    }
    database.close().await?;
    if let Some((admin, name)) = server {
        admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await?;
    }
    Ok(())
}

async fn ask(schema: &Schema, database: &Database, actor: &Actor, report: &str) -> Result<Duration, Box<dyn Error>> {
    let begun = Instant::now();
    let request = Request::new(format!("{{ reports {{ {report} }} }}"))
        .data(Caller(Some(actor.clone())))
        .data(loaders::new(database.clone(), actor.scope()));
    let answer = schema.execute(request).await;
    match answer.errors.first() {
        Some(error) => Err(format!("{report}: {}", error.message).into()),
        None => Ok(begun.elapsed()),
    }
}

type Server = Option<(sea_orm::DatabaseConnection, String)>;

/// A database of its own.
async fn database(folder: &std::path::Path) -> Result<(DatabaseSettings, Server), Box<dyn Error>> {
    let patient = |url: String| DatabaseSettings { statement_timeout_seconds: 0, ..DatabaseSettings::new(url) };
    let Ok(server) = std::env::var("LEADGRAPH_TEST_POSTGRES") else {
        return Ok((patient(folder.join("bench.db").display().to_string()), None));
    };
    let name = format!("leadgraph_bench_{}", std::process::id());
    let admin = sea_orm::Database::connect(&server).await?;
    admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await?;
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
    let base = server.rsplit_once('/').map_or(server.as_str(), |(base, _)| base);
    Ok((patient(format!("{base}/{name}")), Some((admin, name))))
}

fn count(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

fn say(line: std::fmt::Arguments<'_>) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}
