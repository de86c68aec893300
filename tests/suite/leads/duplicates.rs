//! Leads that look like others.

use serde_json::{Value, json};

use super::at;
use crate::harness::{Person, TestServer};

async fn duplicates(server: &TestServer, person: &Person, id: &str, first: Option<i32>) -> Vec<Value> {
    let query = "query($id: ID!, $first: Int! = 5) { lead(id: $id) { duplicates(first: $first) { score reasons
        record { __typename ... on Lead { id } ... on Contact { id } ... on Account { id } } } } }";
    let variables = first.map_or_else(|| json!({ "id": id }), |first| json!({ "id": id, "first": first }));
    server.graphql(person, query, variables).await.data("/lead/duplicates").as_array().unwrap().clone()
}

fn ids(matches: &[Value]) -> Vec<&str> {
    matches.iter().map(|found| found["record"]["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_most_alike_come_first() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let person =
        json!({ "lastName": "Lovelace", "company": "Engines Ltd", "email": "ada@engines.example", "phone": "+47 22 12 34 56" });
    let id = server.new_lead(&rep, person).await;
    assert_eq!(duplicates(&server, &rep, &id, None).await, Vec::<Value>::new(), "nobody is their own duplicate");

    let same_email = server.new_lead(&rep, json!({ "lastName": "L.", "email": "ADA@Engines.Example" })).await;
    let same_phone = server.new_lead(&rep, json!({ "lastName": "Byron", "phone": "0047 22123456" })).await;
    let same_company = server.new_lead(&rep, json!({ "company": "ENGINES LIMITED" })).await;
    let same_domain =
        server.new_lead(&rep, json!({ "lastName": "Babbage", "website": "https://www.engines.example/about" })).await;
    server.new_lead(&rep, json!({ "lastName": "Lovelace", "company": "Other", "email": "ada@other.example" })).await;
    let contact = json!({ "lastName": "Lovelace", "email": "ada@engines.example" });
    let contact = server.call(&rep, "createContact", contact).await.id();
    let account = server.call(&rep, "createAccount", json!({ "name": "Engines, Ltd." })).await.id();

    let found = duplicates(&server, &rep, &id, Some(200)).await;
    let mut expected = vec![same_email.as_str(), &same_phone, &same_company, &same_domain, &contact, &account];
    let mut seen = ids(&found);
    expected.sort_unstable();
    seen.sort_unstable();
    assert_eq!(seen, expected);
    let scores: Vec<i64> = found.iter().map(|found| found["score"].as_i64().unwrap()).collect();
    assert!(scores.is_sorted_by(|one, two| one >= two) && scores.iter().all(|score| (1..=100).contains(score)), "{scores:?}");
    assert!(found.iter().all(|found| !found["reasons"].as_array().unwrap().is_empty()));
    let strong: Vec<&str> = found.iter().take(3).map(|found| found["record"]["id"].as_str().unwrap()).collect();
    assert!(strong.contains(&same_email.as_str()) && strong.contains(&contact.as_str()), "the same e-mail is strong: {found:?}");
    assert_eq!(duplicates(&server, &rep, &id, Some(2)).await, found[..2]);
    assert_eq!(duplicates(&server, &rep, &id, None).await.len(), 5);

    server.call(&rep, "deleteLead", json!({ "id": same_email })).await.done();
    assert!(
        !ids(&duplicates(&server, &rep, &id, Some(200)).await).contains(&same_email.as_str()),
        "deleted leads are no duplicates"
    );
    let query = "query($id: ID!) { lead(id: $id) { duplicates(first: 201) { score } } }";
    assert_eq!(server.graphql(&rep, query, json!({ "id": id })).await.codes(), ["BAD_USER_INPUT"]);
}

#[tokio::test]
async fn strong_duplicates_are_refused_where_none_are_allowed() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let lead =
        server.new_lead(&rep, json!({ "lastName": "Lovelace", "email": "ada@engines.example", "phone": "+47 22123456" })).await;
    let contact = json!({ "lastName": "Lovelace", "email": "Ada@Engines.example" });
    let contact = server.call(&rep, "createContact", contact).await.id();
    let input =
        |email: &str| json!({ "lastName": "Lovelace", "email": email, "phone": "+47 22123456", "allowDuplicates": false });

    let refused = server.call(&rep, "createLead", input("ADA@engines.example")).await;
    assert_eq!(refused.refusals(), at("DUPLICATE_SUSPECTED", "allowDuplicates"));
    let matches = refused.details()["matches"].as_array().unwrap();
    let mut named: Vec<&str> = matches.iter().map(|found| found["id"].as_str().unwrap()).collect();
    named.sort_unstable();
    let mut expected = vec![lead.as_str(), &contact];
    expected.sort_unstable();
    assert_eq!(named, expected);
    assert!(matches.iter().all(|found| found["score"].as_i64() >= Some(90)), "{matches:?}");

    let by_default = json!({ "lastName": "Lovelace", "email": "ada@engines.example" });
    server.call(&rep, "createLead", by_default).await.done();
    server.call(&rep, "createLead", input("another@engines.example")).await.done();
    server.call(&rep, "createLead", json!({ "company": "Acme", "allowDuplicates": false })).await.done();
    let count = server.graphql(&rep, "{ leads { totalCount } }", json!({})).await;
    assert_eq!(*count.data("/leads/totalCount"), json!(4));
}
