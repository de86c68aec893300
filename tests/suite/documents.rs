//! Documents that are known: they are answered as if they were new, by their hash, and, where only those are trusted, alone.

use leadgraph::graphql::schema::Limits;
use leadgraph::http::documents::{DocumentHash, TrustedDocuments};
use serde_json::{Value, json};

use crate::harness::{Answer, Person, TestServer, answer_of};

/// The message by which clients know that they have to send the text.
const NOT_FOUND: &str = "PersistedQueryNotFound";

fn hash(text: &str) -> String {
    DocumentHash::of(text).to_string()
}

/// The extension that names a document by its hash.
fn by_hash(text: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash(text) } })
}

async fn send<'a>(server: &TestServer, person: impl Into<Option<&'a Person>>, body: &Value) -> Answer {
    let request = server.post(body.to_string());
    answer_of(match person.into() {
        Some(person) => request.bearer_auth(&person.token),
        None => request,
    })
    .await
}

async fn get(server: &TestServer, parameters: &[(&str, &str)]) -> Answer {
    answer_of(server.client.get(server.url("/graphql")).query(parameters)).await
}

/// A document, variables that it is carried out with, and others that are refused with a code.
type Refused = (&'static str, Vec<Value>, Vec<(Value, &'static str)>);

/// Documents with variables that they are carried out with, and others that are refused, each with the code.
fn refused() -> Vec<Refused> {
    const USER: &str = "BAD_USER_INPUT";
    const VALIDATION: &str = "GRAPHQL_VALIDATION_FAILED";
    vec![
        (
            "query ($filter: LeadFilter, $first: Int) { leads(filter: $filter, first: $first) { totalCount } }",
            vec![json!({}), json!({ "first": 5, "filter": { "lastName": { "eq": "x" } } }), json!({ "first": null })],
            vec![
                (json!({ "first": "x" }), USER),
                (json!({ "first": 1e10 }), USER),
                (json!({ "first": 9_999_999_999_i64 }), USER),
                (json!({ "first": 0 }), USER),
                (json!({ "filter": 7 }), USER),
                (json!({ "filter": [1, 2] }), USER),
                (json!({ "filter": { "unknown": 1 } }), USER),
                (json!({ "filter": { "status": { "eq": "NO_STATUS" } } }), USER),
                (json!({ "filter": { "createdAt": { "gt": "yesterday" } } }), USER),
            ],
        ),
        (
            "query ($id: ID!) { lead(id: $id) { id } }",
            vec![json!({ "id": "lead_00000000000000000000000000" })],
            vec![(json!({}), USER), (json!({ "id": null }), USER), (json!({ "id": [7] }), USER), (json!({ "id": "x" }), USER)],
        ),
        (
            "query ($id: ID = \"lead_00000000000000000000000000\") { lead(id: $id) { id } }",
            vec![json!({}), json!({ "id": "lead_00000000000000000000000000" })],
            vec![(json!({ "id": null }), USER)],
        ),
        (
            "query ($name: String) { leads(filter: {lastName: {eq: $name}, unknown: 1}) { totalCount } }",
            vec![json!({})],
            vec![(json!({ "name": "x" }), USER)],
        ),
        (
            "query ($n: Int) { leads(first: $n) { nodes { a: history(first: $n) { nodes { id } } b: history(first: $n) { nodes { id } } } } }",
            vec![json!({}), json!({ "n": 1 }), json!({ "n": 3 })],
            vec![(json!({ "n": 200 }), "TOO_COMPLEX")],
        ),
        ("{ nothing }", vec![], vec![(json!({}), VALIDATION)]),
        ("{ leads(first: 1.5) { totalCount } }", vec![], vec![(json!({}), VALIDATION)]),
        ("{", vec![], vec![(json!({}), "GRAPHQL_PARSE_FAILED")]),
    ]
}

