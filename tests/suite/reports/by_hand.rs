//! Figures that were worked out by hand.

use leadgraph::app::App;
use leadgraph::auth::Scope;
use leadgraph::reports::calendar::Period;
use leadgraph::reports::funnel::{self, FunnelBasis};
use leadgraph::reports::lists::lead::LeadGroupBy;
use leadgraph::reports::subject::Reporting;
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};

use super::{Office, text};
use crate::harness::SESSION_HOURS;

/// Stage or owner, count, amount, weighted amount of each row.
fn rows(report: &Json) -> Vec<(String, i64, String, String)> {
    let rows = report["rows"].as_array().unwrap().iter().map(|row| {
        let money = |field: &str| text(&row[field]["amount"]);
        (text(&row["groups"][0]["name"]), row["count"].as_i64().unwrap(), money("amount"), money("weightedAmount"))
    });
    rows.collect()
}

fn row(name: &str, count: i64, amount: &str, weighted: &str) -> (String, i64, String, String) {
    (name.to_owned(), count, amount.to_owned(), weighted.to_owned())
}

/// Three deals from 1 January 2026 on, hour by hour of a day each.
///
/// A (1000): 1st Prospecting, 3rd Negotiation (skips), 4th Prospecting again, 6th Negotiation again, 10th won for 1200.
/// B (500): 1st Prospecting, 5th Anna instead of Max, 7th lost, 9th reopened in Needs Analysis, 11th won.
/// C (300): 2nd Prospecting, 4th deleted, 6th restored.
async fn three_deals() -> Office {
    let office = Office::on("2026-01-01").await;
    let deal = |name: &str, amount: &str| json!({ "name": name, "amount": { "amount": amount } });
    let a = office.opportunity(deal("A", "1000")).await;
    let b = office.opportunity(deal("B", "500")).await;
    office.wait(24);
    let c = office.opportunity(deal("C", "300")).await;
    office.wait(24);
    office.to_stage(&a, "Negotiation/Review").await;
    office.wait(24);
    office.to_stage(&a, "Prospecting").await;
    office.call("deleteOpportunity", json!({ "id": c }), "deletedId").await;
    office.wait(24);
    office.call("updateOpportunity", json!({ "id": b, "ownerId": office.sellers[1] }), "opportunity { id }").await;
    office.wait(24);
    office.to_stage(&a, "Negotiation/Review").await;
    office.call("restoreOpportunity", json!({ "id": c }), "opportunity { id }").await;
    office.wait(24);
    office.lose(&b, json!({ "lostTo": "Globex" })).await;
    office.wait(48);
    office.reopen(&b, "Needs Analysis").await;
    office.wait(24);
    office.win(&a, json!({ "amount": { "amount": "1200" } })).await;
    office.wait(24);
    office.win(&b, json!({})).await;
    office.wait(24);
    office
}

