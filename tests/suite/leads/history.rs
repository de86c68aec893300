//! The history of a lead: before and after of every field, by whom and when.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::qualified;
use crate::harness::TestServer;

fn change(entry: &Value, field: &str) -> (Value, Value) {
    let found = entry["fields"].as_array().unwrap().iter().find(|change| change["field"] == field);
    let found = found.unwrap_or_else(|| panic!("no {field} in {entry}"));
    (found["before"].clone(), found["after"].clone())
}

fn fields(entry: &Value) -> Vec<String> {
    entry["fields"].as_array().unwrap().iter().map(|change| change["field"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_field_is_told_with_before_and_after() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let (source, other_source) = (server.source("Event").await, server.source("Other").await);
    let campaign = server.campaign("Spring").await;
    let id = server.new_lead(&rep, json!({ "company": "Acme" })).await;
    let created = server.history(&rep, &id).await.remove(0);
    assert_eq!(created["action"], "created");
    assert_eq!(fields(&created), ["company", "status"]);
    assert_eq!(change(&created, "company"), (Value::Null, json!("Acme")));
    assert_eq!(change(&created, "status"), (Value::Null, json!("OPEN_NOT_CONTACTED")));

    let address = |city: &str| json!({ "street": null, "city": city, "region": null, "postalCode": null, "country": "NO" });
    let steps = [
        ("firstName", json!("Ada"), json!("Eda")),
        ("lastName", json!("Lovelace"), json!("Byron")),
        ("jobTitle", json!("Analyst"), json!("Countess")),
        ("email", json!("ada@a.example"), json!("eda@b.example")),
        ("phone", json!("+47 22123456"), json!("+47 22123457")),
        ("website", json!("a.example"), json!("b.example")),
        ("address", address("Oslo"), address("Bergen")),
        ("description", json!("Note"), json!("Notes\nof two lines")),
        ("rating", json!("HOT"), json!("COLD")),
        ("buyingRole", json!("CHAMPION"), json!("ADVISER")),
        ("sourceId", json!(source), json!(other_source)),
        ("company", json!("Acme Ltd"), json!("Acme AS")),
    ];
    for (field, one, two) in steps {
        let shown = field.trim_end_matches("Id");
        for value in [one.clone(), two.clone(), Value::Null] {
            server.clock.advance(TimeDelta::seconds(1));
            server.call(&rep, "updateLead", json!({ "id": id, field: value })).await.done();
        }
        let history = server.history(&rep, &id).await;
        let [.., first, second, third] = history.as_slice() else { panic!("three entries are missing") };
        let start = if field == "company" { json!("Acme") } else { Value::Null };
        assert_eq!(change(first, shown), (start, one.clone()), "{field}");
        assert_eq!(change(second, shown), (one, two.clone()), "{field}");
        assert_eq!(change(third, shown), (two, Value::Null), "{field}");
        for entry in [first, second, third] {
            assert_eq!(fields(entry), [shown], "nothing else changed");
            assert_eq!((&entry["action"], &entry["by"]["id"]), (&json!("updated"), &json!(rep.id.to_string())));
        }
        // The lead needs one of the two.
        if field == "lastName" {
            server.call(&rep, "updateLead", json!({ "id": id, "lastName": "Lovelace" })).await.done();
        }
    }
    server.call(&rep, "updateLead", json!({ "id": id, "campaignId": campaign })).await.done();
    let last = server.history(&rep, &id).await.pop().unwrap();
    assert_eq!(change(&last, "campaign"), (Value::Null, json!(campaign)));
    assert_eq!(last["at"], server.lead(&rep, &id).await["updatedAt"]);
}

#[tokio::test]
async fn every_piece_of_work_is_told() {
    let server = TestServer::start().await;
    let (rep, manager) = (server.rep().await, server.manager().await);
    let reason = server.reason("Bad timing").await;
    let id = server.new_lead(&rep, json!({ "lastName": "Lovelace", "company": "Acme" })).await;
    let mut met = qualified(&id);
    met["need"] = json!({ "state": "MET", "note": "Urgent" });
    let work = [
        ("claimLead", json!({ "id": id })),
        ("assignLead", json!({ "id": id, "ownerId": rep.id.to_string() })),
        ("releaseLead", json!({ "id": id })),
        ("setLeadStatus", json!({ "id": id, "status": "WORKING_CONTACTED" })),
        (
            "assessLead",
            json!({ "id": id, "budgetAmount": { "amount": 10, "currency": "EUR" }, "expectedPurchaseDate": "2026-05-01" }),
        ),
        ("recordBuyingSignal", json!({ "id": id, "kind": "MEETING_AGREED", "note": "Monday" })),
        ("qualifyLead", met),
        ("disqualifyLead", json!({ "id": id, "reasonId": reason, "note": "Next year" })),
        ("reopenLead", json!({ "id": id })),
        ("deleteLead", json!({ "id": id })),
        ("restoreLead", json!({ "id": id })),
        ("convertLead", json!({ "leadId": id })),
        ("revertLeadConversion", json!({ "id": id })),
    ];
    for (mutation, input) in work {
        server.call(&manager, mutation, input).await.done();
    }
    let history = server.history(&manager, &id).await;
    let actions: Vec<_> = history.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(
        actions,
        [
            "created",
            "claimed",
            "assigned",
            "released",
            "status_changed",
            "assessed",
            "buying_signal_recorded",
            "qualified",
            "disqualified",
            "reopened",
            "deleted",
            "restored",
            "converted",
            "conversion_reverted",
        ]
    );
    assert_eq!(history.len(), usize::try_from(server.lead(&rep, &id).await["version"].as_i64().unwrap()).unwrap());
    let owner = json!(manager.id.to_string());
    assert_eq!(change(&history[1], "owner"), (Value::Null, owner.clone()));
    let new_owner = json!(rep.id.to_string());
    assert_eq!(change(&history[2], "owner"), (owner.clone(), new_owner.clone()));
    assert_eq!(change(&history[3], "owner"), (new_owner, Value::Null));
    assert_eq!(change(&history[4], "status"), (json!("OPEN_NOT_CONTACTED"), json!("WORKING_CONTACTED")));
    assert_eq!(change(&history[5], "budgetAmount"), (Value::Null, json!({ "amount": "10.00", "currency": "EUR" })));
    assert_eq!(change(&history[5], "expectedPurchaseDate"), (Value::Null, json!("2026-05-01")));
    let signal = json!({ "kind": "MEETING_AGREED", "observedOn": "2026-03-02", "note": "Monday" });
    assert_eq!(change(&history[6], "buyingSignals"), (Value::Null, signal));
    assert_eq!(
        fields(&history[7]),
        ["status", "need", "budget", "timeline", "qualifiedAt", "qualifiedBy"],
        "a qualification tells what was assessed with it"
    );
    assert_eq!(change(&history[7], "need"), (Value::Null, json!({ "state": "MET", "note": "Urgent" })));
    assert_eq!(change(&history[7], "qualifiedBy"), (Value::Null, owner));
    assert_eq!(change(&history[8], "disqualification").1["reason"], json!(reason));
    assert_eq!(change(&history[9], "disqualification").1, Value::Null);
    assert_eq!(change(&history[9], "qualifiedAt").1, Value::Null);
    assert_eq!(change(&history[10], "deletedAt"), (Value::Null, json!("2026-03-02T09:00:00.000Z")));
    assert_eq!(change(&history[11], "deletedAt"), (json!("2026-03-02T09:00:00.000Z"), Value::Null));
    assert_eq!(change(&history[12], "status"), (json!("WORKING_CONTACTED"), json!("CLOSED_CONVERTED")));
    assert_eq!(change(&history[13], "conversion").0, change(&history[12], "conversion").1);
}
