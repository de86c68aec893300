//! Requests that are meant to break the server: each gets an error, soon, and the server stays up.

use std::fmt::Write;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Answer, TestServer, answer_of};

/// Sends an operation as a signed-in user, and checks that the answer comes soon and the server still works.
async fn survives(server: &TestServer, query: &str, variables: Value) -> Answer {
    let viewer = server.viewer().await;
    let started = Instant::now();
    let answer = server.graphql(&viewer, query, variables).await;
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "took {:?}: {}",
        started.elapsed(),
        &answer.text[..answer.text.len().min(300)]
    );
    assert!(answer.text.len() < 100_000, "an answer of {} bytes", answer.text.len());
    assert_eq!(answer_of(server.client.get(server.url("/readyz"))).await.status, 200);
    answer
}

#[track_caller]
fn assert_code(answer: &Answer, code: &str) {
    assert!(
        answer.codes().iter().all(|found| *found == code) && !answer.codes().is_empty(),
        "{}",
        &answer.text[..answer.text.len().min(500)]
    );
}

#[tokio::test]
async fn deep_nesting_in_documents() {
    let server = TestServer::start().await;
    let many = 10_000;
    let mut documents = vec![
        format!("{{ leads(filter: {}) {{ totalCount }} }}", "[".repeat(many)),
        format!("{{ leads(filter: {}{}) {{ totalCount }} }}", "{not:".repeat(many), "}".repeat(many)),
        format!("query ($a: {}Int{}) {{ __typename }}", "[".repeat(many), "]".repeat(many)),
        format!("query ($a: Int = {}) {{ __typename }}", "[".repeat(many)),
    ];
    for (open, close) in [("{a", "}"), ("{a(b:[", "])}"), ("{...", "}")] {
        documents.push(open.repeat(many) + &close.repeat(many));
        documents.push(open.repeat(many));
    }
    for document in documents {
        let answer = survives(&server, &document, json!({})).await;
        assert_code(&answer, "TOO_COMPLEX");
        assert!(answer.message().contains("brackets"), "{}", answer.message());
    }
}

#[tokio::test]
async fn documents_that_are_too_long() {
    let server = TestServer::start().await;
    let document = format!("{{ __typename }} # {}", "x".repeat(131_072));
    let answer = survives(&server, &document, json!({})).await;
    assert_code(&answer, "TOO_COMPLEX");
    assert!(answer.message().contains("longer than 131072 bytes"), "{}", answer.message());
}

#[tokio::test]
async fn as_deep_as_it_goes() {
    let server = TestServer::start().await;
    // Selections, to the limit of the scan and beyond that of the schema.
    let query = "{a".repeat(64) + &"}".repeat(64);
    assert!(!survives(&server, &query, json!({})).await.codes().is_empty());
    // Filters, to the limit: they are read, turned into SQL and carried out.
    let nested = |depth: usize| (0..depth).fold(json!({ "company": { "eq": "x" } }), |filter, _| json!({ "not": filter }));
    let document = "query ($filter: LeadFilter) { leads(filter: $filter) { totalCount } }";
    let answer = survives(&server, document, json!({ "filter": nested(61) })).await;
    assert_eq!(*answer.data("/leads/totalCount"), 0);
    assert_code(&survives(&server, document, json!({ "filter": nested(70) })).await, "TOO_COMPLEX");
    let literal = format!("{{ leads(filter: {}{}) {{ totalCount }} }}", "{not: ".repeat(60), "{}".to_owned() + &"}".repeat(60));
    assert_eq!(*survives(&server, &literal, json!({})).await.data("/leads/totalCount"), 0);
    // And as wide.
    let document = "query ($filter: LeadFilter) { leads(filter: $filter) { totalCount nodes { id } } }";
    let wide: Vec<Value> = (0..3_000).map(|number| json!({ "company": { "eq": number.to_string() } })).collect();
    let create = r#"mutation { createLead(input: {lastName: "A", company: "1500"}) { lead { id } } }"#;
    server.graphql(&server.admin().await, create, json!({})).await.text_at("/createLead/lead/id");
    let others: Vec<Value> = wide.iter().filter(|filter| filter["company"]["eq"] != "1500").cloned().collect();
    let same = vec![wide[1_500].clone(); 3_000];
    let almost: Vec<Value> = same.iter().chain(&wide[7..8]).cloned().collect();
    for (operator, filters, found) in [("or", &wide, 1), ("or", &others, 0), ("and", &same, 1), ("and", &almost, 0)] {
        let answer = survives(&server, document, json!({ "filter": { operator: filters } })).await;
        assert_eq!(*answer.data("/leads/totalCount"), found, "{operator}");
        assert_eq!(answer.data("/leads/nodes").as_array().map(Vec::len), Some(found), "{operator}");
    }
}