#[tokio::test]
async fn the_pipeline_of_any_past_instant() {
    let office = three_deals().await;
    let fields = "rows { groups { name } count amount { amount } weightedAmount { amount } averageDaysInStage }";
    let at = async |day: &str, by: &str| {
        office.report(&format!("pipeline(asOf: \"2026-01-{day}Z\", groupBy: [{by}]) {{ {fields} }}")).await
    };
    for (day, expected) in [
        ("01T08:59:59", vec![]),
        ("01T09:00:00", vec![row("Prospecting", 2, "1500.00", "150.00")]),
        ("03T12:00:00", vec![row("Prospecting", 2, "800.00", "80.00"), row("Negotiation/Review", 1, "1000.00", "900.00")]),
        ("04T12:00:00", vec![row("Prospecting", 2, "1500.00", "150.00")]),
        ("06T12:00:00", vec![row("Prospecting", 2, "800.00", "80.00"), row("Negotiation/Review", 1, "1000.00", "900.00")]),
        ("08T12:00:00", vec![row("Prospecting", 1, "300.00", "30.00"), row("Negotiation/Review", 1, "1000.00", "900.00")]),
        (
            "09T12:00:00",
            vec![
                row("Prospecting", 1, "300.00", "30.00"),
                row("Needs Analysis", 1, "500.00", "100.00"),
                row("Negotiation/Review", 1, "1000.00", "900.00"),
            ],
        ),
        ("11T12:00:00", vec![row("Prospecting", 1, "300.00", "30.00")]),
    ] {
        assert_eq!(rows(&at(day, "STAGE").await), expected, "{day}");
    }
    // The owner is the one of then, and so is the age: B is four days old on the 5th though it changed hands then.
    let owners = rows(&at("05T09:00:00", "OWNER").await);
    assert_eq!(owners, [row("Anna", 1, "500.00", "50.00"), row("Max Manager", 1, "1000.00", "100.00")]);
    let ages = at("05T09:00:00", "OWNER").await;
    assert_eq!(
        (&ages["rows"][0]["averageDaysInStage"], &ages["rows"][1]["averageDaysInStage"]),
        (&json!("4.000000"), &json!("1.000000"))
    );
    let filtered = format!(
        "pipeline(asOf: \"2026-01-04T12:00:00Z\", filter: {{ownerId: {{eq: \"{}\"}}}}) {{ {fields} }}",
        office.sellers[0]
    );
    assert_eq!(rows(&office.report(&filtered).await), [row("Prospecting", 2, "1500.00", "150.00")]);
    let future = "{ reports { pipeline(asOf: \"2026-02-01T00:00:00Z\") { total { count } } } }";
    let refused = office.server.graphql(&office.manager().await, future, json!({})).await;
    assert_eq!(refused.codes(), ["BAD_USER_INPUT"]);
}

#[tokio::test]
async fn cycles_of_deals_that_jump_return_and_reopen() {
    let office = three_deals().await;
    let cycle = office
        .report(
            "salesCycle(period: {from: \"2026-01-01\", to: \"2026-01-31\"}) {
                total { won { count } medianDays percentile90Days averageDays }
                stages { stage { name } entered { count } reached advanced conversionRate averageDays medianDays } }",
        )
        .await;
    // A: the 1st to the 10th; B: the 1st to the 11th.
    assert_eq!(
        cycle["total"],
        json!({ "won": { "count": 2 }, "medianDays": "9.5", "percentile90Days": "9.9", "averageDays": "9.5" })
    );
    let stages: Vec<Json> = cycle["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| {
            json!([
                stage["stage"]["name"],
                stage["entered"]["count"],
                stage["reached"],
                stage["advanced"],
                stage["conversionRate"],
                stage["averageDays"],
                stage["medianDays"]
            ])
        })
        .collect();
    assert_eq!(
        stages,
        [
            // A was there for 2 and for 2 days, B for 6. Both came further in the end.
            json!(["Prospecting", 2, 2, 2, "1.000000", "5.000000", "2"]),
            // Only B, for 2 days; A came past it.
            json!(["Needs Analysis", 1, 2, 2, "1.000000", "2.000000", "2"]),
            // Only A, for 1 and for 4 days; B came past it by its win.
            json!(["Negotiation/Review", 1, 2, 2, "1.000000", "5.000000", "2.5"]),
            json!(["Closed Won", 2, 2, 0, null, null, null]),
            // B, for 2 days, before it was reopened.
            json!(["Closed Lost", 1, 1, 0, null, "2.000000", "2"]),
        ]
    );
}