#[tokio::test]
async fn what_is_refused_is_refused_in_the_same_words_when_the_document_is_known() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    for (document, good, bad) in refused() {
        for (number, (variables, code)) in bad.into_iter().enumerate() {
            // The comment at the end makes it another document, with the same places for mistakes.
            let body = |when: &str| json!({ "query": format!("{document} # {when} {number}"), "variables": variables });
            let new = send(&server, &viewer, &body("new")).await;
            assert!(
                !new.codes().is_empty() && new.codes().iter().all(|given| *given == code),
                "{document} {variables}: {}",
                new.text
            );
            for values in good.iter().chain(&good) {
                let known = json!({ "query": body("old")["query"], "variables": values });
                let answer = send(&server, &viewer, &known).await;
                assert!(answer.codes().is_empty(), "{document} {values}: {}", answer.text);
            }
            for _ in 0..2 {
                let known = send(&server, &viewer, &body("old")).await;
                // What can't be parsed is quoted.
                let text = new.text.replace("# new", "# old");
                assert_eq!((known.status, &known.text), (new.status, &text), "{document} {variables}");
            }
        }
    }
}

#[tokio::test]
async fn a_known_mutation_with_a_wrong_value_writes_nothing() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let create = "mutation ($a: CreateLeadInput!, $b: CreateLeadInput!) {
        a: createLead(input: $a) { lead { id } } b: createLead(input: $b) { lead { id } } }";
    let (good, bad) = (json!({ "lastName": "Good" }), json!({ "lastName": 7 }));
    for expected in [2, 4] {
        assert!(server.graphql(&rep, create, json!({ "a": good, "b": good })).await.codes().is_empty());
        let answer = server.graphql(&rep, create, json!({ "a": good, "b": bad })).await;
        assert_eq!((answer.codes(), answer.json.get("data")), (vec!["BAD_USER_INPUT"], None), "{}", answer.text);
        let leads = server.graphql(&rep, "{ leads { totalCount } }", json!({})).await;
        assert_eq!(*leads.data("/leads/totalCount"), expected);
    }
}

#[tokio::test]
async fn a_document_is_found_again_by_its_hash() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    let document = "query ($first: Int!) { leads(first: $first) { totalCount } }";
    let hashed = json!({ "extensions": by_hash(document), "variables": { "first": 1 } });
    let unknown = send(&server, &viewer, &hashed).await;
    assert_eq!(
        (unknown.status.as_u16(), unknown.codes(), unknown.message()),
        (200, vec!["PERSISTED_QUERY_NOT_FOUND"], NOT_FOUND)
    );
    assert!(unknown.json.get("data").is_none());

    let mut whole = hashed.clone();
    whole["query"] = json!(document);
    for body in [&whole, &hashed, &hashed, &whole] {
        assert_eq!(*send(&server, &viewer, body).await.data("/leads/totalCount"), 0);
    }
    // Who is asking counts, as always.
    assert_eq!(send(&server, None, &hashed).await.codes(), ["UNAUTHENTICATED"]);
    // The id of the GraphQL-over-HTTP specification.
    for id in [hash(document), format!("sha256:{}", hash(document))] {
        let body = json!({ "documentId": id, "variables": { "first": 1 } });
        assert_eq!(*send(&server, &viewer, &body).await.data("/leads/totalCount"), 0);
    }
    assert_eq!(send(&server, &viewer, &json!({ "documentId": "Leads" })).await.codes(), ["PERSISTED_QUERY_NOT_FOUND"]);
}

#[tokio::test]
async fn hashes_go_over_get_but_mutations_do_not() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let query = "{ __typename }";
    let extensions = by_hash(query).to_string();
    assert_eq!(get(&server, &[("extensions", &extensions)]).await.message(), NOT_FOUND);
    assert_eq!(*get(&server, &[("query", query), ("extensions", &extensions)]).await.data("/__typename"), "Query");
    assert_eq!(*get(&server, &[("extensions", &extensions)]).await.data("/__typename"), "Query");
    assert_eq!(*get(&server, &[("documentId", &hash(query))]).await.data("/__typename"), "Query");

    let mutation = "mutation { createLead(input: {lastName: \"Sneaky\"}) { lead { id } } }";
    let known = send(&server, &rep, &json!({ "query": mutation, "extensions": by_hash(mutation) })).await;
    assert!(known.codes().is_empty(), "{}", known.text);
    let extensions = by_hash(mutation).to_string();
    for parameters in [[("extensions", extensions.as_str())], [("documentId", &hash(mutation))]] {
        let request = server.client.get(server.url("/graphql")).query(&parameters).bearer_auth(&rep.token);
        let answer = answer_of(request).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "POST"), "{}", answer.text);
    }
    let leads = server.graphql(&rep, "{ leads { totalCount } }", json!({})).await;
    assert_eq!(*leads.data("/leads/totalCount"), 1);
}

