//! What answers write at once as JSON is what the library makes of the same fields: it carries out documents in which objects have to be
//! put together from start to end.

use serde_json::json;

use crate::columns::{Types, filled, selection, types};
use crate::harness::{Person, TestServer};

/// The answer as it was sent: the order of its fields counts, too.
async fn text(server: &TestServer, person: &Person, query: &str) -> String {
    let request = server.post(json!({ "query": query }).to_string()).bearer_auth(&person.token);
    request.send().await.unwrap().text().await.unwrap()
}

/// The lists of the query, each with the type of its entries.
fn lists(types: &Types) -> Vec<(&str, &str)> {
    types["Query"].iter().filter_map(|(name, kind, _)| Some((name.as_str(), kind.strip_suffix("Connection")?))).collect()
}

#[tokio::test]
async fn every_field_of_every_list_is_answered_as_the_library_would() {
    let (server, admin) = filled().await;
    let types = types(&server, &admin).await;
    let lists = lists(&types);
    assert!(lists.len() >= 8, "{lists:?}");
    let mut values = 0;
    for (list, kind) in lists {
        for field in &types[kind] {
            let shown = selection(&types, field);
            let ask = |more: &str| {
                format!(
                    "{{ {list}(first: 60) {{ edges {{ cursor node {{ __typename {shown} }} }} nodes {{ {shown} }} {more} totalCount }} }}"
                )
            };
            let at_once = text(&server, &admin, &ask("")).await;
            let library = text(&server, &admin, &ask(&format!("nodes {{ {shown} }}"))).await;
            assert_eq!(at_once, library, "{kind}.{}", field.0);
            assert!(!at_once.contains("\"errors\""), "{at_once}");
            values += usize::from(at_once.contains("\"node\":{") && !at_once.contains(&format!("\"{}\":null", field.0)));
        }
    }
    assert!(values > 60, "{values}");
}

#[tokio::test]
async fn fragments_are_answered_as_their_fields() {
    let (server, admin) = filled().await;
    let plain = "{ opportunities(first: 20) { nodes { id name owner { id name } stage { name id } } } }";
    let plain = text(&server, &admin, plain).await;
    for document in [
        "{ opportunities(first: 20) { nodes { ...a ... { ...b } } } }
            fragment a on Opportunity { id name id } fragment b on Opportunity { name owner { id ...c } stage { name ...d } }
            fragment c on User { name id } fragment d on Node { id }",
        "{ opportunities(first: 20) { nodes { ... on Node { id } ... on Opportunity { name } owner { id name } stage { name id } } } }",
        "{ opportunities(first: 20) { nodes { id @include(if: true) name closedAt @skip(if: true) owner { id name } stage { name id } } } }",
    ] {
        assert_eq!(text(&server, &admin, document).await, plain, "{document}");
    }
}

/// The same fields on another type of a union, which is known only from the object.
#[tokio::test]
async fn fragments_count_for_objects_of_their_type_only() {
    let (server, admin) = filled().await;
    let query = "{ accounts(first: 200) { nodes { timeline(first: 20) { nodes { __typename id kind
        ... on TimelineActivity { activity { subject } } ... on TimelineChange { change { action } } } } } } }";
    let answer = server.graphql(&admin, query, json!({})).await;
    let accounts = answer.data("/accounts/nodes").as_array().unwrap();
    let entries = accounts.iter().flat_map(|account| account["timeline"]["nodes"].as_array().unwrap());
    let (mut activities, mut changes) = (0, 0);
    for entry in entries {
        let is_activity = entry["__typename"] == "TimelineActivity";
        assert_eq!(entry["activity"]["subject"].is_string(), is_activity, "{entry}");
        assert_eq!(entry["change"]["action"].is_string(), !is_activity, "{entry}");
        assert_eq!(entry["kind"] == "ACTIVITY", is_activity, "{entry}");
        activities += usize::from(is_activity);
        changes += usize::from(!is_activity);
    }
    assert!(activities > 0 && changes > 0);
}

/// An error names the field that failed, however deep it stands, and a list's entry by its place.
#[tokio::test]
async fn errors_below_objects_have_their_whole_path() {
    let (server, admin) = filled().await;
    let account = server.graphql(&admin, "{ accounts(first: 1) { nodes { id } } }", json!({})).await;
    let account = account.text_at("/accounts/nodes/0/id");
    let (sale, failing) = ("opportunities(first: 1) { nodes { name", "contacts(first: 1, after: \"x\") { totalCount }");
    let cases = [
        (format!("{{ account(id: \"{account}\") {{ name {failing} }} }}"), json!(["account", "contacts"])),
        (format!("{{ accounts(first: 1) {{ nodes {{ name {failing} }} }} }}"), json!(["accounts", "nodes", 0, "contacts"])),
        (
            format!("{{ accounts(first: 1) {{ edges {{ node {{ name {failing} }} }} }} }}"),
            json!(["accounts", "edges", 0, "node", "contacts"]),
        ),
        (format!("{{ {sale} account {{ name {failing} }} }} }} }}"), json!(["opportunities", "nodes", 0, "account", "contacts"])),
    ];
    for (query, path) in cases {
        let answer: serde_json::Value = serde_json::from_str(&text(&server, &admin, &query).await).unwrap();
        assert_eq!(answer["errors"][0]["path"], path, "{query}: {answer}");
    }
}
