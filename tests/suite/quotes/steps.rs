//! The legal steps.

use serde_json::json;

use super::{Desk, line, text};

#[tokio::test]
async fn a_draft_is_written_sent_and_accepted() {
    let desk = Desk::new().await;
    let opportunity = desk.opportunity().await;
    let input = json!({
        "idempotencyKey": "1", "opportunityId": opportunity, "paymentTerms": " 30 days net ", "expiresOn": "2026-03-20",
        "notes": "Thank you.\nCall us.",
        "lines": [
            { "description": "Turbine", "quantity": "2.5", "unitPrice": { "amount": "1000.10", "currency": "EUR" }, "discountPercent": "10" },
            { "description": "Transport", "unitPrice": { "amount": "50" }, "discountAmount": { "amount": "0.5" } },
        ],
    });
    let draft = desk.done("createQuote", input.clone()).await;
    assert_eq!((&draft["reference"], &draft["number"], &draft["revision"]), (&json!("Q-00001"), &json!(1), &json!(1)));
    assert_eq!((&draft["status"], &draft["version"], &draft["previous"]), (&json!("DRAFT"), &json!(1), &json!(null)));
    assert_eq!(draft["total"], json!({ "amount": "2299.72", "currency": "EUR" }));
    assert_eq!(
        (&draft["lines"][0]["total"]["amount"], &draft["lines"][1]["total"]["amount"]),
        (&json!("2250.22"), &json!("49.50"))
    );
    assert_eq!((&draft["paymentTerms"], &draft["expiresOn"]), (&json!("30 days net"), &json!("2026-03-20")));
    assert_eq!(desk.done("createQuote", input).await, draft, "the same call again");

    let change = json!({ "id": draft["id"], "expectedVersion": 1, "notes": null, "lines": [line("Turbine", "99")] });
    let changed = desk.done("updateQuote", change).await;
    assert_eq!((&changed["notes"], &changed["paymentTerms"]), (&json!(null), &json!("30 days net")));
    assert_eq!((&changed["version"], &changed["total"]["amount"]), (&json!(2), &json!("99.00")));
    let same = desk.done("updateQuote", json!({ "id": draft["id"], "lines": [line("Turbine", "99")] })).await;
    assert_eq!(same, changed, "nothing changed");

    let sent = desk.done("sendQuote", json!({ "id": draft["id"] })).await;
    assert_eq!((&sent["status"], &sent["sentAt"]), (&json!("SENT"), &json!("2026-03-02T09:00:00.000Z")));
    let answer = desk.call("acceptQuote", json!({ "id": draft["id"], "expectedVersion": 3 })).await;
    let accepted = answer.payload("acceptQuote");
    assert_eq!((&accepted["quote"]["status"], &accepted["order"]), (&json!("ACCEPTED"), &json!(null)));
    let sale = &accepted["opportunity"];
    assert_eq!((&sale["amount"]["amount"], &sale["isClosed"]), (&json!("99.00"), &json!(false)));
    assert_eq!(sale["lineItems"][0]["description"], "Turbine");
    assert_eq!(desk.history(&draft["id"]).await, ["created", "updated", "sent", "accepted"]);
}

#[tokio::test]
async fn lines_are_a_snapshot_of_the_line_items() {
    let desk = Desk::new().await;
    let opportunity = desk.opportunity().await;
    let product = json!({ "name": "泵 P-7", "code": "P7", "prices": [{ "amount": "12.50", "currency": "EUR" }] });
    let product = desk.made("createProduct", product, "product").await["id"].clone();
    let items = json!({ "opportunityId": opportunity, "lineItems": [{ "productId": product, "quantity": 4 }] });
    desk.made("addLineItems", items, "opportunity").await;
    let quote = desk.done("createQuote", json!({ "opportunityId": opportunity })).await;
    let offered = &quote["lines"][0];
    assert_eq!(
        (&offered["productName"], &offered["productCode"], &offered["product"]["id"]),
        (&json!("泵 P-7"), &json!("P7"), &product)
    );
    assert_eq!((&offered["quantity"], &quote["total"]["amount"]), (&json!("4"), &json!("50.00")));
    // Without a day the quote holds for 30 days.
    assert_eq!(quote["expiresOn"], "2026-04-01");

    let rename = json!({ "id": product, "name": "Pump", "prices": [{ "amount": "13", "currency": "EUR" }] });
    desk.server
        .graphql(
            &desk.person,
            "mutation($input: UpdateProductInput!) { updateProduct(input: $input) { userErrors { message } } }",
            json!({ "input": rename }),
        )
        .await
        .payload("updateProduct");
    assert_eq!(desk.quote(&quote["id"]).await, quote, "the quote stays what it was");

    desk.done("sendQuote", json!({ "id": quote["id"] })).await;
    let before = desk.read_opportunity(&json!(opportunity)).await;
    let accepted = desk.made("acceptQuote", json!({ "id": quote["id"] }), "opportunity").await;
    assert_eq!(accepted["lineItems"], before["lineItems"], "line items that say the same stay");
    assert_eq!(accepted["version"], before["version"]);
}

