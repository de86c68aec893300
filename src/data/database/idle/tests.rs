use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DbBackend, Statement, sqlx};
use tokio::time::timeout;

use super::IdleConnections;
use crate::data::database::tests::{on_both, sqlite_in};
use crate::data::database::{Database, DatabaseSettings};

/// A number, by a statement that takes about a second or none.
async fn number(database: &Database, number: i32, slow: bool) -> Result<i32, sea_orm::DbErr> {
    let backend = database.read().get_database_backend();
    let sql = match (backend, slow) {
        (_, false) => format!("SELECT {number} AS number"),
        (DbBackend::Sqlite, true) => format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT {number} AS number FROM n WHERE i = 3000000"
        ),
        (_, true) => format!("SELECT {number} AS number FROM pg_sleep(1)"),
    };
    let row = database.read().query_one_raw(Statement::from_string(backend, sql)).await?;
    row.expect("a row").try_get("", "number")
}

/// The same database with fewer connections.
async fn with_connections(settings: &DatabaseSettings, max_connections: u32) -> Database {
    let settings = DatabaseSettings { max_connections, ..settings.clone() };
    Database::open(&settings).await.expect("open")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn reads_and_transactions_get_along_on_few_connections() {
    on_both(|_, settings| async move {
        for connections in [1, 2, 3] {
            let database = with_connections(&settings, connections).await;
            let work = (0..200).map(|place| {
                let database = database.clone();
                tokio::spawn(async move {
                    if place % 3 == 0 {
                        let transaction = database.begin().await?;
                        tokio::task::yield_now().await;
                        transaction.execute_unprepared("SELECT 1").await?;
                        transaction.commit().await.map(|()| place)
                    } else {
                        number(&database, place, false).await
                    }
                })
            });
            for (place, task) in (0..).zip(work.collect::<Vec<_>>()) {
                let done = task.await.expect("no panic");
                assert_eq!(done.unwrap_or_else(|error| panic!("{connections} connections, task {place}: {error}")), place);
            }
            database.close().await.expect("closed");
        }
    })
    .await;
}

#[tokio::test]
async fn a_statement_that_was_given_up_spoils_no_later_one() {
    on_both(|_, settings| async move {
        let database = with_connections(&settings, 1).await;
        for round in 0..3 {
            assert!(timeout(Duration::from_millis(30), number(&database, -1, true)).await.is_err(), "it takes longer");
            assert_eq!(number(&database, round, false).await.expect("a number"), round);
        }
        database.close().await.expect("closed");
    })
    .await;
}

#[tokio::test]
async fn a_statement_that_failed_spoils_no_later_one() {
    on_both(|_, settings| async move {
        let database = with_connections(&settings, 1).await;
        for round in 0..3 {
            assert!(database.read().execute_unprepared("SELECT * FROM nothing").await.is_err());
            assert_eq!(number(&database, round, false).await.expect("a number"), round);
        }
        database.close().await.expect("closed");
    })
    .await;
}

#[tokio::test]
async fn a_transaction_that_is_given_up_leaves_nothing_behind() {
    on_both(|_, settings| async move {
        let database = with_connections(&settings, 1).await;
        let write = async |sql: &str| {
            let transaction = database.begin().await.expect("begin");
            // Only the slow one is given up.
            let patience = Duration::from_millis(if sql.contains(" FROM ") { 50 } else { 20_000 });
            let result = timeout(patience, transaction.execute_unprepared(sql)).await;
            (transaction, result)
        };
        let (transaction, made) = write("CREATE TABLE made (number INTEGER)").await;
        assert!(matches!(made, Ok(Ok(_))));
        transaction.commit().await.expect("committed");
        let slow = match database.is_postgres() {
            true => "INSERT INTO made SELECT 2 FROM pg_sleep(1)",
            false => {
                "INSERT INTO made WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) \
                 SELECT 2 FROM n WHERE i = 3000000"
            }
        };
        // Dropped, undone, failed and given up in the middle: each time the next finds the connection fit and nothing written.
        for (sql, is_carried_out) in
            [("INSERT INTO made VALUES (1)", true), ("INSERT INTO nothing VALUES (1)", false), (slow, false)]
        {
            let (transaction, result) = write(sql).await;
            assert_eq!(matches!(result, Ok(Ok(_))), is_carried_out, "{sql}");
            drop(transaction);
            assert_eq!(number(&database, 7, false).await.expect("a number"), 7);
            let (transaction, _) = write(sql).await;
            drop(transaction.rollback().await);
            let statement = Statement::from_string(database.read().get_database_backend(), "SELECT COUNT(*) AS rows FROM made");
            let row = database.read().query_one_raw(statement).await.expect("carried out").expect("a row");
            assert_eq!(row.try_get::<i64>("", "rows").expect("a count"), 0, "{sql}");
        }
        let (transaction, _) = write("INSERT INTO made VALUES (3)").await;
        transaction.commit().await.expect("committed");
        database.close().await.expect("closed");
    })
    .await;
}

#[tokio::test]
async fn connections_that_the_server_ended_are_replaced() {
    on_both(|database, settings| async move {
        if !database.is_postgres() {
            return;
        }
        let victim = with_connections(&settings, 2).await;
        number(&victim, 1, false).await.expect("a number");
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        database.begin().await.expect("begin").execute_unprepared(end).await.expect("ended");
        let mut failures = 0;
        while number(&victim, 2, false).await.is_err() {
            failures += 1;
            assert!(failures <= 2, "each connection fails at most once");
        }
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_lay_idle_for_long_is_tried_by_the_pool() {
    async fn taken_again<DB: sqlx::Database>(pool: sqlx::Pool<DB>) {
        let idle = IdleConnections::new(pool);
        idle.take().await.expect("a connection").lay_aside();
        let long_ago = Instant::now().checked_sub(Duration::from_secs(60)).expect("a machine that runs for a minute");
        idle.state().connections.iter_mut().for_each(|(_, since)| *since = long_ago);
        drop(timeout(Duration::from_secs(20), idle.take()).await.expect("in time").expect("a connection"));
    }
    on_both(|_, settings| async move {
        let database = with_connections(&settings, 1).await;
        let pool = database.read().pool();
        match database.is_postgres() {
            true => taken_again(pool.get_postgres_connection_pool().clone()).await,
            false => taken_again(pool.get_sqlite_connection_pool().clone()).await,
        }
        database.close().await.expect("closed");
    })
    .await;
}

#[tokio::test]
async fn a_closed_database_says_so() {
    on_both(|_, settings| async move {
        let database = with_connections(&settings, 2).await;
        number(&database, 1, false).await.expect("a number");
        timeout(Duration::from_secs(20), database.close()).await.expect("in time").expect("closed");
        assert!(number(&database, 1, false).await.is_err());
    })
    .await;
}

#[test]
fn a_database_may_outlive_its_runtime() {
    let directory = tempfile::TempDir::new().expect("directory");
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    let database = runtime.block_on(async {
        let database = Database::open(&sqlite_in(&directory)).await.expect("open");
        number(&database, 1, false).await.expect("a number");
        database
    });
    drop(runtime);
    drop(database);
}
