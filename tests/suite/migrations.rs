//! Steps that fill new columns and tables from rows that are there.

use entity::{activity_subject, lead, lead_status_change, opportunity_change, searched_record};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::harness::{TestDatabase, on_postgres};

/// The id of this number, as SQL writes it.
fn id(number: u128) -> String {
    let id = Uuid::from_u128(number);
    if on_postgres() { format!("'{id}'") } else { format!("X'{}'", id.simple()) }
}

/// A point in time on this day of March.
fn at(day: u32) -> String {
    format!("'2026-03-{day:02}T09:00:00+00:00'")
}

/// What stood in a workspace before histories had tables of their own: an opportunity that moved, a deleted one, and leads with and
/// without a history.
fn rows() -> String {
    let mut sql = String::new();
    for number in [1, 2] {
        sql += &format!(
            "INSERT INTO users (id, name, email, email_key, password_hash, role, active, created_at, updated_at)
             VALUES ({}, 'Ada', 'ada{number}', 'ada{number}', 'x', 'ADMIN', TRUE, {day}, {day});",
            id(number),
            day = at(1)
        );
    }
    sql += &format!(
        "INSERT INTO accounts (id, version, name, kind, lifecycle, created_at, updated_at)
         VALUES ({}, 1, 'Acme', 'BUSINESS', 'PROSPECT', {day}, {day});",
        id(10),
        day = at(1)
    );
    let stage = |place: u32| {
        format!(
            "(SELECT stages.id FROM stages JOIN pipelines ON pipelines.id = pipeline_id WHERE is_default AND stages.position = {place})"
        )
    };
    for (number, owner, amount, deleted) in [(20, id(1), "3000000, 'EUR'", "NULL".to_owned()), (21, id(2), "NULL, NULL", at(9))] {
        sql += &format!(
            "INSERT INTO opportunities (id, version, name, account_id, owner_id, pipeline_id, stage_id, stage_entered_at, probability,
                probability_by_hand, amount, currency, close_date, is_closed, is_won, created_at, updated_at, deleted_at)
             VALUES ({}, 1, 'Deal', {}, {owner}, (SELECT id FROM pipelines WHERE is_default), {}, {day}, 50, FALSE, {amount},
                '2026-06-30', FALSE, FALSE, {day}, {day}, {deleted});",
            id(number),
            id(10),
            stage(2),
            day = at(2)
        );
    }
    let moves = [
        (30, 20, "NULL".to_owned(), stage(1), 2, "1000000, 'EUR', 10, '2026-03-31'"),
        (31, 20, stage(1), stage(2), 4, "2000000, 'EUR', 20, '2026-04-30'"),
        (32, 21, "NULL".to_owned(), stage(2), 2, "NULL, NULL, 50, '2026-06-30'"),
    ];
    for (number, opportunity, from, to, day, state) in moves {
        sql += &format!(
            "INSERT INTO stage_changes (id, opportunity_id, from_stage_id, to_stage_id, at, amount, currency, probability, close_date)
             VALUES ({}, {}, {from}, {to}, {}, {state});",
            id(number),
            id(opportunity),
            at(day)
        );
    }
    for (number, status) in [(40, 3), (41, 5), (42, 1)] {
        sql += &format!(
            "INSERT INTO leads (id, version, company, status, qualification, created_at, updated_at)
             VALUES ({}, 1, 'Acme', {status}, '{{}}', {day}, {day});",
            id(number),
            day = at(3)
        );
    }
    let histories = [
        (50, 40, 3, r#"{"field": "status", "before": null, "after": "OPEN_NOT_CONTACTED"}"#),
        (
            51,
            40,
            5,
            r#"{"field": "company", "before": "x", "after": "Acme"}, {"field": "status", "before": "OPEN_NOT_CONTACTED", "after": "WORKING_CONTACTED"}"#,
        ),
        (52, 40, 7, r#"{"field": "status", "before": "WORKING_CONTACTED", "after": "QUALIFIED"}"#),
        (53, 42, 8, r#"{"field": "company", "before": "x", "after": "Acme"}"#),
    ];
    for (number, lead, day, fields) in histories {
        sql += &format!(
            r#"INSERT INTO changes (id, record_kind, record_id, action, at, "by", fields)
               VALUES ({}, 'LEAD', {}, 'updated', {}, {}, '[{fields}]');"#,
            id(number),
            id(lead),
            at(day),
            id(2)
        );
    }
    for (number, due) in [(60, at(20)), (61, "'9999-12-31T00:00:00+00:00'".to_owned())] {
        sql += &format!(
            "INSERT INTO activities (id, version, kind, subject, due_order, created_at, updated_at)
             VALUES ({activity}, 1, 'CALL', 'Call', {due}, {day}, {day});
             INSERT INTO activity_subjects (activity_id, record_id, record_kind) VALUES ({activity}, {}, 'LEAD');",
            id(40),
            activity = id(number),
            day = at(3)
        );
    }
    for (word, number) in [("berg", 40), ("acme", 40), ("ada@acme.example", 40), ("ådne", 40), ("acme", 41)] {
        sql += &format!("INSERT INTO search_words (word, record_id, record_kind) VALUES ('{word}', {}, 'LEAD');", id(number));
    }
    sql
}

/// A number of the rows, from its id.
fn number(id: Uuid) -> u128 {
    id.as_u128()
}

#[tokio::test]
async fn histories_are_taken_over_from_what_was_kept_before() {
    let fresh = TestDatabase::empty();
    let database = fresh.open().await;
    let steps = Migrator::migrations();
    let before = steps.iter().position(|step| step.name() == "m20261122_000007_opportunity_history").unwrap();
    database.migrate_by(Some(u32::try_from(before).unwrap())).await.unwrap();
    let write = database.begin().await.unwrap();
    write.execute_unprepared(&rows()).await.unwrap();
    write.commit().await.unwrap();
    let applied = database.migrate().await.unwrap();
    assert_eq!(applied.len(), steps.len() - before, "{applied:?}");

    let read = database.read();
    let rows = opportunity_change::Entity::find().order_by_asc(opportunity_change::Column::Id).all(read).await.unwrap();
    let day = |moment: chrono::DateTime<chrono::Utc>| moment.format("%d").to_string();
    let told: Vec<String> = rows
        .iter()
        .map(|row| {
            let before = (
                row.from_amount,
                row.from_currency.as_deref(),
                row.from_probability,
                row.from_close_date.map(|day| day.to_string()),
            );
            let after = (row.amount, row.currency.as_deref(), row.probability, row.close_date.to_string());
            let owners = (row.from_owner_id.map(|id| number(id.uuid())), row.owner_id.map(|id| number(id.uuid())));
            format!("{} {:?} {} {before:?} {after:?} {owners:?}", number(row.id.uuid()), row.until.map(day), row.deleted)
        })
        .collect();
    assert_eq!(
        told,
        [
            r#"30 Some("04") false (None, None, None, None) (Some(1000000), Some("EUR"), 10, "2026-03-31") (None, Some(1))"#,
            r#"31 None false (Some(1000000), Some("EUR"), Some(10), Some("2026-03-31")) (Some(3000000), Some("EUR"), 50, "2026-06-30") (Some(1), Some(1))"#,
            r#"32 None true (None, None, None, None) (None, None, 50, "2026-06-30") (None, Some(2))"#,
        ]
    );
    assert_eq!((rows[1].from_stage_id, rows[0].from_stage_id), (Some(rows[0].stage_id), None));

    let rows = lead_status_change::Entity::find().order_by_asc(lead_status_change::Column::Id).all(read).await.unwrap();
    let told: Vec<String> = rows
        .iter()
        .map(|row| {
            let from = row.from_status.map(entity::LeadStatus::as_str);
            let by = row.by.map(|id| number(id.uuid()));
            format!("{} {} {from:?} {} {by:?}", number(row.lead_id.uuid()), day(row.at), row.status.as_str())
        })
        .collect();
    assert_eq!(
        told,
        [
            "41 03 None CLOSED_NOT_CONVERTED None",
            "42 03 None OPEN_NOT_CONTACTED None",
            "40 03 None OPEN_NOT_CONTACTED Some(2)",
            r#"40 05 Some("OPEN_NOT_CONTACTED") WORKING_CONTACTED Some(2)"#,
            r#"40 07 Some("WORKING_CONTACTED") QUALIFIED Some(2)"#,
        ]
    );
    let reached = lead::Entity::find().select_only().column(lead::Column::StatusesReached).order_by_asc(lead::Column::Id);
    assert_eq!(reached.into_tuple::<i16>().all(read).await.unwrap(), [0b111, 0b1_0000, 0b1]);

    let subjects = activity_subject::Entity::find().order_by_asc(activity_subject::Column::ActivityId).all(read).await.unwrap();
    let due: Vec<String> = subjects.iter().map(|row| row.due_order.format("%Y-%m-%d %H").to_string()).collect();
    assert_eq!(due, ["2026-03-20 09", "9999-12-31 00"]);
    let found = searched_record::Entity::find().order_by_asc(searched_record::Column::RecordId).all(read).await.unwrap();
    let found: Vec<(u128, &str)> = found.iter().map(|row| (number(row.record_id), row.words.as_str())).collect();
    assert_eq!(found, [(40, " acme ada@acme.example berg ådne "), (41, " acme ")]);
    database.close().await.unwrap();
}
