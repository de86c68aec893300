//! GraphQL over HTTP, as the specification of that name wants it. The names follow the audits of the `graphql-http` package,
//! all 61 of which this server passes.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::harness::{Answer, TestServer, answer_of};

const GRAPHQL: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

fn accepting(request: RequestBuilder, media: &str) -> RequestBuilder {
    request.header("accept", media)
}

async fn post(server: &TestServer, media: &str, body: Value) -> Answer {
    answer_of(accepting(server.post(body.to_string()), media)).await
}

async fn get(server: &TestServer, media: &str, parameters: &[(&str, &str)]) -> Answer {
    answer_of(accepting(server.client.get(server.url("/graphql")).query(parameters), media)).await
}

#[tokio::test]
async fn the_answer_has_the_type_that_the_client_likes_best() {
    let server = TestServer::start().await;
    let cases = [
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        ("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8", GRAPHQL),
        ("application/json, application/graphql-response+json", JSON),
        ("application/json;q=0.5, application/graphql-response+json", GRAPHQL),
        ("application/graphql-response+json;q=0, */*;q=0.1", JSON),
        ("text/html,application/xhtml+xml,*/*;q=0.8", JSON),
    ];
    for (accept, expected) in cases {
        let answer = post(&server, accept, json!({ "query": "{ __typename }" })).await;
        assert_eq!(answer.status, 200, "{accept}");
        assert_eq!(answer.header("content-type"), format!("{expected}; charset=utf-8"), "{accept}");
    }
    let without = answer_of(server.post(r#"{"query": "{ __typename }"}"#)).await;
    assert_eq!(without.header("content-type"), "application/json; charset=utf-8");
    let neither = post(&server, "text/html", json!({ "query": "{ __typename }" })).await;
    assert_eq!((neither.status.as_u16(), neither.codes()), (406, vec!["BAD_USER_INPUT"]));
}

#[tokio::test]
async fn only_json_in_utf_8_is_read() {
    let server = TestServer::start().await;
    let send = |content_type: &'static str| {
        let request = server.client.post(server.url("/graphql")).body(r#"{"query": "{ __typename }"}"#);
        answer_of(if content_type.is_empty() { request } else { request.header("content-type", content_type) })
    };
    for good in ["application/json", "application/json; charset=utf-8", "Application/JSON;Charset=\"UTF-8\""] {
        assert_eq!(send(good).await.status, 200, "{good}");
    }
    for bad in ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "application/graphql"]
    {
        let answer = send(bad).await;
        assert_eq!((answer.status.as_u16(), answer.codes()), (415, vec!["BAD_USER_INPUT"]), "{bad}");
    }
    let compressed = server.post("x").header("content-encoding", "gzip");
    assert_eq!(answer_of(compressed).await.status, 415);
}

#[tokio::test]
async fn other_methods_are_refused() {
    let server = TestServer::start().await;
    for method in [reqwest::Method::PUT, reqwest::Method::DELETE, reqwest::Method::PATCH] {
        let answer = answer_of(server.client.request(method, server.url("/graphql"))).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "GET, POST"));
    }
}

#[tokio::test]
async fn parameters_of_a_wrong_type_are_refused_whatever_the_media_type() {
    let server = TestServer::start().await;
    let bodies = [
        "",
        "{",
        "\u{0}",
        "null",
        "7",
        "\"{ __typename }\"",
        "{}",
        r#"{"notquery": "{ __typename }"}"#,
        r#"{"query": null}"#,
        r#"{"query": 7}"#,
        r#"{"query": {"obj": "ect"}}"#,
        r#"{"query": "{ __typename }", "operationName": 7}"#,
        r#"{"query": "{ __typename }", "operationName": []}"#,
        r#"{"query": "{ __typename }", "variables": "{}"}"#,
        r#"{"query": "{ __typename }", "variables": []}"#,
        r#"{"query": "{ __typename }", "extensions": 0}"#,
        r#"{"query": "{ __typename }", "extensions": []}"#,
    ];
    for body in bodies {
        for media in [GRAPHQL, JSON] {
            let answer = answer_of(accepting(server.post(body), media)).await;
            assert_eq!((answer.status.as_u16(), answer.codes()), (400, vec!["BAD_USER_INPUT"]), "{body}: {}", answer.text);
            assert!(answer.json.get("data").is_none(), "{body}");
        }
    }
    let not_text = answer_of(server.post(vec![b'{', 0xff, b'}'])).await;
    assert_eq!(not_text.status, 400);
}

#[tokio::test]
async fn null_parameters_are_absent_ones() {
    let server = TestServer::start().await;
    let body = json!({ "query": "{ __typename }", "operationName": null, "variables": null, "extensions": null });
    assert_eq!(post(&server, GRAPHQL, body).await.status, 200);
    let body = json!({ "query": "{ __typename }", "extensions": { "some": "value" } });
    assert_eq!(post(&server, GRAPHQL, body).await.status, 200);
}