#[tokio::test]
async fn hashes_that_make_no_sense_are_refused() {
    let server = TestServer::start().await;
    let query = "{ __typename }";
    let wrong = json!({ "query": query, "extensions": by_hash("{ other }") });
    let answer = send(&server, None, &wrong).await;
    assert_eq!((answer.status.as_u16(), answer.codes()), (200, vec!["BAD_USER_INPUT"]));
    assert!(answer.message().contains(&hash(query)), "{}", answer.message());
    assert_eq!(send(&server, None, &json!({ "extensions": by_hash("{ other }") })).await.message(), NOT_FOUND);
    let extensions = [
        json!({ "persistedQuery": { "version": 2, "sha256Hash": hash(query) } }),
        json!({ "persistedQuery": { "sha256Hash": hash(query) } }),
        json!({ "persistedQuery": { "version": 1 } }),
        json!({ "persistedQuery": { "version": 1, "sha256Hash": "abc" } }),
        json!({ "persistedQuery": 7 }),
    ];
    for extensions in extensions {
        let answer = send(&server, None, &json!({ "query": query, "extensions": extensions })).await;
        assert_eq!((answer.status.as_u16(), answer.codes()), (400, vec!["BAD_USER_INPUT"]), "{extensions}: {}", answer.text);
    }
    for body in [json!({ "query": query, "documentId": hash(query) }), json!({ "documentId": 7 })] {
        assert_eq!(send(&server, None, &body).await.status, 400, "{body}");
    }
    // What doesn't fit the schema is never known.
    let nothing = json!({ "query": "{ nothing }", "extensions": by_hash("{ nothing }") });
    assert_eq!(send(&server, None, &nothing).await.codes(), ["GRAPHQL_VALIDATION_FAILED"]);
    assert_eq!(send(&server, None, &json!({ "extensions": by_hash("{ nothing }") })).await.message(), NOT_FOUND);
}

#[tokio::test]
async fn a_known_document_about_the_schema_is_still_for_those_who_are_signed_in() {
    let server = TestServer::start_with(|settings| settings.open_introspection = false).await;
    let viewer = server.viewer().await;
    let query = "{ __schema { queryType { name } } }";
    let body = json!({ "query": query, "extensions": by_hash(query) });
    assert!(send(&server, &viewer, &body).await.codes().is_empty());
    for body in [body, json!({ "extensions": by_hash(query) })] {
        assert_eq!(send(&server, None, &body).await.codes(), ["UNAUTHENTICATED"]);
    }
}