#[tokio::test]
async fn deep_nesting_in_variables() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    for open in ["[", "{\"not\":"] {
        let body = format!(r#"{{"query": "{{ __typename }}", "variables": {{"filter": {}"#, open.repeat(100_000));
        let answer = answer_of(server.post(body).bearer_auth(&viewer.token)).await;
        assert_eq!((answer.status.as_u16(), answer.codes()), (400, vec!["BAD_USER_INPUT"]));
    }
}

#[tokio::test]
async fn brackets_in_texts_are_just_characters() {
    let server = TestServer::start().await;
    let brackets = "([{".repeat(50);
    let query = format!(
        "# {brackets}\n{{ leads(filter: {{company: {{eq: \"\\\"{brackets}\"}}, lastName: {{eq: \"\"\"{brackets}\"\"\"}}}}) {{ totalCount }} }}"
    );
    assert_eq!(*survives(&server, &query, json!({})).await.data("/leads/totalCount"), 0);
}

#[tokio::test]
async fn selections_that_are_too_deep_or_too_many() {
    let server = TestServer::start().await;
    let deep = format!(
        "{{ lead(id: \"lead_00000000000000000000000000\") {{ owner {{ team {} }} }} }}",
        "{ manager { team ".repeat(8) + "{ id }" + &" } }".repeat(8)
    );
    let answer = survives(&server, &deep, json!({})).await;
    assert_code(&answer, "TOO_COMPLEX");
    assert!(answer.message().contains("nested too deep"), "{}", answer.message());

    let wide = "{ leads(first: 200) { nodes { history(first: 200) { nodes { by { team { members { id } } } } } } } }";
    let answer = survives(&server, wide, json!({})).await;
    assert_code(&answer, "TOO_COMPLEX");
    assert!(answer.message().contains("smaller pages"), "{}", answer.message());

    let repeated = format!("{{ {} }}", "leads(first: 1) { totalCount } ".repeat(3_000));
    assert_code(&survives(&server, &repeated, json!({})).await, "TOO_COMPLEX");
}

#[tokio::test]
async fn alias_bombs() {
    let server = TestServer::start().await;
    for count in [101, 2_000] {
        let query = (0..count).fold("{".to_owned(), |mut query, number| {
            write!(query, " a{number}: leads(first: 1) {{ totalCount }}").unwrap();
            query
        }) + "}";
        assert_code(&survives(&server, &query, json!({})).await, "TOO_COMPLEX");
    }
}

#[tokio::test]
async fn directive_bombs() {
    let server = TestServer::start().await;
    let query = format!("{{ __typename {} }}", "@skip(if: false) ".repeat(5_000));
    assert_code(&survives(&server, &query, json!({})).await, "TOO_COMPLEX");
    let on_operation = format!("query {} {{ __typename }}", "@what ".repeat(5_000));
    assert!(!survives(&server, &on_operation, json!({})).await.codes().is_empty());
}

