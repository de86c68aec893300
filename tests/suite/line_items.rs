//! Line items: whatever is done to them, the opportunity's amount is their sum, and its history tells of each.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::harness::Answer;
use crate::products::Desk;

/// What the tests look at.
const SHOWN: &str = "opportunity { id version amount { amount currency } isClosed
    lineItems { id version position product { id name } description quantity unitPrice { amount currency } discountPercent
        discountAmount { amount } total { amount } } }";

impl Desk {
    /// Calls a mutation of line items.
    async fn lines(&self, mutation: &str, input: Value) -> Answer {
        let input_type = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        self.call(mutation, &input_type, SHOWN, input).await
    }

    /// The opportunity that such a mutation answers.
    async fn done(&self, mutation: &str, input: Value) -> Value {
        self.lines(mutation, input).await.payload(mutation)["opportunity"].clone()
    }

    /// What stands in the way of such a mutation.
    async fn refused(&self, mutation: &str, input: Value) -> Vec<String> {
        let answer = self.lines(mutation, input).await;
        assert_eq!(answer.data(&format!("/{mutation}/opportunity")), &Value::Null);
        answer.refusals(mutation)
    }

    /// The opportunity's history, oldest first.
    async fn told(&self, id: &Value) -> Vec<Value> {
        let query = format!(
            "{{ opportunity(id: {id}) {{ history(first: 200) {{ nodes {{ action fields {{ field before after }} }} }} }} }}"
        );
        let mut nodes = self.ask(&query).await["opportunity"]["history"]["nodes"].as_array().unwrap().clone();
        nodes.reverse();
        nodes
    }
}

fn euros(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "EUR" })
}

#[tokio::test]
async fn the_amount_is_the_sum_while_there_are_any() {
    let desk = Desk::new().await;
    let pump = desk.product("Pump", json!([euros("99.99"), { "amount": "15000", "currency": "JPY" }])).await;
    let id = desk.opportunity(json!({ "amount": euros("5000") })).await;
    let input = json!({ "opportunityId": id, "idempotencyKey": "1", "expectedVersion": 1, "lineItems": [
        { "productId": pump, "quantity": "2.5", "discountPercent": "10" },
        { "description": "Installation", "unitPrice": { "amount": "300" }, "discountAmount": { "amount": "50.50" } },
    ] });
    let made = desk.done("addLineItems", input.clone()).await;
    assert_eq!((&made["version"], &made["amount"]), (&json!(2), &euros("474.48")));
    let lines = made["lineItems"].as_array().unwrap();
    assert_eq!((&lines[0]["total"]["amount"], &lines[0]["unitPrice"]), (&json!("224.98"), &euros("99.99")));
    assert_eq!((&lines[0]["quantity"], &lines[0]["discountPercent"]), (&json!("2.5"), &json!("10")));
    assert_eq!((&lines[1]["position"], &lines[1]["discountAmount"]["amount"]), (&json!(2), &json!("50.50")));
    assert_eq!(desk.done("addLineItems", input).await["lineItems"].as_array().unwrap().len(), 2, "the same call");

    // Nothing else sets it.
    let by_hand = desk.lines("updateOpportunity", json!({ "id": id, "amount": euros("1") })).await;
    assert_eq!(by_hand.refusals("updateOpportunity"), ["INVALID input.amount"]);
    assert_eq!(by_hand.data("/updateOpportunity/userErrors/0/details/lineItems").as_array().unwrap().len(), 2);
    assert_eq!(desk.refused("updateOpportunity", json!({ "id": id, "amount": null })).await, ["INVALID input.amount"]);
    let yen = json!({ "amount": "474", "currency": "JPY" });
    assert_eq!(desk.refused("winOpportunity", json!({ "id": id, "amount": yen })).await, ["INVALID input.amount"]);
    let same = desk.done("updateOpportunity", json!({ "id": id, "amount": euros("474.48"), "name": "Same" })).await;
    assert_eq!(same["version"], 3);

    let reordered = json!({ "opportunityId": id, "lineItemIds": [lines[1]["id"], lines[0]["id"]] });
    let reordered = desk.done("reorderLineItems", reordered).await;
    assert_eq!((&reordered["lineItems"][0]["id"], &reordered["lineItems"][0]["position"]), (&lines[1]["id"], &json!(1)));
    let changed = json!({ "id": lines[1]["id"], "expectedVersion": 4, "discountPercent": "50", "quantity": 2 });
    let changed = desk.done("updateLineItem", changed).await;
    assert_eq!(changed["lineItems"][0]["discountAmount"], Value::Null, "percent takes the place of the amount");
    assert_eq!(changed["amount"], euros("524.98"));
    desk.done("removeLineItem", json!({ "id": lines[1]["id"] })).await;
    let empty = desk.done("removeLineItem", json!({ "id": lines[0]["id"] })).await;
    assert_eq!((&empty["lineItems"], &empty["amount"]), (&json!([]), &euros("224.98")), "the last amount stays");
    let by_hand = desk.done("updateOpportunity", json!({ "id": id, "amount": { "amount": 7, "currency": "NOK" } })).await;
    assert_eq!(by_hand["amount"], json!({ "amount": "7.00", "currency": "NOK" }));
    let actions: Vec<_> = desk.told(&id).await.iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect();
    let expected = [
        "created",
        "line_items_added",
        "updated",
        "line_items_reordered",
        "line_item_updated",
        "line_item_removed",
        "line_item_removed",
        "updated",
    ];
    assert_eq!(actions, expected);
}

