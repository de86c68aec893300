//! What is to be done, what an activity is about, and the story of a record.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Person, TestServer};

const DONE: &str = "2026-03-01T10:00:00.000Z";

async fn log(server: &TestServer, person: &Person, about: &[&str], more: Value) -> String {
    let input = json!({ "kind": "CALL", "subject": "Call", "aboutIds": about });
    server.call(person, "createActivity", crate::leads::creating::merged(&input, more)).await.id()
}

/// What an activity is about, by the kind of record.
async fn about(server: &TestServer, person: &Person, id: &str) -> Vec<String> {
    let query =
        "query($id: ID!) { activity(id: $id) { about { ... on Lead { id } ... on Account { id } ... on Contact { id } } } }";
    let answer = server.graphql(person, query, json!({ "id": id })).await;
    answer.data("/activity/about").as_array().unwrap().iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect()
}

/// The story of a record: each entry's kind, and the subject of an activity.
async fn story(server: &TestServer, person: &Person, record: &str, arguments: &str) -> Vec<String> {
    let kind = record.split('_').next().unwrap();
    let query = format!(
        "query($id: ID!) {{ {kind}(id: $id) {{ timeline(first: 200{arguments}) {{ totalCount nodes {{ id at kind
            ... on TimelineActivity {{ activity {{ subject }} }}
            ... on TimelineChange {{ change {{ action }} record {{ __typename }} }} }} }} }} }}"
    );
    let answer = server.graphql(person, &query, json!({ "id": record })).await;
    let entries = answer.data(&format!("/{kind}/timeline/nodes")).as_array().unwrap();
    assert_eq!(*answer.data(&format!("/{kind}/timeline/totalCount")), json!(entries.len()));
    assert!(entries.is_sorted_by_key(|entry| std::cmp::Reverse(entry["at"].as_str().unwrap().to_owned())), "{entries:?}");
    let text = |entry: &Value| match entry["activity"]["subject"].as_str() {
        Some(subject) => format!("ACTIVITY {subject}"),
        None => format!("{} {}", entry["kind"].as_str().unwrap(), entry["record"]["__typename"].as_str().unwrap_or("-")),
    };
    entries.iter().map(text).collect()
}

#[tokio::test]
async fn subjects_come_and_go() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let account = server.call(&rep, "createAccount", json!({ "name": "Acme" })).await.id();
    let lead = server.new_lead(&rep, json!({ "company": "New" })).await;
    let converted = server.lead_in(&rep, "CLOSED_CONVERTED").await;
    let call = log(&server, &rep, &[&account], json!({ "direction": "OUTBOUND", "completedAt": DONE })).await;

    server.call(&rep, "addActivitySubjects", json!({ "id": call, "aboutIds": [lead, account] })).await.done();
    let mut both = vec![account.clone(), lead.clone()];
    both.sort();
    let mut seen = about(&server, &rep, &call).await;
    seen.sort();
    assert_eq!(seen, both);
    let contacted = server.lead(&rep, &lead).await;
    assert_eq!((&contacted["status"], &contacted["lastActivityAt"]), (&json!("WORKING_CONTACTED"), &json!(DONE)));

    let version = server.call(&rep, "addActivitySubjects", json!({ "id": call, "aboutIds": [account] })).await;
    assert_eq!(version.done()["activity"]["version"], 2, "nothing new changes nothing");
    for (mutation, ids, expected) in [
        ("addActivitySubjects", json!([converted]), "ALREADY_CONVERTED input.aboutIds.0"),
        ("addActivitySubjects", json!([server.nothing::<entity::account::Entity>()]), "NOT_FOUND input.aboutIds.0"),
        ("addActivitySubjects", json!([]), "REQUIRED input.aboutIds"),
        ("removeActivitySubjects", json!([account, lead]), "REQUIRED input.aboutIds"),
        ("removeActivitySubjects", json!([converted]), "NOT_FOUND input.aboutIds.0"),
    ] {
        let refused = server.call(&rep, mutation, json!({ "id": call, "aboutIds": ids })).await;
        assert_eq!(refused.refusals()[0], expected, "{mutation} {ids}");
    }
    let many: Vec<String> = futures_names(&server, &rep, 49).await;
    let refused = server.call(&rep, "addActivitySubjects", json!({ "id": call, "aboutIds": many })).await;
    assert_eq!(refused.refusals(), ["OUT_OF_RANGE input.aboutIds"]);

    server.call(&rep, "removeActivitySubjects", json!({ "id": call, "aboutIds": [lead] })).await.done();
    assert_eq!(about(&server, &rep, &call).await, std::slice::from_ref(&account));
    assert_eq!(server.lead(&rep, &lead).await["lastActivityAt"], Value::Null, "nothing was done about it any more");
    let query = "query($id: ID!) { activity(id: $id) { history(first: 1) { nodes { action fields { field before after } } } } }";
    let entry = server.graphql(&rep, query, json!({ "id": call })).await;
    let entry = entry.data("/activity/history/nodes/0");
    assert_eq!(entry["action"], "subjects_changed");
    assert_eq!(entry["fields"][0]["after"], json!([account]));
}

