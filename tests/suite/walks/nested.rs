//! Lists of many records at once must be what each record's list is alone.

use serde_json::{Value, json};

use crate::harness::TestServer;

#[tokio::test]
async fn the_lists_of_many_records_are_those_of_each() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    let mut accounts = Vec::new();
    for number in 0..6 {
        let account = server.call(&manager, "createAccount", json!({ "name": format!("Account {number}") })).await.id();
        for contact in 0..number {
            let input = json!({ "lastName": super::pick(&["b", "a", "c"], contact), "firstName": (contact > 2).then_some("x"), "accountId": account });
            let contact = server.call(&manager, "createContact", input).await.id();
            let note = json!({ "kind": "NOTE", "subject": "x", "aboutIds": [contact, account] });
            server.call(&manager, "createActivity", note).await.done();
            let amount = [json!(null), json!({ "amount": 5, "currency": "EUR" })][number % 2].clone();
            let deal = json!({ "name": "Deal", "accountId": account, "closeDate": "2026-05-01", "amount": amount, "primaryContactId": contact });
            server.call(&manager, "createOpportunity", deal).await.done();
        }
        accounts.push(account);
    }
    let cursors = {
        let query = "query($id: ID!) { account(id: $id) {
            contacts(orderBy: [{ field: LAST_NAME }]) { edges { cursor } }
            opportunities(orderBy: [{ field: AMOUNT, direction: DESC }]) { edges { cursor } }
            activities { edges { cursor } } } }";
        let answer = server.graphql(&manager, query, json!({ "id": accounts[4] })).await;
        ["contacts", "opportunities", "activities"].map(|list| answer.text_at(&format!("/account/{list}/edges/1/cursor")))
    };
    let page = "{ edges { cursor node { id } } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }";
    for arguments in ["first: 2", "last: 2", "first: 1, after: ?", "last: 3, before: ?", "first: 200, after: ?", "first: 2, before: ?"] {
        let with = |cursor: &str| arguments.replace('?', &format!("\"{cursor}\""));
        let lists = format!(
            "id contacts({}, orderBy: [{{ field: LAST_NAME }}]) {page}
             opportunities({}, orderBy: [{{ field: AMOUNT, direction: DESC }}]) {page} activities({}) {page}",
            with(&cursors[0]), with(&cursors[1]), with(&cursors[2])
        );
        let query = format!("query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Account {{ {lists} }} }} }}");
        let together = server.graphql(&manager, &query, json!({ "ids": accounts })).await;
        let mut alone = Vec::new();
        for account in &accounts {
            let answer = server.graphql(&manager, &query, json!({ "ids": [account] })).await;
            alone.push(answer.data("/nodes/0").clone());
        }
        assert_eq!(*together.data("/nodes"), Value::Array(alone), "{arguments}");
    }
}
