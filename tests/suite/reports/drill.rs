//! Every figure leads to its records: the list with the figure's filter has as many.

use serde_json::{Value as Json, json};

use super::Office;

/// Reports, and the list that the filters of the whole row are for.
const REPORTS: &[(&str, &str)] = &[
    ("pipeline(groupBy: [STAGE, TEAM]) { rows { count filter } total { count filter } }", "opportunities"),
    ("pipeline(asOf: \"2026-01-15T00:00:00Z\", groupBy: [OWNER]) { rows { count deletedSince filter } }", "opportunities"),
    (
        "winLoss(period: {name: ALL_TIME}, groupBy: [CLOSE_QUARTER, COMPETITOR]) { rows { won { count filter } lost { count filter } } }",
        "opportunities",
    ),
    (
        "winLoss(period: {name: LAST_12_MONTHS}, groupBy: [INDUSTRY, SOURCE, CLOSE_REASON, CURRENCY, CREATED_MONTH]) {
            rows { won { count filter } lost { count filter } } }",
        "opportunities",
    ),
    (
        "forecast(period: {from: \"2025-10-01\", to: \"2026-09-30\"}, groupBy: [OWNER]) {
            rows { closed { count filter } commit { count filter } bestCase { count filter } pipeline { count filter } } }",
        "opportunities",
    ),
    (
        "salesCycle(period: {name: ALL_TIME}, groupBy: [TEAM]) { rows { won { count filter } } stages { entered { count filter } } }",
        "opportunities",
    ),
    ("leaderboard(period: {name: ALL_TIME}) { rows { won { count filter } lost { count filter } } }", "opportunities"),
    (
        "leadFunnel(period: {from: \"2025-11-01\", to: \"2026-01-31\"}, groupBy: [SOURCE, TEAM]) { rows { steps { count filter } } }",
        "leads",
    ),
    (
        "leadFunnel(basis: EVENT, period: {from: \"2025-12-01\", to: \"2026-01-31\"}, groupBy: [CREATED_MONTH]) {
            rows { steps { count filter } } total { steps { count filter } } }",
        "leads",
    ),
    (
        "conversion(period: {name: ALL_TIME}, groupBy: [SOURCE, CAMPAIGN]) {
            rows { leads { count filter } qualified { count filter } converted { count filter } } }",
        "leads",
    ),
    ("conversion(period: {name: ALL_TIME}, groupBy: [OWNER, STATUS]) { rows { won { count filter } } }", "opportunities"),
    ("channelReturn(period: {name: ALL_TIME}) { rows { leads { count filter } } }", "leads"),
    ("channelReturn(period: {name: ALL_TIME}, by: SOURCE) { rows { won { count filter } } }", "opportunities"),
    (
        "activity(period: {name: ALL_TIME}, groupBy: [OWNER, KIND, OUTCOME, DIRECTION, COMPLETED_WEEK]) {
            rows { all { count filter } calls { count filter } } }",
        "activities",
    ),
    ("untouchedLeads(days: 3, groupBy: [TEAM, COUNTRY, RATING]) { rows { waiting { count filter } } }", "leads"),
    ("overdueFollowUps(groupBy: [OWNER, TEAM]) { rows { waiting { count filter } } }", "activities"),
    ("salesVelocity(period: {name: ALL_TIME}) { opportunities { count filter } won { count filter } }", "opportunities"),
];

/// Follows the filters of all figures.
pub async fn check(office: &Office) {
    for (report, list) in REPORTS {
        let answer = office.report(report).await;
        let mut figures = Vec::new();
        collect(&answer, &mut figures);
        assert!(!figures.is_empty(), "{report} has no figures: {answer}");
        let kind = match *list {
            "leads" => "LeadFilter",
            "activities" => "ActivityFilter",
            _ => "OpportunityFilter",
        };
        let query = format!("query($filter: {kind}) {{ list: {list}(filter: $filter) {{ totalCount }} }}");
        for (count, filter) in figures {
            let found = office.ask(&query, json!({ "filter": filter })).await;
            assert_eq!(found["list"]["totalCount"], count, "{report}: {filter}");
        }
    }
}

fn collect(value: &Json, figures: &mut Vec<(i64, Json)>) {
    match value {
        Json::Object(fields) => {
            if let (Some(count), Some(filter)) = (fields.get("count").and_then(Json::as_i64), fields.get("filter")) {
                let gone = fields.get("deletedSince").and_then(Json::as_i64).unwrap_or_default();
                figures.push((count - gone, filter.clone()));
            }
            fields.values().for_each(|value| collect(value, figures));
        }
        Json::Array(values) => values.iter().for_each(|value| collect(value, figures)),
        _ => {}
    }
}
