//! Imports of several batches: what they write is what the API writes, row for row, wherever in the file a row stands.

use std::time::{Duration, Instant};

use entity::{change, lead, lead_status_change, outbox, search_word, searched_record, user};
use leadgraph::auth::Actor;
use leadgraph::import::{Kind, Request, import};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::Desk;

const CREATE: &str = "mutation($input: CreateLeadInput!) { createLead(input: $input) { lead { id } userErrors { message } } }";

/// Rows of the file: more than go into a batch, and the last portion isn't full.
const ROWS: usize = 2_600;

/// Rows that are compared: those at the borders of portions and batches, and some between.
const COMPARED: [usize; 12] = [0, 1, 63, 64, 255, 256, 777, 1_024, 2_047, 2_048, 2_049, ROWS - 1];

/// What a lead of the file says.
fn lead(number: usize) -> [(&'static str, String); 7] {
    let phones = ["+47 22 12 34 56", "(785) 241-6200", "030 1234567", "0047 22 12 34 57", ""];
    let countries = ["NO", "US", "DE", "", "NO"];
    [
        ("firstName", ["Ådne", "Zoë", "Lu", ""][number % 4].to_owned()),
        ("lastName", format!("Nguyễn {number}")),
        ("company", if number.is_multiple_of(3) { String::new() } else { format!("Acme {} GmbH & Co. KG", number % 400) }),
        ("email", if number.is_multiple_of(7) { String::new() } else { format!("Lead.{number}@Firm{}.example", number % 400) }),
        ("phone", phones[number % 5].to_owned()),
        ("country", countries[number % 5].to_owned()),
        ("description", if number.is_multiple_of(2) { String::new() } else { format!("\"quoted\", number {number}") }),
    ]
}

/// A row as the tables have it, without what differs between two leads of the same content.
fn content(mut lead: lead::Model) -> lead::Model {
    let nobody = entity::Id::new(uuid::Uuid::nil());
    lead = lead::Model { id: nobody, owner_id: None, external_id: None, ..lead };
    lead
}

/// Everything that was written about a lead beside its row.
async fn beside(desk: &Desk, id: entity::LeadId) -> Value {
    let connection = desk.server.app.database().read();
    let history = change::Entity::find().filter(change::Column::RecordId.eq(id.uuid())).all(connection).await.unwrap();
    let events = outbox::Entity::find().filter(outbox::Column::RecordId.eq(id.uuid())).all(connection).await.unwrap();
    let words = search_word::Entity::find().filter(search_word::Column::RecordId.eq(id.uuid()));
    let words = words.order_by_asc(search_word::Column::Word).all(connection).await.unwrap();
    let text = searched_record::Entity::find_by_id(id.uuid()).one(connection).await.unwrap().unwrap().words;
    let statuses = lead_status_change::Entity::find().filter(lead_status_change::Column::LeadId.eq(id));
    let statuses = statuses.all(connection).await.unwrap();
    json!({
        "history": history.iter().map(|entry| {
            let fields = entry.fields.as_array().unwrap().iter().filter(|field| field["field"] != "owner").collect::<Vec<_>>();
            json!([entry.action, entry.at, entry.by.map(|by| by.to_string()), fields])
        }).collect::<Vec<_>>(),
        "events": events.iter().map(|event| json!([event.action, event.at])).collect::<Vec<_>>(),
        "words": words.iter().map(|word| word.word.as_str()).collect::<Vec<_>>(),
        "text": text,
        "statuses": statuses.iter().map(|change| json!([change.at, change.status.as_str()])).collect::<Vec<_>>(),
    })
}

/// The file with so many of them.
fn file(rows: usize) -> String {
    let header: Vec<&str> = lead(0).iter().map(|(name, _)| *name).collect();
    let mut text = format!("externalId,{}\n", header.join(","));
    for number in 0..rows {
        let cells: Vec<String> = lead(number).iter().map(|(_, cell)| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        text.push_str(&format!("row{number},{}\n", cells.join(",")));
    }
    text
}

/// How many leads lack an entry of the history, an event, a status or a word that others like them have.
async fn incomplete(desk: &Desk) -> Vec<String> {
    let connection = desk.server.app.database().read();
    let leads = lead::Entity::find().all(connection).await.unwrap();
    let has = |ids: Vec<uuid::Uuid>| ids.into_iter().collect::<std::collections::HashSet<_>>();
    let history = change::Entity::find().all(connection).await.unwrap();
    let events = outbox::Entity::find().all(connection).await.unwrap();
    let words = search_word::Entity::find().all(connection).await.unwrap();
    let texts = searched_record::Entity::find().all(connection).await.unwrap();
    let statuses = lead_status_change::Entity::find().all(connection).await.unwrap();
    let all = [
        has(history.iter().map(|entry| entry.record_id).collect()),
        has(events.iter().map(|event| event.record_id).collect()),
        has(words.iter().map(|word| word.record_id).collect()),
        has(texts.iter().map(|text| text.record_id).collect()),
        has(statuses.iter().map(|change| change.lead_id.uuid()).collect()),
    ];
    let lacks = |lead: &lead::Model| all.iter().any(|ids| !ids.contains(&lead.id.uuid()));
    leads.iter().filter(|lead| lacks(lead)).map(|lead| format!("{:?}", lead.external_id)).collect()
}

#[tokio::test]
async fn an_import_that_was_cut_off_goes_on_where_it_was() {
    let desk = Desk::new().await;
    let rows = 6_000;
    let request = Request {
        kind: Kind::Leads,
        file: desk.file("rows.csv", file(rows)),
        mapping: None,
        rejects: None,
        assign: false,
        dry_run: false,
    };
    let app = &desk.server.app;
    let user = user::Entity::find_by_id(desk.person.id).one(app.database().read()).await.unwrap().unwrap();
    let actor = Actor::of(user);
    let is_under_way = Notify::new();
    let progress = |_, _| is_under_way.notify_one();
    for round in 0..2 {
        tokio::select! {
            done = import(app, &actor, &request, &progress) => panic!("{:?}", done.unwrap()),
            () = async { for _ in 0..=round { is_under_way.notified().await } } => {}
        }
        assert_eq!(incomplete(&desk).await, [""; 0], "nothing is there by halves");
    }
    let there = desk.count::<lead::Entity>().await;
    assert!(there < rows as u64, "{there}");
    let summary = import(app, &actor, &request, &|_, _| {}).await.unwrap();
    assert_eq!([summary.created, summary.unchanged, summary.rejected], [rows as u64 - there, there, 0]);
    assert_eq!(desk.bookkeeping().await[..2], [rows as u64, rows as u64]);
    assert_eq!(incomplete(&desk).await, [""; 0]);
}

#[tokio::test]
async fn others_write_while_an_import_runs() {
    let desk = Desk::new().await;
    let beside = desk.server.another().await;
    let text = file(6_000);
    let imported = desk.import_text(Kind::Leads, &text, "");
    tokio::pin!(imported);
    let mut waits = Vec::new();
    let counts = loop {
        let begun = Instant::now();
        let input = json!({ "lastName": format!("Beside {}", waits.len()) });
        let created = beside.graphql(&desk.person, CREATE, json!({ "input": input }));
        tokio::pin!(created);
        let mut ended = None;
        let answer = loop {
            tokio::select! {
                counts = &mut imported, if ended.is_none() => ended = Some(counts),
                answer = &mut created => break answer,
            }
        };
        assert_eq!(answer.data("/createLead")["userErrors"], json!([]), "{answer:?}");
        waits.push(begun.elapsed());
        if let Some(counts) = ended {
            break counts;
        }
    };
    assert_eq!(counts, [6_000, 0, 0, 0]);
    assert_eq!(desk.count::<lead::Entity>().await, 6_000 + waits.len() as u64);
    let longest = waits.iter().max().unwrap();
    assert!(waits.len() > 2 && *longest < Duration::from_secs(8), "{} writes, the longest took {longest:?}", waits.len());
}

#[tokio::test]
async fn an_imported_lead_is_the_lead_that_the_api_creates() {
    let desk = Desk::new().await;
    let text = file(ROWS);
    assert_eq!(desk.import_text(Kind::Leads, &text, "").await, [ROWS as u64, 0, 0, 0]);
    assert_eq!(desk.count::<lead::Entity>().await, ROWS as u64);
    assert_eq!(desk.bookkeeping().await[..2], [ROWS as u64, ROWS as u64]);

    let connection = desk.server.app.database().read();
    for number in COMPARED {
        let mut input = json!({ "ownerId": null });
        for (name, cell) in lead(number).into_iter().filter(|(_, cell)| !cell.is_empty()) {
            match name {
                "country" => input["address"] = json!({ "country": cell }),
                name => input[name] = json!(cell),
            }
        }
        let answer = desk.server.graphql(&desk.person, CREATE, json!({ "input": input })).await;
        let id: entity::LeadId = answer.data("/createLead")["lead"]["id"].as_str().unwrap().parse().unwrap();
        let created = lead::Entity::find_by_id(id).one(connection).await.unwrap().unwrap();
        let imported = lead::Entity::find().filter(lead::Column::ExternalId.eq(format!("row{number}")));
        let imported = imported.one(connection).await.unwrap().unwrap();
        assert_eq!(beside(&desk, imported.id).await, beside(&desk, id).await, "row {number}");
        assert_eq!(content(imported), content(created), "row {number}");
    }

    // The same file once more changes nothing, whatever stands in which batch.
    assert_eq!(desk.import_text(Kind::Leads, &text, "").await, [0, 0, ROWS as u64, 0]);
    // A key that stood in an earlier batch is still refused.
    let again = text.replace(&format!("row{},", ROWS - 1), "row3,");
    assert_eq!(desk.import_text(Kind::Leads, &again, "").await, [0, 0, ROWS as u64 - 1, 1]);
    let rejects = desk.rejects();
    assert!(rejects[0][2].contains("stands in row 5 already"), "{rejects:?}");
}
