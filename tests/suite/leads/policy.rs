//! Who may change which lead.

use serde_json::json;

use super::guards::every_mutation;
use crate::harness::TestServer;

#[tokio::test]
async fn roles_decide_who_changes_what() {
    let server = TestServer::start().await;
    let (admin, manager, rep, other, viewer) =
        (server.admin().await, server.manager().await, server.rep().await, server.rep().await, server.viewer().await);
    let (own, pool, others) = (Some(rep.id.to_string()), None, Some(other.id.to_string()));
    let count = every_mutation(&server, &rep, "").await.len();
    for index in 0..count {
        for (person, owner, allowed) in [
            (&rep, &own, true),
            (&rep, &pool, true),
            (&rep, &others, false),
            (&manager, &others, true),
            (&manager, &pool, true),
            (&admin, &others, true),
            (&viewer, &own, false),
            (&viewer, &pool, false),
        ] {
            let (mutation, _) = every_mutation(&server, &rep, "").await.swap_remove(index);
            let status = match mutation {
                "reopenLead" => "CLOSED_NOT_CONVERTED",
                "revertLeadConversion" => "CLOSED_CONVERTED",
                _ => "OPEN_NOT_CONTACTED",
            };
            // Somebody's lead is brought into its status by its owner, so that the preparation needs no other rights.
            let worker = if *owner == others { &other } else { &rep };
            let id = server.lead_in(worker, "OPEN_NOT_CONTACTED").await;
            if owner.is_some() {
                server.call(&manager, "assignLead", json!({ "id": id, "ownerId": owner })).await.done();
            }
            match status {
                "CLOSED_NOT_CONVERTED" => {
                    let reason = server.reason("No need").await;
                    server.call(worker, "disqualifyLead", json!({ "id": id, "reasonId": reason })).await.done();
                }
                "CLOSED_CONVERTED" => {
                    server.call(worker, "convertLead", json!({ "leadId": id })).await.done();
                }
                _ => {}
            }
            if mutation == "restoreLead" {
                server.call(worker, "deleteLead", json!({ "id": id })).await.done();
            }
            let before = server.lead(&admin, &id).await;
            let (_, input) = every_mutation(&server, &rep, &id).await.swap_remove(index);
            let answered = server.call(person, mutation, input).await.verdict();
            let expected = match (mutation, owner) {
                // Whose lead it is decides what the claimer hears, but for those who may claim none.
                ("claimLead", Some(_)) if person.id != viewer.id => "ALREADY_OWNED",
                ("releaseLead", None) if allowed => "INVALID",
                _ if allowed => "OK",
                _ => "FORBIDDEN",
            };
            assert_eq!(answered, expected, "{mutation} by {} on the lead of {owner:?}", person.email);
            if expected != "OK" {
                assert_eq!(server.lead(&admin, &id).await, before, "{mutation}: what was refused changed nothing");
            }
        }
    }
}

#[tokio::test]
async fn creating_and_reading() {
    let server = TestServer::start().await;
    let (rep, other, viewer) = (server.rep().await, server.rep().await, server.viewer().await);
    let input = json!({ "company": "Acme" });
    assert_eq!(server.call(&viewer, "createLead", input.clone()).await.verdict(), "FORBIDDEN");
    let id = server.new_lead(&rep, input).await;
    let given_away = server.call(&rep, "createLead", json!({ "company": "Gift", "ownerId": other.id.to_string() })).await;
    assert_eq!(given_away.lead()["owner"]["id"], json!(other.id.to_string()));
    for person in [&viewer, &other] {
        assert_eq!(server.lead(person, &id).await["company"], "Acme", "everybody reads");
    }
    let unknown = server.graphql(None, "query($id: ID!) { lead(id: $id) { id } }", json!({ "id": id })).await;
    assert_eq!(unknown.codes(), ["UNAUTHENTICATED"]);
    let unknown = server.graphql(None, "mutation { createLead(input: { company: \"x\" }) { lead { id } } }", json!({})).await;
    assert_eq!(unknown.codes(), ["UNAUTHENTICATED"]);
}
