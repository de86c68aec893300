//! Values that make no sense: each gets a clear error, nothing is written, and the server stays up.

use serde_json::{Value, json};

use crate::harness::{Answer, Person, TestServer, answer_of};

async fn create_lead(server: &TestServer, person: &Person, input: Value) -> Answer {
    let mutation = "mutation ($input: CreateLeadInput!) { createLead(input: $input) { lead { id name description } userErrors { code message field } } }";
    server.graphql(person, mutation, json!({ "input": input })).await
}

#[tokio::test]
async fn texts() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let cases = [
        (json!({ "lastName": "x".repeat(201) }), "TOO_LONG input.lastName"),
        (json!({ "lastName": "é".repeat(201) }), "TOO_LONG input.lastName"),
        (json!({ "lastName": "x", "jobTitle": "x".repeat(256) }), "TOO_LONG input.jobTitle"),
        (json!({ "lastName": "x", "description": "x".repeat(10_001) }), "TOO_LONG input.description"),
        (json!({ "lastName": "a\u{0}b" }), "INVALID input.lastName"),
        (json!({ "lastName": "a\u{1b}[31m" }), "INVALID input.lastName"),
        (json!({ "lastName": "x", "email": "not an address" }), "INVALID input.email"),
        (json!({ "lastName": "x", "email": "a@b" }), "INVALID input.email"),
        (json!({ "lastName": "x", "website": "javascript:alert(1)" }), "INVALID input.website"),
        (json!({ "lastName": "x", "ownerId": "user_00000000000000000000000000" }), "NOT_FOUND input.ownerId"),
        (json!({ "lastName": "x", "ownerId": rep.id.to_string().replace("user", "lead") }), "INVALID input.ownerId"),
        (json!({ "lastName": "x", "sourceId": "nonsense" }), "INVALID input.sourceId"),
        (json!({ "lastName": "x", "idempotencyKey": "x".repeat(256) }), "TOO_LONG input.idempotencyKey"),
    ];
    for (input, refusal) in cases {
        let answer = create_lead(&server, &rep, input).await;
        assert_eq!(answer.refusals("createLead"), [refusal], "{}", answer.text);
        assert_eq!(*answer.data("/createLead/lead"), Value::Null);
    }
    let leads = server.graphql(&rep, "{ leads { totalCount } }", json!({})).await;
    assert_eq!(*leads.data("/leads/totalCount"), 0);
}

#[tokio::test]
async fn texts_that_are_strange_and_fine() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    for name in
        ["' OR 1=1 --", "<script>alert(1)</script>", "%_\\", "🦀👨‍👩‍👧", "Nguyễn", "有限公司", "क्षि", "${x} {{y}}", &"x".repeat(200)]
    {
        let answer = create_lead(&server, &rep, json!({ "lastName": name, "description": "line\n\tline" })).await;
        assert_eq!(answer.payload("createLead")["lead"]["name"], name);
        assert_eq!(answer.payload("createLead")["lead"]["description"], "line\n\tline");
        let query = "query ($name: String) { leads(filter: {lastName: {eq: $name}}) { totalCount } }";
        assert_eq!(*server.graphql(&rep, query, json!({ "name": name })).await.data("/leads/totalCount"), 1, "{name}");
    }
}

#[tokio::test]
async fn all_problems_at_once() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let answer = create_lead(&server, &rep, json!({ "firstName": "x".repeat(201), "email": "?", "sourceId": "?" })).await;
    let mut refusals = answer.refusals("createLead");
    refusals.sort();
    assert_eq!(refusals.len(), 4, "{refusals:?}");
    assert!(refusals.contains(&"TOO_LONG input.firstName".to_owned()) && refusals.contains(&"INVALID input.email".to_owned()));
    for problem in answer.data("/createLead/userErrors").as_array().unwrap() {
        let message = problem["message"].as_str().unwrap();
        assert!(message.ends_with('.') && message.len() > 15, "{message}");
    }
}

