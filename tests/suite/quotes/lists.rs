//! Lists of quotes: filters, orders, and the status that follows from the day.

use serde_json::{Value as Json, json};

use super::{Desk, text};

/// One quote of every status, by its status; the first two numbers are of one opportunity.
async fn one_of_each(desk: &mut Desk) {
    let opportunity = desk.opportunity().await;
    let step = async |desk: &Desk, mutation: &str, quote: &Json| desk.done(mutation, json!({ "id": quote["id"] })).await;
    let mut drafts = Vec::new();
    for number in 1..=6 {
        let draft = if number <= 2 { desk.draft_for(&opportunity, &format!("{number}")).await } else { desk.draft().await };
        desk.server.clock.advance(chrono::TimeDelta::seconds(1));
        drafts.push(draft);
    }
    let [_draft, sent, rejected, expired, superseded, discarded] = &drafts[..] else { panic!() };
    step(desk, "sendQuote", sent).await;
    step(desk, "sendQuote", rejected).await;
    step(desk, "rejectQuote", rejected).await;
    desk.done("updateQuote", json!({ "id": expired["id"], "expiresOn": "2026-03-02" })).await;
    step(desk, "sendQuote", expired).await;
    step(desk, "sendQuote", superseded).await;
    let second = step(desk, "reviseQuote", superseded).await;
    step(desk, "sendQuote", &second).await;
    step(desk, "acceptQuote", &second).await;
    step(desk, "discardQuote", discarded).await;
    desk.wait(1).await;
}

#[tokio::test]
async fn filters_agree_with_what_is_read() {
    let mut desk = Desk::new().await;
    one_of_each(&mut desk).await;
    let statuses = ["DRAFT", "SENT", "REJECTED", "EXPIRED", "SUPERSEDED", "ACCEPTED", "DISCARDED"];
    let references = ["Q-00001", "Q-00002", "Q-00003", "Q-00004", "Q-00005", "Q-00005-2", "Q-00006"];
    let found = async |filter: &str| -> Vec<String> {
        let query = format!(
            "{{ quotes(filter: {{ {filter} }}, orderBy: [{{ field: NUMBER }}]) {{ totalCount nodes {{ reference status }} }} }}"
        );
        let list = desk.ask(&query).await["quotes"].clone();
        let nodes = list["nodes"].as_array().unwrap();
        assert_eq!(list["totalCount"], nodes.len());
        for node in nodes {
            let place = references.iter().position(|reference| node["reference"] == *reference).unwrap();
            assert_eq!(node["status"], statuses[place], "{node}");
        }
        nodes.iter().map(|node| text(&node["reference"])).collect()
    };
    let all: Vec<String> = references.map(str::to_owned).to_vec();
    assert_eq!(found("").await, all);
    for (status, reference) in statuses.iter().zip(references) {
        assert_eq!(found(&format!("status: {{ eq: {status} }}")).await, [reference], "{status}");
        let others: Vec<String> = all.iter().filter(|other| *other != reference).cloned().collect();
        assert_eq!(found(&format!("status: {{ ne: {status} }}")).await, others, "not {status}");
        assert_eq!(found(&format!("not: {{ status: {{ eq: {status} }} }}")).await, others, "the complement of {status}");
    }
    assert_eq!(found("status: { in: [SENT, EXPIRED] }").await, ["Q-00002", "Q-00004"]);
    assert_eq!(found("status: { notIn: [SENT, EXPIRED, DRAFT] }").await.len(), 4);
    assert_eq!(found("status: { in: [] }").await.len(), 0);
    assert_eq!(found("status: { notIn: [] }").await, all);
    assert_eq!(
        found("or: [{ status: { eq: EXPIRED } }, { and: [{ number: { eq: 5 } }, { revision: { gt: 1 } }] }]").await,
        ["Q-00004", "Q-00005-2"]
    );
    assert_eq!(found("expiresOn: { lt: \"2026-03-03\" }").await, ["Q-00004"]);
    assert_eq!(found("total: { lt: \"2\" }").await, ["Q-00001"]);
    assert_eq!(found("opportunity: { name: { startsWith: \"turb\" } }, number: { in: [1, 6] }").await, ["Q-00001", "Q-00006"]);
}

#[tokio::test]
async fn an_opportunity_lists_its_own() {
    let mut desk = Desk::new().await;
    one_of_each(&mut desk).await;
    let lists = desk
        .ask(
            "{ opportunities { nodes { quotes(filter: { status: { in: [DRAFT, SENT] } }, orderBy: [{ field: TOTAL, direction: DESC }]) {
                totalCount nodes { reference opportunity { name } } } } } }",
        )
        .await;
    let lists = lists["opportunities"]["nodes"].as_array().unwrap();
    let listed = |list: &Json| -> Vec<String> {
        list["quotes"]["nodes"].as_array().unwrap().iter().map(|quote| text(&quote["reference"])).collect()
    };
    assert!(lists.iter().any(|list| listed(list) == ["Q-00002", "Q-00001"]));
    assert_eq!(lists.iter().map(|list| listed(list).len()).sum::<usize>(), 2);
}