#[tokio::test]
async fn reopened_deals_count_as_what_they_are_now() {
    let office = three_deals().await;
    let query = "winLoss(period: {name: THIS_MONTH}, groupBy: [OWNER]) {
        rows { groups { name } won { count amount { amount } } lost { count } winRate averageWonAmount { amount } } total { winRate } }";
    let report = office.report(query).await;
    let won = |name: &str, amount: &str| {
        json!({
            "groups": [{ "name": name }], "won": { "count": 1, "amount": { "amount": amount } }, "lost": { "count": 0 },
            "winRate": "1.000000", "averageWonAmount": { "amount": amount },
        })
    };
    assert_eq!(
        report,
        json!({ "rows": [won("Anna", "500.00"), won("Max Manager", "1200.00")], "total": { "winRate": "1.000000" } })
    );
    let board = office.report("leaderboard(period: {name: THIS_MONTH}) { rows { rank groups { name } } }").await;
    assert_eq!(
        board["rows"],
        json!([{ "rank": 1, "groups": [{ "name": "Max Manager" }] }, { "rank": 2, "groups": [{ "name": "Anna" }] }])
    );
    // Two created, two of two won, 850 on average, 9.5 days: 3 x 1 x 850 / 9.5 a day, as C counts as created, too.
    let velocity = office
        .report("salesVelocity(period: {name: THIS_MONTH}) { opportunities { count } winRate averageWonAmount { amount } averageDays amountPerDay { amount } }")
        .await;
    assert_eq!(
        velocity,
        json!({
            "opportunities": { "count": 3 }, "winRate": "1.000000", "averageWonAmount": { "amount": "850.00" },
            "averageDays": "9.500000", "amountPerDay": { "amount": "268.42" },
        })
    );
}

#[tokio::test]
async fn channels_with_and_without_costs_and_rates() {
    let office = Office::on("2026-01-10").await;
    let paid = office.campaign("Paid", json!({ "cost": { "amount": "400" } })).await;
    let free = office.campaign("Free", json!({ "cost": { "amount": "0" } })).await;
    let unknown = office.campaign("Unknown", json!({})).await;
    let foreign = office.campaign("Foreign", json!({ "cost": { "amount": "100", "currency": "EUR" } })).await;
    for campaign in [&paid, &paid, &free, &unknown, &foreign] {
        let lead = office.lead(json!({ "campaignId": campaign })).await;
        let deal = office.convert(&lead).await;
        office.call("updateOpportunity", json!({ "id": deal, "amount": { "amount": "500" } }), "opportunity { id }").await;
        office.win(&deal, json!({})).await;
    }
    office.lead(json!({ "campaignId": paid })).await;
    let query = "channelReturn(period: {name: THIS_YEAR}) { rows { rank groups { name } cost { amount } leads { count }
        won { count amount { amount } } returnOnInvestment outputInputRatio costPerLead { amount } costPerWon { amount } }
        total { cost { amount } returnOnInvestment } missingRates { currency date amount { amount } } }";
    let report = office.report(query).await;
    let shown = |row: &Json| {
        json!([row["groups"][0]["name"], row["rank"], row["cost"], row["returnOnInvestment"], row["outputInputRatio"]])
    };
    let rows: Vec<Json> = report["rows"].as_array().unwrap().iter().map(shown).collect();
    assert_eq!(rows[0], json!(["Paid", 1, { "amount": "400.00" }, "1.500000", "2.500000"]));
    let mut others = rows[1..].to_vec();
    others.sort_by_key(|row| text(&row[0]));
    assert_eq!(
        others,
        [
            json!(["Foreign", null, null, null, null]),
            json!(["Free", null, { "amount": "0.00" }, null, null]),
            json!(["Unknown", null, null, null, null]),
        ]
    );
    assert_eq!(
        (&report["rows"][0]["costPerLead"]["amount"], &report["rows"][0]["costPerWon"]["amount"]),
        (&json!("133.33"), &json!("200.00"))
    );
    assert_eq!(report["missingRates"], json!([{ "currency": "EUR", "date": "2026-01-10", "amount": { "amount": "100.00" } }]));
    let rate = json!({ "currency": "EUR", "validFrom": "2026-01-01", "rate": "1.25" });
    let admin = office.server.admin().await;
    let set = "mutation($input: SetExchangeRateInput!) { setExchangeRate(input: $input) { userErrors { message } } }";
    office.server.graphql(&admin, set, json!({ "input": rate })).await.payload("setExchangeRate");
    let report = office.report(query).await;
    let foreign = report["rows"].as_array().unwrap().iter().find(|row| row["groups"][0]["name"] == "Foreign").unwrap();
    assert_eq!(shown(foreign), json!(["Foreign", 1, { "amount": "125.00" }, "3.000000", "4.000000"]));
    assert_eq!(report["missingRates"], json!([]));
}