#[tokio::test]
async fn ids() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    let long = "x".repeat(100_000);
    let wrong = [
        "",
        "x",
        "lead_",
        "lead_zzzzzzzzzzzzzzzzzzzzzzzzzz",
        "lead_01",
        "LEAD_00000000000000000000000000",
        "lead_\u{0}",
        "1 OR 1=1",
        &long,
    ];
    for id in wrong.into_iter().chain(["account_00000000000000000000000000"]) {
        for field in ["lead", "node"] {
            let query = format!("query ($id: ID!) {{ {field}(id: $id) {{ id }} }}");
            let answer = server.graphql(&viewer, &query, json!({ "id": id })).await;
            if field == "node" && id.starts_with("account") {
                assert_eq!(*answer.data("/node"), Value::Null);
                continue;
            }
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{field} {}", &id[..id.len().min(40)]);
            assert!(answer.text.len() < 2_000, "the answer repeats a long id");
        }
    }
    let kind = server.graphql(&viewer, "{ lead(id: \"account_00000000000000000000000000\") { id } }", json!({})).await;
    assert_eq!(kind.message(), "Expected a lead id, got an account id.");
    let many = vec!["lead_00000000000000000000000000"; 201];
    let answer = server.graphql(&viewer, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": many })).await;
    assert_eq!(answer.codes(), ["BAD_USER_INPUT"]);
}

#[tokio::test]
async fn an_error_in_a_field_that_may_be_null_leaves_the_others() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    let query = "{ lead(id: \"wrong\") { id } node(id: \"wrong\") { id } viewer { name } }";
    let answer = server.graphql(&viewer, query, json!({})).await;
    assert_eq!(answer.codes(), ["BAD_USER_INPUT", "BAD_USER_INPUT"]);
    assert_eq!(answer.json["data"], json!({ "lead": null, "node": null, "viewer": { "name": "Vic Viewer" } }));
}

#[tokio::test]
async fn pages() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    let arguments = [
        "first: 0",
        "first: -1",
        "first: 201",
        "first: 2147483647",
        "last: 0",
        "last: -2147483648",
        "first: 1, last: 1",
        "after: \"\"",
        "after: \"nonsense\"",
        "before: \"AAAA\"",
        "first: 5, after: \"eyJhIjoxfQ\"",
    ];
    for argument in arguments {
        let answer = server.graphql(&viewer, &format!("{{ leads({argument}) {{ totalCount }} }}"), json!({})).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{argument}: {}", answer.text);
    }
    let cursor = "query ($after: String) { leads(after: $after) { totalCount } }";
    let answer = server.graphql(&viewer, cursor, json!({ "after": "A".repeat(500_000) })).await;
    assert_eq!(answer.codes(), ["BAD_USER_INPUT"]);
    assert!(answer.text.len() < 2_000);
}

#[tokio::test]
async fn values_of_a_wrong_type() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    let literals = [
        "leads(first: 99999999999) { totalCount }",
        "leads(first: 1.5) { totalCount }",
        "leads(first: \"1\") { totalCount }",
        "leads(orderBy: [{field: PASSWORD}]) { totalCount }",
        "leads(filter: {unknown: 1}) { totalCount }",
        "lead { id }",
        "lead(id: null) { id }",
    ];
    for literal in literals {
        let answer = server.graphql(&viewer, &format!("{{ {literal} }}"), json!({})).await;
        assert!(
            answer.codes().iter().all(|code| *code == "GRAPHQL_VALIDATION_FAILED") && !answer.codes().is_empty(),
            "{literal}: {}",
            answer.text
        );
    }
    let query = "query ($filter: LeadFilter, $first: Int) { leads(filter: $filter, first: $first) { totalCount } }";
    let variables = [
        json!({ "first": 1e10 }),
        json!({ "filter": 7 }),
        json!({ "first": "x" }),
        json!({ "filter": [1, 2] }),
        json!({ "filter": { "status": { "eq": "NO_STATUS" } } }),
        json!({ "filter": { "createdAt": { "gt": "yesterday" } } }),
        json!({ "filter": { "createdAt": { "gt": "2026-13-45T99:99:99Z" } } }),
        json!({ "filter": { "id": { "in": vec!["lead_00000000000000000000000000"; 501] } } }),
        json!({ "filter": { "id": { "eq": "account_00000000000000000000000000" } } }),
    ];
    for values in variables {
        let answer = server.graphql(&viewer, query, values.clone()).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{}", answer.text);
    }
}

