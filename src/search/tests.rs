use entity::Role;
use serde_json::{Value as Json, json};

use crate::auth::Actor;
use crate::graphql::testing::Testing;

const SEARCH: &str = "query($query: String!, $types: [SearchType!], $first: Int, $after: String) {
    search(query: $query, types: $types, first: $first, after: $after) {
        edges { cursor node { ... on Lead { name } } } nodes { __typename }
        pageInfo { hasNextPage hasPreviousPage endCursor } } }";

async fn search(testing: &Testing, caller: &Actor, variables: Json) -> Json {
    testing.data(caller, SEARCH, variables).await["search"].take()
}

fn names(page: &Json) -> Vec<String> {
    let edges = page["edges"].as_array().unwrap();
    edges.iter().map(|edge| edge["node"]["name"].as_str().unwrap().to_owned()).collect()
}

async fn leads(testing: &Testing, caller: &Actor, people: &[(&str, &str)]) -> Vec<String> {
    let query = "mutation($input: CreateLeadInput!) { createLead(input: $input) { lead { id } } }";
    let mut ids = Vec::new();
    for (first, last) in people {
        let made = testing.data(caller, query, json!({ "input": { "firstName": first, "lastName": last } })).await;
        ids.push(made["createLead"]["lead"]["id"].as_str().unwrap().to_owned());
    }
    ids
}

#[tokio::test]
async fn every_word_begins_a_word_of_the_record() {
    let testing = Testing::start().await;
    let rep = testing.user("rep@example.com", Role::Rep).await;
    let people =
        [("Anna", "Berg"), ("Annabel", "Berger"), ("Ann", "Larsen"), ("Nguyễn", "Văn An"), ("", "北京华为"), ("Anna", "Lund")];
    let ids = leads(&testing, &rep, &people).await;
    for (query, expected) in [
        ("anna", vec!["Anna Lund", "Anna Berg", "Annabel Berger"]),
        ("ber ann", vec!["Anna Berg", "Annabel Berger"]),
        ("NGUYEN", vec!["Nguyễn Văn An"]),
        ("华为", vec!["北京华为"]),
        ("anna lars", vec![]),
    ] {
        assert_eq!(names(&search(&testing, &rep, json!({ "query": query })).await), expected, "{query}");
    }
    assert!(names(&search(&testing, &rep, json!({ "query": "anna", "types": ["ACCOUNT"] })).await).is_empty());
    assert!(names(&search(&testing, &rep, json!({ "query": "anna", "types": [] })).await).is_empty());
    for (query, first) in [(" !?", 20), ("anna", 0), ("anna", 201)] {
        let refused = testing.ask(Some(&rep), SEARCH, json!({ "query": query, "first": first })).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    }
    let delete = "mutation($id: ID!) { deleteLead(input: { id: $id }) { deletedId } }";
    let manager = testing.user("manager@example.com", Role::Manager).await;
    testing.data(&manager, delete, json!({ "id": ids[0] })).await;
    assert_eq!(names(&search(&testing, &rep, json!({ "query": "anna" })).await), ["Anna Lund", "Annabel Berger"]);
}

#[tokio::test]
async fn walking_meets_everybody_once() {
    let testing = Testing::start().await;
    let rep = testing.user("rep@example.com", Role::Rep).await;
    let people: Vec<(String, String)> =
        (0..23).map(|number| ("ada".repeat(1 + number % 3), format!("adam ada{number} common"))).collect();
    let people: Vec<(&str, &str)> = people.iter().map(|(first, last)| (first.as_str(), last.as_str())).collect();
    leads(&testing, &rep, &people).await;
    for query in ["ada", "ad", "common ada"] {
        let all = names(&search(&testing, &rep, json!({ "query": query, "first": 200 })).await);
        assert_eq!(all.len(), 23);
        for size in [1, 4, 7, 23] {
            let (mut met, mut after) = (Vec::new(), Json::Null);
            loop {
                let page = search(&testing, &rep, json!({ "query": query, "first": size, "after": after })).await;
                assert_eq!(page["pageInfo"]["hasPreviousPage"], !met.is_empty());
                met.extend(names(&page));
                assert_eq!(page["pageInfo"]["hasNextPage"], met.len() < 23);
                after = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            assert_eq!(met, all, "{query} by {size}");
        }
    }
    let other = search(&testing, &rep, json!({ "query": "ada", "first": 1 })).await["pageInfo"]["endCursor"].take();
    let refused = testing.ask(Some(&rep), SEARCH, json!({ "query": "ad", "after": other })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}
