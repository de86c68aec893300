//! What shares a transaction stands alone all the same: on SQLite, where there is such a queue.

use std::time::Duration;

use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use tempfile::TempDir;

use crate::data::database::{Database, DatabaseSettings, WriteTransaction};

/// A database with a table, and what it takes to wait for something that must happen.
struct Desk {
    database: Database,
    _directory: TempDir,
}

impl Desk {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let settings = DatabaseSettings::new(directory.path().join("queue.db").display().to_string());
        let database = Database::open(&settings).await.unwrap();
        let write = database.begin().await.unwrap();
        write.execute_unprepared("CREATE TABLE things (name TEXT PRIMARY KEY)").await.unwrap();
        write.commit().await.unwrap();
        Self { database, _directory: directory }
    }

    async fn begin(&self) -> WriteTransaction {
        soon(self.database.begin_shared()).await.unwrap()
    }

    async fn names(&self) -> Vec<String> {
        let select = "SELECT name FROM things ORDER BY name";
        let rows = self.database.read().query_all_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, select)).await;
        rows.unwrap().iter().map(|row| row.try_get("", "name").unwrap()).collect()
    }
}

async fn add(write: &WriteTransaction, name: &str) -> Result<(), sea_orm::DbErr> {
    write.connection().execute_unprepared(&format!("INSERT INTO things VALUES ('{name}')")).await.map(drop)
}

async fn soon<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), work).await.expect("nobody went on")
}

#[tokio::test]
async fn nobody_is_answered_before_the_commit_and_what_is_given_up_leaves_nothing() {
    let desk = Desk::new().await;
    let first = desk.begin().await;
    add(&first, "first").await.unwrap();
    let waiting = async {
        let second = desk.begin().await;
        add(&second, "second").await.unwrap();
        assert!(add(&second, "first").await.is_err(), "it sees what was written before");
        assert_eq!(desk.names().await, [""; 0], "nothing is committed while somebody comes");
        drop(second);
    };
    let committing = async {
        // The other one stands in the queue by now.
        tokio::task::yield_now().await;
        soon(first.commit()).await.unwrap();
    };
    tokio::join!(waiting, committing);
    assert_eq!(desk.names().await, ["first"]);
    let third = desk.begin().await;
    add(&third, "third").await.unwrap();
    soon(third.commit()).await.unwrap();
    assert_eq!(desk.names().await, ["first", "third"]);
}

#[tokio::test]
async fn who_leaves_the_queue_keeps_nobody_waiting() {
    let desk = Desk::new().await;
    let first = desk.begin().await;
    add(&first, "first").await.unwrap();
    let mut leaving = Box::pin(desk.database.begin_shared());
    assert!(futures_util::poll!(&mut leaving).is_pending());
    let mut committing = Box::pin(first.commit());
    for _ in 0..100 {
        assert!(futures_util::poll!(&mut committing).is_pending(), "the commit is left to the next in the queue");
        tokio::task::yield_now().await;
    }
    drop(leaving);
    soon(committing).await.unwrap();
    assert_eq!(desk.names().await, ["first"]);
}

#[tokio::test]
async fn each_of_many_is_kept_or_undone_by_itself() {
    let desk = Desk::new().await;
    let writes = (0..60).map(|number| {
        let desk = &desk;
        async move {
            let write = desk.begin().await;
            add(&write, &format!("{number:02}")).await.unwrap();
            match number % 3 {
                0 => drop(write),
                1 => drop(add(&write, &format!("{number:02}")).await.unwrap_err()),
                _ => soon(write.commit()).await.unwrap(),
            }
        }
    });
    join_all(writes).await;
    let kept: Vec<String> = (0..60).filter(|number| number % 3 == 2).map(|number| format!("{number:02}")).collect();
    assert_eq!(desk.names().await, kept);
}
