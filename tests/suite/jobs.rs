//! What runs by itself: untouched leads return to the pool, once, whoever does it and whatever happens meanwhile.

use chrono::TimeDelta;
use entity::{idempotency_key, job, lead, session, workspace};
use leadgraph::jobs::run_due;
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::command::{Serving, program};
use crate::harness::{Person, TestServer, on_postgres, threads};

async fn return_after(server: &TestServer, days: Option<i32>) {
    let write = server.app.database().begin().await.unwrap();
    let column = workspace::Column::LeadsReturnToPoolAfterDays;
    workspace::Entity::update_many().col_expr(column, Expr::value(days)).exec(&write).await.unwrap();
    write.commit().await.unwrap();
}

async fn run(server: &TestServer) -> u64 {
    let app = server.app.clone();
    threads().spawn(async move { run_due(&app).await.unwrap() }).await.unwrap()
}

async fn is_owned(server: &TestServer, person: &Person, lead: &str) -> bool {
    server.lead(person, lead).await["owner"] != Value::Null
}

/// Somebody who stays signed in.
async fn anew(server: &TestServer, person: &Person) -> Person {
    let token = leadgraph::auth::session::open(&server.app, person.id).await.unwrap().token;
    Person { token, ..person.clone() }
}

#[tokio::test]
async fn untouched_leads_return_to_the_pool() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let mine = |company: &str| json!({ "company": company, "ownerId": rep.id.to_string() });
    let (untouched, changed) = (server.new_lead(&rep, mine("Untouched")).await, server.new_lead(&rep, mine("Changed")).await);
    let (called, planned) = (server.new_lead(&rep, mine("Called")).await, server.new_lead(&rep, mine("Planned")).await);
    let closed = server.new_lead(&rep, mine("Closed")).await;
    let reasons = server.graphql(&rep, "{ disqualificationReasons { id } }", json!({})).await;
    let reason = reasons.data("/disqualificationReasons/0/id").clone();
    server.call(&rep, "disqualifyLead", json!({ "id": closed, "reasonId": reason })).await.done();
    let task = json!({ "kind": "TASK", "subject": "Ring", "aboutIds": [planned], "dueAt": "2026-03-20T09:00:00Z" });
    server.call(&rep, "createActivity", task).await.done();

    server.clock.advance(TimeDelta::days(6));
    let rep = anew(&server, &rep).await;
    server.call(&rep, "updateLead", json!({ "id": changed, "jobTitle": "Boss" })).await.done();
    // A call of long ago that is recorded now is a touch, too.
    let call = json!({ "kind": "NOTE", "subject": "Rang", "aboutIds": [called], "completedAt": "2026-03-02T09:00:00Z" });
    server.call(&rep, "createActivity", call).await.done();
    server.clock.advance(TimeDelta::days(4));
    let rep = anew(&server, &rep).await;
    run(&server).await;
    assert!(is_owned(&server, &rep, &untouched).await, "never, while the workspace doesn't say after how many days");

    return_after(&server, Some(10)).await;
    server.clock.advance(TimeDelta::hours(1));
    assert!(run(&server).await > 0);
    let lead = server.lead(&rep, &untouched).await;
    assert_eq!((&lead["owner"], &lead["version"]), (&Value::Null, &json!(2)));
    let history = server.history(&rep, &untouched).await;
    assert_eq!((&history[1]["action"], &history[1]["by"]), (&json!("returned_to_pool"), &Value::Null));
    for kept in [&changed, &called, &planned, &closed] {
        assert!(is_owned(&server, &rep, kept).await, "{kept}");
    }
    assert_eq!(run(&server).await, 0, "nothing is due before an hour is over");
    server.clock.advance(TimeDelta::days(15));
    let rep = anew(&server, &rep).await;
    run(&server).await;
    for (lead, owned) in [(&changed, false), (&called, false), (&planned, false), (&closed, true)] {
        assert_eq!(is_owned(&server, &rep, lead).await, owned, "{lead}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_servers_and_a_restart_do_each_run_once() {
    let one = TestServer::start().await;
    let other = one.another().await;
    let admin = one.admin().await;
    let mut leads = Vec::new();
    for number in 0..20 {
        leads.push(one.new_lead(&admin, json!({ "company": format!("Acme {number}"), "ownerId": admin.id.to_string() })).await);
    }
    return_after(&one, Some(1)).await;
    one.clock.advance(TimeDelta::days(2));
    let runs = |server: &TestServer| {
        let app = server.app.clone();
        threads().spawn(async move { run_due(&app).await.unwrap() })
    };
    let tasks = [runs(&one), runs(&other), runs(&one), runs(&other)];
    let mut done = 0;
    for task in tasks {
        done += task.await.unwrap();
    }
    assert_eq!(done, 2, "each of the two jobs ran once");
    let admin = anew(&one, &admin).await;
    for lead in &leads {
        assert_eq!(one.history(&admin, lead).await.len(), 2, "each lead returned once");
    }
    one.shut_down().await.unwrap();
    let third = other.another().await;
    assert_eq!(run(&third).await, 0, "the next run is due later, whoever is there");
    third.clock.advance(TimeDelta::hours(1));
    assert_eq!(run(&third).await + run(&other).await, 2);
    let jobs = job::Entity::find().all(third.app.database().read()).await.unwrap();
    assert!(jobs.iter().all(|job| job.runs == 2), "{jobs:?}");
}

#[tokio::test]
async fn a_lead_that_somebody_is_changing_is_left_alone() {
    if !on_postgres() {
        return; // On SQLite nobody else writes meanwhile.
    }
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let lead = server.new_lead(&rep, json!({ "company": "Busy", "ownerId": rep.id.to_string() })).await;
    return_after(&server, Some(1)).await;
    server.clock.advance(TimeDelta::days(2));
    let rep = anew(&server, &rep).await;
    let busy = server.app.database().begin().await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(&busy, "SELECT 1 FROM leads FOR UPDATE").await.unwrap();
    run(&server).await;
    drop(busy);
    assert!(is_owned(&server, &rep, &lead).await);
}

#[tokio::test]
async fn what_has_expired_is_cleaned_up() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    server.new_lead(&rep, json!({ "company": "Acme", "idempotencyKey": "once" })).await;
    run(&server).await;
    let read = server.app.database().read();
    let left =
        async || (session::Entity::find().count(read).await.unwrap(), idempotency_key::Entity::find().count(read).await.unwrap());
    assert_eq!(left().await, (1, 1));
    server.clock.advance(TimeDelta::hours(25));
    run(&server).await;
    assert_eq!(left().await, (0, 0));
}

#[tokio::test]
async fn a_running_server_looks_for_jobs_by_itself() {
    let server = TestServer::start().await;
    // Long ago, whatever the day of the test is.
    server.clock.advance(TimeDelta::days(-3_650));
    let rep = server.rep().await;
    server.new_lead(&rep, json!({ "company": "Forgotten", "ownerId": rep.id.to_string() })).await;
    return_after(&server, Some(30)).await;
    let directory = tempfile::tempdir().unwrap();
    let mut command = program(directory.path());
    command.args(["serve", "--listen", "127.0.0.1:0", "--job-seconds", "1", "--database", server.database()]);
    let mut serving = Serving::start(command);
    serving.address();
    let mut owned = true;
    for _ in 0..150 {
        // Not over the API: the sign-in has long expired for the program, which cleans it up.
        let found = lead::Entity::find().one(server.app.database().read()).await.unwrap();
        owned = found.unwrap().owner_id.is_some();
        if !owned {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    let (code, log) = serving.stop();
    assert!(!owned, "nobody looked for jobs that are due: {log}");
    assert_eq!(code, Some(0), "{log}");
}