#[tokio::test]
async fn a_whole_list_is_set_in_one_call() {
    let desk = Desk::new().await;
    let pump = desk.product("Pump", json!([{ "amount": 100 }])).await;
    let old = desk.product("Old pump", json!([{ "amount": 80 }])).await;
    let id = desk.opportunity(json!({})).await;
    let made = desk
        .done("setLineItems", json!({ "opportunityId": id, "lineItems": [{ "productId": old }, { "productId": pump }] }))
        .await;
    assert_eq!(made["amount"], json!({ "amount": "180.00", "currency": "USD" }), "without a currency it is the base currency");
    for (product, found) in [(&pump, 1), (&id, 0)] {
        let query = format!("{{ opportunities(filter: {{ productId: {{ in: [{product}] }} }}) {{ totalCount }} }}");
        let answer = desk.server.graphql(&desk.person, &query, json!({})).await;
        match found {
            0 => assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "another kind's id"),
            found => assert_eq!(answer.data("/opportunities/totalCount"), found),
        }
    }
    desk.update_product(json!({ "id": old, "active": false })).await.payload("updateProduct");
    let kept = &made["lineItems"][0]["id"];
    let lines = json!([{ "description": "Freight", "unitPrice": { "amount": "9.90" } }, { "id": kept, "quantity": 3 }]);
    let set = desk.done("setLineItems", json!({ "opportunityId": id, "lineItems": lines })).await;
    assert_eq!((&set["lineItems"][1]["id"], &set["lineItems"][1]["version"]), (kept, &json!(2)));
    assert_eq!((&set["amount"]["amount"], &set["lineItems"][1]["product"]["name"]), (&json!("249.90"), &json!("Old pump")));
    let again = json!({ "opportunityId": id, "lineItems": [{ "id": set["lineItems"][0]["id"] }, { "id": kept }] });
    assert_eq!(desk.done("setLineItems", again).await["version"], set["version"], "nothing changed");
    let empty = desk.done("setLineItems", json!({ "opportunityId": id, "lineItems": [] })).await;
    assert_eq!((&empty["lineItems"], &empty["amount"]["amount"]), (&json!([]), &json!("249.90")));
}

