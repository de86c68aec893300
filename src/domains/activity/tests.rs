use chrono::TimeDelta;
use entity::Role;
use serde_json::{Value as Json, json};

use crate::auth::Actor;
use crate::graphql::testing::Testing;

const CREATE: &str = "mutation($input: CreateActivityInput!) { createActivity(input: $input) {
    activity { id version kind subject completedAt owner { name } about { __typename ... on Lead { id } }
        history { nodes { action fields { field after } } } }
    userErrors { code field message details } } }";
const LEAD: &str = "query($id: ID!) { lead(id: $id) { version status lastActivityAt history { nodes { action by { name } } }
    activities { totalCount nodes { subject about { __typename } } } } }";

async fn lead(testing: &Testing, caller: &Actor, name: &str) -> String {
    let query = "mutation($input: CreateLeadInput!) { createLead(input: $input) { lead { id } userErrors { message } } }";
    let made = testing.data(caller, query, json!({ "input": { "lastName": name } })).await;
    made["createLead"]["lead"]["id"].as_str().unwrap().to_owned()
}

async fn create(testing: &Testing, caller: &Actor, input: Json) -> Json {
    testing.data(caller, CREATE, json!({ "input": input })).await["createActivity"].take()
}

async fn act(testing: &Testing, caller: &Actor, mutation: &str, input: Json) -> Json {
    let kind = match mutation {
        "completeActivity" => "CompleteActivityInput",
        "updateActivity" => "UpdateActivityInput",
        "restoreActivity" => "RestoreInput",
        _ => "DeleteInput",
    };
    let what = if mutation == "deleteActivity" { "deletedId" } else { "activity { completedAt }" };
    let query =
        format!("mutation($input: {kind}!) {{ done: {mutation}(input: $input) {{ {what} userErrors {{ code field }} }} }}");
    testing.ask(Some(caller), &query, json!({ "input": input })).await
}