#[tokio::test]
async fn amounts_count_at_the_rate_of_their_day() {
    let office = Office::on("2026-01-10").await;
    let admin = office.server.admin().await;
    let set = "mutation($input: SetExchangeRateInput!) { setExchangeRate(input: $input) { userErrors { message } } }";
    for (day, rate) in [("2026-01-01", "1.10"), ("2026-01-15", "1.2000000001")] {
        let input = json!({ "currency": "EUR", "validFrom": day, "rate": rate });
        office.server.graphql(&admin, set, json!({ "input": input })).await.payload("setExchangeRate");
    }
    let euros = |amount: &str| json!({ "amount": { "amount": amount, "currency": "EUR" } });
    let early = office.opportunity(euros("100")).await;
    office.win(&early, json!({})).await;
    office.opportunity(euros("0.05")).await;
    office.opportunity(json!({ "amount": { "amount": "7", "currency": "JPY" } })).await;
    office.wait(24 * 10);
    let late = office.opportunity(euros("100")).await;
    office.win(&late, json!({})).await;
    let won = office
        .report("winLoss(period: {name: THIS_YEAR}) { total { won { amount { amount } } } missingRates { currency } }")
        .await;
    // 110 and 120.00000001: rounded once.
    assert_eq!(won, json!({ "total": { "won": { "amount": { "amount": "230.00" } } }, "missingRates": [] }));
    let query = |at: &str| {
        format!(
            "pipeline{at} {{ total {{ amount {{ amount }} }} missingRates {{ currency date amount {{ amount currency }} }} }}"
        )
    };
    let missing = |day: &str| json!([{ "currency": "JPY", "date": day, "amount": { "amount": "7", "currency": "JPY" } }]);
    let now = office.report(&query("")).await;
    assert_eq!(now, json!({ "total": { "amount": { "amount": "0.06" } }, "missingRates": missing("2026-01-20") }));
    // 0.055: half to even.
    let then = office.report(&query("(asOf: \"2026-01-12T00:00:00Z\")")).await;
    assert_eq!(then, json!({ "total": { "amount": { "amount": "0.06" } }, "missingRates": missing("2026-01-12") }));
}

#[tokio::test]
async fn leap_days_count() {
    let office = Office::on("2023-02-28").await;
    let won = async |amount: &str| {
        let deal = office.opportunity(json!({ "amount": { "amount": amount }, "closeDate": "2025-12-31" })).await;
        office.win(&deal, json!({})).await;
    };
    won("1").await;
    office.wait(24 * 366);
    assert_eq!(office.now().date_naive().to_string(), "2024-02-29");
    won("2").await;
    let fields = "period { from to } total { won { count amount { amount } } }";
    let query = format!(
        "winLoss(period: {{name: TODAY}}, comparedTo: {{name: SAME_PERIOD_LAST_YEAR}}) {{ {fields} comparedTo {{ {fields} }} }}"
    );
    let figures = |day: &str, amount: &str| json!({ "period": { "from": day, "to": day }, "total": { "won": { "count": 1, "amount": { "amount": amount } } } });
    let mut expected = figures("2024-02-29", "2.00");
    expected["comparedTo"] = figures("2023-02-28", "1.00");
    assert_eq!(office.report(&query).await, expected);
    let months = office.report("winLoss(period: {name: LAST_12_MONTHS}, groupBy: [CLOSE_MONTH]) { period { from to } rows { groups { from } won { count } } }").await;
    assert_eq!(
        months,
        json!({
            "period": { "from": "2023-03-01", "to": "2024-02-29" },
            "rows": [{ "groups": [{ "from": "2024-02-01" }], "won": { "count": 1 } }],
        })
    );
    let cycle = office.report("salesCycle(period: {name: THIS_YEAR}) { total { medianDays } }").await;
    assert_eq!(cycle["total"]["medianDays"], "0");
}

