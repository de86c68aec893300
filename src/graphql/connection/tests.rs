use async_graphql::{Context, EmptyMutation, EmptySubscription, Object, Schema, SimpleObject, value};

use super::{Connection, wanted};
use crate::data::page::{Page, PageRequest};
use crate::graphql::at_once::at_once;

#[derive(Clone, SimpleObject)]
struct Lead {
    number: i32,
    /// What the look-ahead found, as seen by the list that the lead came from.
    seen: String,
}

at_once!(Lead: number seen);

struct Query;

fn leads(ctx: &Context<'_>) -> Connection<Lead> {
    let wanted = wanted(ctx);
    let seen = format!("{} {} {}", wanted.total, wanted.has_previous, wanted.has_next);
    let page = Page {
        rows: vec![1, 2],
        cursors: vec!["one".to_owned(), "two".to_owned()],
        has_previous: false,
        has_next: true,
        total: wanted.total.then_some(7),
    };
    Connection::from_page(page, |number| Lead { number, seen: seen.clone() })
}

struct Account;

#[Object]
impl Account {
    async fn leads(&self, ctx: &Context<'_>) -> Connection<Lead> {
        leads(ctx)
    }
}

#[Object]
impl Query {
    async fn leads(&self, ctx: &Context<'_>) -> Connection<Lead> {
        leads(ctx)
    }

    async fn account(&self) -> Account {
        Account
    }
}

fn schema() -> Schema<Query, EmptyMutation, EmptySubscription> {
    Schema::new(Query, EmptyMutation, EmptySubscription)
}

async fn answer(query: &str) -> async_graphql::Value {
    let response = schema().execute(query).await;
    assert!(response.errors.is_empty(), "{query}: {:?}", response.errors);
    response.data
}

#[tokio::test]
async fn answers_all_its_fields() {
    let answer = answer(
        "{ leads { edges { cursor node { number } } nodes { number } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } }",
    );
    let expected = value!({ "leads": {
        "edges": [{ "cursor": "one", "node": { "number": 1 } }, { "cursor": "two", "node": { "number": 2 } }],
        "nodes": [{ "number": 1 }, { "number": 2 }],
        "pageInfo": { "hasNextPage": true, "hasPreviousPage": false, "startCursor": "one", "endCursor": "two" },
        "totalCount": 7,
    } });
    assert_eq!(answer.await, expected);
}

#[test]
fn is_named_after_its_nodes_and_described() {
    let sdl = schema().sdl();
    for part in [
        "type LeadConnection {",
        "type LeadEdge {",
        "type PageInfo {",
        "totalCount: Int!",
        "edges: [LeadEdge!]!",
        "nodes: [Lead!]!",
    ] {
        assert!(sdl.contains(part), "{part} is missing in\n{sdl}");
    }
    let connection = sdl.split("type LeadConnection {").nth(1).and_then(|rest| rest.split("\n}").next()).unwrap_or_default();
    assert_eq!(connection.matches("\"\"\"").count(), 8, "each of the four fields has a description in\n{connection}");
    assert!(sdl.contains("\"\"\"\nOne page of a list.\n\"\"\"\ntype LeadConnection"), "{sdl}");
}

/// Total, previous, next.
#[tokio::test]
async fn sees_what_is_wanted_through_fragments_variables_and_nesting() {
    let cases = [
        ("{ leads { nodes { seen } } }", "false false false"),
        ("{ leads { nodes { seen } pageInfo { endCursor startCursor } } }", "false false false"),
        ("{ leads { nodes { seen } count: totalCount } }", "true false false"),
        ("{ leads { nodes { seen } pageInfo { hasNextPage } } }", "false false true"),
        ("{ leads { nodes { seen } pageInfo { hasPreviousPage } pageInfo { hasNextPage } } }", "false true true"),
        (
            "{ leads { nodes { seen } ... { totalCount } ...Rest } } fragment Rest on LeadConnection { pageInfo { ...Info } } fragment Info on PageInfo { hasPreviousPage }",
            "true true false",
        ),
        (
            "{ leads { nodes { seen } totalCount @skip(if: true) pageInfo @include(if: false) { hasNextPage } } }",
            "false false false",
        ),
        ("{ account { leads { nodes { seen } totalCount } } }", "true false false"),
        (
            "{ account { ...A } } fragment A on Account { leads { nodes { seen } ...C } } fragment C on LeadConnection { totalCount }",
            "true false false",
        ),
    ];
    for (query, expected) in cases {
        let text = answer(query).await.to_string();
        assert!(text.contains(&format!("seen: \"{expected}\"")), "{query} gave {text}");
    }
}

#[tokio::test]
async fn merges_a_list_that_is_asked_for_twice() {
    let answer = answer("{ leads { totalCount } leads { nodes { seen } } }").await;
    assert_eq!(answer.into_json().expect("json")["leads"]["totalCount"], 7);
}

#[test]
fn leaves_out_what_is_free_or_not_wanted() {
    let request = |after: Option<String>| PageRequest::new(None, after, None, None, "x").expect("request");
    let all = super::Wanted { total: true, has_previous: true, has_next: true, each_cursor: true };
    assert!(all.of(request(None)).want_total);
    assert!(!all.of(request(None)).want_other_side, "without a cursor nothing lies before the page");
    let cursor = crate::data::cursor::Cursor { order: "x".to_owned(), keys: Vec::new(), id: uuid::Uuid::nil() };
    let after = cursor.encode().expect("cursor");
    assert!(all.of(request(Some(after.clone()))).want_other_side);
    let next_only = super::Wanted { total: false, has_previous: false, has_next: true, each_cursor: false };
    assert!(!next_only.of(request(Some(after))).want_other_side);
}
