//! How leads follow the activities about them.

use serde_json::{Value, json};

use crate::harness::{Person, TestServer};

async fn log(server: &TestServer, person: &Person, lead: &str, more: Value) -> String {
    let input = json!({ "kind": "CALL", "subject": "Call", "aboutIds": [lead] });
    server.call(person, "createActivity", super::creating::merged(&input, more)).await.id()
}

const DONE: &str = "2026-03-01T10:00:00.000Z";

#[tokio::test]
async fn the_first_outreach_moves_a_new_lead_to_working() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    for kind in ["CALL", "EMAIL", "MEETING", "TASK", "NOTE"] {
        for direction in ["OUTBOUND", "INBOUND"] {
            for done in [true, false] {
                let id = server.new_lead(&rep, json!({ "company": "Acme" })).await;
                let mut input = json!({ "kind": kind, "direction": direction });
                if done {
                    input["completedAt"] = json!(DONE);
                }
                let activity = log(&server, &rep, &id, input).await;
                let outreach = direction == "OUTBOUND" && !matches!(kind, "TASK" | "NOTE");
                let lead = server.lead(&rep, &id).await;
                let moved = if outreach && done { "WORKING_CONTACTED" } else { "OPEN_NOT_CONTACTED" };
                assert_eq!(lead["status"], moved, "{kind} {direction} {done}");
                assert_eq!(lead["lastActivityAt"], if done { json!(DONE) } else { Value::Null });
                if !done {
                    server.call(&rep, "completeActivity", json!({ "id": activity })).await.done();
                    let lead = server.lead(&rep, &id).await;
                    assert_eq!(lead["status"], if outreach { "WORKING_CONTACTED" } else { "OPEN_NOT_CONTACTED" });
                    assert_eq!(lead["lastActivityAt"], "2026-03-02T09:00:00.000Z");
                }
                let expected = if outreach { 2 } else { 1 };
                assert_eq!(server.lead(&rep, &id).await["version"], expected, "only the move is a change of the lead");
                assert_eq!(server.history(&rep, &id).await.len(), expected);
            }
        }
    }
    let no_direction = server.new_lead(&rep, json!({ "company": "Acme" })).await;
    let activity = log(&server, &rep, &no_direction, json!({ "completedAt": DONE })).await;
    assert_eq!(server.lead(&rep, &no_direction).await["status"], "OPEN_NOT_CONTACTED");
    server.call(&rep, "updateActivity", json!({ "id": activity, "direction": "OUTBOUND" })).await.done();
    assert_eq!(server.lead(&rep, &no_direction).await["status"], "WORKING_CONTACTED", "it turned out to be an outreach");
}

#[tokio::test]
async fn only_leads_that_nobody_contacted_are_moved() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    for status in ["WORKING_CONTACTED", "QUALIFIED", "CLOSED_NOT_CONVERTED"] {
        let id = server.lead_in(&rep, status).await;
        let before = server.lead(&rep, &id).await;
        log(&server, &rep, &id, json!({ "direction": "OUTBOUND", "completedAt": DONE })).await;
        let mut expected = before;
        expected["lastActivityAt"] = json!(DONE);
        assert_eq!(server.lead(&rep, &id).await, expected);
    }
    let converted = server.lead_in(&rep, "CLOSED_CONVERTED").await;
    let input = json!({ "kind": "CALL", "subject": "Call", "aboutIds": [converted] });
    let refused = server.call(&rep, "createActivity", input).await;
    assert_eq!(refused.refusals(), super::at("ALREADY_CONVERTED", "aboutIds.0"));
}

#[tokio::test]
async fn the_latest_completed_activity_is_the_last() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let id = server.new_lead(&rep, json!({ "company": "Acme" })).await;
    let last = async || server.lead(&rep, &id).await["lastActivityAt"].clone();
    let late = log(&server, &rep, &id, json!({ "kind": "NOTE", "completedAt": "2026-02-20T10:00:00Z" })).await;
    log(&server, &rep, &id, json!({ "kind": "NOTE", "completedAt": "2026-02-10T10:00:00Z" })).await;
    log(&server, &rep, &id, json!({ "kind": "TASK", "dueAt": "2026-04-01T10:00:00Z" })).await;
    assert_eq!(last().await, "2026-02-20T10:00:00.000Z", "what is only planned doesn't count");
    server.call(&rep, "deleteActivity", json!({ "id": late })).await.done();
    assert_eq!(last().await, "2026-02-10T10:00:00.000Z");
    server.call(&rep, "restoreActivity", json!({ "id": late })).await.done();
    assert_eq!(last().await, "2026-02-20T10:00:00.000Z");
    let filter = "{ leads(filter: { lastActivityAt: { gte: \"2026-02-20T10:00:00Z\" } }) { totalCount } }";
    assert_eq!(*server.graphql(&rep, filter, json!({})).await.data("/leads/totalCount"), json!(1));
}

#[tokio::test]
async fn an_activity_about_two_leads_moves_both() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let (one, two) =
        (server.new_lead(&rep, json!({ "company": "A" })).await, server.new_lead(&rep, json!({ "company": "B" })).await);
    log(&server, &rep, &one, json!({ "direction": "OUTBOUND", "completedAt": DONE, "aboutIds": [one, two, one] })).await;
    for id in [one, two] {
        let lead = server.lead(&rep, &id).await;
        assert_eq!((&lead["status"], &lead["lastActivityAt"]), (&json!("WORKING_CONTACTED"), &json!(DONE)));
    }
}

#[tokio::test]
async fn a_reverted_conversion_takes_no_activity_from_another_lead() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let account = server.call(&rep, "createAccount", json!({ "name": "Acme" })).await.id();
    let one = server.new_lead(&rep, json!({ "lastName": "One", "company": "Acme" })).await;
    let two = server.new_lead(&rep, json!({ "lastName": "Two", "company": "Acme" })).await;
    log(&server, &rep, &one, json!({ "aboutIds": [one, two] })).await;
    for id in [&one, &two] {
        server.call(&rep, "convertLead", json!({ "leadId": id, "accountId": account })).await.done();
    }
    server.call(&rep, "revertLeadConversion", json!({ "id": one })).await.done();
    let query = "query($id: ID!) { account(id: $id) { activities { totalCount } } }";
    let seen = server.graphql(&rep, query, json!({ "id": account })).await;
    assert_eq!(*seen.data("/account/activities/totalCount"), json!(1), "the other lead brought it there, too");
}
