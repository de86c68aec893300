//! Pages and references read only the columns that their fields need: each field must answer what it answers where rows are read whole.

use std::collections::{HashMap, HashSet};

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
pub type Types = HashMap<String, Vec<(String, String, bool)>>;

pub async fn types(server: &TestServer, admin: &Person) -> Types {
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
pub fn selection(types: &Types, (name, kind, is_leaf): &(String, String, bool)) -> String {
    if *is_leaf {
        return name.clone();
    }
    let leaves = types[kind].iter().filter(|(_, _, is_leaf)| *is_leaf).map(|(name, _, _)| format!(" {name}"));
    format!("{name} {{ __typename{} }}", leaves.collect::<String>())
}

/// A server with the demo data, and values that it has nowhere.
pub async fn filled() -> (TestServer, Person) {
    let server = TestServer::start().await;
    demo::fill(server.app.database().clone()).await.unwrap_or_else(|error| panic!("{error:?}"));
    let admin = server.admin().await;
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
    (server, admin)
}

#[tokio::test]
async fn every_field_answers_the_same_however_much_is_read() {
    let (server, admin) = filled().await;
    let types = types(&server, &admin).await;
    let mut empty = Vec::new();
    for (list, kind) in LISTS {
        for field in &types[kind] {
            let shown = selection(&types, field);
            let ask = async |more: &str, shape: [&str; 2]| {
                let query = format!("{{ {list}(first: 200) {{ {} {shown} {more} {} }} }}", shape[0], shape[1]);
                server.graphql(&admin, &query, json!({})).await.data(&format!("/{list}")).clone()
            };
            let alone = ask("", ["nodes {", "}"]).await;
            let whole = ask(WHOLE, ["edges { node {", "} }"]).await;
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

/// What makes a row be read whole.
const WHOLE: &str = "whole: history(first: 1) { nodes { id } }";

/// Where the fields that refer to records whose rows are read in part are found: a type, and what leads to it.
const PLACES: [(&str, &str); 15] = [
    ("Account", "accounts(first: 50) { nodes { HERE } }"),
    ("Activity", "activities(first: 50) { nodes { HERE } }"),
    ("CampaignMember", "campaigns { members(first: 20) { nodes { HERE } } }"),
    ("Contact", "contacts(first: 50) { nodes { HERE } }"),
    ("ContactRole", "opportunities(first: 50) { nodes { contactRoles { HERE } } }"),
    ("KeptRecords", "leads(first: 200) { nodes { keptAs { HERE } } }"),
    ("LeadConversion", "leads(first: 200) { nodes { conversion { HERE } } }"),
    ("LineItem", "opportunities(first: 50) { nodes { lineItems { HERE } } }"),
    ("Opportunity", "opportunities(first: 50) { nodes { HERE } }"),
    ("Order", "orders(first: 50) { nodes { HERE } }"),
    ("Quote", "quotes(first: 50) { nodes { HERE } }"),
    ("SearchConnection", "search(query: \"a\", first: 100) { HERE }"),
    ("SearchEdge", "search(query: \"a\", first: 100) { edges { HERE } }"),
    ("TimelineActivity", "accounts(first: 20) { nodes { timeline(first: 20) { nodes { ... on TimelineActivity { HERE } } } } }"),
    ("TimelineChange", "accounts(first: 20) { nodes { timeline(first: 20) { nodes { ... on TimelineChange { HERE } } } } }"),
];
/// Types whose fields answer rows that somebody has read before: pages, what mutations wrote, found duplicates and the like.
const ANSWERED: [&str; 6] = ["Connection", "Edge", "Payload", "AssignmentDryRunEntry", "DuplicateMatch", "PlannedRecord"];

#[tokio::test]
async fn every_reference_answers_the_same_however_much_is_read() {
    let (server, admin) = filled().await;
    let types = types(&server, &admin).await;
    let unions = unions(&server, &admin).await;
    let kinds: Vec<&str> = LISTS.iter().map(|(_, kind)| *kind).collect();
    let mut tried = 0;
    for (parent, fields) in &types {
        for (field, answer, _) in fields {
            let members: Vec<&str> = kinds
                .iter()
                .copied()
                .filter(|kind| answer == kind || unions.get(answer).is_some_and(|all| all.iter().any(|one| one == kind)))
                .collect();
            let place = PLACES.iter().find(|(kind, _)| kind == parent);
            if members.is_empty() || place.is_none() && ANSWERED.iter().any(|ending| parent.ends_with(ending)) {
                continue;
            }
            let (_, place) = place.unwrap_or_else(|| panic!("what leads to {parent}.{field}?"));
            for kind in members {
                let all: String =
                    types[kind].iter().filter(|(_, _, is_leaf)| *is_leaf).map(|field| format!(" {}", field.0)).collect();
                let ask = async |shown: &str| {
                    let query = format!("{{ {} }}", place.replace("HERE", &format!("{field} {{ ... on {kind} {{ {shown} }} }}")));
                    let answer = server.graphql(&admin, &query, json!({})).await;
                    let mut found = Vec::new();
                    collect(answer.data(""), field, &mut found);
                    found
                };
                let whole = ask(&format!("{all} {WHOLE}")).await;
                assert!(whole.iter().any(|row| row["id"].is_string()), "no {parent} has a {field} that is a {kind}");
                for (name, _, is_leaf) in &types[kind] {
                    if *is_leaf {
                        let values = |rows: &[Value]| rows.iter().map(|row| row[name].clone()).collect::<Vec<_>>();
                        assert_eq!(values(&ask(name).await), values(&whole), "{parent}.{field}: {kind}.{name}");
                        tried += 1;
                    }
                }
            }
        }
    }
    assert!(tried > 200, "{tried}");
}

/// All that a field answers, wherever it stands.
fn collect(answer: &Value, field: &str, found: &mut Vec<Value>) {
    match answer {
        Value::Array(values) => values.iter().for_each(|value| collect(value, field, found)),
        Value::Object(values) => {
            for (name, value) in values {
                match value {
                    Value::Array(rows) if name == field => found.extend(rows.iter().cloned()),
                    row if name == field => found.push(row.clone()),
                    other => collect(other, field, found),
                }
            }
        }
        _ => {}
    }
}

/// The types that a union or an interface stands for.
async fn unions(server: &TestServer, admin: &Person) -> HashMap<String, Vec<String>> {
    let answer = server.graphql(admin, "{ __schema { types { name possibleTypes { name } } } }", json!({})).await;
    let names = |value: &Value| {
        let names = value.as_array().into_iter().flatten().map(|one| one["name"].as_str().unwrap().to_owned());
        names.collect()
    };
    let all = answer.data("/__schema/types").as_array().unwrap();
    all.iter().map(|kind| (kind["name"].as_str().unwrap().to_owned(), names(&kind["possibleTypes"]))).collect()
}

#[tokio::test]
async fn places_that_want_different_columns_of_a_record_get_them() {
    let (server, admin) = filled().await;
    let query = "query ($id: ID!) {
        opportunities(first: 100) { nodes { name: account { name } industry: account { ...more } whole: account { history(first: 1) { nodes { id } } website }
            primaryContact { account { ... on Node { id } phone } } account { name } account { lifecycle } } }
        account(id: $id) { kind }
        node(id: $id) { id ... on Account { employees } ... on Lead { status } }
        nodes(ids: [$id]) { ...more }
    } fragment more on Account { industry }";
    let whole = "query ($id: ID!) {
        opportunities(first: 100) { nodes { account { ...all } primaryContact { account { ...all } } } }
        account(id: $id) { ...all }
    } fragment all on Account { name industry website phone kind employees lifecycle history(first: 1) { nodes { id } } }";
    let id = server.graphql(&admin, "{ accounts(first: 1, filter: {name: {eq: \"All\"}}) { nodes { id } } }", json!({})).await;
    let id = json!({ "id": id.text_at("/accounts/nodes/0/id") });
    let asked = server.graphql(&admin, query, id.clone()).await;
    let known = server.graphql(&admin, whole, id).await;
    let (mut number, rows) = (0, known.data("/opportunities/nodes").as_array().unwrap());
    for (row, whole) in asked.data("/opportunities/nodes").as_array().unwrap().iter().zip(rows) {
        let account = &whole["account"];
        assert_eq!(row["name"]["name"], account["name"]);
        assert_eq!(row["industry"]["industry"], account["industry"]);
        assert_eq!(row["whole"]["website"], account["website"]);
        assert_eq!(row["primaryContact"]["account"]["phone"], whole["primaryContact"]["account"]["phone"]);
        assert_eq!((&row["account"]["name"], &row["account"]["lifecycle"]), (&account["name"], &account["lifecycle"]));
        number += usize::from(account["phone"].is_string() && account["website"].is_string());
    }
    assert!(number > 0);
    let account = known.data("/account");
    assert_eq!(asked.data("/account/kind"), &account["kind"]);
    assert_eq!(asked.data("/node/employees"), &account["employees"]);
    assert_eq!(asked.data("/nodes/0/industry"), &account["industry"]);
}

#[tokio::test]
async fn parts_of_an_object_are_put_together() {
    let (server, admin) = filled().await;
    let whole = "{ opportunities(first: 3) { nodes { id name account { id name } } totalCount } }";
    let whole = server.graphql(&admin, whole, json!({})).await;
    for parts in [
        "{ opportunities(first: 3) { nodes { id name } nodes { account { id name } } totalCount } }",
        "{ opportunities(first: 3) { nodes { id name account { id } account { name } } totalCount } }",
        "{ opportunities(first: 3) { nodes { id name account { id } ...named } totalCount } }
            fragment named on Opportunity { account { name } }",
        "{ opportunities(first: 3) { nodes { id name ... { account { id } } ... { account { name } } } totalCount } }",
        "{ opportunities(first: 3) { ...nodes totalCount } opportunities(first: 3) { nodes { account { name } } } }
            fragment nodes on OpportunityConnection { nodes { id name account { id } } }",
    ] {
        let answer = server.graphql(&admin, parts, json!({})).await;
        assert_eq!(answer.data(""), whole.data(""), "{parts}");
    }
}

/// What many records of a page lead to is written once for each place of the document: it must be what each record by itself answers.
#[tokio::test]
async fn what_many_records_lead_to_is_answered_for_each_as_it_is_asked_for() {
    const FIELDS: &str =
        "id owner { id name } again: owner { name email role } stage { name } at: stage { position name pipeline { name } }
        account { id owner { name } } primaryContact { id owner { id } }";
    let (server, admin) = filled().await;
    let list = format!("{{ opportunities(first: 60) {{ nodes {{ {FIELDS} }} }} }}");
    let one = format!("query ($id: ID!) {{ opportunity(id: $id) {{ {FIELDS} }} }}");
    // The second time, owners and stages are kept in memory.
    for _ in 0..2 {
        let list = server.graphql(&admin, &list, json!({})).await;
        let nodes = list.data("/opportunities/nodes").as_array().unwrap().clone();
        let owners: HashSet<String> = nodes.iter().map(|node| node["owner"].to_string()).collect();
        assert!(1 < owners.len() && owners.len() < nodes.len(), "some owners have several, and there are several");
        for node in nodes {
            let alone = server.graphql(&admin, &one, json!({ "id": node["id"] })).await;
            assert_eq!(*alone.data("/opportunity"), node);
        }
    }
}
