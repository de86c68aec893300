//! Exchange rates, and amounts in the base currency. A new workspace's is USD.

use std::collections::BTreeMap;

use async_graphql::Request;
use chrono::NaiveDate;
use entity::{change, exchange_rate, user, workspace};
use leadgraph::app::App;
use leadgraph::auth::Actor;
use leadgraph::data::exchange::Rates;
use leadgraph::graphql::context::Caller;
use leadgraph::graphql::loaders;
use leadgraph::graphql::schema::{Limits, serving};
use leadgraph::import::{Kind, Request as ImportRequest, import};
use proptest::prelude::*;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value as Json, json};

use crate::harness::{Answer, Person, SESSION_HOURS, TestServer};

/// A manager at a server of their own, on Monday, 2 March 2026, at 09:00 UTC.
struct Desk {
    server: TestServer,
    person: Person,
}

const BASE: &str = "inBaseCurrency { amount currency day rate rateValidFrom problem { code message field details } }";

impl Desk {
    async fn new() -> Self {
        let server = TestServer::start().await;
        let person = server.manager().await;
        Self { server, person }
    }

    async fn ask(&self, query: &str, variables: Json) -> Json {
        self.server.graphql(&self.person, query, variables).await.data("").clone()
    }

    async fn set(&self, input: Json) -> Answer {
        let call = "mutation ($input: SetExchangeRateInput!) { setExchangeRate(input: $input) {
            exchangeRate { id version currency baseCurrency validFrom rate history { nodes { action fields { field before after } } } }
            userErrors { code message field } } }";
        self.server.graphql(&self.person, call, json!({ "input": input })).await
    }

    /// Sets the rate of a currency from a day on.
    async fn rate(&self, currency: &str, valid_from: &str, rate: &str) -> Json {
        let answer = self.set(json!({ "currency": currency, "validFrom": valid_from, "rate": rate })).await;
        answer.payload("setExchangeRate")["exchangeRate"].clone()
    }

    async fn account(&self, revenue: Json) -> String {
        let call = "mutation ($revenue: MoneyInput) { createAccount(input: { name: \"Acme\", annualRevenue: $revenue }) { account { id } userErrors { message } } }";
        text(&self.ask(call, json!({ "revenue": revenue })).await["createAccount"]["account"]["id"])
    }

    async fn opportunity(&self, account: &str, amount: &str, currency: &str) -> String {
        let call = "mutation ($account: ID!, $amount: MoneyInput!) { createOpportunity(input: {
            name: \"Deal\", accountId: $account, amount: $amount, closeDate: \"2026-06-30\" }) { opportunity { id } userErrors { message } } }";
        let variables = json!({ "account": account, "amount": { "amount": amount, "currency": currency } });
        text(&self.ask(call, variables).await["createOpportunity"]["opportunity"]["id"])
    }

    /// What an amount is worth in the base currency.
    async fn worth(&self, amount: &str, currency: &str) -> Json {
        let account = self.account(json!({ "amount": amount, "currency": currency })).await;
        let query = format!("query ($id: ID!) {{ account(id: $id) {{ annualRevenue {{ {BASE} }} }} }}");
        self.ask(&query, json!({ "id": account })).await["account"]["annualRevenue"]["inBaseCurrency"].clone()
    }

    /// Writes the workspace's settings and asks as somebody who comes after that.
    async fn ask_with(&self, settings: workspace::ActiveModel, query: &str) -> Json {
        let write = self.server.app.database().begin().await.unwrap();
        workspace::Entity::update(workspace::ActiveModel { id: Set(1), ..settings }).exec(&write).await.unwrap();
        write.commit().await.unwrap();
        let app = App::start(self.server.app.database().clone(), self.server.clock.clone(), SESSION_HOURS).await.unwrap();
        let actor = self.actor().await;
        let request = Request::new(query).data(loaders::new(app.database().clone(), actor.scope())).data(Caller(Some(actor)));
        let answer = serving(app, Limits::default()).execute(request).await;
        assert!(answer.errors.is_empty(), "{:?}", answer.errors);
        answer.data.into_json().unwrap()
    }

    async fn actor(&self) -> Actor {
        let found = user::Entity::find_by_id(self.person.id).one(self.server.app.database().read()).await.unwrap();
        Actor::of(found.unwrap())
    }

    /// Imports rates from a CSV file. Created, updated, unchanged, rejected; and the reasons.
    async fn import(&self, rows: &str) -> ([u64; 4], Vec<String>) {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("rates.csv");
        std::fs::write(&file, rows).unwrap();
        let request =
            ImportRequest { kind: Kind::ExchangeRates, file, mapping: None, rejects: None, dry_run: false, assign: false };
        let summary = import(&self.server.app, &self.actor().await, &request, &|_, _| {}).await.unwrap();
        assert_eq!(summary.stopped, None);
        let reasons = summary.rejects.iter().flat_map(|path| {
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).unwrap();
            reader.records().map(|row| row.unwrap()[2].to_owned()).collect::<Vec<_>>()
        });
        ([summary.created, summary.updated, summary.unchanged, summary.rejected], reasons.collect())
    }
}