#[tokio::test]
async fn wrong_lines_change_nothing_and_say_why() {
    let desk = Desk::new().await;
    let pump = desk.product("Pump", json!([euros("10")])).await;
    let gone = desk.product("Gone", json!([euros("10")])).await;
    desk.update_product(json!({ "id": gone, "active": false })).await.payload("updateProduct");
    let id = desk.opportunity(json!({ "amount": { "amount": 1, "currency": "NOK" } })).await;
    let lines = json!([
        { "productId": pump },
        { "productId": gone, "unitPrice": { "amount": 1 } },
        { "unitPrice": { "amount": 1 } },
        { "description": "x" },
        { "description": "x", "unitPrice": euros("1") },
        { "description": "x", "unitPrice": { "amount": 1 }, "quantity": "0.0001" },
        { "description": "x", "unitPrice": { "amount": 1 }, "quantity": 0 },
        { "description": "x", "unitPrice": { "amount": 1 }, "discountPercent": 1, "discountAmount": { "amount": 1 } },
        { "productId": "product_00000000000000000000000000", "unitPrice": { "amount": 1 } },
        { "productId": id },
    ]);
    let expected = [
        "REQUIRED input.lineItems.0.unitPrice",
        "INVALID input.lineItems.1.productId",
        "REQUIRED input.lineItems.2.productId",
        "REQUIRED input.lineItems.3.unitPrice",
        "INVALID input.lineItems.4.unitPrice",
        "INVALID input.lineItems.5.quantity",
        "OUT_OF_RANGE input.lineItems.6.quantity",
        "INVALID input.lineItems.7.discountAmount",
        "NOT_FOUND input.lineItems.8.productId",
        "INVALID input.lineItems.9.productId",
    ];
    for mutation in ["addLineItems", "setLineItems"] {
        assert_eq!(desk.refused(mutation, json!({ "opportunityId": id, "lineItems": lines })).await, expected);
    }
    let none = json!({ "opportunityId": id, "lineItems": [] });
    assert_eq!(desk.refused("addLineItems", none).await, ["REQUIRED input.lineItems"]);
    let many = vec![json!({ "description": "x", "unitPrice": { "amount": 1 } }); 201];
    let many = json!({ "opportunityId": id, "lineItems": many });
    assert_eq!(desk.refused("setLineItems", many).await, ["OUT_OF_RANGE input.lineItems"]);
    let large = json!({ "description": "x", "unitPrice": { "amount": "99999999999999.99" } });
    let large = json!({ "opportunityId": id, "lineItems": [large, large] });
    assert_eq!(desk.refused("addLineItems", large).await, ["OUT_OF_RANGE"], "together they are too much");
    assert_eq!(desk.told(&id).await.len(), 1);

    let one = json!({ "opportunityId": id, "lineItems": [{ "description": "x", "unitPrice": { "amount": 1 } }] });
    let line = desk.done("addLineItems", one).await["lineItems"][0]["id"].clone();
    let twice = json!({ "opportunityId": id, "lineItems": [{ "id": line }, { "id": line }] });
    assert_eq!(desk.refused("setLineItems", twice).await, ["INVALID input.lineItems.1.id"]);
    for ids in [json!([]), json!([line, line]), json!([line, "line_item_00000000000000000000000000"])] {
        let order = json!({ "opportunityId": id, "lineItemIds": ids });
        assert_eq!(desk.refused("reorderLineItems", order).await, ["INVALID input.lineItemIds"]);
    }
    assert_eq!(desk.refused("updateLineItem", json!({ "id": line, "description": null })).await, ["REQUIRED input.productId"]);
    assert_eq!(desk.refused("updateLineItem", json!({ "id": line, "unitPrice": null })).await, ["REQUIRED input.unitPrice"]);
    let stale = json!({ "id": line, "expectedVersion": 1 });
    assert_eq!(desk.refused("removeLineItem", stale).await, ["VERSION_CONFLICT input.expectedVersion"]);
}

#[tokio::test]
async fn closed_and_deleted_opportunities_keep_their_lines() {
    let mut desk = Desk::new().await;
    let id = desk.opportunity(json!({})).await;
    let line = json!({ "description": "x", "unitPrice": euros("1") });
    let add = json!({ "opportunityId": id, "lineItems": [line] });
    let line = desk.done("addLineItems", add.clone()).await["lineItems"][0]["id"].clone();
    desk.done("winOpportunity", json!({ "id": id })).await;
    assert_eq!(desk.refused("addLineItems", add).await, ["ILLEGAL_TRANSITION"]);
    assert_eq!(desk.refused("removeLineItem", json!({ "id": line })).await, ["ILLEGAL_TRANSITION"]);

    let node = format!("{{ node(id: {line}) {{ ... on LineItem {{ total {{ amount }} opportunity {{ id }} }} }} }}");
    assert_eq!(desk.ask(&node).await["node"], json!({ "total": { "amount": "1.00" }, "opportunity": { "id": id } }));
    desk.call("deleteOpportunity", "DeleteInput", "deletedId", json!({ "id": id })).await.payload("deleteOpportunity");
    assert_eq!(desk.ask(&node).await["node"], Value::Null);
    assert_eq!(desk.refused("removeLineItem", json!({ "id": line })).await, ["NOT_FOUND input.id"]);
    let back = desk.call("restoreOpportunity", "RestoreInput", SHOWN, json!({ "id": id })).await;
    assert_eq!(back.payload("restoreOpportunity")["opportunity"]["lineItems"][0]["id"], line);

    desk.person = desk.server.rep().await;
    let others = desk.lines("removeLineItem", json!({ "id": line })).await;
    assert_eq!(others.codes(), ["FORBIDDEN"], "a REP changes their own");
}