#[tokio::test]
async fn fragment_bombs() {
    let server = TestServer::start().await;
    let circle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }";
    let answer = survives(&server, circle, json!({})).await;
    assert_code(&answer, "GRAPHQL_VALIDATION_FAILED");

    // 2 to the power of 30 fields.
    let doubling = (0..30).fold("{ ...F0 }".to_owned(), |mut query, number| {
        write!(query, " fragment F{number} on Query {{ ...F{0} ...F{0} }}", number + 1).unwrap();
        query
    }) + " fragment F30 on Query { __typename }";
    assert_code(&survives(&server, &doubling, json!({})).await, "TOO_COMPLEX");

    // A chain so long that following it would exhaust the stack, used and not used.
    let chain = (0..2_500).fold(String::new(), |mut query, number| {
        write!(query, " fragment F{number} on Query {{ ...F{} }}", number + 1).unwrap();
        query
    }) + " fragment F2500 on Query { __typename }";
    for start in ["{ ...F0 }", "{ __typename }"] {
        assert_code(&survives(&server, &(start.to_owned() + &chain), json!({})).await, "TOO_COMPLEX");
    }
}

#[tokio::test]
async fn documents_with_thousands_of_mistakes() {
    let server = TestServer::start().await;
    let unknown = (0..4_000).fold("{".to_owned(), |mut query, number| {
        write!(query, " unknown{number}").unwrap();
        query
    }) + "}";
    let answer = survives(&server, &unknown, json!({})).await;
    assert_code(&answer, "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(answer.codes().len(), 50);

    let variables = (0..8_000).fold("query (".to_owned(), |mut query, number| {
        write!(query, "$v{number}: Int ").unwrap();
        query
    }) + ") { __typename }";
    assert!(!survives(&server, &variables, json!({})).await.codes().is_empty());

    let operations = (0..4_000).fold(String::new(), |mut query, number| {
        write!(query, "query Q{number} {{ __typename }} ").unwrap();
        query
    });
    assert!(!survives(&server, &operations, json!({})).await.codes().is_empty());
}

#[tokio::test]
async fn bodies_that_are_too_large() {
    let server = TestServer::start().await;
    for megabytes in [2, 10] {
        let body = format!(r#"{{"query": "{{ __typename }}", "extensions": {{"a": "{}"}}}}"#, "x".repeat(megabytes << 20));
        let answer = answer_of(server.post(body)).await;
        assert_eq!((answer.status.as_u16(), answer.codes()), (413, vec!["BAD_USER_INPUT"]), "{megabytes} MB");
        assert!(answer.message().contains("1048576"), "{}", answer.message());
    }
    assert_eq!(answer_of(server.client.get(server.url("/readyz"))).await.status, 200);
}

#[tokio::test]
async fn introspection_is_within_the_limits() {
    let server = TestServer::start().await;
    let of_type = "ofType { kind name ".repeat(9) + &"}".repeat(9);
    let query = format!(
        "query IntrospectionQuery {{ __schema {{ description queryType {{ name kind }} mutationType {{ name kind }} subscriptionType {{ name kind }}
            types {{ ...FullType }} directives {{ name description isRepeatable locations args(includeDeprecated: true) {{ ...InputValue }} }} }} }}
        fragment FullType on __Type {{ kind name description specifiedByURL isOneOf
            fields(includeDeprecated: true) {{ name description args(includeDeprecated: true) {{ ...InputValue }} type {{ ...TypeRef }} isDeprecated deprecationReason }}
            inputFields(includeDeprecated: true) {{ ...InputValue }} interfaces {{ ...TypeRef }}
            enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }} possibleTypes {{ ...TypeRef }} }}
        fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue isDeprecated deprecationReason }}
        fragment TypeRef on __Type {{ kind name {of_type} }}"
    );
    let answer = server.graphql(None, &query, json!({})).await;
    assert!(answer.data("/__schema/types").as_array().unwrap().len() > 50);
}
