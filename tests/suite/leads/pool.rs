//! The pool: claiming, releasing, assigning, and races for a lead.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Outcome, at};
use crate::harness::{Person, TestServer};

#[tokio::test]
async fn a_lead_is_claimed_released_and_assigned() {
    let server = TestServer::start().await;
    let (rep, other, admin) = (server.rep().await, server.rep().await, server.admin().await);
    let inactive = server.inactive(&admin).await;
    let id = server.new_lead(&rep, json!({ "company": "Acme" })).await;
    let claim = json!({ "id": id });

    let released = server.call(&rep, "releaseLead", claim.clone()).await;
    assert_eq!(released.refusals(), at("INVALID", "id"), "nobody owns it");
    let claimed = server.call(&rep, "claimLead", claim.clone()).await;
    assert_eq!(claimed.lead()["owner"]["id"], json!(rep.id.to_string()));
    for person in [&rep, &other, &admin] {
        let refused = server.call(person, "claimLead", claim.clone()).await;
        assert_eq!(refused.verdict(), "ALREADY_OWNED");
        assert_eq!(*refused.details(), json!({ "ownerId": rep.id.to_string() }));
    }
    assert_eq!(server.call(&other, "releaseLead", claim.clone()).await.verdict(), "FORBIDDEN");
    let released = server.call(&rep, "releaseLead", claim.clone()).await;
    assert_eq!(released.lead()["owner"], Value::Null);
    assert_eq!(released.lead()["version"], 3);

    let assign = |owner: Value| json!({ "id": id, "ownerId": owner });
    let given = server.call(&rep, "assignLead", assign(json!(other.id.to_string()))).await;
    assert_eq!(given.lead()["owner"]["id"], json!(other.id.to_string()));
    assert_eq!(
        server.call(&rep, "assignLead", assign(json!(rep.id.to_string()))).await.verdict(),
        "FORBIDDEN",
        "not mine any more"
    );
    let same = server.call(&other, "assignLead", assign(json!(other.id.to_string()))).await;
    assert_eq!(same.lead()["version"], given.lead()["version"], "nothing changed");
    let refused = server.call(&other, "assignLead", assign(json!(inactive.id.to_string()))).await;
    assert_eq!(refused.refusals(), at("INACTIVE_USER", "ownerId"));
    let back = server.call(&other, "assignLead", assign(Value::Null)).await;
    assert_eq!(back.lead()["owner"], Value::Null);

    let query = "{ leads(filter: { ownerId: { isNull: true } }) { nodes { id } } }";
    let pool = server.graphql(&other, query, json!({})).await;
    assert_eq!(*pool.data("/leads/nodes"), json!([{ "id": id }]), "the pool is a filter");
}

/// Sends the same number of calls as there are people, all at once, each from a task of its own.
async fn race(
    server: &Arc<TestServer>,
    people: &[Person],
    mutation: &'static str,
    input: impl Fn(usize) -> Value,
) -> Vec<Outcome> {
    let tasks: Vec<_> = people
        .iter()
        .enumerate()
        .map(|(index, person)| {
            let (server, person, input) = (server.clone(), person.clone(), input(index));
            tokio::spawn(async move { server.call(&person, mutation, input).await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

fn tally(outcomes: &[Outcome]) -> HashMap<String, usize> {
    let mut tally = HashMap::new();
    for outcome in outcomes {
        *tally.entry(outcome.verdict()).or_default() += 1;
    }
    tally
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_who_claim_one_gets_it() {
    let server = Arc::new(TestServer::start_with(|settings| settings.workers = 4).await);
    let mut people = Vec::new();
    for _ in 0..50 {
        people.push(server.rep().await);
    }
    for round in 0..3 {
        let id = server.new_lead(&people[0], json!({ "company": format!("Acme {round}") })).await;
        let outcomes = race(&server, &people, "claimLead", |_| json!({ "id": id, "expectedVersion": 1 })).await;
        assert_eq!(tally(&outcomes), HashMap::from([("OK".to_owned(), 1), ("ALREADY_OWNED".to_owned(), 49)]));
        let lead = server.lead(&people[0], &id).await;
        let winner = outcomes.iter().position(|outcome| outcome.verdict() == "OK").unwrap();
        assert_eq!(lead["owner"]["id"], json!(people[winner].id.to_string()));
        assert_eq!(lead["version"], 2);
        assert_eq!(server.history(&people[0], &id).await.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_changes_of_one_version_one_is_made() {
    let server = Arc::new(TestServer::start_with(|settings| settings.workers = 4).await);
    let manager = server.manager().await;
    let people = vec![manager.clone(); 50];
    let id = server.new_lead(&manager, json!({ "company": "Acme" })).await;
    let change = |index: usize| json!({ "id": id, "expectedVersion": 1, "jobTitle": format!("Boss {index}") });
    let outcomes = race(&server, &people, "updateLead", change).await;
    assert_eq!(tally(&outcomes), HashMap::from([("OK".to_owned(), 1), ("VERSION_CONFLICT".to_owned(), 49)]));

    // Without an expected version each of them is made, and none is lost.
    let signal = |_| json!({ "id": id, "kind": "MEETING_AGREED" });
    let outcomes = race(&server, &people, "recordBuyingSignal", signal).await;
    assert_eq!(tally(&outcomes), HashMap::from([("OK".to_owned(), 50)]));
    let lead = server.lead(&manager, &id).await;
    assert_eq!(lead["version"], 52);
    assert_eq!(lead["buyingSignals"].as_array().unwrap().len(), 50);
    assert_eq!(server.history(&manager, &id).await.len(), 52);
}
