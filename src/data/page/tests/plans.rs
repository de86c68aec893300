use sea_orm::sea_query::SelectStatement;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, QueryTrait, Statement, Value};

use super::toy::{self, Column, Toy, item};
use crate::data::page::keyset::Slice;
use crate::data::page::{Order, PageRequest, SortKey, statement};

/// How the database goes about a statement.
async fn plan(toy: &Toy, select: &SelectStatement) -> String {
    let database = toy.db.get_database_backend();
    let Statement { sql, values, .. } = database.build(select);
    let (explain, column) = match database {
        DbBackend::Sqlite => ("EXPLAIN QUERY PLAN", "detail"),
        _ => ("EXPLAIN (COSTS OFF)", "QUERY PLAN"),
    };
    let statement = Statement { sql: format!("{explain} {sql}"), values, db_backend: database };
    let lines = toy.db.query_all_raw(statement).await.expect("plan");
    let lines: Vec<String> = lines.iter().map(|line| line.try_get("", column).expect("line")).collect();
    format!("{sql}\n{}", lines.join("\n"))
}

/// 3 000 rows, the two indexes, and what the database knows about them.
async fn prepare(toy: &Toy) {
    let (id, nulls) = match toy.db.get_database_backend() {
        DbBackend::Sqlite => ("randomblob(16)", ""),
        _ => ("gen_random_uuid()", "NULLS FIRST"),
    };
    let (parent, at) = match toy.db.get_database_backend() {
        DbBackend::Sqlite => ("zeroblob(16)", "datetime(n, 'unixepoch')"),
        _ => ("gen_random_uuid()", "to_timestamp(n)"),
    };
    for sql in [
        format!(
            "INSERT INTO item (id, parent_id, label, amount, due, at, rank, done)
             WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 3000)
             SELECT {id}, {parent}, NULL, CASE WHEN n % 3 = 0 THEN NULL ELSE n % 1000 END, NULL, {at}, 0, false FROM number"
        ),
        "CREATE INDEX item_at ON item (at, id)".to_owned(),
        format!("CREATE INDEX item_amount ON item (amount {nulls}, id)"),
        "ANALYZE".to_owned(),
    ] {
        toy.db.execute_unprepared(&sql).await.expect("prepared");
    }
}

/// The plans for the rows of a page in the middle, and for what lies before them.
async fn plans(toy: &Toy, order: &Order<Column>, amount: Option<i64>, backward: bool) -> [String; 2] {
    let row = item::Model {
        id: item::ItemId(uuid::Uuid::from_u128(1 << 127)),
        parent_id: uuid::Uuid::nil(),
        label: None,
        amount,
        due: None,
        at: chrono::DateTime::from_timestamp_micros(1_500_000_000).expect("time"),
        rank: 0,
        done: false,
    };
    let cursor = Some(order.cursor(&row).expect("cursor"));
    let (after, before) = if backward { (None, cursor) } else { (cursor, None) };
    let request = PageRequest::new(None, after, None, before, order.name()).expect("request");
    let slice = Slice::new(order, &request).expect("slice");
    let select = item::Entity::find().into_query();
    let database = toy.db.get_database_backend();
    [
        plan(toy, &statement::rows(&select, &slice, database)).await,
        plan(toy, &statement::alone(statement::surroundings(&statement::bare(select), &slice, database))).await,
    ]
}

#[tokio::test]
async fn pages_are_read_from_the_index_without_sorting() {
    toy::on_each_database(async |toy| {
        prepare(toy).await;
        for descending in [false, true] {
            for backward in [false, true] {
                let order = Order::new([SortKey::new(Column::At, descending)], Column::Id);
                for plan in plans(toy, &order, None, backward).await {
                    assert!(plan.contains("item_at"), "{plan}");
                    assert!(!plan.contains("TEMP B-TREE") && !plan.contains("Sort"), "{plan}");
                    assert!(plan.contains("SEARCH item") || plan.contains("Index Cond: (ROW(at, id) "), "{plan}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn missing_values_are_read_from_the_index_too() {
    toy::on_each_database(async |toy| {
        prepare(toy).await;
        for (amount, descending) in [(Some(500), false), (Some(500), true), (None, false), (None, true)] {
            for backward in [false, true] {
                let order = Order::new([SortKey::new(Column::Amount, descending)], Column::Id);
                for plan in plans(toy, &order, amount, backward).await {
                    assert!(plan.contains("item_amount"), "{plan}");
                    assert!(!plan.contains("SCAN item") && !plan.contains("Seq Scan"), "{plan}");
                    assert!(!plan.contains("Filter:"), "{plan}");
                }
            }
        }
    })
    .await;
}

#[test]
fn what_is_planned_once_has_its_limits_in_the_text_and_hides_the_rest() {
    let mut values: Vec<Value> = (0..9).map(Value::from).collect();
    values.insert(0, Value::from(51_u64));
    values.push(Value::from(7_u64));
    let sql = "SELECT 1 LIMIT $1 WHERE (a, b) > ($2, $10) LIMIT $11";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values.clone());
    let planned = statement::planned_once(statement);
    assert_eq!(planned.sql, "SELECT 1 LIMIT 51 WHERE (a, b) > ((SELECT $2), (SELECT $10)) LIMIT 7");
    assert_eq!(planned.values.map(|values| values.0), Some(values));
}
