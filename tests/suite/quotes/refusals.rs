//! What is refused, all of it at once, and changes nothing.

use serde_json::{Value as Json, json};

use super::{Desk, line, text};

#[tokio::test]
async fn every_problem_is_named() {
    let desk = Desk::new().await;
    let opportunity = desk.opportunity().await;
    let wrong = json!({
        "opportunityId": opportunity, "paymentTerms": "x".repeat(256), "expiresOn": "2026-03-01", "notes": "a\u{0}b",
        "lines": [
            { "quantity": 1, "unitPrice": { "amount": 1 } },
            { "description": "A", "quantity": 0, "unitPrice": { "amount": 1 } },
            { "description": "B", "quantity": "1.2345", "unitPrice": { "amount": "-1" } },
            { "description": "C", "quantity": 1, "unitPrice": { "amount": 1, "currency": "USD" } },
            { "description": "D", "quantity": 1, "unitPrice": { "amount": 1 }, "discountPercent": 101 },
            { "description": "E", "quantity": 1, "unitPrice": { "amount": 1 }, "discountAmount": { "amount": 2 } },
            { "productId": "product_00000000000000000000000000", "quantity": 1 },
        ],
    });
    let mut problems = desk.refused("createQuote", wrong).await;
    problems.sort();
    assert_eq!(
        problems,
        [
            "INVALID input.lines.2.quantity",
            "INVALID input.lines.3.unitPrice",
            "INVALID input.notes",
            "NOT_FOUND input.lines.6.productId",
            "OUT_OF_RANGE input.expiresOn",
            "OUT_OF_RANGE input.lines.1.quantity",
            "OUT_OF_RANGE input.lines.2.unitPrice",
            "OUT_OF_RANGE input.lines.4.discountPercent",
            "OUT_OF_RANGE input.lines.5.discountAmount",
            "REQUIRED input.lines.0.productId",
            "TOO_LONG input.paymentTerms",
        ]
    );
    let many: Vec<Json> = (0..201).map(|_| line("A", "1")).collect();
    let input = json!({ "opportunityId": opportunity, "lines": many });
    assert_eq!(desk.refused("createQuote", input).await, ["OUT_OF_RANGE input.lines"]);
    let nothing = json!({ "opportunityId": "opportunity_00000000000000000000000000" });
    assert_eq!(desk.refused("createQuote", nothing).await, ["NOT_FOUND input.opportunityId"]);
    assert_eq!(
        desk.refused("createQuote", json!({ "opportunityId": "lead_00000000000000000000000000" })).await,
        ["INVALID input.opportunityId"]
    );
    assert_eq!(desk.draft_for(&opportunity, "1").await["number"], 1, "what was refused took no number");
}

#[tokio::test]
async fn illegal_steps_name_the_legal_ones() {
    let desk = Desk::new().await;
    let opportunity = desk.opportunity().await;
    let empty = desk.done("createQuote", json!({ "opportunityId": opportunity, "lines": [] })).await;
    assert_eq!(empty["total"], json!({ "amount": "0.00", "currency": "EUR" }));
    assert_eq!(desk.refused("sendQuote", json!({ "id": empty["id"] })).await, ["REQUIRED input.id"]);
    let illegal = async |mutation: &str, quote: &Json| -> (String, Json) {
        let answer = desk.call(mutation, json!({ "id": quote["id"] })).await;
        assert_eq!(answer.refusals(mutation), ["ILLEGAL_TRANSITION"], "{mutation}");
        let details = answer.data(&format!("/{mutation}/userErrors/0/details")).clone();
        (text(&details["status"]), details["allowed"].clone())
    };
    for mutation in ["acceptQuote", "rejectQuote", "reviseQuote"] {
        assert_eq!(illegal(mutation, &empty).await, ("DRAFT".to_owned(), json!(["SENT", "DISCARDED"])));
    }
    let draft = desk.draft().await;
    let sent = desk.done("sendQuote", json!({ "id": draft["id"] })).await;
    for mutation in ["sendQuote", "discardQuote", "updateQuote"] {
        assert_eq!(illegal(mutation, &sent).await, ("SENT".to_owned(), json!(["ACCEPTED", "REJECTED", "SUPERSEDED"])));
    }
    assert_eq!(desk.quote(&sent["id"]).await, sent);
    let revised = desk.done("reviseQuote", json!({ "id": sent["id"] })).await;
    assert_eq!(illegal("reviseQuote", &sent).await, ("SUPERSEDED".to_owned(), json!([])));
    let discarded = desk.done("discardQuote", json!({ "id": revised["id"] })).await;
    assert_eq!(illegal("sendQuote", &discarded).await, ("DISCARDED".to_owned(), json!([])));
}

