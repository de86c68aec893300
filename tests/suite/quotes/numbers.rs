//! Numbers have no gaps, whoever asks for them, and however.

use futures_util::future::join_all;
use serde_json::{Value as Json, json};

use super::{Desk, line};

/// Two servers on one database, as two processes would be; half of the calls are refused after everything else was checked.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_servers_give_out_every_number_once() {
    let desk = Desk::new().await;
    let second = desk.server.another().await;
    let mut opportunities = Vec::new();
    for _ in 0..10 {
        opportunities.push(desk.opportunity().await);
    }
    let calls = (0..40).map(|call| {
        let server = if call % 2 == 0 { &desk.server } else { &second };
        let lines = if call % 4 < 2 { json!([line("A", "1")]) } else { json!([line("", "1")]) };
        let input = json!({ "opportunityId": opportunities[call % 10], "lines": lines });
        desk.call_as(server, &desk.person, "createQuote", input)
    });
    let answers = join_all(calls).await;
    let made = answers.iter().filter_map(|answer| answer.data("/createQuote")["quote"]["number"].as_i64());
    let mut numbers: Vec<i64> = made.collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
}

/// The same quote accepted at the same time, by two servers: once, and one order is left.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_accept_at_once_one_succeeds() {
    let desk = Desk::new().await;
    let second = desk.server.another().await;
    let opportunity = desk.opportunity().await;
    let mut quotes = Vec::new();
    for price in ["100", "200", "300"] {
        let draft = desk.draft_for(&opportunity, price).await;
        quotes.push(desk.done("sendQuote", json!({ "id": draft["id"] })).await);
    }
    let calls = (0..12).map(|call| {
        let server = if call % 2 == 0 { &desk.server } else { &second };
        desk.call_as(server, &desk.person, "acceptQuote", json!({ "id": quotes[call % 3]["id"], "win": {} }))
    });
    let answers = join_all(calls).await;
    let accepted: Vec<&Json> =
        answers.iter().map(|answer| &answer.data("/acceptQuote")["quote"]).filter(|quote| !quote.is_null()).collect();
    assert_eq!(accepted.len(), 1);
    let sale = desk.read_opportunity(&json!(opportunity)).await;
    assert_eq!((&sale["amount"], &sale["order"]["reference"]), (&accepted[0]["total"], &json!("O-00001")));
    let orders = desk.ask("{ orders { totalCount nodes { total { amount currency } } } }").await;
    assert_eq!((&orders["orders"]["totalCount"], &orders["orders"]["nodes"][0]["total"]), (&json!(1), &accepted[0]["total"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_key_at_once_makes_one_quote() {
    let desk = Desk::new().await;
    let second = desk.server.another().await;
    let input = json!({ "opportunityId": desk.opportunity().await, "idempotencyKey": "once", "lines": [line("A", "1")] });
    let calls = (0..8).map(|call| {
        let server = if call % 2 == 0 { &desk.server } else { &second };
        desk.call_as(server, &desk.person, "createQuote", input.clone())
    });
    let answers = join_all(calls).await;
    assert!(answers.iter().all(|answer| answer.payload("createQuote")["quote"]["reference"] == "Q-00001"));
    assert_eq!(desk.ask("{ quotes { totalCount } }").await["quotes"]["totalCount"], 1);
}
