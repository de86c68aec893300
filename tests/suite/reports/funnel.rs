//! The lead funnel, with figures worked out by hand.

use serde_json::{Value as Json, json};

use super::Office;

#[tokio::test]
async fn leads_that_skip_steps_come_back_and_win() {
    let office = Office::on("2026-01-10").await;
    // One skips working and is converted at once; its deal is won, then reopened and lost.
    let first = office.lead(json!({})).await;
    let deal = office.convert(&first).await;
    office.win(&deal, json!({})).await;
    // One is worked on, closed and reopened.
    let second = office.lead(json!({})).await;
    office.status(&second, "WORKING_CONTACTED").await;
    office.status(&second, "CLOSED_NOT_CONVERTED").await;
    // One is only qualified; one does nothing; one is deleted.
    let third = office.lead(json!({})).await;
    office.status(&third, "QUALIFIED").await;
    office.lead(json!({})).await;
    let gone = office.lead(json!({})).await;
    office.call("deleteLead", json!({ "id": gone }), "deletedId").await;
    office.wait(24 * 30);
    office.reopen(&deal, "Prospecting").await;
    office.lose(&deal, json!({})).await;
    office.call("reopenLead", json!({ "id": second }), "lead { id }").await;
    let steps = async |arguments: &str| -> Vec<Json> {
        let query = format!("leadFunnel({arguments}) {{ total {{ steps {{ step count entered rate overallRate }} }} }}");
        let report = office.report(&query).await;
        let steps = report["total"]["steps"].as_array().unwrap().iter();
        steps.map(|step| json!([step["step"], step["count"], step["entered"], step["rate"], step["overallRate"]])).collect()
    };
    assert_eq!(
        steps("period: {from: \"2026-01-01\", to: \"2026-01-31\"}").await,
        [
            json!(["CREATED", 4, 4, null, "1.000000"]),
            json!(["WORKING", 3, 1, "0.750000", "0.750000"]),
            json!(["QUALIFIED", 2, 1, "0.666667", "0.500000"]),
            json!(["CONVERTED", 1, 1, "0.500000", "0.250000"]),
            json!(["WON", 1, 1, "1.000000", "0.250000"]),
        ]
    );
    // In February only the reopened one moved: to working, again.
    assert_eq!(
        steps("basis: EVENT, period: {from: \"2026-02-01\", to: \"2026-02-28\"}").await,
        [
            json!(["CREATED", 0, 0, null, null]),
            json!(["WORKING", 1, 1, null, null]),
            json!(["QUALIFIED", 0, 0, "0.000000", null]),
            json!(["CONVERTED", 0, 0, null, null]),
            json!(["WON", 0, 0, null, null]),
        ]
    );
    // Nobody came in in March.
    let empty = steps("period: {from: \"2026-03-01\", to: \"2026-03-31\"}").await;
    assert_eq!(empty[1], json!(["WORKING", 0, 0, null, null]));
    let velocity = office.report("leadVelocity(period: {from: \"2026-01-01\", to: \"2026-02-28\"}) { qualified growth }").await;
    assert_eq!(velocity, json!([{ "qualified": 2, "growth": null }, { "qualified": 0, "growth": "-1.000000" }]));
    // Then the second is qualified for the first time, although it was worked on before February, and the third once more.
    office.status(&second, "QUALIFIED").await;
    office.status(&third, "WORKING_CONTACTED").await;
    office.status(&third, "QUALIFIED").await;
    let velocity = office.report("leadVelocity(period: {from: \"2026-02-01\", to: \"2026-02-28\"}) { qualified growth }").await;
    assert_eq!(velocity, json!([{ "qualified": 1, "growth": "-0.500000" }]));
}

#[tokio::test]
async fn a_lead_joins_what_was_won_before_it_came() {
    let office = Office::on("2026-01-10").await;
    let deals = [office.opportunity(json!({})).await, office.opportunity(json!({})).await];
    for deal in &deals {
        office.win(deal, json!({})).await;
    }
    office.wait(24 * 60);
    for deal in &deals {
        office.reopen(deal, "Prospecting").await;
        let opportunity = json!({ "id": deal });
        let lead = office.lead(json!({})).await;
        let input = json!({ "leadId": lead, "accountId": office.account, "allowDuplicates": true, "opportunity": opportunity });
        office.call("convertLead", input, "opportunity { id }").await;
    }
    // One is lost, the other goes on.
    office.lose(&deals[0], json!({})).await;
    let query = "leadFunnel(period: {name: THIS_MONTH}) { total { steps { count filter } } }";
    let steps = office.report(query).await["total"]["steps"].clone();
    let counts: Vec<i64> = steps.as_array().unwrap().iter().map(|step| step["count"].as_i64().unwrap()).collect();
    assert_eq!(counts, [2, 2, 2, 2, 2]);
    let filter = json!({ "filter": steps[4]["filter"] });
    let leads = office.ask("query ($filter: LeadFilter) { leads(filter: $filter) { totalCount } }", filter).await;
    assert_eq!(leads["leads"]["totalCount"], 2);
    // An event is one of its own time: in March nothing was won.
    let events = office.report("leadFunnel(basis: EVENT, period: {name: THIS_MONTH}) { total { steps { count } } }").await;
    assert_eq!(events["total"]["steps"][4]["count"], 0);
}