fn text(value: &Json) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_rate_is_set_once_for_a_currency_and_day() {
    let desk = Desk::new().await;
    let first = desk.rate("EUR", "2026-01-01", "1.0812345678").await;
    assert_eq!(
        (&first["version"], &first["baseCurrency"], &first["rate"]),
        (&json!(1), &json!("USD"), &json!("1.0812345678")),
        "{first}"
    );
    let again = desk.rate("EUR", "2026-01-01", "1.09000").await;
    assert_eq!((&again["id"], &again["version"], &again["rate"]), (&first["id"], &json!(2), &json!("1.09")));
    assert_eq!(
        again["history"]["nodes"][0],
        json!({ "action": "updated", "fields": [{ "field": "rate", "before": "1.0812345678", "after": "1.09" }] })
    );
    assert_eq!(desk.rate("EUR", "2026-01-01", "1.09").await["version"], 2, "the same again changes nothing");
    let today = desk.set(json!({ "currency": "EUR", "rate": 2 })).await;
    assert_eq!(today.payload("setExchangeRate")["exchangeRate"]["validFrom"], "2026-03-02");
    let stale = json!({ "currency": "EUR", "validFrom": "2026-01-01", "rate": "1", "expectedVersion": 1 });
    assert_eq!(desk.set(stale).await.refusals("setExchangeRate"), ["VERSION_CONFLICT input.expectedVersion"]);

    let list = "{ exchangeRates(filter: { currency: { in: [\"EUR\"] }, validFrom: { gte: \"2026-01-01\" } }) { totalCount nodes { validFrom rate } }
        on: exchangeRate(currency: \"EUR\", on: \"2026-02-28\") { rate } before: exchangeRate(currency: \"EUR\", on: \"2025-12-31\") { rate }
        now: exchangeRate(currency: \"EUR\") { rate } other: exchangeRate(currency: \"JPY\") { rate } own: exchangeRate(currency: \"USD\") { rate } }";
    let answer = desk.ask(list, json!({})).await;
    assert_eq!(
        answer,
        json!({
            "exchangeRates": { "totalCount": 2, "nodes": [{ "validFrom": "2026-03-02", "rate": "2" }, { "validFrom": "2026-01-01", "rate": "1.09" }] },
            "on": { "rate": "1.09" }, "before": null, "now": { "rate": "2" }, "other": null, "own": null,
        })
    );
}

#[tokio::test]
async fn what_is_no_rate_is_refused_with_all_that_is_wrong() {
    let desk = Desk::new().await;
    for (input, expected) in [
        (json!({ "currency": "EUR", "rate": "0" }), vec!["OUT_OF_RANGE input.rate"]),
        (json!({ "currency": "EUR", "rate": "-1.5" }), vec!["OUT_OF_RANGE input.rate"]),
        (json!({ "currency": "EUR", "rate": "922337203.6854775808" }), vec!["OUT_OF_RANGE input.rate"]),
        (json!({ "currency": "EUR", "rate": "0.00000000001" }), vec!["INVALID input.rate"]),
        (
            json!({ "currency": "USD", "validFrom": "1899-12-31", "rate": "0" }),
            vec!["INVALID input.currency", "OUT_OF_RANGE input.validFrom", "OUT_OF_RANGE input.rate"],
        ),
        (json!({ "currency": "EUR", "rate": "1", "expectedVersion": 1 }), vec!["VERSION_CONFLICT input.expectedVersion"]),
    ] {
        assert_eq!(desk.set(input.clone()).await.refusals("setExchangeRate"), expected, "{input}");
    }
    assert_eq!(desk.set(json!({ "currency": "EUR", "rate": 1.5 })).await.codes(), ["BAD_USER_INPUT"], "a float");
    assert_eq!(desk.set(json!({ "currency": "euro", "rate": "1" })).await.codes(), ["BAD_USER_INPUT"]);
    assert_eq!(desk.ask("{ exchangeRates { totalCount } }", json!({})).await["exchangeRates"]["totalCount"], 0);
}

#[tokio::test]
async fn managers_set_rates_and_sellers_read_them() {
    let mut desk = Desk::new().await;
    let rate = desk.rate("EUR", "2026-01-01", "1.1").await;
    desk.person = desk.server.rep().await;
    let input = json!({ "currency": "EUR", "rate": "1" });
    assert_eq!(desk.set(input).await.codes(), ["FORBIDDEN"]);
    let call =
        format!("mutation {{ deleteExchangeRate(input: {{ id: {} }}) {{ deletedId userErrors {{ code }} }} }}", rate["id"]);
    assert_eq!(desk.server.graphql(&desk.person, &call, json!({})).await.codes(), ["FORBIDDEN"]);
    assert_eq!(desk.ask("{ exchangeRate(currency: \"EUR\") { rate } }", json!({})).await["exchangeRate"]["rate"], "1.1");
}

#[tokio::test]
async fn a_deleted_rate_is_gone_and_its_history_stays() {
    let desk = Desk::new().await;
    desk.rate("EUR", "2026-01-01", "1.1").await;
    let rate = desk.rate("EUR", "2026-02-01", "1.2").await;
    let call =
        format!("mutation {{ deleteExchangeRate(input: {{ id: {} }}) {{ deletedId userErrors {{ code field }} }} }}", rate["id"]);
    let answer = desk.server.graphql(&desk.person, &call, json!({})).await;
    assert_eq!(answer.payload("deleteExchangeRate")["deletedId"], rate["id"]);
    assert_eq!(desk.server.graphql(&desk.person, &call, json!({})).await.refusals("deleteExchangeRate"), ["NOT_FOUND input.id"]);
    assert_eq!(desk.worth("10", "EUR").await["amount"], "11.00", "the rate before it is valid again");
    let deleted = change::Entity::find().filter(change::Column::Action.eq("deleted"));
    let deleted = deleted.all(desk.server.app.database().read()).await.unwrap();
    assert_eq!(deleted.len(), 1);
    assert_eq!(deleted[0].fields[3], json!({ "field": "rate", "before": "1.2", "after": null }));
}

#[tokio::test]
async fn amounts_are_told_in_the_base_currency() {
    let desk = Desk::new().await;
    desk.rate("EUR", "2026-01-01", "1.08125").await;
    desk.rate("EUR", "2026-03-03", "9").await;
    desk.rate("JPY", "2020-01-01", "0.0067").await;
    desk.rate("KWD", "2026-03-02", "3.25").await;
    for (amount, currency, expected, rate, since) in [
        ("100", "EUR", "108.12", "1.08125", json!("2026-01-01")),
        ("300", "EUR", "324.38", "1.08125", json!("2026-01-01")),
        ("1000", "JPY", "6.70", "0.0067", json!("2020-01-01")),
        ("1.234", "KWD", "4.01", "3.25", json!("2026-03-02")),
        ("12.34", "USD", "12.34", "1", Json::Null),
        ("0", "EUR", "0.00", "1.08125", json!("2026-01-01")),
    ] {
        assert_eq!(
            desk.worth(amount, currency).await,
            json!({ "amount": expected, "currency": "USD", "day": "2026-03-02", "rate": rate, "rateValidFrom": since, "problem": null }),
            "{amount} {currency}"
        );
    }
}

#[tokio::test]
async fn a_missing_rate_and_an_amount_that_is_too_large_are_told() {
    let desk = Desk::new().await;
    desk.rate("EUR", "2026-03-03", "1.1").await;
    let missing = desk.worth("100", "EUR").await;
    assert_eq!((&missing["amount"], &missing["rate"], &missing["day"]), (&Json::Null, &Json::Null, &json!("2026-03-02")));
    assert_eq!(
        missing["problem"],
        json!({
            "code": "MISSING_EXCHANGE_RATE", "field": null,
            "message": "There is no exchange rate from EUR to USD for 2026-03-02: set one that is valid from that day or an earlier one.",
            "details": { "currency": "EUR", "baseCurrency": "USD", "day": "2026-03-02" },
        })
    );
    desk.rate("EUR", "2026-01-01", "2").await;
    assert_eq!(desk.worth("49999999999999.99", "EUR").await["amount"], "99999999999999.98", "the largest that fits");
    let large = desk.worth("50000000000000", "EUR").await;
    assert_eq!((&large["amount"], &large["rate"], &large["problem"]["code"]), (&Json::Null, &json!("2"), &json!("OUT_OF_RANGE")));
}

#[tokio::test]
async fn the_day_that_counts_is_the_close_date_of_what_is_closed_and_today_otherwise() {
    let desk = Desk::new().await;
    desk.rate("EUR", "2026-01-01", "1.1").await;
    desk.rate("EUR", "2026-02-01", "1.2").await;
    desk.rate("EUR", "2026-03-02", "1.3").await;
    desk.rate("EUR", "2026-06-30", "9").await;
    let account = desk.account(Json::Null).await;
    let id = desk.opportunity(&account, "1000", "EUR").await;
    let query = format!(
        "query ($id: ID!) {{ opportunity(id: $id) {{ amount {{ {BASE} then: inBaseCurrency(on: \"2026-01-31\") {{ amount day }} }}
         weightedAmount {{ amount {BASE} }} stageHistory {{ amount {{ inBaseCurrency {{ amount day }} }} }} }} }}"
    );
    let open = desk.ask(&query, json!({ "id": id })).await["opportunity"].clone();
    let amount = &open["amount"]["inBaseCurrency"];
    assert_eq!((&amount["amount"], &amount["day"]), (&json!("1300.00"), &json!("2026-03-02")), "not that of the close date");
    assert_eq!(open["amount"]["then"], json!({ "amount": "1100.00", "day": "2026-01-31" }));
    assert_eq!(open["weightedAmount"]["amount"], "100.00");
    assert_eq!(open["weightedAmount"]["inBaseCurrency"]["amount"], "130.00");

    let reasons = desk.ask("{ closeReasons { id category } }", json!({})).await;
    let reason =
        reasons["closeReasons"].as_array().unwrap().iter().find(|reason| reason["category"] == "WON").unwrap()["id"].clone();
    let win = "mutation ($input: WinOpportunityInput!) { winOpportunity(input: $input) { userErrors { message } } }";
    let input = json!({ "id": id, "reasonId": reason, "closedOn": "2026-02-15" });
    desk.server.graphql(&desk.person, win, json!({ "input": input })).await.payload("winOpportunity");
    desk.server.clock.set("2026-07-01T09:00:00Z");
    let person = desk.server.manager().await;
    let won = desk.server.graphql(&person, &query, json!({ "id": id })).await.data("/opportunity").clone();
    let amount = &won["amount"]["inBaseCurrency"];
    assert_eq!((&amount["amount"], &amount["day"]), (&json!("1200.00"), &json!("2026-02-15")));
    assert_eq!(won["weightedAmount"]["inBaseCurrency"]["amount"], "1200.00");
    assert_eq!(
        won["stageHistory"][0]["amount"]["inBaseCurrency"],
        json!({ "amount": "1300.00", "day": "2026-03-02" }),
        "a move counts at the rate of its day"
    );
}