async fn futures_names(server: &TestServer, person: &Person, number: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for place in 0..number {
        ids.push(server.call(person, "createAccount", json!({ "name": format!("Other {place}") })).await.id());
    }
    ids
}

#[tokio::test]
async fn an_activity_can_be_opened_again() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let lead = server.new_lead(&rep, json!({ "company": "New" })).await;
    let call = log(&server, &rep, &[&lead], json!({ "direction": "OUTBOUND", "completedAt": DONE })).await;
    let reopened = server.call(&rep, "reopenActivity", json!({ "id": call })).await;
    assert_eq!(reopened.done()["activity"]["completedAt"], Value::Null);
    let after = server.lead(&rep, &lead).await;
    assert_eq!((&after["status"], &after["lastActivityAt"]), (&json!("WORKING_CONTACTED"), &Value::Null), "the move stays");
    assert_eq!(server.call(&rep, "reopenActivity", json!({ "id": call })).await.refusals(), ["ILLEGAL_TRANSITION"]);
    server.call(&rep, "completeActivity", json!({ "id": call })).await.done();
}

#[tokio::test]
async fn tasks_are_due_by_the_workspaces_day() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let (rep, other) = (server.rep().await, server.rep().await);
    let team = server.graphql(
        &admin,
        "mutation($input: CreateTeamInput!) { createTeam(input: $input) { team { id } userErrors { code } } }",
        json!({ "input": { "name": "North" } }),
    );
    let team = team.await.text_at("/createTeam/team/id");
    let join = "mutation($input: UpdateUserInput!) { updateUser(input: $input) { user { id } userErrors { code } } }";
    let input = json!({ "input": { "id": other.id.to_string(), "teamId": team } });
    server.graphql(&admin, join, input).await.payload("updateUser");
    let account = server.call(&rep, "createAccount", json!({ "name": "Acme" })).await.id();
    // It is 9:00 on 2 March.
    for (person, subject, kind, due, done) in [
        (&rep, "yesterday", "TASK", json!("2026-03-01T12:00:00Z"), false),
        (&rep, "early today", "CALL", json!("2026-03-02T08:00:00Z"), false),
        (&rep, "late today", "TASK", json!("2026-03-02T23:59:59Z"), false),
        (&rep, "tomorrow", "MEETING", json!("2026-03-03T00:00:00Z"), false),
        (&rep, "some day", "TASK", Value::Null, false),
        (&rep, "a note", "NOTE", json!("2026-03-01T12:00:00Z"), false),
        (&rep, "done", "TASK", json!("2026-03-01T12:00:00Z"), true),
        (&other, "another's", "EMAIL", json!("2026-02-01T12:00:00Z"), false),
    ] {
        let completed = if done { json!(DONE) } else { Value::Null };
        let more = json!({ "kind": kind, "subject": subject, "dueAt": due, "completedAt": completed });
        log(&server, person, &[&account], more).await;
    }
    let read = async |person: &Person, field: &str| -> Vec<String> {
        let answer = server.graphql(person, &format!("{{ list: {field} {{ nodes {{ subject }} }} }}"), json!({})).await;
        let nodes = answer.data("/list/nodes").as_array().unwrap();
        nodes.iter().map(|node| node["subject"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(read(&rep, "myTasks").await, ["yesterday", "early today", "late today", "tomorrow", "some day"]);
    assert_eq!(read(&rep, "myTasks(due: OVERDUE)").await, ["yesterday", "early today"]);
    assert_eq!(read(&rep, "myTasks(due: TODAY)").await, ["early today", "late today"]);
    assert_eq!(read(&rep, "myTasks(due: UPCOMING)").await, ["tomorrow"]);
    assert_eq!(read(&rep, "myTasks(due: ANYTIME)").await, ["some day"]);
    assert_eq!(read(&rep, "myTasks(filter: {kind: CALL})").await, ["early today"]);
    assert_eq!(read(&admin, "overdueFollowUps").await, ["another's", "yesterday", "early today"]);
    let of_rep = format!("overdueFollowUps(filter: {{ownerId: {{eq: \"{}\"}}}})", rep.id);
    assert_eq!(read(&admin, &of_rep).await, ["yesterday", "early today"]);
    let of_team = format!("overdueFollowUps(filter: {{ownerTeamId: {{eq: \"{team}\"}}}})");
    assert_eq!(read(&admin, &of_team).await, ["another's"]);
    server.clock.advance(TimeDelta::hours(16));
    assert_eq!(read(&rep, "myTasks(due: OVERDUE)").await, ["yesterday", "early today", "late today", "tomorrow"]);
}

#[tokio::test]
async fn a_story_goes_on_after_the_conversion() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let step = || server.clock.advance(TimeDelta::seconds(1));
    let lead = server.new_lead(&rep, json!({ "lastName": "One", "company": "Acme" })).await;
    step();
    log(&server, &rep, &[&lead], json!({ "subject": "First call", "kind": "NOTE" })).await;
    step();
    server.call(&rep, "recordBuyingSignal", json!({ "id": lead, "kind": "MEETING_AGREED" })).await.done();
    step();
    server.call(&rep, "qualifyLead", crate::leads::qualified(&lead)).await.done();
    step();
    let before = ["QUALIFIED Lead", "BUYING_SIGNAL Lead", "ACTIVITY First call", "CREATED Lead"];
    assert_eq!(story(&server, &rep, &lead, "").await, before);
    let converted = server.call(&rep, "convertLead", json!({ "leadId": lead })).await;
    let became = |kind: &str| converted.done()[kind]["id"].as_str().unwrap().to_owned();
    let (account, contact, opportunity) = (became("account"), became("contact"), became("opportunity"));
    step();
    log(&server, &rep, &[&account, &contact], json!({ "subject": "Kick-off", "kind": "NOTE" })).await;
    step();
    let open = "{ pipelines { stages { id name } } }";
    let stages = server.graphql(&rep, open, json!({})).await;
    let stage = stages.data("/pipelines/0/stages/2/id").clone();
    server.call(&rep, "moveOpportunity", json!({ "id": opportunity, "stageId": stage })).await.done();

    assert_eq!(story(&server, &rep, &lead, "").await[1..], before);
    let mut of_contact = story(&server, &rep, &contact, "").await;
    assert_eq!(of_contact.remove(0), "ACTIVITY Kick-off");
    assert_eq!(of_contact.split_off(of_contact.len() - 4), before);
    of_contact.sort();
    assert_eq!(of_contact, ["CONVERTED Lead", "CREATED Contact"]);
    let of_opportunity = story(&server, &rep, &opportunity, "").await;
    assert_eq!(of_opportunity[0], "STAGE_CHANGED Opportunity");
    assert_eq!(of_opportunity.len(), 7, "{of_opportunity:?}");

    let whole = story(&server, &rep, &account, "").await;
    assert_eq!(whole[..2], ["STAGE_CHANGED Opportunity", "ACTIVITY Kick-off"]);
    assert_eq!(whole[5 + 1..], before, "{whole:?}");
    assert_eq!(whole.len(), 10, "what is about several stands in it once: {whole:?}");
    let alone = story(&server, &rep, &account, ", includeRelated: false").await;
    assert_eq!(alone.len(), 7, "{alone:?}");
    assert!(!alone.contains(&"STAGE_CHANGED Opportunity".to_owned()));
    let some = story(&server, &rep, &account, ", kinds: [QUALIFIED, BUYING_SIGNAL, STAGE_CHANGED]").await;
    assert_eq!(some, ["STAGE_CHANGED Opportunity", "QUALIFIED Lead", "BUYING_SIGNAL Lead"]);
    assert_eq!(story(&server, &rep, &account, ", kinds: [OTHER]").await, [""; 0]);

    let of_account = "query($id: ID!) { account(id: $id) { activities(first: 1) { nodes { id } } } }";
    let answer = server.graphql(&rep, of_account, json!({ "id": account })).await;
    server.call(&rep, "deleteActivity", json!({ "id": answer.text_at("/account/activities/nodes/0/id") })).await.done();
    assert_eq!(story(&server, &rep, &account, "").await.len(), 9, "what was deleted is not told");
}

/// The ids of a list of activities.
async fn ids(server: &TestServer, person: &Person, list: &str) -> Vec<String> {
    let (field, end) = if list.is_empty() { (String::new(), "") } else { (format!("{}(id: \"{list}\") {{", kind(list)), "}") };
    let answer =
        server.graphql(person, &format!("{{ {field} activities(first: 200) {{ nodes {{ id }} }} {end} }}"), json!({})).await;
    let path = if list.is_empty() { String::new() } else { format!("/{}", kind(list)) };
    let nodes = answer.data(&format!("{path}/activities/nodes")).as_array().unwrap();
    nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

fn kind(id: &str) -> &str {
    id.split('_').next().unwrap()
}

#[tokio::test]
async fn an_activity_has_the_same_place_in_every_list() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let account = server.call(&rep, "createAccount", json!({ "name": "Acme" })).await.id();
    let lead = server.new_lead(&rep, json!({ "lastName": "Berg", "company": "Berg" })).await;
    let due = |day: u32| format!("2026-05-{day:02}T10:00:00Z");
    let mut calls = Vec::new();
    for day in [10, 20, 30] {
        calls.push(log(&server, &rep, &[&account, &lead], json!({ "dueAt": due(day) })).await);
    }
    let mut lists = vec![account.clone(), lead.clone()];
    let changes = [
        ("updateActivity", json!({ "id": calls[0], "dueAt": due(25) }), [1, 0, 2]),
        ("completeActivity", json!({ "id": calls[1] }), [0, 2, 1]),
        ("updateActivity", json!({ "id": calls[2], "dueAt": null }), [0, 2, 1]),
        ("convertLead", json!({ "leadId": lead }), [0, 2, 1]),
        ("reopenActivity", json!({ "id": calls[1] }), [1, 0, 2]),
        ("updateActivity", json!({ "id": calls[2], "dueAt": due(1) }), [2, 1, 0]),
        ("deleteActivity", json!({ "id": calls[2] }), [1, 0, 9]),
        ("restoreActivity", json!({ "id": calls[2] }), [2, 1, 0]),
        ("updateActivity", json!({ "id": calls[1], "dueAt": due(28) }), [2, 0, 1]),
    ];
    for (mutation, input, order) in changes {
        let outcome = server.call(&rep, mutation, input).await;
        let payload = outcome.done();
        if mutation == "convertLead" {
            let made = ["account", "contact", "opportunity"].map(|kind| payload[kind]["id"].as_str().unwrap().to_owned());
            lists.extend(made);
        }
        let expected: Vec<&String> = order.iter().filter_map(|place| calls.get(*place)).collect();
        for list in lists.iter().map(String::as_str).chain([""]) {
            assert_eq!(ids(&server, &rep, list).await.iter().collect::<Vec<_>>(), expected, "{list:?} after {mutation}");
        }
    }
    // What joins later, too.
    let other = server.call(&rep, "createAccount", json!({ "name": "Other" })).await.id();
    for place in [1, 2, 0] {
        server.call(&rep, "addActivitySubjects", json!({ "id": calls[place], "aboutIds": [other] })).await.done();
    }
    assert_eq!(ids(&server, &rep, &other).await, [2, 0, 1].map(|place| calls[place].clone()));
}

#[tokio::test]
async fn stories_are_read_from_their_indexes() {
    let server = TestServer::start().await;
    if crate::harness::on_postgres() {
        return;
    }
    let plans = [
        "SELECT * FROM timeline_entries WHERE record_id = x'00' AND related = 0 ORDER BY at DESC, id DESC LIMIT 51",
        "SELECT * FROM timeline_entries WHERE record_id = x'00' AND related = 1 ORDER BY at DESC, id DESC LIMIT 51",
        "SELECT * FROM activities WHERE deleted_at IS NULL AND owner_id = x'00' AND completed_at IS NULL ORDER BY due_order, id DESC",
        "SELECT * FROM campaign_members WHERE campaign_id = x'00' ORDER BY id DESC",
        "SELECT * FROM campaign_members WHERE contact_id = x'00' ORDER BY id DESC",
        "SELECT * FROM campaigns WHERE parent_id = x'00' ORDER BY name_key, id",
    ];
    use sea_orm::{ConnectionTrait, Statement};
    let connection = server.app.database().read();
    for sql in plans {
        let explain = Statement::from_string(connection.get_database_backend(), format!("EXPLAIN QUERY PLAN {sql}"));
        let rows = connection.query_all_raw(explain).await.unwrap();
        let steps: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
        let reads_all =
            |step: &&String| step.starts_with("SCAN") && !step.contains("SUBQUERY") && !step.contains("timeline_entries");
        let reads_all: Vec<&String> =
            steps.iter().filter(reads_all).filter(|step| !step.contains("whole") && !step.contains("CONSTANT")).collect();
        assert!(reads_all.is_empty(), "{sql}\n{}", steps.join("\n"));
    }
}
