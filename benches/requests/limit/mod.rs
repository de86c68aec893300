//! The limit: what a server can reach that does nothing but answer. A bare handler for each standard operation, the best statements
//! that we can write by hand, the same bytes, as many connections to the database with the same settings. It checks nothing: no
//! sign-in, no rights, no document.

mod database_json;
mod reads;
mod row;
pub mod statements;
mod writes;

use std::error::Error;
use std::io::Write;
use std::str::FromStr;

use actix_web::web::{Data, Path, get};
use actix_web::{App, HttpResponse, HttpServer};
use rusqlite::{Connection, OpenFlags};
use sea_orm::sqlx::PgPool;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// How many threads answer. Each has its share of the connections, so that no request wakes another thread.
const WORKERS: usize = 2;
/// As many connections as leadgraph's pool has by default. SQLite is read on each thread with one of its own.
const POSTGRES_CONNECTIONS: u32 = 10 / WORKERS as u32;

/// The connections of one thread.
pub enum Pool {
    /// To a PostgreSQL server.
    Postgres(PgPool),
    /// To an SQLite file, to read it on this thread.
    Sqlite(Connection),
}

/// What goes wrong: our own statements, so it ends the run.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// Serves until it is killed.
pub async fn serve(database: &str) -> Outcome<()> {
    let writer = if database.starts_with("postgres") { None } else { Some(writes::Writer::open(database).await?) };
    let (database, writer) = (database.to_owned(), Data::new(writer));
    let server = HttpServer::new(move || {
        let database = database.clone();
        App::new()
            .app_data(writer.clone())
            .data_factory(move || {
                let database = database.clone();
                async move { open(&database).await.map_err(|error| error.to_string()) }
            })
            .route("/json/{operation}", get().to(answer_json))
            .route("/json/{operation}/{what:.*}", get().to(answer_json_about))
            .route("/write/{operation}/{what:.*}", get().to(write))
            .route("/{operation}", get().to(answer))
            .route("/{operation}/{what:.*}", get().to(answer_about))
    })
    .workers(WORKERS)
    .bind("127.0.0.1:0")?;
    for address in server.addrs() {
        writeln!(std::io::stdout(), "the limit listens on http://{address}")?;
    }
    Ok(server.run().await?)
}

/// The same settings as in `src/data/database.rs`.
async fn open(database: &str) -> Outcome<Pool> {
    if database.starts_with("postgres") {
        let options = PgConnectOptions::from_str(database)?
            .statement_cache_capacity(256)
            .options([("default_transaction_isolation", "read committed"), ("jit", "off")]);
        let pool =
            PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).test_before_acquire(false).connect_with(options).await?;
        return Ok(Pool::Postgres(pool));
    }
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.execute_batch(
        "PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY; PRAGMA case_sensitive_like = ON; PRAGMA query_only = ON",
    )?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(Pool::Sqlite(connection))
}

async fn answer(pool: Data<Pool>, operation: Path<String>) -> HttpResponse {
    respond(reads::answer(&pool, &operation, "").await)
}

async fn answer_about(pool: Data<Pool>, path: Path<(String, String)>) -> HttpResponse {
    respond(reads::answer(&pool, &path.0, &path.1).await)
}

async fn answer_json(pool: Data<Pool>, operation: Path<String>) -> HttpResponse {
    respond(built_by_database(&pool, &operation, "").await)
}

async fn answer_json_about(pool: Data<Pool>, path: Path<(String, String)>) -> HttpResponse {
    respond(built_by_database(&pool, &path.0, &path.1).await)
}

async fn built_by_database(pool: &Pool, operation: &str, what: &str) -> Outcome<String> {
    match pool {
        Pool::Postgres(pool) => database_json::answer(pool, operation, what).await,
        Pool::Sqlite(_) => Err("this is for PostgreSQL".into()),
    }
}

async fn write(writer: Data<Option<writes::Writer>>, path: Path<(String, String)>) -> HttpResponse {
    respond(match writer.as_ref() {
        Some(writer) => writer.answer(&path.0, &path.1).await,
        None => Err("this is for SQLite: PostgreSQL has pgbench".into()),
    })
}

fn respond(body: Outcome<String>) -> HttpResponse {
    match body {
        Ok(body) => HttpResponse::Ok().content_type("application/json; charset=utf-8").body(body),
        Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
    }
}