#[tokio::test]
async fn today_is_that_of_the_workspace() {
    let desk = Desk::new().await;
    desk.rate("EUR", "2026-03-02", "1.1").await;
    desk.rate("EUR", "2026-03-03", "1.2").await;
    desk.account(json!({ "amount": "100", "currency": "EUR" })).await;
    let query =
        "{ accounts { nodes { annualRevenue { inBaseCurrency { amount day } } } } exchangeRate(currency: \"EUR\") { rate } }";
    for (zone, time, amount, day, rate) in [
        ("UTC", "2026-03-02T23:59:59Z", "110.00", "2026-03-02", "1.1"),
        ("UTC", "2026-03-03T00:00:00Z", "120.00", "2026-03-03", "1.2"),
        ("Pacific/Auckland", "2026-03-02T10:59:59Z", "110.00", "2026-03-02", "1.1"),
        ("Pacific/Auckland", "2026-03-02T11:00:00Z", "120.00", "2026-03-03", "1.2"),
        ("America/Los_Angeles", "2026-03-03T07:59:59Z", "110.00", "2026-03-02", "1.1"),
        ("America/Los_Angeles", "2026-03-03T08:00:00Z", "120.00", "2026-03-03", "1.2"),
    ] {
        desk.server.clock.set(time);
        let settings = workspace::ActiveModel { time_zone: Set(zone.to_owned()), ..Default::default() };
        let answer = desk.ask_with(settings, query).await;
        assert_eq!(
            answer["accounts"]["nodes"][0]["annualRevenue"]["inBaseCurrency"],
            json!({ "amount": amount, "day": day }),
            "{time} in {zone}"
        );
        assert_eq!(answer["exchangeRate"]["rate"], rate, "{time} in {zone}");
    }
}

