//! Creating, changing, deleting and restoring leads.

use serde_json::{Value, json};

use super::at;
use crate::harness::TestServer;

const EVERYTHING: [&str; 13] = [
    "firstName",
    "lastName",
    "jobTitle",
    "company",
    "email",
    "phone",
    "website",
    "address",
    "description",
    "rating",
    "sourceId",
    "campaignId",
    "buyingRole",
];

async fn everything(server: &TestServer, person: &crate::harness::Person) -> Value {
    json!({
        "firstName": "Ada", "lastName": "Lovelace", "jobTitle": "Analyst", "company": "Engines Ltd",
        "email": "Ada@Engines.Example", "phone": "+47 22 12 34 56", "website": "https://engines.example/shop",
        "address": { "street": "1 Mill Lane\nYard", "city": "Oslo", "region": "Viken", "postalCode": "0150", "country": "NO" },
        "description": "Line one\n\tline two", "rating": "WARM", "buyingRole": "CHAMPION",
        "sourceId": server.source("Partner").await, "campaignId": server.campaign("Spring").await,
    })
}

#[tokio::test]
async fn a_lead_is_kept_as_given() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let mut input = everything(&server, &rep).await;
    input["ownerId"] = json!(rep.id.to_string());
    let created = server.call(&rep, "createLead", input.clone()).await;
    let lead = created.lead();
    for field in ["firstName", "lastName", "jobTitle", "company", "phone", "website", "address", "description", "rating"] {
        assert_eq!(lead[field], input[field], "{field}");
    }
    assert_eq!(lead["email"], "Ada@engines.example", "the local part as typed, the domain in lower case");
    assert_eq!(lead["source"]["id"], input["sourceId"]);
    assert_eq!(lead["campaign"]["id"], input["campaignId"]);
    assert_eq!(lead["owner"]["id"], input["ownerId"]);
    assert_eq!(
        [&lead["name"], &lead["version"], &lead["status"], &lead["createdAt"], &lead["updatedAt"], &lead["lastActivityAt"]],
        [
            &json!("Ada Lovelace"),
            &json!(1),
            &json!("OPEN_NOT_CONTACTED"),
            &json!("2026-03-02T09:00:00.000Z"),
            &json!("2026-03-02T09:00:00.000Z"),
            &Value::Null
        ]
    );
    assert_eq!(server.lead(&rep, &created.id()).await, *lead, "what is read is what was answered");
}

#[tokio::test]
async fn little_is_needed() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    for (input, name) in [
        (json!({ "company": "Acme" }), "Acme"),
        (json!({ "lastName": "Lovelace" }), "Lovelace"),
        (json!({ "firstName": "Ada", "company": "Acme" }), "Ada"),
        (json!({ "firstName": "  Nguye\u{302}\u{303}n ", "lastName": "\u{200b}Anh\u{feff}" }), "Nguyễn Anh"),
    ] {
        let created = server.call(&rep, "createLead", input).await;
        assert_eq!((&created.lead()["name"], &created.lead()["owner"]), (&json!(name), &Value::Null));
    }
    for input in [
        json!({}),
        json!({ "firstName": "Ada" }),
        json!({ "lastName": " ", "company": "" }),
        json!({ "lastName": null, "company": "\u{3000}\u{200b}" }),
    ] {
        assert_eq!(server.call(&rep, "createLead", input.clone()).await.refusals(), at("REQUIRED", "lastName"), "{input}");
    }
}

