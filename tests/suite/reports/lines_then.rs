//! What deals were worth by product, as of past instants: from the history of their line items.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value as Json, json};

use super::{Office, text};

const ROW: &str = "rows { groups { id } count amount { amount } filter } total { count amount { amount } }";

/// The pipeline by product: now, or as of an instant.
async fn by_product(office: &Office, at: Option<DateTime<Utc>>) -> Json {
    let at = at.map(|at| format!("asOf: \"{}\", ", at.to_rfc3339())).unwrap_or_default();
    office.report(&format!("pipeline({at}groupBy: [PRODUCT]) {{ {ROW} }}")).await
}

fn figures(report: &Json) -> Json {
    let rows: BTreeMap<String, Json> = report["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (row["groups"][0]["id"].as_str().unwrap_or_default().to_owned(), json!([row["count"], row["amount"]["amount"]]))
        })
        .collect();
    json!({ "rows": rows, "total": report["total"] })
}

async fn lines(office: &Office, deal: &str) -> Vec<String> {
    let query = "query($id: ID!) { opportunity(id: $id) { lineItems { id } } }";
    let found = office.ask(query, json!({ "id": deal })).await;
    found["opportunity"]["lineItems"].as_array().unwrap().iter().map(|line| text(&line["id"])).collect()
}

#[tokio::test]
async fn the_pipeline_by_product_is_told_as_of_any_instant() {
    let office = Office::on("2026-01-05").await;
    let mut products = Vec::new();
    for number in 0..4 {
        let input = json!({ "name": format!("Product {number}"), "prices": [{ "amount": format!("{}.37", number + 1) }] });
        products.push(text(&office.call("createProduct", input, "product { id }").await["product"]["id"]));
    }
    let mut random = StdRng::seed_from_u64(5);
    let mut deals = Vec::new();
    for _ in 0..5 {
        deals.push(office.opportunity(json!({ "amount": { "amount": "10" } })).await);
    }
    let mut snapshots = Vec::new();
    for number in 0..100 {
        let deal = deals[random.random_range(0..deals.len())].clone();
        let known = lines(&office, &deal).await;
        let known = |random: &mut StdRng| known.get(random.random_range(0..known.len().max(1))).cloned();
        let product = random.random_bool(0.8).then(|| products[random.random_range(0..products.len())].clone());
        let quantity = random.random_range(1..9);
        let price = json!({ "amount": format!("{}.{:02}", random.random_range(1..99), random.random_range(0..100)) });
        let line = json!({ "productId": product, "description": "X", "quantity": quantity, "unitPrice": price });
        match random.random_range(0..6) {
            0..=1 => office.attempt("addLineItems", json!({ "opportunityId": deal, "lineItems": [line] })).await,
            2 => {
                let Some(id) = known(&mut random) else { continue };
                office
                    .attempt(
                        "updateLineItem",
                        json!({ "id": id, "quantity": quantity, "productId": product, "description": "Y" }),
                    )
                    .await;
            }
            3 => {
                let Some(id) = known(&mut random) else { continue };
                office.attempt("removeLineItem", json!({ "id": id })).await;
            }
            4 => {
                let kept: Vec<Json> = known(&mut random).into_iter().map(|id| json!({ "id": id })).chain([line]).collect();
                office.attempt("setLineItems", json!({ "opportunityId": deal, "lineItems": kept })).await;
            }
            _ => office.attempt("updateOpportunity", json!({ "id": deal, "amount": { "amount": quantity } })).await,
        }
        if number % 10 == 9 {
            snapshots.push((office.now(), by_product(&office, None).await));
        }
        office.wait(1);
    }
    let mut different = 0;
    for (at, then) in &snapshots {
        let told = by_product(&office, Some(*at)).await;
        assert_eq!(figures(&told), figures(then), "as of {at}");
        different += usize::from(figures(then) != figures(&snapshots.last().unwrap().1));
        for row in told["rows"].as_array().unwrap() {
            let query = "query($filter: OpportunityFilter) { opportunities(filter: $filter) { totalCount } }";
            let found = office.ask(query, json!({ "filter": row["filter"] })).await;
            assert_eq!(found["opportunities"]["totalCount"], row["count"], "as of {at}: {}", row["filter"]);
        }
        let aggregate = format!(
            "{{ opportunitiesAggregate(asOf: \"{}\", groupBy: [PRODUCT], of: [AMOUNT]) {{
                rows {{ groups {{ id }} count numbers {{ sum }} filter }} }} }}",
            at.to_rfc3339()
        );
        let aggregate = office.ask(&aggregate, json!({})).await;
        for (row, same) in
            aggregate["opportunitiesAggregate"]["rows"].as_array().unwrap().iter().zip(told["rows"].as_array().unwrap())
        {
            assert_eq!(row["groups"], same["groups"]);
            assert_eq!((&row["count"], &row["numbers"][0]["sum"]), (&same["count"], &same["amount"]["amount"]), "as of {at}");
        }
    }
    assert!(different > 4, "the line items hardly changed");
}
