//! How quickly `leadgraph import leads` takes in a generated file; on PostgreSQL next to COPY of the same rows into the same tables.

use std::error::Error;
use std::fmt::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

use futures_util::TryStreamExt;
use sea_orm::sqlx::postgres::{PgConnection, PgPoolCopyExt};
use sea_orm::sqlx::{AssertSqlSafe, Connection, Executor, PgPool};

use super::Options;
use super::place::{Kind, Place};
use super::server::program;
use super::table::{figure, say};
use super::words::{company, family_name, first_name, word};

/// What an import of leads leaves rows in, in an order in which references find what they name.
const TABLES: [&str; 6] = ["leads", "lead_status_changes", "changes", "outbox", "search_words", "searched_records"];
/// Leads a second that are wanted on SQLite.
const WANTED: f64 = 20_000.0;

/// Measures and prints it.
pub async fn measure(options: &Options, place: &Place) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("leads.csv");
    std::fs::write(&file, generated(options.import)?)?;
    let address = place.database("import").await?;
    // The tables and the administrator are made before the time runs.
    run(Command::new(program()).args(["migrate", "--database", &address]))?;
    let begun = Instant::now();
    run(Command::new(program()).args(["import", "leads", "--database", &address]).arg(&file))?;
    let rate = options.import as f64 / begun.elapsed().as_secs_f64();
    say("")?;
    let target = (place.kind == Kind::Sqlite).then_some((rate >= WANTED, "at least 20000"));
    figure("import, leads a second", format_args!("{rate:.0}"), target)?;
    if place.kind == Kind::Postgres {
        let (leads, all) = copy(&address, options.import as f64).await?;
        figure("COPY of the leads alone, leads a second", format_args!("{leads:.0}"), None)?;
        let share = rate / all;
        figure("COPY of all rows of the import, leads a second", format_args!("{all:.0}"), None)?;
        figure("import / COPY of all rows", format_args!("{share:.2}"), Some((share >= 0.5, "at least 0.5")))?;
    }
    place.remove(&address).await
}

/// Eight columns, each lead another person.
fn generated(count: usize) -> Result<String, std::fmt::Error> {
    let mut text = String::from("externalId,firstName,lastName,company,jobTitle,email,phone,rating\n");
    for number in 0..count {
        let (first, last) = (first_name(number), family_name(number * 7));
        let (one, two, three) = (number % 90 + 10, number / 90 % 90 + 10, number / 8_100 % 90 + 10);
        writeln!(
            text,
            "L{number},{first},{last},{},Head of purchasing,{}{number}@{}.example,+33 4 72 {one} {two} {three},WARM",
            company(number * 3),
            last.to_lowercase(),
            word(number).to_lowercase()
        )?;
    }
    Ok(text)
}

fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("{command:?} failed: {}", String::from_utf8_lossy(&said)).into())
}

/// Takes the imported rows out, and copies them in again: leads a second for the leads alone, and for everything.
async fn copy(address: &str, leads: f64) -> Result<(f64, f64), Box<dyn Error>> {
    let pool = PgPool::connect(address).await?;
    let mut rows = Vec::new();
    for table in TABLES {
        let mut bytes = Vec::new();
        let mut stream = pool.copy_out_raw(&format!("COPY {table} TO STDOUT")).await?;
        while let Some(chunk) = stream.try_next().await? {
            bytes.extend_from_slice(&chunk);
        }
        rows.push((table, bytes));
    }
    pool.close().await;
    let mut connection = PgConnection::connect(address).await?;
    connection.execute(AssertSqlSafe(format!("TRUNCATE {} CASCADE", TABLES.join(", ")))).await?;
    let mut transaction = connection.begin().await?;
    let begun = Instant::now();
    let mut first = f64::NAN;
    for (table, bytes) in rows {
        let mut into = transaction.copy_in_raw(&format!("COPY {table} FROM STDIN")).await?;
        into.send(bytes).await?;
        into.finish().await?;
        if first.is_nan() {
            first = begun.elapsed().as_secs_f64();
        }
    }
    transaction.commit().await?;
    let all = begun.elapsed().as_secs_f64();
    connection.close().await?;
    Ok((leads / first, leads / all))
}
