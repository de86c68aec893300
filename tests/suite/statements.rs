//! What lists cost: as many statements for 50 rows as for 5, and not many.

use serde_json::{Value, json};

use crate::harness::{Person, TestServer};

/// How many statements a query costs that asks for this many rows, and how many rows it got at this path.
async fn cost(server: &TestServer, person: &Person, query: &str, first: usize, nodes: &str) -> (usize, usize) {
    let before = server.statements();
    let answer = server.graphql(person, query, json!({ "first": first })).await;
    let rows = answer.data(nodes).as_array().unwrap().len();
    (server.statements() - before, rows)
}

/// Checks that a query with `$first` costs the same for 5 rows and for 50, and at most this many statements.
async fn assert_bounded(server: &TestServer, person: &Person, most: usize, nodes: &str, query: &str) {
    let (few, rows) = cost(server, person, query, 5, nodes).await;
    assert_eq!(rows, 5, "{query}");
    let (many, rows) = cost(server, person, query, 50, nodes).await;
    assert_eq!(rows, 50, "{query}");
    assert_eq!(few, many, "5 rows cost {few} statements, 50 rows {many}: {query}");
    assert!(many <= most, "{many} statements instead of at most {most}: {query}");
}

#[tokio::test]
async fn leads_with_all_that_they_refer_to() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    for number in 0..50 {
        let owner: Value = if number % 2 == 0 { json!(server.rep().await.id.to_string()) } else { json!(admin.id.to_string()) };
        let id = server.create_lead(&admin, json!({ "lastName": format!("Lead {number}"), "ownerId": owner })).await;
        let signal = "mutation ($id: ID!) { recordBuyingSignal(input: {id: $id, kind: MEETING_AGREED}) { userErrors { code } } }";
        server.graphql(&admin, signal, json!({ "id": id })).await.payload("recordBuyingSignal");
    }
    // The sign-in, the page, what lies before it, the total: 4. Then one for each reference and list below it.
    let plain = "query ($first: Int) { leads(first: $first) { totalCount pageInfo { hasNextPage hasPreviousPage } nodes { id name status } } }";
    assert_bounded(&server, &admin, 4, "/leads/nodes", plain).await;
    let nested = "query ($first: Int) { leads(first: $first) { nodes { id source { id } campaign { id } owner { id team { id } } \
        buyingSignals { kind } disqualification { reason { id } by { id } } qualification { qualifiedBy { id } } \
        history(first: 3) { nodes { action by { name } } } } } }";
    assert_bounded(&server, &admin, 8, "/leads/nodes", nested).await;
}