#[tokio::test]
async fn days_follow_the_clock_of_the_workspace() {
    let office = Office::on("2026-03-28").await;
    // In Oslo the clock goes forward on the 29th of March at 01:00 UTC, and back on the 25th of October.
    for moment in [
        "2026-03-28T22:59:59Z",        // the 28th
        "2026-03-28T23:00:00Z",        // the 29th, which has 23 hours
        "2026-03-29T21:59:59Z",        // the 29th still
        "2026-03-29T22:00:00Z",        // the 30th
        "2026-03-31T21:59:59.999999Z", // March
        "2026-03-31T22:00:00Z",        // April
    ] {
        office.server.clock.set(moment);
        office.lead(json!({})).await;
    }
    let database = office.server.app.database().clone();
    let write = database.begin().await.unwrap();
    write.execute_unprepared("UPDATE workspace SET time_zone = 'Europe/Oslo', fiscal_year_start_month = 4").await.unwrap();
    write.commit().await.unwrap();
    let app = App::start(database, office.server.clock.clone(), SESSION_HOURS).await.unwrap();
    let reporting = Reporting::new(&app, Scope::nobody());
    let counts = async |first: &str, end: &str, by: LeadGroupBy| -> Vec<(String, i32)> {
        let period = Period { first: first.parse().unwrap(), end: end.parse().unwrap() };
        let report = funnel::report(&reporting, period, FunnelBasis::Cohort, &Default::default(), &[by]).await.unwrap();
        let rows = report.rows.into_iter();
        rows.map(|row| (row.groups[0].from.unwrap().0.to_string(), row.steps[0].count)).collect()
    };
    let days =
        |days: &[(&str, i32)]| -> Vec<(String, i32)> { days.iter().map(|(day, count)| ((*day).to_owned(), *count)).collect() };
    assert_eq!(
        counts("2026-01-01", "2027-01-01", LeadGroupBy::CreatedDay).await,
        days(&[("2026-03-28", 1), ("2026-03-29", 2), ("2026-03-30", 1), ("2026-03-31", 1), ("2026-04-01", 1)])
    );
    assert_eq!(counts("2026-03-29", "2026-03-30", LeadGroupBy::CreatedDay).await, days(&[("2026-03-29", 2)]));
    let quarters = days(&[("2026-01-01", 5), ("2026-04-01", 1)]);
    assert_eq!(counts("2026-01-01", "2027-01-01", LeadGroupBy::CreatedQuarter).await, quarters);
    let years = days(&[("2025-04-01", 5), ("2026-04-01", 1)]);
    assert_eq!(counts("2025-01-01", "2027-01-01", LeadGroupBy::CreatedYear).await, years);
}