#[tokio::test]
async fn a_conversion_that_was_built_upon_cannot_be_reverted() {
    let desk = Desk::new().await;
    let lead = desk.call("createLead", "CreateLeadInput", "lead { id }", json!({ "lastName": "Berg" })).await;
    let lead = lead.payload("createLead")["lead"]["id"].clone();
    let made = desk.call("convertLead", "ConvertLeadInput", "opportunity { id }", json!({ "leadId": lead })).await;
    let id = &made.payload("convertLead")["opportunity"]["id"];
    desk.done(
        "addLineItems",
        json!({ "opportunityId": id, "lineItems": [{ "description": "x", "unitPrice": { "amount": 0 } }] }),
    )
    .await;
    let revert = desk.call("revertLeadConversion", "LeadIdInput", "lead { id }", json!({ "id": lead })).await;
    assert!(revert.refusals("revertLeadConversion").iter().all(|refusal| refusal.starts_with("CANNOT_REVERT")));
    assert!(!revert.refusals("revertLeadConversion").is_empty());
}

/// Something that is done to the lines; numbers are taken modulo what is there.
#[derive(Debug, Clone)]
enum Step {
    Add(Vec<Line>),
    Update(usize, Line),
    Remove(usize),
    Rotate(usize),
    Set(Vec<(Option<usize>, Line)>),
    ByHand(u32),
}

/// What is said about a line, in places.
#[derive(Debug, Clone)]
pub struct Line {
    quantity: u32,
    price: Option<u32>,
    percent: Option<u32>,
    off: Option<u32>,
}

impl Line {
    pub fn input(&self, product: &Value) -> Value {
        let mut input = json!({ "quantity": format!("{}.{:03}", self.quantity / 1000, self.quantity % 1000) });
        let amount = |cents: u32| json!({ "amount": format!("{}.{:02}", cents / 100, cents % 100) });
        match self.price {
            Some(price) => input["unitPrice"] = amount(price),
            None => input["productId"] = product.clone(),
        }
        if let Some(percent) = self.percent {
            input["discountPercent"] = json!(format!("{}.{:04}", percent / 10_000, percent % 10_000));
        }
        if let Some(off) = self.off {
            input["discountAmount"] = amount(off);
        }
        input["description"] = json!("Something");
        input
    }
}

/// What may be said about a line; some of it is refused.
pub fn line() -> impl Strategy<Value = Line> {
    let percent = prop::option::weighted(0.3, 0_u32..1_010_000);
    let off = prop::option::weighted(0.2, 0_u32..3_000);
    (0_u32..20_000, prop::option::of(0_u32..100_000), percent, off).prop_map(|(quantity, price, percent, off)| Line {
        quantity,
        price,
        percent,
        off,
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => prop::collection::vec(line(), 1..3).prop_map(Step::Add),
        3 => (any::<usize>(), line()).prop_map(|(place, line)| Step::Update(place, line)),
        2 => any::<usize>().prop_map(Step::Remove),
        1 => any::<usize>().prop_map(Step::Rotate),
        1 => prop::collection::vec((prop::option::of(any::<usize>()), line()), 0..4).prop_map(Step::Set),
        1 => (0_u32..100).prop_map(Step::ByHand),
    ]
}

#[test]
fn whatever_is_done_amount_order_and_history_hold() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (desk, product) = runtime.block_on(async {
        let desk = Desk::new().await;
        let product = desk.product("Pump", json!([{ "amount": "33.33" }])).await;
        (desk, product)
    });
    let settings = Config { cases: 40, failure_persistence: None, max_shrink_iters: 100, ..Config::default() };
    let counts = std::sync::Mutex::new([0_usize; 2]);
    let result = TestRunner::new(settings).run(&prop::collection::vec(step(), 1..12), |steps| {
        let [done, refused] = runtime.block_on(play(&desk, &product, &steps));
        let mut counts = counts.lock().unwrap();
        counts[0] += done;
        counts[1] += refused;
        Ok(())
    });
    let [done, refused] = counts.into_inner().unwrap();
    runtime.block_on(async { drop(desk) });
    result.unwrap();
    assert!(done > 60 && refused > 10, "{done} steps were done, {refused} refused: the cases say too little");
}

