use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use entity::StageCategory;
use sea_orm::sea_query::ColumnType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbBackend, EntityName, EntityTrait, IdenStatic, Iterable, PaginatorTrait, QueryFilter,
    QueryOrder, Set, Statement,
};
use tempfile::TempDir;

use super::*;

/// A database of its own for each test: always on SQLite, and on PostgreSQL when `LEADGRAPH_TEST_POSTGRES` names a server.
pub async fn on_both<F, T>(test: F)
where
    F: Fn(Database, DatabaseSettings) -> T,
    T: Future<Output = ()>,
{
    let directory = TempDir::new().unwrap();
    let settings = sqlite_in(&directory);
    let database = Database::open(&settings).await.unwrap();
    test(database.clone(), settings).await;
    database.close().await.unwrap();

    let Ok(server) = std::env::var("LEADGRAPH_TEST_POSTGRES") else { return };
    let name = format!("leadgraph_{}", uuid::Uuid::now_v7().simple());
    let admin = sea_orm::Database::connect(&server).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let base = server.rsplit_once('/').unwrap().0;
    let settings = DatabaseSettings::new(format!("{base}/{name}"));
    let database = Database::open(&settings).await.unwrap();
    test(database.clone(), settings).await;
    database.close().await.unwrap();
    admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
}

pub fn sqlite_in(directory: &TempDir) -> DatabaseSettings {
    DatabaseSettings::new(directory.path().join("lead graph?#%20.db").display().to_string())
}

async fn texts(database: &Database, sql: &str, column: &str) -> Vec<String> {
    let statement = Statement::from_string(database.read().get_database_backend(), sql);
    let rows = database.read().query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get("", column).unwrap()).collect()
}

