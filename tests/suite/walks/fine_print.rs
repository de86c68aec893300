//! The fine print of filters: what is empty, what is just a character, and what is refused.

use serde_json::{Value, json};

use crate::harness::{Answer, Person, TestServer};

fn texts(number: usize) -> Vec<&'static str> {
    vec!["x"; number]
}

async fn count(server: &TestServer, person: &Person, filter: &Value) -> Answer {
    let query = "query($filter: LeadFilter) { leads(filter: $filter) { totalCount } }";
    server.graphql(person, query, json!({ "filter": filter })).await
}

#[tokio::test]
async fn the_fine_print() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    for (last, email) in
        [("100%", Some("Ada@Example.com")), ("1000", None), ("a_b", None), ("acb", None), ("a\\b", None), ("Nguyễn", None)]
    {
        server.new_lead(&rep, json!({ "lastName": last, "company": "Acme", "email": email })).await;
    }
    for (filter, expected) in [
        (json!(null), 6),
        (json!({}), 6),
        (json!({ "and": [], "or": [], "not": null }), 6),
        (json!({ "not": {} }), 0),
        (json!({ "lastName": {} }), 6),
        (json!({ "lastName": { "in": [] } }), 0),
        (json!({ "not": { "lastName": { "in": [] } } }), 6),
        (json!({ "lastName": { "notIn": [] } }), 6),
        (json!({ "lastName": { "in": texts(500) } }), 0),
        (json!({ "lastName": { "notIn": texts(500) } }), 6),
        (json!({ "lastName": { "contains": "%" } }), 1),
        (json!({ "lastName": { "contains": "_" } }), 1),
        (json!({ "lastName": { "contains": "\\" } }), 1),
        (json!({ "lastName": { "startsWith": "A_" } }), 1),
        (json!({ "lastName": { "endsWith": "0%" } }), 1),
        (json!({ "lastName": { "eq": "Nguye\u{302}\u{303}n" } }), 1),
        (json!({ "lastName": { "eq": "nguyễn" } }), 0),
        (json!({ "lastName": { "contains": "NGUYEN" } }), 1),
        (json!({ "email": { "eq": "ADA@EXAMPLE.COM" } }), 1),
        (json!({ "email": { "ne": "ada@example.com" } }), 5),
        (json!({ "not": { "email": { "eq": "ada@example.com" } } }), 5),
        (json!({ "email": { "in": ["aDa@example.com", "x"] } }), 1),
        (json!({ "email": { "eq": "" } }), 0),
        (json!({ "email": { "in": ["", " "] } }), 0),
        (json!({ "email": { "ne": "" } }), 6),
        (json!({ "email": { "notIn": [""] } }), 6),
        (json!({ "email": { "isNull": true } }), 5),
        (json!({ "not": { "email": { "contains": "a" } } }), 5),
        (json!({ "not": { "not": { "email": { "contains": "a" } } } }), 1),
        (json!({ "status": { "in": [] } }), 0),
        (json!({ "status": { "notIn": [] } }), 6),
    ] {
        let counted = count(&server, &rep, &filter).await;
        assert_eq!(*counted.data("/leads/totalCount"), json!(expected), "{filter}");
    }
}

#[tokio::test]
async fn long_lists_and_wrong_ids_are_refused() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let wrong = crate::leads::as_kind::<entity::account::Entity>(&server.nothing::<entity::lead::Entity>());
    let ids = vec![server.nothing::<entity::lead::Entity>(); 501];
    for filter in [
        json!({ "lastName": { "in": texts(501) } }),
        json!({ "lastName": { "notIn": texts(501) } }),
        json!({ "email": { "in": texts(501) } }),
        json!({ "id": { "in": ids } }),
        json!({ "not": { "id": { "notIn": ids } } }),
        json!({ "status": { "in": vec!["OPEN_NOT_CONTACTED"; 501] } }),
        json!({ "or": [{ "status": { "notIn": vec!["OPEN_NOT_CONTACTED"; 501] } }] }),
        json!({ "id": { "eq": wrong } }),
        json!({ "ownerId": { "in": ["nonsense"] } }),
    ] {
        let refused = count(&server, &rep, &filter).await;
        assert_eq!(refused.codes(), ["BAD_USER_INPUT"], "{filter}");
    }
}
