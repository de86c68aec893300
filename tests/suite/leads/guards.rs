//! What guards every change: the expected version, and the read-only state of converted leads.

use serde_json::{Value, json};

use crate::harness::{Person, TestServer};

/// Every mutation of a lead, with an input that a new lead of the pool takes.
pub async fn every_mutation(server: &TestServer, person: &Person, id: &str) -> Vec<(&'static str, Value)> {
    let reason = server.reason("No budget").await;
    vec![
        ("updateLead", json!({ "id": id, "jobTitle": "Boss" })),
        ("deleteLead", json!({ "id": id })),
        ("restoreLead", json!({ "id": id })),
        ("assignLead", json!({ "id": id, "ownerId": person.id.to_string() })),
        ("claimLead", json!({ "id": id })),
        ("releaseLead", json!({ "id": id })),
        ("setLeadStatus", json!({ "id": id, "status": "WORKING_CONTACTED" })),
        ("assessLead", json!({ "id": id, "need": { "state": "MET" } })),
        ("recordBuyingSignal", json!({ "id": id, "kind": "MEETING_AGREED" })),
        ("qualifyLead", super::qualified(id)),
        ("disqualifyLead", json!({ "id": id, "reasonId": reason })),
        ("reopenLead", json!({ "id": id })),
        ("convertLead", json!({ "leadId": id })),
        ("revertLeadConversion", json!({ "id": id })),
    ]
}

#[tokio::test]
async fn every_change_is_guarded_by_the_version() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    for (index, (mutation, _)) in every_mutation(&server, &manager, "").await.into_iter().enumerate() {
        if mutation == "restoreLead" {
            continue;
        }
        let status = match mutation {
            "reopenLead" => "CLOSED_NOT_CONVERTED",
            "revertLeadConversion" => "CLOSED_CONVERTED",
            _ => "OPEN_NOT_CONTACTED",
        };
        let id = server.lead_in(&manager, status).await;
        if mutation == "releaseLead" {
            server.call(&manager, "claimLead", json!({ "id": id })).await.done();
        }
        let before = server.lead(&manager, &id).await;
        let version = before["version"].as_i64().unwrap();
        let (_, mut input) = every_mutation(&server, &manager, &id).await.swap_remove(index);
        for stale in [version - 1, version + 1, 0, -1] {
            input["expectedVersion"] = json!(stale);
            let refused = server.call(&manager, mutation, input.clone()).await;
            assert_eq!(refused.refusals(), super::at("VERSION_CONFLICT", "expectedVersion"), "{mutation}");
            assert_eq!(*refused.details(), json!({ "version": version }), "{mutation}");
        }
        assert_eq!(server.lead(&manager, &id).await, before, "{mutation}: what was refused changed nothing");
        input["expectedVersion"] = json!(version);
        let done = server.call(&manager, mutation, input).await;
        done.done();
        if mutation != "deleteLead" {
            assert_eq!(done.lead()["version"], json!(version + 1), "{mutation}");
        }
    }
}

#[tokio::test]
async fn a_converted_lead_is_read_only() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    let id = server.lead_in(&manager, "CLOSED_CONVERTED").await;
    let before = server.lead(&manager, &id).await;
    for (mutation, input) in every_mutation(&server, &manager, &id).await {
        let expected = match mutation {
            "restoreLead" | "revertLeadConversion" => continue,
            "setLeadStatus" | "qualifyLead" | "disqualifyLead" | "reopenLead" => "ILLEGAL_TRANSITION",
            _ => "ALREADY_CONVERTED",
        };
        let refused = server.call(&manager, mutation, input).await;
        assert_eq!(refused.verdict(), expected, "{mutation}");
        if expected == "ALREADY_CONVERTED" {
            assert_eq!(refused.details()["accountId"], before["conversion"]["account"]["id"], "{mutation}");
            assert_eq!(refused.details()["opportunityId"], before["conversion"]["opportunity"]["id"], "{mutation}");
        } else {
            assert_eq!(refused.details()["allowed"], json!([]), "{mutation}");
        }
    }
    assert_eq!(server.lead(&manager, &id).await, before);
}