#[tokio::test]
async fn rates_for_another_base_currency_are_not_used() {
    let desk = Desk::new().await;
    desk.rate("EUR", "2026-01-01", "1.1").await;
    desk.rate("NOK", "2026-01-01", "0.1").await;
    desk.account(json!({ "amount": "100", "currency": "NOK" })).await;
    let query = "{ accounts { nodes { annualRevenue { inBaseCurrency { amount currency problem { code } } } } }
        exchangeRate(currency: \"NOK\") { rate } exchangeRates { totalCount } }";
    let base = |code: &str| workspace::ActiveModel { base_currency: Set(code.to_owned()), ..Default::default() };
    let worth = |answer: &Json| answer["accounts"]["nodes"][0]["annualRevenue"]["inBaseCurrency"].clone();
    let euro = desk.ask_with(base("EUR"), query).await;
    assert_eq!(worth(&euro), json!({ "amount": null, "currency": "EUR", "problem": { "code": "MISSING_EXCHANGE_RATE" } }));
    assert_eq!((&euro["exchangeRate"], &euro["exchangeRates"]["totalCount"]), (&Json::Null, &json!(2)));
    let krone = desk.ask_with(base("NOK"), query).await;
    assert_eq!(worth(&krone), json!({ "amount": "100.00", "currency": "NOK", "problem": null }));
    let dollar = desk.ask_with(base("USD"), query).await;
    assert_eq!(worth(&dollar), json!({ "amount": "10.00", "currency": "USD", "problem": null }), "and back");
}

#[tokio::test]
async fn rates_are_imported_and_twice_changes_nothing() {
    let desk = Desk::new().await;
    desk.rate("EUR", "2026-01-01", "1.5").await;
    let rows = "currency,validFrom,rate\nEUR,2026-01-01,1.08\neur,2026-02-01,1.09\nJPY,2026-01-01,0.0067\n";
    assert_eq!(desk.import(rows).await, ([2, 1, 0, 0], Vec::new()));
    assert_eq!(desk.import(rows).await, ([0, 0, 3, 0], Vec::new()));
    assert_eq!(desk.worth("100", "EUR").await["amount"], "109.00");
    let wrong = "Date;Currency;Exchange rate\n2026-03-01;EUR;0\n2026-03-01;XXX;1\n2026-03-01;USD;1\n;EUR;1\n2026-13-01;EUR;\n\
        2026-03-01;;1\n2026-03-02;NOK;0,1\n2026-03-03;NOK;0.1\n2026-03-03;NOK;0.2\n2026-03-04;NOK;0.12345678901\n";
    let (counts, reasons) = desk.import(wrong).await;
    assert_eq!(counts, [1, 0, 0, 9], "{reasons:#?}");
    for (reason, part) in reasons.iter().zip([
        "more than zero",
        "no ISO 4217 currency",
        "base currency, which is always worth 1",
        "first day",
        "no date",
        "needs its currency",
        "no number",
        "The rate of NOK from 2026-03-03 stands in row 9 already",
        "at most 10 decimals",
    ]) {
        assert!(reason.contains(part), "{reason:?} does not say {part:?}");
    }
}

#[tokio::test]
async fn all_rates_of_a_level_are_read_with_one_statement() {
    let desk = Desk::new().await;
    let currencies = ["EUR", "JPY", "KWD", "NOK", "USD", "CHF"];
    for (number, currency) in currencies.iter().enumerate().filter(|(_, currency)| **currency != "USD") {
        desk.rate(currency, &format!("2026-01-{:02}", number + 1), "1.5").await;
    }
    let account = desk.account(Json::Null).await;
    for number in 0..50 {
        desk.opportunity(&account, "100", currencies[number % currencies.len()]).await;
    }
    let query = "query ($first: Int) { opportunities(first: $first) { nodes { amount { inBaseCurrency { amount } } weightedAmount { inBaseCurrency { amount } } } } }";
    for first in [5, 50] {
        let before = desk.server.statements();
        let answer = desk.ask(query, json!({ "first": first })).await;
        assert_eq!(desk.server.statements() - before, 3, "the sign-in, the opportunities, the rates");
        let nodes = answer["opportunities"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), first);
        assert!(nodes.iter().all(|node| node["amount"]["inBaseCurrency"]["amount"].is_string()), "{answer}");
    }
}

