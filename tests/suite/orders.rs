//! Orders: what a win with an accepted quote leaves.

use serde_json::{Value as Json, json};

use crate::harness::Person;
use crate::quotes::{Desk, ORDER, text};

/// The order of an opportunity.
async fn order_of(desk: &Desk, opportunity: &Json) -> Json {
    let query = format!("query($id: ID!) {{ opportunity(id: $id) {{ order {{ ...OrderFields }} }} }} {ORDER}");
    desk.server.graphql(&desk.person, &query, json!({ "id": opportunity })).await.data("/opportunity/order").clone()
}

/// An opportunity that was won with a quote, and its order.
async fn won(desk: &Desk) -> (Json, Json) {
    let draft = desk.draft().await;
    desk.done("updateQuote", json!({ "id": draft["id"], "paymentTerms": "30 days net" })).await;
    desk.done("sendQuote", json!({ "id": draft["id"] })).await;
    let answer = desk.call("acceptQuote", json!({ "id": draft["id"], "win": {} })).await;
    let payload = answer.payload("acceptQuote");
    (payload["opportunity"]["id"].clone(), payload["order"].clone())
}

#[tokio::test]
async fn winning_later_leaves_an_order_too() {
    let desk = Desk::new().await;
    let sent = desk.sent().await;
    let opportunity = &sent["opportunity"]["id"];
    desk.done("acceptQuote", json!({ "id": sent["id"] })).await;
    assert_eq!(order_of(&desk, opportunity).await, Json::Null);
    desk.made("winOpportunity", json!({ "id": opportunity, "closedOn": "2026-02-28" }), "opportunity").await;
    let order = order_of(&desk, opportunity).await;
    assert_eq!((&order["reference"], &order["number"], &order["status"]), (&json!("O-00001"), &json!(1), &json!("OPEN")));
    assert_eq!(
        (&order["quote"]["id"], &order["orderedOn"], &order["total"]),
        (&sent["id"], &json!("2026-02-28"), &sent["total"])
    );
    assert_eq!(order["lines"][0]["description"], "Turbine");
    let account = text(&order["account"]["id"]);
    let listed =
        desk.ask(&format!("{{ account(id: \"{account}\") {{ lifecycle orders {{ totalCount nodes {{ id }} }} }} }}")).await;
    assert_eq!(
        listed["account"],
        json!({ "lifecycle": "CUSTOMER", "orders": { "totalCount": 1, "nodes": [{ "id": order["id"] }] } })
    );
}

#[tokio::test]
async fn without_an_accepted_quote_there_is_none() {
    let desk = Desk::new().await;
    let sent = desk.sent().await;
    let opportunity = &sent["opportunity"]["id"];
    desk.made("winOpportunity", json!({ "id": opportunity }), "opportunity").await;
    assert_eq!(order_of(&desk, opportunity).await, Json::Null);
}

#[tokio::test]
async fn only_status_and_contract_number_change() {
    let desk = Desk::new().await;
    let (_, order) = won(&desk).await;
    assert_eq!(order["paymentTerms"], "30 days net");
    let update = |more: Json| {
        let mut input = json!({ "id": order["id"] });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let changed = desk.made("updateOrder", update(json!({ "contractNumber": " C-7 ", "status": "FULFILLED" })), "order").await;
    assert_eq!(
        (&changed["contractNumber"], &changed["status"], &changed["version"]),
        (&json!("C-7"), &json!("FULFILLED"), &json!(2))
    );
    let mut rest = changed.clone();
    for field in ["contractNumber", "status", "version"] {
        rest[field] = order[field].clone();
    }
    assert_eq!(rest, order);
    let refused = desk.call("updateOrder", update(json!({ "status": "CANCELLED" }))).await;
    assert_eq!(refused.refusals("updateOrder"), ["ILLEGAL_TRANSITION input.status"]);
    assert_eq!(refused.data("/updateOrder/userErrors/0/details"), &json!({ "status": "FULFILLED", "allowed": ["OPEN"] }));
    let wrong = update(json!({ "status": null, "contractNumber": "x".repeat(256) }));
    assert_eq!(desk.refused("updateOrder", wrong).await, ["TOO_LONG input.contractNumber", "REQUIRED input.status"]);
    let stale = update(json!({ "expectedVersion": 1, "contractNumber": "D" }));
    assert_eq!(desk.refused("updateOrder", stale).await, ["VERSION_CONFLICT input.expectedVersion"]);
    let cleared = desk.made("updateOrder", update(json!({ "contractNumber": null })), "order").await;
    assert_eq!((&cleared["contractNumber"], &cleared["status"]), (&Json::Null, &json!("FULFILLED")));
    let rep: Person = desk.server.rep().await;
    let answer = desk.call_as(&desk.server, &rep, "updateOrder", update(json!({ "contractNumber": "E" }))).await;
    assert_eq!(answer.codes(), ["FORBIDDEN"]);
    let history = desk.ask(&format!("{{ order(id: {}) {{ history {{ nodes {{ action }} }} }} }}", order["id"])).await;
    assert_eq!(
        history["order"]["history"]["nodes"],
        json!([{ "action": "updated" }, { "action": "updated" }, { "action": "created" }])
    );
}

#[tokio::test]
async fn won_again_the_opportunity_keeps_its_order() {
    let desk = Desk::new().await;
    let (opportunity, order) = won(&desk).await;
    let stage = desk.first_stage().await;
    desk.made("reopenOpportunity", json!({ "id": opportunity, "stageId": stage }), "opportunity").await;
    assert_eq!(order_of(&desk, &opportunity).await, order, "reopening changes nothing about the order");
    desk.made("winOpportunity", json!({ "id": opportunity }), "opportunity").await;
    assert_eq!(order_of(&desk, &opportunity).await, order);

    // With another quote there is another order, once the first one is cancelled.
    desk.made("reopenOpportunity", json!({ "id": opportunity, "stageId": stage }), "opportunity").await;
    let quote = order["quote"]["id"].clone();
    assert_eq!(desk.refused("rejectQuote", json!({ "id": quote })).await, ["ILLEGAL_TRANSITION"]);
    desk.made("updateOrder", json!({ "id": order["id"], "status": "CANCELLED" }), "order").await;
    desk.done("rejectQuote", json!({ "id": quote })).await;
    let next = desk.done("reviseQuote", json!({ "id": quote })).await;
    desk.done("sendQuote", json!({ "id": next["id"] })).await;
    let answer = desk.call("acceptQuote", json!({ "id": next["id"], "win": {} })).await;
    assert_eq!(answer.payload("acceptQuote")["order"]["reference"], "O-00002");
    assert_eq!(order_of(&desk, &opportunity).await["reference"], "O-00002");
    let orders =
        desk.ask("{ orders(filter: { status: { ne: CANCELLED } }, orderBy: [{ field: NUMBER }]) { nodes { reference } } }").await;
    assert_eq!(orders["orders"]["nodes"], json!([{ "reference": "O-00002" }]));
}