#[tokio::test]
async fn any_list_is_aggregated() {
    let office = three_deals().await;
    let fields = "rows { groups { name } count numbers { of currency count sum average minimum maximum } }";
    let query = format!("{{ opportunitiesAggregate(groupBy: [IS], of: [AMOUNT, PROBABILITY, CYCLE_DAYS]) {{ {fields} }} }}");
    let answer = office.ask(&query.replace("IS", "FORECAST_CATEGORY"), json!({})).await;
    let closed =
        answer["opportunitiesAggregate"]["rows"].as_array().unwrap().iter().find(|row| row["groups"][0]["name"] == "CLOSED");
    let number = |of: &str, currency: Json, sum: &str, average: &str, minimum: &str, maximum: &str| {
        json!({
            "of": of, "currency": currency, "count": 2, "sum": sum, "average": average, "minimum": minimum, "maximum": maximum,
        })
    };
    assert_eq!(
        closed.unwrap(),
        &json!({
            "groups": [{ "name": "CLOSED" }], "count": 2,
            "numbers": [
                number("AMOUNT", json!("USD"), "1700.00", "850.000000", "500.00", "1200.00"),
                number("PROBABILITY", Json::Null, "200", "100.000000", "100", "100"),
                number("CYCLE_DAYS", Json::Null, "19", "9.500000", "9", "10"),
            ],
        })
    );
    let accounts =
        office.ask(&format!("{{ accountsAggregate(groupBy: [INDUSTRY], of: [EMPLOYEES]) {{ {fields} }} }}"), json!({})).await;
    let none =
        json!({ "of": "EMPLOYEES", "currency": null, "count": 0, "sum": "0", "average": null, "minimum": null, "maximum": null });
    assert_eq!(
        accounts["accountsAggregate"]["rows"],
        json!([{ "groups": [{ "name": "retail" }], "count": 1, "numbers": [none] }])
    );
    office
        .ask("{ leadsAggregate(groupBy: [CREATED_WEEK], of: [AGE_DAYS, UNTOUCHED_DAYS]) { total { count } } }", json!({}))
        .await;
    office.ask("{ activitiesAggregate(groupBy: [COMPLETED_DAY], of: [DURATION_MINUTES]) { total { count } } }", json!({})).await;
    office.ask("{ contactsAggregate(groupBy: [ACCOUNT, CREATED_QUARTER]) { total { count } } }", json!({})).await;
    let filter = json!({ "asOf": { "at": "2026-01-03T12:00:00Z", "is": { "amount": { "gte": "1000" } } } });
    let past = "query($filter: OpportunityFilter) { opportunitiesAggregate(filter: $filter) { total { count } } }";
    assert_eq!(office.ask(past, json!({ "filter": filter })).await["opportunitiesAggregate"]["total"]["count"], 1);
}

#[tokio::test]
async fn reports_can_be_had_as_files() {
    let office = three_deals().await;
    let get = async |path: &str, signed_in: bool| {
        let mut request = office.server.client.get(office.server.url(path));
        if signed_in {
            request = request.bearer_auth(office.manager().await.token);
        }
        crate::harness::answer_of(request).await
    };
    let csv = get("/reports/pipeline.csv", true).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let mut lines = csv.text.lines();
    assert_eq!(
        lines.next().unwrap(),
        "\u{feff}STAGE,count,amount,amount currency,weightedAmount,weightedAmount currency,averageDaysInStage"
    );
    assert_eq!(lines.next().unwrap(), "Prospecting,1,300.00,USD,30.00,USD,10.000000");
    let past = get("/reports/pipeline.csv?asOf=2026-01-03T12:00:00Z&groupBy=OWNER", true).await;
    assert!(past.text.contains("Max Manager,3,1800.00,USD"), "{}", past.text);
    for name in ["pipeline", "forecast", "funnel", "win-rate"] {
        let svg = get(&format!("/reports/{name}.svg?from=2026-01-01&to=2026-12-31"), true).await;
        assert_eq!(svg.header("content-type"), "image/svg+xml; charset=utf-8", "{}", svg.text);
        assert!(svg.text.starts_with("<svg") && svg.text.ends_with("</svg>\n"), "{}", svg.text);
        if let Some(folder) = std::env::var_os("LEADGRAPH_TEST_PICTURES") {
            std::fs::write(std::path::Path::new(&folder).join(format!("{name}.svg")), svg.text).unwrap();
        }
    }
    for name in ["forecast", "funnel", "win-rate", "win-loss", "conversion", "channel-return", "leaderboard", "activity"] {
        let csv = get(&format!("/reports/{name}.csv?period=THIS_YEAR"), true).await;
        assert_eq!(csv.status.as_u16(), 200, "{name}: {}", csv.text);
    }
    for (path, signed_in, status) in [
        ("/reports/pipeline.csv", false, 401),
        ("/reports/nothing.csv", true, 404),
        ("/reports/leaderboard.svg", true, 404),
        ("/reports/forecast.csv?period=SOMETIME", true, 400),
        ("/reports/pipeline.csv?groupBy=COLOUR", true, 400),
    ] {
        assert_eq!(get(path, signed_in).await.status.as_u16(), status, "{path}");
    }
}
