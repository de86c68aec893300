//! The table of status moves of `domain.md`: every pair, through the mutation that makes the move.

use serde_json::{Value, json};

use super::{Outcome, STATUSES, at, qualified};
use crate::harness::{Person, TestServer};

/// The moves that the table has.
fn allowed(from: &str) -> Vec<&'static str> {
    match from {
        "OPEN_NOT_CONTACTED" => vec!["WORKING_CONTACTED", "QUALIFIED", "CLOSED_NOT_CONVERTED", "CLOSED_CONVERTED"],
        "WORKING_CONTACTED" => vec!["OPEN_NOT_CONTACTED", "QUALIFIED", "CLOSED_NOT_CONVERTED", "CLOSED_CONVERTED"],
        "QUALIFIED" => vec!["WORKING_CONTACTED", "CLOSED_NOT_CONVERTED", "CLOSED_CONVERTED"],
        "CLOSED_NOT_CONVERTED" => vec!["WORKING_CONTACTED"],
        _ => vec![],
    }
}

async fn make_move(server: &TestServer, person: &Person, id: &str, to: &str) -> Outcome {
    match to {
        "QUALIFIED" => server.call(person, "qualifyLead", qualified(id)).await,
        "CLOSED_CONVERTED" => server.call(person, "convertLead", json!({ "leadId": id })).await,
        "CLOSED_NOT_CONVERTED" => {
            let reason = server.reason("No budget").await;
            server.call(person, "disqualifyLead", json!({ "id": id, "reasonId": reason })).await
        }
        _ => server.call(person, "setLeadStatus", json!({ "id": id, "status": to })).await,
    }
}

#[track_caller]
fn check_refusal(refused: &Outcome, from: &str, what: &str) {
    assert_eq!(refused.verdict(), "ILLEGAL_TRANSITION", "{from} {what}");
    assert_eq!(sorted(&refused.details()["allowed"]), sorted(&json!(allowed(from))), "{from} {what}");
    let message = refused.answer.text.clone();
    assert!(message.contains(&format!("A lead that is {from} cannot become")), "{message}");
}

fn sorted(list: &Value) -> Vec<String> {
    let mut words: Vec<String> = list.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect();
    words.sort();
    words
}

#[tokio::test]
async fn every_pair_of_statuses() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    for from in STATUSES {
        for to in STATUSES {
            let id = server.lead_in(&manager, from).await;
            let before = server.lead(&manager, &id).await;
            assert_eq!(before["status"], from);
            let moved = make_move(&server, &manager, &id, to).await;
            if allowed(from).contains(&to) {
                assert_eq!(moved.lead()["status"], to, "{from} -> {to}");
                assert_eq!(moved.lead()["version"], json!(before["version"].as_i64().unwrap() + 1), "{from} -> {to}");
                continue;
            }
            match (from, to) {
                ("CLOSED_CONVERTED", "CLOSED_CONVERTED") => assert_eq!(moved.verdict(), "ALREADY_CONVERTED"),
                _ => check_refusal(&moved, from, to),
            }
            assert_eq!(server.lead(&manager, &id).await, before, "{from} -> {to}: what was refused changed nothing");
        }
    }
}

#[tokio::test]
async fn the_mutation_that_sets_statuses_makes_only_its_own_moves() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    for from in STATUSES {
        for to in ["QUALIFIED", "CLOSED_CONVERTED", "CLOSED_NOT_CONVERTED"] {
            let id = server.lead_in(&manager, from).await;
            let refused = server.call(&manager, "setLeadStatus", json!({ "id": id, "status": to })).await;
            if allowed(from).contains(&to) {
                assert_eq!(refused.refusals(), at("INVALID", "status"), "{from} -> {to}: another mutation makes this move");
            } else {
                check_refusal(&refused, from, to);
            }
        }
    }
}

#[tokio::test]
async fn only_what_was_closed_is_reopened() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    for from in STATUSES {
        let id = server.lead_in(&manager, from).await;
        let reopened = server.call(&manager, "reopenLead", json!({ "id": id })).await;
        if from == "CLOSED_NOT_CONVERTED" {
            assert_eq!(reopened.lead()["status"], "WORKING_CONTACTED");
            assert_eq!(reopened.lead()["disqualification"], Value::Null);
        } else {
            check_refusal(&reopened, from, "reopened");
        }
    }
}

#[tokio::test]
async fn a_reverted_conversion_gives_back_the_status_before() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    for from in ["OPEN_NOT_CONTACTED", "WORKING_CONTACTED", "QUALIFIED"] {
        let id = server.lead_in(&manager, from).await;
        let before = server.lead(&manager, &id).await;
        server.call(&manager, "convertLead", json!({ "leadId": id })).await.done();
        let reverted = server.call(&manager, "revertLeadConversion", json!({ "id": id })).await;
        let mut expected = before.clone();
        expected["version"] = json!(before["version"].as_i64().unwrap() + 2);
        assert_eq!(*reverted.lead(), expected, "{from}");
        let again = server.call(&manager, "revertLeadConversion", json!({ "id": id })).await;
        assert_eq!(again.refusals(), at("NOT_CONVERTED", "id"));
    }
}