#[tokio::test]
async fn absent_stays_and_null_clears() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let input = everything(&server, &rep).await;
    let id = server.new_lead(&rep, input.clone()).await;
    server.call(&rep, "createLead", json!({ "company": "Bystander" })).await.done();

    let before = server.lead(&rep, &id).await;
    let untouched = server.call(&rep, "updateLead", json!({ "id": id })).await;
    assert_eq!(*untouched.lead(), before, "nothing given, nothing changed, not even the version");
    let same = server.call(&rep, "updateLead", merged(&input, json!({ "id": id }))).await;
    assert_eq!(*same.lead(), before, "the same again is no change");

    // One field after the other goes; the last name stays, since a lead needs it once the company is gone.
    for (index, field) in EVERYTHING.into_iter().filter(|field| *field != "lastName").enumerate() {
        let before = server.lead(&rep, &id).await;
        let cleared = server.call(&rep, "updateLead", json!({ "id": id, field: null })).await;
        let shown = field.trim_end_matches("Id");
        let mut expected = before.clone();
        expected[shown] = Value::Null;
        for derived in ["version", "name", "qualification"] {
            expected[derived] = cleared.lead()[derived].clone();
        }
        assert_eq!(*cleared.lead(), expected, "{field}");
        assert_eq!(cleared.lead()["version"], json!(2 + index), "{field}");
    }
    assert_eq!(
        server.call(&rep, "updateLead", json!({ "id": id, "lastName": null })).await.refusals(),
        at("REQUIRED", "lastName")
    );
    let back = server.call(&rep, "updateLead", json!({ "id": id, "lastName": null, "company": "Acme" })).await;
    assert_eq!(back.lead()["name"], "Acme");
}

#[tokio::test]
async fn the_parts_of_an_address_change_one_by_one() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let address = json!({ "street": "1 Mill Lane", "city": "Oslo", "country": "NO" });
    let id = server.new_lead(&rep, json!({ "company": "Acme", "address": address })).await;
    let change = json!({ "id": id, "address": { "city": "Bergen", "street": null } });
    let changed = server.call(&rep, "updateLead", change).await;
    let expected = json!({ "street": null, "city": "Bergen", "region": null, "postalCode": null, "country": "NO" });
    assert_eq!(changed.lead()["address"], expected);
    let emptied = server.call(&rep, "updateLead", json!({ "id": id, "address": { "city": " ", "country": null } })).await;
    assert_eq!(emptied.lead()["address"], Value::Null);
}

#[tokio::test]
async fn a_deleted_lead_is_gone_until_it_is_restored() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let id = server.new_lead(&rep, json!({ "company": "Acme" })).await;
    let activity = json!({ "kind": "NOTE", "subject": "Note", "aboutIds": [id] });
    server.call(&rep, "createActivity", activity.clone()).await.done();
    let before = server.lead(&rep, &id).await;
    let deleted = server.call(&rep, "deleteLead", json!({ "id": id })).await;
    assert_eq!(deleted.done()["deletedId"], json!(id));

    assert_eq!(server.lead(&rep, &id).await, Value::Null);
    let query = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } leads { totalCount nodes { id } } }";
    let seen = server.graphql(&rep, query, json!({ "id": id })).await;
    assert_eq!(*seen.data(""), json!({ "node": null, "nodes": [null], "leads": { "totalCount": 0, "nodes": [] } }));
    for (mutation, input) in super::guards::every_mutation(&server, &rep, &id).await {
        if mutation != "restoreLead" {
            let path = if mutation == "convertLead" { "leadId" } else { "id" };
            assert_eq!(server.call(&rep, mutation, input).await.refusals(), at("NOT_FOUND", path), "{mutation}");
        }
    }
    assert_eq!(server.call(&rep, "createActivity", activity).await.refusals(), at("NOT_FOUND", "aboutIds.0"));

    let restored = server.call(&rep, "restoreLead", json!({ "id": id })).await;
    let mut expected = before.clone();
    expected["version"] = json!(3);
    assert_eq!(*restored.lead(), expected);
    let query = "query($id: ID!) { lead(id: $id) { activities { totalCount } } leads { totalCount } }";
    let seen = server.graphql(&rep, query, json!({ "id": id })).await;
    assert_eq!(*seen.data(""), json!({ "lead": { "activities": { "totalCount": 1 } }, "leads": { "totalCount": 1 } }));
    let again = server.call(&rep, "restoreLead", json!({ "id": id })).await;
    assert_eq!(again.lead()["version"], 3, "nothing to restore, nothing changed");
}

/// The fields of both objects.
pub fn merged(one: &Value, other: Value) -> Value {
    let mut all = one.as_object().unwrap().clone();
    all.extend(other.as_object().unwrap().clone());
    Value::Object(all)
}
