//! The sales pipeline data set: 8 800 deals, imported as a user would, against the file itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate};
use entity::user;
use leadgraph::auth::Actor;
use leadgraph::import::mapping::Mapping;
use leadgraph::import::{Kind, Request, import};
use sea_orm::EntityTrait;
use serde_json::{Value as Json, json};

use super::text;
use crate::harness::{Person, TestServer, shared};

/// A deal of the file that is won or lost.
struct Deal {
    agent: String,
    product: String,
    account: String,
    won: bool,
    engaged: NaiveDate,
    closed: NaiveDate,
    value: i64,
}

fn closed_deals(file: &Path) -> Vec<Deal> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    let closed = rows.into_iter().filter(|row| row["deal_stage"] == "Won" || row["deal_stage"] == "Lost");
    closed
        .map(|row| Deal {
            agent: row["sales_agent"].clone(),
            product: row["product"].replace("GTXPro", "GTX Pro"),
            account: row["account"].clone(),
            won: row["deal_stage"] == "Won",
            engaged: row["engage_date"].parse().unwrap(),
            closed: row["close_date"].parse().unwrap(),
            value: row["close_value"].parse().unwrap(),
        })
        .collect()
}

async fn imported(server: &TestServer, person: &Person, kind: Kind, file: PathBuf, mapping: &str) {
    let app = &server.app;
    let user = user::Entity::find_by_id(person.id).one(app.database().read()).await.unwrap().unwrap();
    let actor = Actor::of(user);
    let mapping = Mapping::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/sales_pipeline").join(mapping)).unwrap();
    let request = Request { kind, file, mapping: Some(mapping), rejects: None, dry_run: false, assign: false };
    let summary = import(app, &actor, &request, &|_, _| {}).await.unwrap();
    assert_eq!((summary.stopped, summary.rejected), (None, 0));
}

/// Won, lost and won value by a key.
fn table(deals: &[Deal], key: impl Fn(&Deal) -> String) -> BTreeMap<String, (i64, i64, i64)> {
    let mut table: BTreeMap<String, (i64, i64, i64)> = BTreeMap::new();
    for deal in deals {
        let row = table.entry(key(deal)).or_default();
        if deal.won {
            row.0 += 1;
            row.2 += deal.value;
        } else {
            row.1 += 1;
        }
    }
    table
}

/// The same from a report; the amounts without their cents, which must be zero.
fn reported(report: &Json) -> BTreeMap<String, (i64, i64, i64)> {
    let count = |figure: &Json| figure["count"].as_i64().unwrap();
    let rows = report["rows"].as_array().unwrap().iter().map(|row| {
        let amount = text(&row["won"]["amount"]["amount"]);
        let whole = amount.strip_suffix(".00").unwrap().parse().unwrap();
        (text(&row["groups"][0]["name"]), (count(&row["won"]), count(&row["lost"]), whole))
    });
    rows.collect()
}

#[tokio::test]
async fn the_sales_pipeline_data_set() {
    let Some(folder) = shared("data/sales_pipeline", "reports on real data") else { return };
    let server = TestServer::start().await;
    let admin = server.admin().await;
    imported(&server, &admin, Kind::Accounts, folder.join("accounts.csv"), "accounts.toml").await;
    imported(&server, &admin, Kind::Products, folder.join("products.csv"), "products.toml").await;
    imported(&server, &admin, Kind::Opportunities, folder.join("sales_pipeline.csv"), "opportunities.toml").await;
    let deals = closed_deals(&folder.join("sales_pipeline.csv"));
    let report = async |field: &str| -> Json {
        let answer = server.graphql(&admin, &format!("{{ reports {{ report: {field} }} }}"), json!({})).await;
        answer.data("/reports/report").clone()
    };
    let fields = "groups { name } won { count amount { amount } } lost { count }";
    let cut = async |by: &str| -> BTreeMap<String, (i64, i64, i64)> {
        reported(&report(&format!("winLoss(period: {{name: ALL_TIME}}, groupBy: [{by}]) {{ rows {{ {fields} }} }}")).await)
    };

    let total =
        report("winLoss(period: {from: \"2017-01-01\", to: \"2017-12-31\"}) { total { won { count } lost { count } winRate } }")
            .await;
    assert_eq!(total["total"], json!({ "won": { "count": 4_238 }, "lost": { "count": 2_473 }, "winRate": "0.631501" }));
    let cycle =
        report("salesCycle(period: {name: ALL_TIME}) { total { won { count } medianDays averageDays percentile90Days } }").await;
    let mut days: Vec<i64> = deals.iter().filter(|deal| deal.won).map(|deal| (deal.closed - deal.engaged).num_days()).collect();
    days.sort_unstable();
    let place = (days.len() - 1) * 9;
    let (low, high) = (days[place / 10], days[place / 10 + 1]);
    let percentile = low as f64 + (high - low) as f64 * (place % 10) as f64 / 10.0;
    assert_eq!(
        (&cycle["total"]["medianDays"], &cycle["total"]["percentile90Days"]),
        (&json!("57"), &json!(percentile.to_string()))
    );
    assert!(text(&cycle["total"]["averageDays"]).starts_with("51.78"), "{cycle}");

    let quarters = cut("CLOSE_QUARTER").await;
    let quarter = |deal: &Deal| format!("2017-{:02}-01", deal.closed.month0() / 3 * 3 + 1);
    assert_eq!(quarters, table(&deals, quarter));
    let amounts: Vec<i64> = quarters.values().map(|row| row.2).collect();
    assert_eq!(amounts, [1_134_672, 3_086_111, 2_982_255, 2_802_496]);

    let agents = cut("OWNER").await;
    assert_eq!(agents, table(&deals, |deal| deal.agent.clone()));
    assert_eq!(agents.values().map(|row| row.2).max(), Some(1_153_214));
    assert_eq!(cut("ACCOUNT").await, table(&deals, |deal| deal.account.clone()));
    let board = report("leaderboard(period: {name: ALL_TIME}) { rows { rank groups { name } won { amount { amount } } } }").await;
    assert_eq!(
        board["rows"][0],
        json!({ "rank": 1, "groups": [{ "name": "Darcel Schlecht" }], "won": { "amount": { "amount": "1153214.00" } } })
    );
    let products = table(&deals, |deal| deal.product.clone());
    assert_eq!(cut("PRODUCT").await, products);
    let won: BTreeMap<&str, i64> = products.iter().map(|(product, row)| (product.as_str(), row.0)).collect();
    let expected = [
        ("GTK 500", 15),
        ("GTX Basic", 915),
        ("GTX Plus Basic", 653),
        ("GTX Plus Pro", 479),
        ("GTX Pro", 729),
        ("MG Advanced", 654),
        ("MG Special", 793),
    ];
    assert_eq!(won, BTreeMap::from(expected));
}