#[tokio::test]
async fn a_closed_opportunity_is_offered_nothing() {
    let desk = Desk::new().await;
    let sent = desk.sent().await;
    let opportunity = &sent["opportunity"]["id"];
    desk.made("winOpportunity", json!({ "id": opportunity }), "opportunity").await;
    assert_eq!(
        desk.refused("createQuote", json!({ "opportunityId": opportunity })).await,
        ["ILLEGAL_TRANSITION input.opportunityId"]
    );
    for mutation in ["acceptQuote", "reviseQuote"] {
        assert_eq!(desk.refused(mutation, json!({ "id": sent["id"] })).await, ["ILLEGAL_TRANSITION"], "{mutation}");
    }
    assert_eq!(desk.done("rejectQuote", json!({ "id": sent["id"] })).await["status"], "REJECTED");
}

#[tokio::test]
async fn a_win_that_is_refused_accepts_nothing() {
    let desk = Desk::new().await;
    let sent = desk.sent().await;
    let before = desk.read_opportunity(&sent["opportunity"]["id"]).await;
    let win = json!({ "closedOn": "2026-03-03", "reasonId": "close_reason_00000000000000000000000000" });
    let refused = desk.refused("acceptQuote", json!({ "id": sent["id"], "win": win })).await;
    assert_eq!(refused, ["NOT_FOUND input.win.reasonId", "OUT_OF_RANGE input.win.closedOn"]);
    assert_eq!(desk.quote(&sent["id"]).await, sent);
    assert_eq!(desk.read_opportunity(&sent["opportunity"]["id"]).await, before);
}

#[tokio::test]
async fn versions_and_owners_guard_changes() {
    let desk = Desk::new().await;
    let draft = desk.draft().await;
    let stale = json!({ "id": draft["id"], "expectedVersion": 2 });
    for mutation in ["updateQuote", "sendQuote", "discardQuote", "reviseQuote", "acceptQuote", "rejectQuote"] {
        assert_eq!(desk.refused(mutation, stale.clone()).await, ["VERSION_CONFLICT input.expectedVersion"], "{mutation}");
    }
    let rep = desk.server.rep().await;
    let input = json!({ "id": draft["id"] });
    for mutation in ["updateQuote", "sendQuote", "discardQuote", "reviseQuote", "acceptQuote", "rejectQuote"] {
        let answer = desk.call_as(&desk.server, &rep, mutation, input.clone()).await;
        assert_eq!(answer.codes(), ["FORBIDDEN"], "{mutation}");
    }
    let own = json!({ "id": draft["opportunity"]["id"], "ownerId": rep.id.to_string() });
    desk.made("updateOpportunity", own, "opportunity").await;
    let answer = desk.call_as(&desk.server, &rep, "sendQuote", input).await;
    assert_eq!(answer.payload("sendQuote")["quote"]["status"], "SENT", "the quotes of one's own opportunities");
}

#[tokio::test]
async fn an_opportunity_with_quotes_is_not_deleted() {
    let desk = Desk::new().await;
    let draft = desk.draft().await;
    desk.done("discardQuote", json!({ "id": draft["id"] })).await;
    let answer = desk.call("deleteOpportunity", json!({ "id": draft["opportunity"]["id"] })).await;
    assert_eq!(answer.refusals("deleteOpportunity"), ["IN_USE input.id"]);
    assert_eq!(answer.data("/deleteOpportunity/userErrors/0/details"), &json!({ "quotes": [draft["id"]] }));
}

#[tokio::test]
async fn a_quote_stands_in_the_way_of_reverting_a_conversion() {
    let desk = Desk::new().await;
    let lead = desk.server.new_lead(&desk.person, json!({ "lastName": "Lie", "company": "Sjø" })).await;
    let converted = desk.server.call(&desk.person, "convertLead", json!({ "leadId": lead })).await;
    let opportunity = &converted.done()["opportunity"]["id"];
    let draft = desk.done("createQuote", json!({ "opportunityId": opportunity })).await;
    let query = format!("{{ lead(id: \"{lead}\") {{ conversion {{ revertible revertBlockers {{ code details }} }} }} }}");
    let conversion = desk.ask(&query).await["lead"]["conversion"].clone();
    assert_eq!((&conversion["revertible"], &conversion["revertBlockers"][0]["code"]), (&json!(false), &json!("CANNOT_REVERT")));
    assert_eq!(conversion["revertBlockers"][0]["details"]["others"], json!([draft["id"]]));
}