#[tokio::test]
async fn batches_are_refused() {
    let server = TestServer::start().await;
    let answer = answer_of(server.post(r#"[{"query": "{ __typename }"}, {"query": "{ __typename }"}]"#)).await;
    assert_eq!((answer.status.as_u16(), answer.codes()), (400, vec!["BAD_USER_INPUT"]));
    assert!(answer.message().contains("one operation per request"), "{}", answer.message());
}

#[tokio::test]
async fn refused_operations_are_400_or_200_and_have_no_data() {
    let server = TestServer::start().await;
    let cases = [
        (json!({ "query": "{" }), "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "" }), "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "{ nothing }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "{ lead(id: 7.5) { id } }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "query A { __typename }", "operationName": "B" }), "BAD_USER_INPUT"),
        (json!({ "query": "query A { __typename } query B { __typename }" }), "BAD_USER_INPUT"),
        (json!({ "query": "query ($id: ID!) { lead(id: $id) { id } }" }), "BAD_USER_INPUT"),
        (json!({ "query": "query ($id: ID!) { lead(id: $id) { id } }", "variables": { "id": null } }), "BAD_USER_INPUT"),
        (json!({ "query": "query ($id: ID!) { lead(id: $id) { id } }", "variables": { "id": [7] } }), "BAD_USER_INPUT"),
        (json!({ "query": "subscription { leads }" }), "GRAPHQL_VALIDATION_FAILED"),
    ];
    for (body, code) in cases {
        for (media, status) in [(GRAPHQL, 400), (JSON, 200)] {
            let answer = post(&server, media, body.clone()).await;
            assert_eq!((answer.status.as_u16(), answer.codes()), (status, vec![code]), "{body}: {}", answer.text);
            assert!(answer.json.get("data").is_none(), "{body}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn errors_of_fields_are_200_and_leave_the_data_that_there_is() {
    let server = TestServer::start().await;
    for media in [GRAPHQL, JSON] {
        let answer = post(&server, media, json!({ "query": "{ lead(id: \"x\") { id } }" })).await;
        assert_eq!((answer.status.as_u16(), answer.codes()), (200, vec!["UNAUTHENTICATED"]));
        assert_eq!(answer.json["errors"][0]["path"], json!(["lead"]));
        // Where the field may not be null, the null rises, but the operation was carried out: `data` is there.
        let answer = post(&server, media, json!({ "query": "{ leads { nodes { id } } }" })).await;
        assert_eq!((answer.status.as_u16(), answer.codes()), (200, vec!["UNAUTHENTICATED"]));
        assert_eq!(answer.json.get("data"), Some(&Value::Null));
    }
}

#[tokio::test]
async fn queries_go_over_get_too() {
    let server = TestServer::start().await;
    let answer = get(&server, GRAPHQL, &[("query", "{ __typename }")]).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, r#"{"data":{"__typename":"Query"}}"#));

    let document =
        "query A { a: __typename } query B($yes: Boolean!) { leads(first: 1) @include(if: $yes) { totalCount } c: __typename }";
    let answer = get(&server, GRAPHQL, &[("query", document), ("operationName", "B"), ("variables", r#"{"yes": false}"#)]).await;
    assert_eq!(answer.json, json!({ "data": { "c": "Query" } }));
    let answer =
        get(&server, GRAPHQL, &[("query", document), ("operationName", "A"), ("variables", ""), ("extensions", "")]).await;
    assert_eq!(answer.json, json!({ "data": { "a": "Query" } }));
}

#[tokio::test]
async fn bad_parameters_of_a_get_are_refused() {
    let server = TestServer::start().await;
    let cases: [&[(&str, &str)]; 5] = [
        &[],
        &[("operationName", "A")],
        &[("query", "{ __typename }"), ("variables", "{")],
        &[("query", "{ __typename }"), ("variables", "[]")],
        &[("query", "{ __typename }"), ("extensions", "7")],
    ];
    for parameters in cases {
        let answer = get(&server, JSON, parameters).await;
        assert_eq!((answer.status.as_u16(), answer.codes()), (400, vec!["BAD_USER_INPUT"]), "{parameters:?}");
    }
}

#[tokio::test]
async fn mutations_are_refused_on_get_and_change_nothing() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let mutation = r#"query Q { __typename } mutation M { createLead(input: {lastName: "Sneaky"}) { lead { id } } }"#;
    let request = server.client.get(server.url("/graphql")).query(&[("query", mutation), ("operationName", "M")]);
    let answer = answer_of(request.bearer_auth(&rep.token)).await;
    assert_eq!((answer.status.as_u16(), answer.header("allow"), answer.codes()), (405, "POST", vec!["BAD_USER_INPUT"]));

    let request = server.client.get(server.url("/graphql")).query(&[("query", mutation), ("operationName", "Q")]);
    assert_eq!(answer_of(request).await.json, json!({ "data": { "__typename": "Query" } }));
    let leads = server.graphql(&rep, "{ leads { totalCount } }", json!({})).await;
    assert_eq!(*leads.data("/leads/totalCount"), 0);
}

#[tokio::test]
async fn an_absent_variable_leaves_a_field_and_null_clears_it() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let created = server
        .graphql(
            &rep,
            "mutation { createLead(input: {lastName: \"Berg\", firstName: \"Kari\"}) { lead { id } userErrors { code } } }",
            json!({}),
        )
        .await;
    let id = created.payload("createLead")["lead"]["id"].clone();
    let update = "mutation ($id: ID!, $firstName: String) { updateLead(input: {id: $id, firstName: $firstName}) { lead { name } userErrors { code } } }";
    let absent = server.graphql(&rep, update, json!({ "id": id })).await;
    assert_eq!(absent.payload("updateLead")["lead"]["name"], "Kari Berg");
    let null = server.graphql(&rep, update, json!({ "id": id, "firstName": null })).await;
    assert_eq!(null.payload("updateLead")["lead"]["name"], "Berg");
}

#[tokio::test]
async fn answers_are_not_kept_by_anybody() {
    let server = TestServer::start().await;
    let answer = get(&server, JSON, &[("query", "{ __typename }")]).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("vary").contains("Accept"));
}