#[tokio::test]
async fn a_lead_follows_what_is_done_about_it() {
    let testing = Testing::start().await;
    let rep = testing.user("rep@example.com", Role::Rep).await;
    let other = testing.user("other@example.com", Role::Rep).await;
    let lead = lead(&testing, &rep, "Berg").await;
    let of_lead = || async { testing.data(&rep, LEAD, json!({ "id": lead })).await["lead"].take() };

    // Inbound, and only planned: nothing moves.
    create(&testing, &rep, json!({ "kind": "CALL", "subject": "In", "direction": "INBOUND", "completedAt": "2026-03-01T08:00:00Z", "aboutIds": [lead] })).await;
    let planned = create(&testing, &rep, json!({ "kind": "CALL", "subject": "Out", "direction": "OUTBOUND", "dueAt": "2026-03-05T08:00:00Z", "aboutIds": [lead, lead] })).await;
    let planned = &planned["activity"];
    assert_eq!(planned["about"], json!([{ "__typename": "Lead", "id": lead }]));
    assert_eq!(planned["owner"]["name"], "rep");
    let fields = planned["history"]["nodes"][0]["fields"].as_array().unwrap();
    assert!(fields.contains(&json!({ "field": "about", "after": [lead] })), "{fields:?}");
    let now = of_lead().await;
    assert_eq!((&now["status"], &now["version"]), (&json!("OPEN_NOT_CONTACTED"), &json!(1)));
    assert_eq!(now["lastActivityAt"], "2026-03-01T08:00:00.000Z");

    // Not the other one's to complete.
    let refused = act(&testing, &other, "completeActivity", json!({ "id": planned["id"] })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let future =
        act(&testing, &rep, "completeActivity", json!({ "id": planned["id"], "completedAt": "2026-03-03T00:00:00Z" })).await;
    assert_eq!(future["data"]["done"]["userErrors"][0]["code"], "OUT_OF_RANGE");
    let done = act(&testing, &rep, "completeActivity", json!({ "id": planned["id"], "expectedVersion": 1 })).await;
    assert_eq!(done["data"]["done"]["activity"]["completedAt"], "2026-03-02T09:30:00.000Z", "{done}");
    let again = act(&testing, &rep, "completeActivity", json!({ "id": planned["id"] })).await;
    assert_eq!(again["data"]["done"]["userErrors"][0]["code"], "ILLEGAL_TRANSITION");
    let now = of_lead().await;
    assert_eq!((&now["status"], &now["version"]), (&json!("WORKING_CONTACTED"), &json!(2)));
    assert_eq!(now["history"]["nodes"][0], json!({ "action": "status_changed", "by": { "name": "rep" } }));
    assert_eq!(now["lastActivityAt"], "2026-03-02T09:30:00.000Z");
    assert_eq!(now["activities"]["totalCount"], 2);

    // Deleting takes the moment back, restoring brings it again.
    act(&testing, &rep, "deleteActivity", json!({ "id": planned["id"] })).await;
    assert_eq!(of_lead().await["lastActivityAt"], "2026-03-01T08:00:00.000Z");
    act(&testing, &rep, "restoreActivity", json!({ "id": planned["id"] })).await;
    let now = of_lead().await;
    assert_eq!((&now["lastActivityAt"], &now["version"]), (&json!("2026-03-02T09:30:00.000Z"), &json!(2)));
}

#[tokio::test]
async fn every_problem_is_told_at_once() {
    let testing = Testing::start().await;
    let rep = testing.user("rep@example.com", Role::Rep).await;
    let missing = "lead_00000000000000000000000001";
    let answer = create(
        &testing,
        &rep,
        json!({ "kind": "TASK", "subject": " ", "durationMinutes": -1, "completedAt": "2027-01-01T00:00:00Z",
            "aboutIds": [missing, rep.id().to_string()] }),
    )
    .await;
    assert_eq!(answer["activity"], Json::Null);
    let told: Vec<(&str, String)> = answer["userErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| {
            let path: Vec<&str> = problem["field"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
            (problem["code"].as_str().unwrap(), path.join("."))
        })
        .collect();
    for expected in [
        ("REQUIRED", "input.subject"),
        ("OUT_OF_RANGE", "input.durationMinutes"),
        ("OUT_OF_RANGE", "input.completedAt"),
        ("NOT_FOUND", "input.aboutIds.0"),
        ("INVALID", "input.aboutIds.1"),
    ] {
        assert!(told.contains(&(expected.0, expected.1.to_owned())), "{expected:?} in {told:?}");
    }
    let none = create(&testing, &rep, json!({ "kind": "TASK", "subject": "a", "aboutIds": [] })).await;
    assert_eq!(none["userErrors"][0]["code"], "REQUIRED");
}

#[tokio::test]
async fn due_first_then_newest_and_the_same_call_once() {
    let testing = Testing::start().await;
    let rep = testing.user("rep@example.com", Role::Rep).await;
    let lead = lead(&testing, &rep, "Berg").await;
    for (subject, due, done) in [
        ("late", Some("2026-03-09T00:00:00Z"), None),
        ("note", None, None),
        ("soon", Some("2026-03-03T00:00:00Z"), None),
        ("done", Some("2026-03-01T00:00:00Z"), Some("2026-03-01T00:00:00Z")),
    ] {
        testing.clock.advance(TimeDelta::minutes(1));
        let input = json!({ "kind": "TASK", "subject": subject, "dueAt": due, "completedAt": done, "aboutIds": [lead], "idempotencyKey": subject });
        let first = create(&testing, &rep, input.clone()).await;
        let second = create(&testing, &rep, input).await;
        assert_eq!(first["activity"]["id"], second["activity"]["id"]);
    }
    let page = "query($first: Int, $after: String, $filter: ActivityFilter) { activities(first: $first, after: $after, filter: $filter) {
        totalCount nodes { subject } pageInfo { hasNextPage hasPreviousPage endCursor } } }";
    let subjects = |page: &Json| {
        page["activities"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| node["subject"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let one = testing.data(&rep, page, json!({ "first": 3 })).await;
    assert_eq!(subjects(&one), ["soon", "late", "done"]);
    assert_eq!(one["activities"]["pageInfo"]["hasNextPage"], true);
    let two = testing.data(&rep, page, json!({ "first": 3, "after": one["activities"]["pageInfo"]["endCursor"] })).await;
    assert_eq!(subjects(&two), ["note"]);
    assert_eq!(two["activities"]["pageInfo"]["hasPreviousPage"], true);
    let open =
        testing.data(&rep, page, json!({ "filter": { "completed": false, "not": { "dueAt": { "isNull": true } } } })).await;
    assert_eq!((subjects(&open), &open["activities"]["totalCount"]), (vec!["soon".to_owned(), "late".to_owned()], &json!(2)));
}

#[tokio::test]
async fn the_deepest_query_fits_on_the_stack() {
    let testing = Testing::start().await;
    let rep = testing.user("rep@example.com", Role::Rep).await;
    let lead = lead(&testing, &rep, "Berg").await;
    create(&testing, &rep, json!({ "kind": "NOTE", "subject": "a", "aboutIds": [lead] })).await;
    let mut fields = "name".to_owned();
    for _ in 0..4 {
        fields = format!("activities(first: 1) {{ nodes {{ about {{ ... on Lead {{ {fields} }} }} }} }}");
    }
    let data = testing.data(&rep, &format!("{{ leads(first: 1) {{ nodes {{ {fields} }} }} }}"), json!({})).await;
    assert!(data.to_string().contains("Berg"), "{data}");
}