#[tokio::test]
async fn where_documents_are_trusted_no_others_are_carried_out() {
    const LEADS: &str = "query Leads($first: Int!, $after: String) { leads(first: $first, after: $after) { totalCount } }";
    let create = "mutation Create($input: CreateLeadInput!) { createLead(input: $input) { lead { id } userErrors { code } } }";
    let manifest = json!({ "Leads": LEADS, "sha256:0f": create, hash("{ __typename }"): "{ __typename }" });
    let server = TestServer::start_with(move |settings| {
        settings.trusted_documents = Some(TrustedDocuments::of_json(manifest.to_string().as_bytes(), settings.limits).unwrap());
    })
    .await;
    let rep = server.rep().await;
    let variables = json!({ "first": 1 });
    let trusted = [
        json!({ "documentId": "Leads", "variables": variables }),
        json!({ "documentId": hash(LEADS), "variables": variables }),
        json!({ "documentId": format!("sha256:{}", hash(LEADS)), "variables": variables }),
        json!({ "extensions": by_hash(LEADS), "variables": variables }),
        json!({ "query": LEADS, "variables": variables }),
        json!({ "query": LEADS, "extensions": by_hash(LEADS), "variables": variables }),
    ];
    for body in trusted.iter().chain(&trusted) {
        assert_eq!(*send(&server, &rep, body).await.data("/leads/totalCount"), 0, "{body}");
    }
    let lead = send(&server, &rep, &json!({ "documentId": "0f", "variables": { "input": { "lastName": "A" } } })).await;
    assert!(lead.payload("createLead")["lead"]["id"].is_string());
    let wrong = send(&server, &rep, &json!({ "documentId": "0f", "variables": { "input": { "lastName": 7 } } })).await;
    assert_eq!(wrong.codes(), ["BAD_USER_INPUT"]);

    let other = "{ viewer { name } }";
    let refused = [
        json!({ "query": other }),
        json!({ "query": format!("{LEADS} ") }),
        json!({ "query": "{" }),
        json!({ "query": other, "extensions": by_hash(other) }),
        json!({ "extensions": by_hash(other) }),
        json!({ "documentId": "viewer" }),
        json!({ "query": "{ __schema { queryType { name } } }" }),
    ];
    for body in refused.iter().chain(&refused) {
        let answer = send(&server, &rep, body).await;
        assert_eq!(answer.codes(), ["DOCUMENT_NOT_TRUSTED"], "{body}: {}", answer.text);
        assert!(answer.message().contains("trusted documents only"), "{}", answer.message());
    }
    assert_eq!(*get(&server, &[("documentId", &hash("{ __typename }"))]).await.data("/__typename"), "Query");
    let playground = answer_of(server.client.get(server.url("/"))).await;
    assert!(playground.status == 404 && playground.text.contains("no playground"), "{}", playground.text);
    // What we ask ourselves needs no manifest.
    let report = server.client.get(server.url("/reports/pipeline.csv")).bearer_auth(&rep.token);
    assert_eq!(answer_of(report).await.status, 200);
}

#[test]
fn manifests_of_common_shapes_are_read_and_bad_documents_in_them_are_named() {
    let read = |manifest: Value| TrustedDocuments::of_json(manifest.to_string().as_bytes(), Limits::default());
    let apollo = json!({ "format": "apollo-persisted-query-manifest", "version": 1, "operations": [
        { "id": "1", "name": "Name", "type": "query", "body": "query Name { viewer { name } }" } ] });
    assert!(read(apollo).unwrap().by_name("1").is_some());
    let pages = "query ($n: Int!, $m: Int) { leads(first: $n) { nodes { history(first: $m) { nodes { id } } } } }";
    assert!(read(json!({ "a": pages, "b": pages })).unwrap().by_name(&hash(pages)).is_some());

    let bad = [
        ("{ nothing }", "nothing"),
        ("{", "expected"),
        ("query ($x: Int) { __typename }", "x"),
        ("{ leads(filter: {unknown: 1}) { totalCount } }", "unknown"),
        (
            "{ leads(first: 200) { nodes { a: history(first: 200) { nodes { id } } b: history(first: 200) { nodes { id } } } } }",
            "complex",
        ),
    ];
    for (document, part) in bad {
        let error = read(json!({ "Good": "{ __typename }", "Bad": document })).unwrap_err().to_string();
        assert!(error.contains("`Bad`") && error.contains(part) && !error.contains("`Good`"), "{error}");
    }
    let both = read(json!({ "One": "{ one }", "Two": "{ two }" })).unwrap_err().to_string();
    assert!(both.contains("`One`") && both.contains("`Two`"), "{both}");
    let twice = read(json!({ "sha256:a": "{ __typename }", "a": "{ a: __typename }" })).unwrap_err().to_string();
    assert!(twice.contains("two different"), "{twice}");
    for json in ["", "7", "[]", "{\"a\": 7}"] {
        let error = TrustedDocuments::of_json(json.as_bytes(), Limits::default()).unwrap_err().to_string();
        assert!(error.contains("no manifest"), "{error}");
    }
}