#[tokio::test]
async fn a_sent_quote_is_revised_never_changed() {
    let desk = Desk::new().await;
    let sent = desk.sent().await;
    let second = desk.done("reviseQuote", json!({ "id": sent["id"], "idempotencyKey": "r" })).await;
    assert_eq!(desk.done("reviseQuote", json!({ "id": sent["id"], "idempotencyKey": "r" })).await["id"], second["id"]);
    assert_eq!((&second["reference"], &second["number"], &second["revision"]), (&json!("Q-00001-2"), &json!(1), &json!(2)));
    assert_eq!((&second["status"], &second["lines"], &second["previous"]["id"]), (&json!("DRAFT"), &sent["lines"], &sent["id"]));
    let first = desk.quote(&sent["id"]).await;
    assert_eq!((&first["status"], &first["lines"], &first["total"]), (&json!("SUPERSEDED"), &sent["lines"], &sent["total"]));
    assert_eq!(desk.history(&second["id"]).await, ["revised"]);

    desk.done("discardQuote", json!({ "id": second["id"] })).await;
    let third = desk.done("reviseQuote", json!({ "id": second["id"] })).await;
    assert_eq!(third["reference"], "Q-00001-3");
    assert_eq!(desk.quote(&second["id"]).await["status"], "DISCARDED");
    assert_eq!(desk.draft().await["reference"], "Q-00002", "a version takes no number");
}

#[tokio::test]
async fn a_sent_quote_expires_when_its_last_day_has_passed() {
    let mut desk = Desk::new().await;
    let draft = desk.draft().await;
    desk.done("updateQuote", json!({ "id": draft["id"], "expiresOn": "2026-03-03" })).await;
    let sent = desk.done("sendQuote", json!({ "id": draft["id"] })).await;
    desk.wait(1).await;
    assert_eq!(desk.quote(&sent["id"]).await["status"], "SENT", "the last day counts");
    desk.wait(1).await;
    assert_eq!(desk.quote(&sent["id"]).await["status"], "EXPIRED");
    let refused = desk.call("acceptQuote", json!({ "id": sent["id"] })).await;
    assert_eq!(refused.refusals("acceptQuote"), ["ILLEGAL_TRANSITION"]);
    assert_eq!(
        refused.data("/acceptQuote/userErrors/0/details"),
        &json!({ "status": "EXPIRED", "allowed": ["REJECTED", "SUPERSEDED"] })
    );
    let next = desk.done("reviseQuote", json!({ "id": sent["id"] })).await;
    assert_eq!(next["expiresOn"], json!(null), "a day that has passed is not taken along");
}

#[tokio::test]
async fn accepting_wins_in_the_same_call() {
    let desk = Desk::new().await;
    let sent = desk.sent().await;
    let win = json!({ "reasonId": desk.won_reason().await, "closedOn": "2026-03-01", "note": "Signed." });
    let answer = desk.call("acceptQuote", json!({ "id": sent["id"], "win": win })).await;
    let done = answer.payload("acceptQuote");
    assert_eq!((&done["opportunity"]["isWon"], &done["opportunity"]["closeDate"]), (&json!(true), &json!("2026-03-01")));
    assert_eq!(done["opportunity"]["amount"], json!({ "amount": "100.00", "currency": "EUR" }));
    assert_eq!(done["opportunity"]["account"]["lifecycle"], "CUSTOMER");
    assert_eq!((&done["order"]["reference"], &done["order"]["status"]), (&json!("O-00001"), &json!("OPEN")));
    assert_eq!((&done["order"]["orderedOn"], &done["order"]["total"]), (&json!("2026-03-01"), &sent["total"]));
}

#[tokio::test]
async fn what_was_accepted_can_be_taken_back() {
    let desk = Desk::new().await;
    let opportunity = desk.opportunity().await;
    let mut quotes = Vec::new();
    for price in ["100", "200"] {
        let draft = desk.draft_for(&opportunity, price).await;
        quotes.push(desk.done("sendQuote", json!({ "id": draft["id"] })).await);
    }
    desk.done("acceptQuote", json!({ "id": quotes[0]["id"] })).await;
    let refused = desk.call("acceptQuote", json!({ "id": quotes[1]["id"] })).await;
    assert_eq!(refused.refusals("acceptQuote"), ["ILLEGAL_TRANSITION"]);
    assert_eq!(refused.data("/acceptQuote/userErrors/0/details/acceptedQuoteId"), &quotes[0]["id"]);
    let rejected = desk.done("rejectQuote", json!({ "id": quotes[0]["id"] })).await;
    assert_eq!(rejected["status"], "REJECTED");
    let answer = desk.call("acceptQuote", json!({ "id": quotes[1]["id"] })).await;
    assert_eq!(text(&answer.payload("acceptQuote")["opportunity"]["amount"]["amount"]), "200.00");
}
