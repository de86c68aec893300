//! A page reads only the columns that its fields need: each field must answer what it answers where rows are read whole.

use std::collections::HashMap;

use leadgraph::demo;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::harness::{Person, TestServer};

/// The lists whose rows are read in part.
const LISTS: [(&str, &str); 5] = [
    ("accounts", "Account"),
    ("activities", "Activity"),
    ("contacts", "Contact"),
    ("leads", "Lead"),
    ("opportunities", "Opportunity"),
];
/// Values that the demo data has nowhere.
const MORE: &str = r#"mutation ($parent: ID!) {
    createAccount(input: {name: "All", industry: "Mills", employees: 5, annualRevenue: {amount: "10", currency: "EUR"}, description: "x",
        parentId: $parent}) { account { id } userErrors { message } }
    createContact(input: {lastName: "All", accountId: $parent}) { contact { id } userErrors { message } }
    createLead(input: {lastName: "All", company: "All", employees: 5}) { lead { id } userErrors { message } }
    createOpportunity(input: {name: "All", accountId: $parent, closeDate: "2026-05-01", nextStep: "Call", description: "x"}) {
        opportunity { id } userErrors { message } }
    createActivity(input: {kind: NOTE, subject: "All", body: "x", aboutIds: [$parent]}) {
        activity { id } userErrors { message } }
}"#;
/// What no list has a value of even so.
const EMPTY: [&str; 1] = ["Opportunity.closeNote"];

/// A type of the schema: its fields that need no arguments, with the name of what they answer, and whether that is a leaf.
type Types = HashMap<String, Vec<(String, String, bool)>>;

async fn types(server: &TestServer, admin: &Person) -> Types {
    let query = "{ __schema { types { name kind fields { name args { type { kind } defaultValue }
        type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }";
    let answer = server.graphql(admin, query, json!({})).await;
    let mut types = Types::new();
    for kind in answer.data("/__schema/types").as_array().unwrap() {
        let fields = kind["fields"].as_array().cloned().unwrap_or_default();
        let needs_none = |field: &&Value| {
            field["args"]
                .as_array()
                .unwrap()
                .iter()
                .all(|arg| arg["type"]["kind"] != "NON_NULL" || !arg["defaultValue"].is_null())
        };
        let fields = fields.iter().filter(needs_none).map(|field| {
            let mut named = &field["type"];
            while !named["ofType"].is_null() {
                named = &named["ofType"];
            }
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (text(&field["name"]), text(&named["name"]), ["SCALAR", "ENUM"].contains(&named["kind"].as_str().unwrap()))
        });
        types.insert(kind["name"].as_str().unwrap().to_owned(), fields.collect());
    }
    types
}

/// A field with all leaves below it.
fn selection(types: &Types, (name, kind, is_leaf): &(String, String, bool)) -> String {
    if *is_leaf {
        return name.clone();
    }
    let leaves = types[kind].iter().filter(|(_, _, is_leaf)| *is_leaf).map(|(name, _, _)| format!(" {name}"));
    format!("{name} {{ __typename{} }}", leaves.collect::<String>())
}

#[tokio::test]
async fn every_field_answers_the_same_however_much_is_read() {
    let server = TestServer::start().await;
    demo::fill(server.app.database().clone()).await.unwrap_or_else(|error| panic!("{error:?}"));
    let admin = server.admin().await;
    let types = types(&server, &admin).await;
    let parent =
        server.graphql(&admin, "{ accounts(first: 1) { nodes { id } } }", json!({})).await.text_at("/accounts/nodes/0/id");
    let made = server.graphql(&admin, MORE, json!({ "parent": parent })).await;
    for (mutation, payload) in made.data("").as_object().unwrap() {
        assert_eq!(payload["userErrors"], json!([]), "{mutation}");
    }
    // External ids come from imports only.
    let write = server.app.database().begin().await.unwrap();
    for (table, name) in [
        ("accounts", "name"),
        ("contacts", "last_name"),
        ("leads", "last_name"),
        ("opportunities", "name"),
        ("activities", "subject"),
    ] {
        write.execute_unprepared(&format!("UPDATE {table} SET external_id = '1' WHERE {name} = 'All'")).await.unwrap();
    }
    write.commit().await.unwrap();
    let mut empty = Vec::new();
    for (list, kind) in LISTS {
        for field in &types[kind] {
            let shown = selection(&types, field);
            let ask = async |more: &str, shape: [&str; 2]| {
                let query = format!("{{ {list}(first: 200) {{ {} {shown} {more} {} }} }}", shape[0], shape[1]);
                server.graphql(&admin, &query, json!({})).await.data(&format!("/{list}")).clone()
            };
            let alone = ask("", ["nodes {", "}"]).await;
            let whole = ask("whole: history(first: 1) { nodes { id } }", ["edges { node {", "} }"]).await;
            let alone: Vec<&Value> = alone["nodes"].as_array().unwrap().iter().map(|node| &node[&field.0]).collect();
            let whole: Vec<&Value> = whole["edges"].as_array().unwrap().iter().map(|edge| &edge["node"][&field.0]).collect();
            assert_eq!(alone, whole, "{kind}.{}", field.0);
            if alone.iter().all(|value| value.is_null()) {
                empty.push(format!("{kind}.{}", field.0));
            }
        }
    }
    assert_eq!(empty, EMPTY, "what has no value anywhere proves nothing");
}