/// The rate of a day by going through all of them.
fn naively(rows: &[(String, NaiveDate, i64)], currency: &str, day: NaiveDate) -> Option<i64> {
    let mut best: Option<(NaiveDate, i64)> = None;
    for (other, from, rate) in rows {
        if other == currency && *from <= day && best.is_none_or(|(since, _)| *from > since) {
            best = Some((*from, *rate));
        }
    }
    best.map(|(_, rate)| rate)
}

#[tokio::test]
async fn what_is_loaded_is_what_a_walk_through_all_rates_finds() {
    let desk = Desk::new().await;
    let database = desk.server.app.database();
    let mut rows = Vec::new();
    let write = database.begin().await.unwrap();
    for (place, currency) in ["EUR", "JPY", "NOK"].iter().enumerate() {
        for number in 0..20_i64 {
            let from = day("2026-01-01") + chrono::TimeDelta::days(number * 3 + i64::try_from(place).unwrap() * 5);
            for (base, rate) in [("USD", number + 1), ("GBP", 1_000 + number)] {
                let now = desk.server.app.now();
                let row = exchange_rate::ActiveModel {
                    id: Set(desk.server.app.new_id()),
                    version: Set(1),
                    base_currency: Set(base.to_owned()),
                    currency: Set((*currency).to_owned()),
                    valid_from: Set(from),
                    rate: Set(rate),
                    created_at: Set(now),
                    updated_at: Set(now),
                };
                exchange_rate::Entity::insert(row).exec_without_returning(&write).await.unwrap();
                if base == "USD" {
                    rows.push(((*currency).to_owned(), from, rate));
                }
            }
        }
    }
    write.commit().await.unwrap();
    let days: Vec<NaiveDate> = day("2025-12-30").iter_days().step_by(2).take(50).collect();
    for window in days.chunks(7) {
        let (first, last) = (window[0], window[window.len() - 1]);
        let loaded =
            Rates::load(database.read(), "USD", Some(vec!["EUR".to_owned(), "NOK".to_owned()]), first..=last).await.unwrap();
        let all = Rates::load(database.read(), "USD", None, first..=last).await.unwrap();
        for day in window {
            for currency in ["EUR", "NOK", "JPY"] {
                let expected = naively(&rows, currency, *day);
                assert_eq!(all.on(currency, *day).map(|rate| rate.rate), expected, "{currency} on {day}");
                let kept = expected.filter(|_| currency != "JPY");
                assert_eq!(loaded.on(currency, *day).map(|rate| rate.rate), kept, "{currency} on {day}");
            }
        }
    }
}

proptest! {
    #[test]
    fn the_rate_in_force_is_the_latest_that_is_not_after_the_day(
        days in prop::collection::btree_map(0_u64..400, 1_i64..1_000_000, 0..30),
        wanted in 0_u64..500,
    ) {
        let start = day("2026-01-01");
        let at = |number: u64| start + chrono::Days::new(number);
        let rows: Vec<(String, NaiveDate, i64)> = days.iter().map(|(number, rate)| ("EUR".to_owned(), at(*number), *rate)).collect();
        let rates = Rates::new("USD", rows.clone());
        prop_assert_eq!(rates.on("EUR", at(wanted)).map(|rate| rate.rate), naively(&rows, "EUR", at(wanted)));
        prop_assert_eq!(rates.convert(123_400, "USD", at(wanted)), Some(123_400));
        prop_assert_eq!(rates.convert(123_400, "NOK", at(wanted)), None);
        let since: BTreeMap<u64, i64> = days.range(..=wanted).map(|(number, rate)| (*number, *rate)).collect();
        prop_assert_eq!(rates.on("EUR", at(wanted)).and_then(|rate| rate.valid_from), since.keys().next_back().map(|number| at(*number)));
    }
}