/// Does all steps; answers how many were done and how many refused.
async fn play(desk: &Desk, product: &Value, steps: &[Step]) -> [usize; 2] {
    let id = desk.opportunity(json!({ "amount": { "amount": 1000 } })).await;
    let mut now = desk.done("setLineItems", json!({ "opportunityId": id, "lineItems": [] })).await;
    let mut counts = [0, 0];
    for step in steps {
        let ids: Vec<Value> = now["lineItems"].as_array().unwrap().iter().map(|line| line["id"].clone()).collect();
        let Some((mutation, input)) = call(step, &id, &ids, product) else { continue };
        let answer = desk.lines(mutation, input).await;
        let refused = !answer.refusals(mutation).is_empty();
        counts[usize::from(refused)] += 1;
        if !refused {
            now = answer.payload(mutation)["opportunity"].clone();
        }
    }
    let query =
        format!("{{ opportunity(id: {id}) {{ version amount {{ amount }} lineItems {{ id position total {{ amount }} }} }} }}");
    let last = desk.ask(&query).await["opportunity"].clone();
    assert_eq!(
        (&last["version"], &last["amount"]["amount"]),
        (&now["version"], &now["amount"]["amount"]),
        "a refusal changed something"
    );
    check(desk, &id, &now).await;
    counts
}

/// The mutation that a step is; nothing where it makes no sense.
fn call(step: &Step, id: &Value, ids: &[Value], product: &Value) -> Option<(&'static str, Value)> {
    let at = |place: usize| (!ids.is_empty()).then(|| ids[place % ids.len()].clone());
    Some(match step {
        Step::Add(lines) => {
            let lines: Vec<Value> = lines.iter().map(|line| line.input(product)).collect();
            ("addLineItems", json!({ "opportunityId": id, "lineItems": lines }))
        }
        Step::Update(place, line) => {
            let mut input = line.input(product);
            input["id"] = at(*place)?;
            ("updateLineItem", input)
        }
        Step::Remove(place) => ("removeLineItem", json!({ "id": at(*place)? })),
        Step::Rotate(by) => {
            let mut order = ids.to_vec();
            order.rotate_left(by % ids.len().max(1));
            ("reorderLineItems", json!({ "opportunityId": id, "lineItemIds": order }))
        }
        Step::Set(lines) => {
            let lines: Vec<Value> = lines
                .iter()
                .map(|(known, line)| {
                    let mut input = line.input(product);
                    if let Some(known) = known.and_then(at) {
                        input["id"] = known;
                    }
                    input
                })
                .collect();
            ("setLineItems", json!({ "opportunityId": id, "lineItems": lines }))
        }
        Step::ByHand(amount) => ("updateOpportunity", json!({ "id": id, "amount": { "amount": amount } })),
    })
}

fn cents(amount: &Value) -> i64 {
    amount.as_str().unwrap().replace('.', "").parse().unwrap()
}

async fn check(desk: &Desk, id: &Value, now: &Value) {
    let lines = now["lineItems"].as_array().unwrap();
    let positions: Vec<i64> = lines.iter().map(|line| line["position"].as_i64().unwrap()).collect();
    assert_eq!(positions, (1..=i64::try_from(lines.len()).unwrap()).collect::<Vec<_>>(), "the order has no gaps");
    if !lines.is_empty() {
        assert_eq!(lines.iter().map(|line| cents(&line["total"]["amount"])).sum::<i64>(), cents(&now["amount"]["amount"]));
    }
    // The history, read from its beginning, comes to today's state.
    let mut amount = Value::Null;
    let mut replayed: BTreeMap<String, Value> = BTreeMap::new();
    let history = desk.told(id).await;
    for field in history.iter().flat_map(|entry| entry["fields"].as_array().unwrap()) {
        match field["field"].as_str().unwrap() {
            "amount" => {
                assert_eq!(field["before"], amount);
                amount = field["after"].clone();
            }
            "lineItems" => {
                let key = [&field["before"], &field["after"]].iter().find_map(|line| line["id"].as_str()).unwrap().to_owned();
                assert_eq!(replayed.remove(&key).unwrap_or_default(), field["before"]);
                if !field["after"].is_null() {
                    replayed.insert(key, field["after"].clone());
                }
            }
            _ => {}
        }
    }
    assert_eq!(amount, now["amount"]);
    let mut replayed: Vec<Value> = replayed.into_values().collect();
    replayed.sort_by_key(|line| line["position"].as_i64());
    assert_eq!(replayed.len(), lines.len());
    for (told, line) in replayed.iter().zip(lines) {
        for field in ["id", "position", "description", "quantity", "discountPercent"] {
            assert_eq!(told[field], line[field]);
        }
        assert_eq!(told["product"], line["product"]["id"]);
        assert_eq!((&told["unitPrice"], &told["total"]["amount"]), (&line["unitPrice"], &line["total"]["amount"]));
    }
    assert_eq!(history.len(), usize::try_from(now["version"].as_i64().unwrap()).unwrap(), "one entry for each version");
}