#[tokio::test]
async fn amounts_and_dates() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    let mutation = "mutation ($input: CreateOpportunityInput!) { createOpportunity(input: $input) { opportunity { id } userErrors { code message field } } }";
    let account = "mutation { createAccount(input: {name: \"Acme\"}) { account { id } userErrors { code } } }";
    let account = server.graphql(&manager, account, json!({})).await.payload("createAccount")["account"]["id"].clone();
    let with = |field: &str, value: Value| {
        let mut input = json!({ "name": "Deal", "accountId": account, "closeDate": "2026-06-30" });
        input[field] = value;
        json!({ "input": input })
    };
    let amount = |amount: &str, currency: &str| with("amount", json!({ "amount": amount, "currency": currency }));
    let faults = [
        amount("NaN", "EUR"),
        amount("Infinity", "EUR"),
        amount("", "EUR"),
        amount("1,5", "EUR"),
        amount("10", "EURO"),
        with("amount", json!({ "amount": 1.5 })),
        with("closeDate", json!("2026-02-30")),
        with("closeDate", json!("30.06.2026")),
        with("closeDate", json!("")),
        with("closeDate", json!(20260630)),
        with("closeDate", json!("99999-01-01")),
        with("probability", json!(1e20)),
    ];
    for variables in faults {
        let answer = server.graphql(&manager, mutation, variables.clone()).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{variables}: {}", answer.text);
    }
    let refused = [
        (amount("-1", "EUR"), "input.amount"),
        (amount("99999999999999999999", "EUR"), "input.amount"),
        (amount("1000000000000000", "EUR"), "input.amount"),
        (with("closeDate", json!("0001-01-01")), "input.closeDate"),
        (with("closeDate", json!("9999-12-31")), "input.closeDate"),
        (with("probability", json!(101)), "input.probability"),
        (with("probability", json!(-1)), "input.probability"),
    ];
    for (variables, path) in refused {
        let answer = server.graphql(&manager, mutation, variables.clone()).await;
        let refusals = if answer.codes().is_empty() { answer.refusals("createOpportunity") } else { Vec::new() };
        assert!(refusals.len() == 1 && refusals[0].contains(path), "{variables}: {}", answer.text);
    }
    let none = server.graphql(&manager, "{ opportunities { totalCount } }", json!({})).await;
    assert_eq!(*none.data("/opportunities/totalCount"), 0);
    let exact = server.graphql(&manager, mutation, amount("12345678901.2345", "EUR")).await;
    assert!(exact.codes().is_empty(), "{}", exact.text);
}

#[tokio::test]
async fn a_path_that_is_nowhere() {
    let server = TestServer::start().await;
    for path in ["/nowhere", "/graphql/", "/graphql/x", "/../../etc/passwd", "/playground/../../Cargo.toml", "/%00"] {
        let status = answer_of(server.client.get(server.url(path))).await.status.as_u16();
        assert!((400..500).contains(&status), "{path}: {status}");
    }
}

/// PostgreSQL knows no such character. No text has it, so that filters find what they would without the database's help.
#[tokio::test]
async fn the_character_that_no_text_has() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let create = r#"mutation { createAccount(input: {name: "A"}) { account { id } } }"#;
    server.graphql(&admin, create, json!({})).await.text_at("/createAccount/account/id");
    let nul = "\u{0}";
    let filters = [
        (json!({ "name": { "eq": nul } }), 0),
        (json!({ "name": { "ne": nul } }), 1),
        (json!({ "name": { "in": [nul, "a\u{0}"] } }), 0),
        (json!({ "name": { "notIn": [nul] } }), 1),
        (json!({ "name": { "contains": nul } }), 0),
        (json!({ "name": { "startsWith": "a\u{0}" } }), 0),
        (json!({ "name": { "endsWith": nul } }), 0),
        (json!({ "externalId": nul }), 0),
    ];
    for (filter, found) in filters {
        let query = "query ($filter: AccountFilter) { accounts(filter: $filter) { totalCount } }";
        let answer = server.graphql(&admin, query, json!({ "filter": filter })).await;
        assert_eq!(*answer.data("/accounts/totalCount"), found, "{filter}");
    }
    let query = "query ($filter: ContactFilter) { contacts(filter: $filter) { totalCount } }";
    for operator in ["eq", "contains", "startsWith", "endsWith"] {
        let answer = server.graphql(&admin, query, json!({ "filter": { "email": { operator: nul } } })).await;
        assert_eq!(*answer.data("/contacts/totalCount"), 0, "{operator}");
    }
}
