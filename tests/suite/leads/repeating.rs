//! The same call twice: idempotency keys.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::at;
use crate::harness::TestServer;

fn keyed(key: &str, company: &str) -> Value {
    json!({ "idempotencyKey": key, "company": company })
}

#[tokio::test]
async fn a_key_is_carried_out_once() {
    let server = TestServer::start().await;
    let (rep, other) = (server.rep().await, server.rep().await);
    let first = server.call(&rep, "createLead", keyed("k1", "Acme")).await.id();
    assert_eq!(server.call(&rep, "createLead", keyed("k1", "Acme")).await.id(), first);
    server.call(&rep, "updateLead", json!({ "id": first, "company": "Acme Ltd" })).await.done();
    let again = server.call(&rep, "createLead", keyed("k1", "Acme")).await;
    assert_eq!((again.id(), &again.lead()["company"]), (first.clone(), &json!("Acme Ltd")), "the lead as it is now");

    let reused = server.call(&rep, "createLead", keyed("k1", "Other")).await;
    assert_eq!(reused.refusals(), at("IDEMPOTENCY_KEY_REUSED", "idempotencyKey"));
    let note = json!({ "idempotencyKey": "k1", "kind": "NOTE", "subject": "Acme", "aboutIds": [first] });
    let reused = server.call(&rep, "createActivity", note).await;
    assert_eq!(reused.refusals(), at("IDEMPOTENCY_KEY_REUSED", "idempotencyKey"), "another mutation is another call");

    let of_another = server.call(&other, "createLead", keyed("k1", "Acme")).await.id();
    assert_ne!(of_another, first, "keys belong to users");
    assert_ne!(server.call(&rep, "createLead", keyed("k2", "Acme")).await.id(), first);
    assert_ne!(server.call(&rep, "createLead", json!({ "company": "Acme" })).await.id(), first);
    let count = server.graphql(&rep, "{ leads { totalCount } }", json!({})).await;
    assert_eq!(*count.data("/leads/totalCount"), json!(4));
}

#[tokio::test]
async fn a_key_is_kept_for_a_day() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    server.clock.advance(TimeDelta::hours(1));
    let first = server.call(&rep, "createLead", keyed("k1", "Acme")).await.id();
    server.clock.advance(TimeDelta::hours(22) + TimeDelta::minutes(59));
    let repeated = server.call(&rep, "createLead", keyed("k1", "Acme")).await;
    assert_eq!(repeated.id(), first);
    // The sign-in of before is over by then.
    let rep = server.signed_in_again(&rep).await;
    server.clock.advance(TimeDelta::hours(1) + TimeDelta::minutes(2));
    let fresh = server.call(&rep, "createLead", keyed("k1", "Other")).await.id();
    assert_ne!(fresh, first);
    assert_eq!(server.call(&rep, "createLead", keyed("k1", "Other")).await.id(), fresh);
}

#[tokio::test]
async fn what_was_refused_reserves_nothing() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let refused = server.call(&rep, "createLead", json!({ "idempotencyKey": "k1", "email": "nobody" })).await;
    assert_eq!(refused.refusals(), ["INVALID input.email", "REQUIRED input.lastName"]);
    let made = server.call(&rep, "createLead", keyed("k1", "Acme")).await.id();
    server.call(&rep, "deleteLead", json!({ "id": made })).await.done();
    let gone = server.call(&rep, "createLead", keyed("k1", "Acme")).await;
    assert_eq!(gone.refusals(), at("NOT_FOUND", "idempotencyKey"), "not made a second time");

    for (key, code) in [("x".repeat(256), "TOO_LONG"), ("a\0".to_owned(), "INVALID")] {
        assert_eq!(server.call(&rep, "createLead", keyed(&key, "Acme")).await.refusals(), at(code, "idempotencyKey"));
    }
    let (one, two) = (server.new_lead(&rep, keyed(" ", "Acme")).await, server.new_lead(&rep, keyed(" ", "Acme")).await);
    assert_ne!(one, two, "a blank key is none");
}

#[tokio::test]
async fn fifty_at_once_make_one_lead() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let calls = (0..50).map(|_| server.call(&rep, "createLead", keyed("k1", "Acme")));
    let ids: Vec<String> = futures_util::future::join_all(calls).await.iter().map(super::Outcome::id).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let count = server.graphql(&rep, "{ leads { totalCount } }", json!({})).await;
    assert_eq!(*count.data("/leads/totalCount"), json!(1));
}