#[tokio::test]
async fn migrating_twice_is_harmless() {
    on_both(|database, _| async move {
        assert_eq!(database.migrate().await.unwrap().len(), Migrator::migrations().len());
        assert_eq!(database.migrate().await.unwrap(), Vec::<String>::new());
        assert_eq!(entity::workspace::Entity::find().count(database.read()).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn processes_that_start_at_once_do_not_race() {
    on_both(|database, settings| async move {
        let other = Database::open(&settings).await.unwrap();
        let third = Database::open(&settings).await.unwrap();
        let (one, two, three) = tokio::join!(database.migrate(), other.migrate(), third.migrate());
        let applied = one.unwrap().len() + two.unwrap().len() + three.unwrap().len();
        assert_eq!(applied, Migrator::migrations().len());
        other.close().await.unwrap();
        third.close().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_newer_database_is_refused_by_its_newest_step() {
    on_both(|database, _| async move {
        database.migrate().await.unwrap();
        let insert =
            "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_x', 0), ('m29991231_000002_y', 0)";
        let transaction = database.begin().await.unwrap();
        transaction.execute_unprepared(insert).await.unwrap();
        transaction.commit().await.unwrap();
        let message = database.migrate().await.unwrap_err().to_string();
        assert!(message.contains("newer than this program") && message.contains("m29991231_000002_y"), "{message}");
    })
    .await;
}

/// PostgreSQL's and SQLite's name of the type that a column of an entity needs.
fn type_names(column_type: &ColumnType) -> (&'static str, &'static str) {
    match column_type {
        ColumnType::Uuid => ("uuid", "BLOB"),
        ColumnType::TimestampWithTimeZone => ("timestamp with time zone", "TEXT"),
        ColumnType::Date => ("date", "TEXT"),
        ColumnType::Text | ColumnType::String(_) => ("text", "TEXT"),
        ColumnType::Json => ("jsonb", "TEXT"),
        ColumnType::Boolean => ("boolean", "INTEGER"),
        ColumnType::SmallInteger => ("smallint", "INTEGER"),
        ColumnType::Integer => ("integer", "INTEGER"),
        ColumnType::BigInteger => ("bigint", "INTEGER"),
        other => panic!("no column is of type {other:?}"),
    }
}

/// Each column as "name type null|not null".
async fn columns_of_table(database: &Database, table: &str) -> BTreeSet<String> {
    let sql = if database.is_postgres() {
        format!(
            "SELECT column_name || ' ' || data_type || CASE is_nullable WHEN 'YES' THEN ' null' ELSE ' not null' END AS text \
             FROM information_schema.columns WHERE table_name = '{table}'"
        )
    } else {
        format!(
            "SELECT lower(name) || ' ' || upper(type) || CASE WHEN \"notnull\" OR pk THEN ' not null' ELSE ' null' END AS text \
             FROM pragma_table_info('{table}')"
        )
    };
    texts(database, &sql, "text").await.into_iter().collect()
}

async fn assert_matches<E: EntityTrait>(database: &Database, entity: E) {
    let expected: BTreeSet<String> = E::Column::iter()
        .map(|column| {
            let definition = column.def();
            let (postgres, sqlite) = type_names(definition.get_column_type());
            let type_name = if database.is_postgres() { postgres } else { sqlite };
            format!("{} {type_name} {}", column.as_str(), if definition.is_null() { "null" } else { "not null" })
        })
        .collect();
    assert_eq!(columns_of_table(database, entity.table_name()).await, expected, "{}", entity.table_name());
    E::find().all(database.read()).await.unwrap();
}

#[tokio::test]
async fn the_tables_are_those_of_the_entities() {
    macro_rules! check {
        ($database:ident, $($table:ident)*) => {{
            $(assert_matches(&$database, entity::$table::Entity).await;)*
            [$(entity::$table::Entity.table_name().to_owned()),*]
        }};
    }
    on_both(|database, _| async move {
        database.migrate().await.unwrap();
        let checked = check!(database,
            account activity activity_subject assignment_rule_set assignment_turn buying_signal campaign campaign_member change
            close_reason competitor contact contact_role counter disqualification_reason exchange_rate idempotency_key intake_form
            job kept_lead lead lead_conversion lead_source lead_status_change line_item milestone opportunity opportunity_change
            order outbox pipeline product product_price quote quote_line search_word searched_record session stage team user workspace
        );
        let tables = if database.is_postgres() {
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'"
        } else {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        };
        let tables: BTreeSet<String> = texts(&database, tables, "name").await.into_iter().collect();
        let expected = checked.into_iter().chain(["seaql_migrations".to_owned()]).collect();
        assert_eq!(tables, expected);
    })
    .await;
}

#[tokio::test]
async fn a_new_workspace_has_its_lists() {
    on_both(|database, _| async move {
        database.migrate().await.unwrap();
        let read = database.read();
        let workspace = entity::workspace::Entity::find_by_id(1).one(read).await.unwrap().unwrap();
        assert_eq!((workspace.base_currency.as_str(), workspace.time_zone.as_str()), ("USD", "UTC"));
        assert_eq!((workspace.fiscal_year_start_month, workspace.conversion_requires_qualified), (1, false));
        assert_eq!(entity::lead_source::Entity::find().count(read).await.unwrap(), 10);
        assert_eq!(entity::disqualification_reason::Entity::find().count(read).await.unwrap(), 9);
        let lost = entity::close_reason::Column::Category.eq(StageCategory::Lost);
        assert_eq!(entity::close_reason::Entity::find().count(read).await.unwrap(), 12);
        assert_eq!(entity::close_reason::Entity::find().filter(lost).count(read).await.unwrap(), 7);

        let pipeline = entity::pipeline::Entity::find().one(read).await.unwrap().unwrap();
        assert!(pipeline.is_default && pipeline.name == "Sales" && pipeline.name_key == "sales");
        let stages = entity::stage::Entity::find().order_by_asc(entity::stage::Column::Position).all(read).await.unwrap();
        let probabilities: Vec<i32> = stages.iter().map(|stage| stage.probability).collect();
        assert_eq!(probabilities, [10, 10, 20, 50, 60, 70, 75, 90, 100, 0]);
        assert_eq!(stages[6].name, "Proposal/Quote");
        assert!(stages.iter().enumerate().all(|(index, stage)| stage.position == index as i32 + 1));
        assert_eq!(stages[8].category, StageCategory::Won);
    })
    .await;
}

/// Every order that lists offer is read off an index in both directions, and so is a prefix of a key. Only columns that may be
/// null (marked `?`) name the place of their nulls: PostgreSQL doesn't see that it makes no difference for the others.
#[tokio::test]
async fn orders_and_prefixes_use_indexes() {
    const ORDERS: [(&str, &str); 4] = [
        ("leads", "created_at updated_at last_name_key company_key status last_activity_at?"),
        ("contacts", "created_at updated_at last_name_key"),
        ("accounts", "created_at updated_at name_key"),
        ("opportunities", "created_at updated_at name_key amount? close_date probability"),
    ];
    on_both(|database, _| async move {
        database.migrate().await.unwrap();
        for (table, columns) in ORDERS {
            for column in columns.split(' ') {
                let orders = match column.strip_suffix('?') {
                    Some(column) => [format!("{column} NULLS FIRST, id"), format!("{column} DESC NULLS LAST, id DESC")],
                    None => [format!("{column}, id"), format!("{column} DESC, id DESC")],
                };
                for order in orders {
                    assert_in_order(&database, table, &order).await;
                }
            }
        }
        assert_in_order(&database, "activities", "due_order, id DESC").await;
        assert_in_order(&database, "activities", "due_order DESC, id").await;
        let plan = plan_of(&database, "SELECT * FROM search_words WHERE word LIKE 'nguy%'").await;
        assert!(plan.contains("word>? AND word<?") || plan.contains("Index Cond"), "{plan}");
    })
    .await;
}

async fn assert_in_order(database: &Database, table: &str, order: &str) {
    let plan = plan_of(database, &format!("SELECT * FROM {table} WHERE deleted_at IS NULL ORDER BY {order}")).await;
    let sorted = plan.contains("TEMP B-TREE") || plan.contains("Sort");
    assert!(!sorted && !plan.contains("Seq Scan"), "{table} by {order}\n{plan}");
}

async fn plan_of(database: &Database, sql: &str) -> String {
    let (explain, column) = if database.is_postgres() { ("EXPLAIN", "QUERY PLAN") } else { ("EXPLAIN QUERY PLAN", "detail") };
    let transaction = database.begin().await.unwrap();
    if database.is_postgres() {
        // The tables are empty: reading all of them would be cheapest.
        transaction.execute_unprepared("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off").await.unwrap();
    }
    let statement = Statement::from_string(transaction.get_database_backend(), format!("{explain} {sql}"));
    let rows = transaction.query_all_raw(statement).await.unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.try_get("", column).unwrap()).collect();
    lines.join("\n")
}

fn team(manager: Option<entity::UserId>) -> entity::team::ActiveModel {
    entity::team::ActiveModel {
        id: Set(entity::TeamId::new(uuid::Uuid::now_v7())),
        name: Set("North".to_owned()),
        manager_id: Set(manager),
        created_at: Set(chrono::DateTime::UNIX_EPOCH),
    }
}

#[tokio::test]
async fn references_are_enforced_on_every_connection() {
    on_both(|database, settings| async move {
        database.migrate().await.unwrap();
        let nobody = entity::UserId::new(uuid::Uuid::now_v7());
        let transaction = database.begin().await.unwrap();
        assert!(team(Some(nobody)).insert(&transaction).await.is_err());
        drop(transaction);
        if database.is_postgres() {
            return;
        }
        let pool = database.read().pool().get_sqlite_connection_pool();
        let mut connections = Vec::new();
        for _ in 0..settings.max_connections {
            let mut connection = pool.acquire().await.unwrap();
            let (on,): (i64,) = sea_orm::sqlx::query_as("PRAGMA foreign_keys").fetch_one(&mut *connection).await.unwrap();
            let write = sea_orm::sqlx::query("DELETE FROM workspace").execute(&mut *connection).await;
            assert!(on == 1 && write.is_err(), "readers enforce references and write nothing");
            connections.push(connection);
        }
    })
    .await;
}

#[tokio::test]
async fn concurrent_read_then_write_transactions_all_succeed() {
    on_both(|database, _| async move {
        database.migrate().await.unwrap();
        let writes = (0..50).map(|_| {
            let database = database.clone();
            tokio::spawn(async move {
                let transaction = database.begin().await?;
                entity::team::Entity::find().count(&transaction).await?;
                tokio::task::yield_now().await;
                team(None).insert(&transaction).await?;
                transaction.commit().await
            })
        });
        for write in writes.collect::<Vec<_>>() {
            write.await.unwrap().unwrap();
        }
        assert_eq!(entity::team::Entity::find().count(database.read()).await.unwrap(), 50);
    })
    .await;
}

#[tokio::test]
async fn statements_are_counted_within_transactions_too() {
    on_both(|mut database, _| async move {
        database.migrate().await.unwrap();
        let counted = Arc::new(AtomicUsize::new(0));
        let counter = counted.clone();
        database.on_statement(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        entity::team::Entity::find().all(database.read()).await.unwrap();
        assert_eq!(counted.load(Ordering::Relaxed), 1);
        let transaction = database.begin().await.unwrap();
        team(None).insert(&transaction).await.unwrap();
        entity::team::Entity::find().all(&transaction).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(counted.load(Ordering::Relaxed), 3);
    })
    .await;
}

#[tokio::test]
async fn wrong_settings_are_explained() {
    let directory = TempDir::new().unwrap();
    let missing = directory.path().join("nowhere/leadgraph.db").display().to_string();
    for (url, expected) in [
        (missing.as_str(), "does not exist"),
        ("sqlite::memory:", "needs a file"),
        ("mysql://root:secret@localhost/crm", "not a mysql:// URL"),
    ] {
        let message = Database::open(&DatabaseSettings::new(url)).await.unwrap_err().to_string();
        assert!(message.contains(expected) && !message.contains("secret"), "{message}");
    }
    let garbage = directory.path().join("garbage.db");
    std::fs::write(&garbage, "this is a text, and it is long enough to be read as a header".repeat(40)).unwrap();
    let message = Database::open(&DatabaseSettings::new(garbage.display().to_string())).await.unwrap_err().to_string();
    assert!(message.contains("garbage.db could not be opened") && message.contains("not a database"), "{message}");
}

#[test]
fn names_of_databases_hide_passwords() {
    let settings = DatabaseSettings::new("postgres://ann:p@ss@db.example:5432/crm?sslmode=require");
    assert_eq!(settings.display_name(), "postgres://db.example:5432/crm");
    assert_eq!(DatabaseSettings::new("postgresql://localhost/crm").display_name(), "postgres://localhost/crm");
    assert_eq!(DatabaseSettings::new("sqlite://data/crm.db?mode=rwc").display_name(), "data/crm.db");
    assert!(!format!("{settings:?}").contains("p@ss"));
    assert_eq!(settings.max_connections, 10);
}

#[tokio::test]
async fn sqlite_keeps_commits_through_a_power_cut() {
    let directory = TempDir::new().unwrap();
    let database = Database::open(&sqlite_in(&directory)).await.unwrap();
    let pragma = |name: &'static str| {
        let database = database.clone();
        async move {
            let transaction = database.begin().await.unwrap();
            let statement = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA {name}"));
            transaction.query_one_raw(statement).await.unwrap().unwrap()
        }
    };
    assert_eq!(pragma("journal_mode").await.try_get_by_index::<String>(0).unwrap(), "wal");
    assert_eq!(pragma("synchronous").await.try_get_by_index::<i32>(0).unwrap(), 2);
    database.close().await.unwrap();
}

#[tokio::test]
async fn the_tables_guard_their_invariants() {
    on_both(|database, _| async move {
        database.migrate().await.unwrap();
        for refused in [
            "UPDATE workspace SET id = 2",
            "UPDATE workspace SET fiscal_year_start_month = 13",
            "UPDATE stages SET probability = 101 WHERE position = 1",
            "UPDATE stages SET position = 2 WHERE position = 1",
            "UPDATE close_reasons SET category = 'OPEN'",
            "UPDATE lead_sources SET name_key = 'other'",
            "UPDATE lead_sources SET position = 'first'",
            "INSERT INTO pipelines (id, name, name_key, is_default, position, created_at) \
             SELECT (SELECT id FROM stages WHERE position = 1), 'X', 'x', is_default, 2, created_at FROM pipelines",
            "DELETE FROM pipelines",
        ] {
            let transaction = database.begin().await.unwrap();
            assert!(transaction.execute_unprepared(refused).await.is_err(), "{refused}");
        }
    })
    .await;
}

#[tokio::test]
async fn postgres_connections_are_set_up() {
    on_both(|database, _| async move {
        if !database.is_postgres() {
            return;
        }
        for (setting, expected) in
            [("transaction_isolation", "read committed"), ("statement_timeout", "30s"), ("application_name", "leadgraph")]
        {
            assert_eq!(texts(&database, &format!("SHOW {setting}"), setting).await, [expected]);
        }
    })
    .await;
}
