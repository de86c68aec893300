//! Imports of several batches: what they write is what the API writes, row for row, wherever in the file a row stands.

use entity::{change, lead, lead_status_change, outbox, search_word};
use leadgraph::import::Kind;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::Desk;

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
    let statuses = lead_status_change::Entity::find().filter(lead_status_change::Column::LeadId.eq(id));
    let statuses = statuses.all(connection).await.unwrap();
    json!({
        "history": history.iter().map(|entry| {
            let fields = entry.fields.as_array().unwrap().iter().filter(|field| field["field"] != "owner").collect::<Vec<_>>();
            json!([entry.action, entry.at, entry.by.map(|by| by.to_string()), fields])
        }).collect::<Vec<_>>(),
        "events": events.iter().map(|event| json!([event.action, event.at])).collect::<Vec<_>>(),
        "words": words.iter().map(|word| word.word.as_str()).collect::<Vec<_>>(),
        "statuses": statuses.iter().map(|change| json!([change.at, change.status.as_str()])).collect::<Vec<_>>(),
    })
}

#[tokio::test]
async fn an_imported_lead_is_the_lead_that_the_api_creates() {
    let desk = Desk::new().await;
    let header: Vec<&str> = lead(0).iter().map(|(name, _)| *name).collect();
    let mut text = format!("externalId,{}\n", header.join(","));
    for number in 0..ROWS {
        let cells: Vec<String> = lead(number).iter().map(|(_, cell)| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        text.push_str(&format!("row{number},{}\n", cells.join(",")));
    }
    assert_eq!(desk.import_text(Kind::Leads, &text, "").await, [ROWS as u64, 0, 0, 0]);
    assert_eq!(desk.count::<lead::Entity>().await, ROWS as u64);
    assert_eq!(desk.bookkeeping().await[..2], [ROWS as u64, ROWS as u64]);

    let create = "mutation($input: CreateLeadInput!) { createLead(input: $input) { lead { id } userErrors { message } } }";
    let connection = desk.server.app.database().read();
    for number in COMPARED {
        let mut input = json!({ "ownerId": null });
        for (name, cell) in lead(number).into_iter().filter(|(_, cell)| !cell.is_empty()) {
            match name {
                "country" => input["address"] = json!({ "country": cell }),
                name => input[name] = json!(cell),
            }
        }
        let answer = desk.server.graphql(&desk.person, create, json!({ "input": input })).await;
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
