//! Many records in one call: each with its own result, or all or nothing.

use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};

use crate::harness::{Answer, Person, TestServer, on_postgres};

struct World {
    server: TestServer,
    manager: Person,
    rep: Person,
}

/// What a mutation takes and answers, by the plural of the records.
fn document(mutation: &str) -> String {
    let plurals = [("Leads", "lead"), ("Contacts", "contact"), ("Accounts", "account"), ("Opportunities", "opportunity")];
    let plurals = plurals.into_iter().chain([("Activities", "activity")]);
    let (plural, record) = plurals.into_iter().find(|(plural, _)| mutation.ends_with(plural)).unwrap();
    let verb = mutation.strip_suffix(plural).unwrap();
    let input = match (verb, record) {
        ("delete" | "restore", _) => format!("{}RecordsInput", capital(verb)),
        ("assign", "contact" | "account" | "opportunity") => "AssignRecordsInput".to_owned(),
        _ => format!("{}Input", capital(mutation)),
    };
    let answer = match (verb, record) {
        ("delete", _) => "deletedId".to_owned(),
        (_, "activity") => "activity { id subject completedAt }".to_owned(),
        _ => format!("{record} {{ id version name owner {{ id }} }}"),
    };
    let problems = "userErrors { code message field details }";
    format!("mutation($input: {input}!) {{ {mutation}(input: $input) {{ results {{ {answer} {problems} }} {problems} }} }}")
}

fn capital(word: &str) -> String {
    format!("{}{}", word[..1].to_uppercase(), &word[1..])
}

impl World {
    async fn start() -> Self {
        Self::on(TestServer::start().await).await
    }

    async fn on(server: TestServer) -> Self {
        Self { manager: server.manager().await, rep: server.rep().await, server }
    }

    async fn send(&self, who: &Person, mutation: &str, input: Json) -> Answer {
        self.server.graphql(who, &document(mutation), json!({ "input": input })).await
    }

    /// The payload of a mutation of the manager.
    async fn call(&self, mutation: &str, items: Vec<Json>, all_or_nothing: bool) -> Json {
        let input = json!({ "items": items, "allOrNothing": all_or_nothing });
        self.send(&self.manager, mutation, input).await.data(&format!("/{mutation}")).clone()
    }

    /// The results of a call of which nothing was refused.
    async fn done(&self, mutation: &str, items: Vec<Json>, all_or_nothing: bool) -> Vec<Json> {
        let payload = self.call(mutation, items, all_or_nothing).await;
        assert_eq!(payload["userErrors"], json!([]), "{mutation}");
        let results = payload["results"].as_array().unwrap().clone();
        for result in &results {
            assert_eq!(result["userErrors"], json!([]), "{mutation}");
        }
        results
    }

    async fn leads(&self, number: usize) -> Vec<String> {
        let items = (0..number).map(|number| json!({ "lastName": format!("Lead {number}") })).collect();
        ids(&self.done("createLeads", items, true).await, "lead")
    }

    async fn execute(&self, sql: &str) {
        let write = self.server.app.database().begin().await.unwrap();
        write.execute_unprepared(sql).await.unwrap();
        write.commit().await.unwrap();
    }

    /// How many leads there are, how many entries their histories have, and how many keys are kept.
    async fn counts(&self) -> Vec<i64> {
        let connection = self.server.app.database().read();
        let mut counts = Vec::new();
        for table in ["leads", "changes", "outbox", "search_words", "searched_records", "idempotency_keys"] {
            let sql = format!("SELECT count(*) AS number FROM {table}");
            let statement = sea_orm::Statement::from_string(connection.get_database_backend(), sql);
            counts.push(connection.query_one_raw(statement).await.unwrap().unwrap().try_get("", "number").unwrap());
        }
        counts
    }
}

fn ids(results: &[Json], record: &str) -> Vec<String> {
    results.iter().map(|result| result[record]["id"].as_str().unwrap().to_owned()).collect()
}

/// The codes and paths of what stood in the way.
fn refusals(payload: &Json) -> Vec<String> {
    let refusal = |problem: &Json| {
        let path: Vec<_> = problem["field"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        format!("{} {}", problem["code"].as_str().unwrap(), path.join("."))
    };
    payload["userErrors"].as_array().unwrap().iter().map(refusal).collect()
}

fn each(ids: &[String], more: Json) -> Vec<Json> {
    let item = |id: &String| {
        let mut item = more.clone();
        item["id"] = json!(id);
        item
    };
    ids.iter().map(item).collect()
}

#[tokio::test]
async fn five_hundred_go_all_the_way_in_one_call_each() {
    let world = World::start().await;
    let owner = world.rep.id.to_string();
    for all_or_nothing in [false, true] {
        let items = (0..500).map(|number| json!({ "lastName": format!("Lead {number}") })).collect();
        let made = world.done("createLeads", items, all_or_nothing).await;
        assert_eq!(made.len(), 500);
        for (number, result) in made.iter().enumerate() {
            assert_eq!(result["lead"]["name"], format!("Lead {number}"));
        }
        let leads = ids(&made, "lead");
        let changes = leads.iter().enumerate().map(|(number, id)| json!({ "id": id, "lastName": format!("New {number}") }));
        let changed = world.done("updateLeads", changes.rev().collect(), all_or_nothing).await;
        assert_eq!((&changed[0]["lead"]["name"], &changed[499]["lead"]["id"]), (&json!("New 499"), &json!(leads[0])));
        let assigned =
            world.done("assignLeads", each(&leads, json!({ "ownerId": owner, "expectedVersion": 2 })), all_or_nothing).await;
        assert!(assigned.iter().all(|result| result["lead"]["owner"]["id"] == owner.as_str()));
        let deleted = world.done("deleteLeads", each(&leads, json!({})), all_or_nothing).await;
        assert!(deleted.iter().zip(&leads).all(|(result, id)| result["deletedId"] == id.as_str()));
        let restored = world.done("restoreLeads", each(&leads, json!({})), all_or_nothing).await;
        assert!(
            restored.iter().zip(&leads).all(|(result, id)| result["lead"]["id"] == id.as_str() && result["lead"]["version"] == 5)
        );
    }
}

#[tokio::test]
async fn one_to_five_hundred_each_named_once() {
    let world = World::start().await;
    let lead = world.leads(1).await;
    let before = world.counts().await;
    for all_or_nothing in [false, true] {
        for number in [0, 501] {
            for (mutation, item) in [("createLeads", json!({ "lastName": "x" })), ("deleteLeads", json!({ "id": lead[0] }))] {
                let payload = world.call(mutation, vec![item; number], all_or_nothing).await;
                assert_eq!((refusals(&payload), &payload["results"]), (vec!["OUT_OF_RANGE input.items".to_owned()], &json!([])));
            }
        }
        let twice =
            each(&[lead[0].clone(), "lead_x".to_owned(), lead[0].clone(), lead[0].clone()], json!({ "lastName": "Twice" }));
        let payload = world.call("updateLeads", twice, all_or_nothing).await;
        assert_eq!(refusals(&payload), ["INVALID input.items.2.id", "INVALID input.items.3.id"]);
        assert_eq!(payload["results"], json!([]));
    }
    assert_eq!(world.counts().await, before);
}

#[tokio::test]
async fn each_item_has_its_own_result() {
    let world = World::start().await;
    let leads = world.leads(3).await;
    let items = vec![
        json!({ "id": leads[0], "email": "nobody", "website": "::", "expectedVersion": 1 }),
        json!({ "id": leads[1], "lastName": "Changed", "expectedVersion": 1 }),
        json!({ "id": leads[2], "lastName": "Stale", "expectedVersion": 7 }),
        json!({ "id": "account_00000000000000000000000000", "lastName": "x" }),
        json!({ "id": "lead_00000000000000000000000000", "lastName": "x" }),
    ];
    let wrong = [
        vec!["INVALID input.items.0.email", "INVALID input.items.0.website"],
        vec![],
        vec!["VERSION_CONFLICT input.items.2.expectedVersion"],
        vec!["INVALID input.items.3.id"],
        vec!["NOT_FOUND input.items.4.id"],
    ];
    let before = world.counts().await;
    let payload = world.call("updateLeads", items.clone(), true).await;
    assert_eq!((refusals(&payload), &payload["results"]), (wrong.concat().iter().map(ToString::to_string).collect(), &json!([])));
    assert_eq!(world.counts().await, before, "all or nothing");

    let payload = world.call("updateLeads", items, false).await;
    assert_eq!(payload["userErrors"], json!([]));
    let results = payload["results"].as_array().unwrap();
    assert_eq!(results.iter().map(refusals).collect::<Vec<_>>(), wrong);
    assert_eq!((&results[1]["lead"]["name"], &results[1]["lead"]["version"]), (&json!("Changed"), &json!(2)));
    assert!([0, 2, 3, 4].iter().all(|place: &usize| results[*place]["lead"].is_null()));
}

#[tokio::test]
async fn the_other_records_go_the_same_way() {
    let world = World::start().await;
    let owner = json!({ "ownerId": world.rep.id.to_string() });
    let account = ids(&world.done("createAccounts", vec![json!({ "name": "Base" })], false).await, "account").remove(0);
    let kinds = [
        ("Accounts", "account", json!({ "name": "One" }), json!({ "name": "Other" })),
        ("Contacts", "contact", json!({ "lastName": "One", "accountId": account }), json!({ "lastName": "Other" })),
        (
            "Opportunities",
            "opportunity",
            json!({ "name": "One", "accountId": account, "closeDate": "2026-12-31" }),
            json!({ "name": "Other" }),
        ),
    ];
    for (plural, record, new, change) in kinds {
        for all_or_nothing in [false, true] {
            let call = async |verb: &str, items: Vec<Json>| world.done(&format!("{verb}{plural}"), items, all_or_nothing).await;
            let made = ids(&call("create", vec![new.clone(); 3]).await, record);
            let changed = call("update", each(&made, change.clone())).await;
            assert!(changed.iter().all(|result| result[record]["name"] == "Other"), "{plural}");
            let given = call("assign", each(&made, owner.clone())).await;
            assert!(given.iter().all(|result| result[record]["owner"]["id"] == owner["ownerId"]), "{plural}");
            let gone = call("delete", each(&made, json!({ "expectedVersion": 3 }))).await;
            assert_eq!(gone[2]["deletedId"], json!(made[2]));
            let back = call("restore", each(&made, json!({}))).await;
            assert!(back.iter().all(|result| result[record]["version"] == 5), "{plural}");
            let nobody = call("assign", each(&made, json!({ "ownerId": null }))).await;
            assert!(nobody.iter().all(|result| result[record]["owner"].is_null()), "{plural}");
            let unsaid = world.call(&format!("assign{plural}"), each(&made, json!({})), all_or_nothing).await;
            let unsaid = if all_or_nothing { refusals(&unsaid) } else { refusals(&unsaid["results"][0]) };
            assert_eq!(unsaid[0], "REQUIRED input.items.0.ownerId", "{plural}");
        }
    }
}

#[tokio::test]
async fn activities_are_created_and_completed() {
    let world = World::start().await;
    let lead = world.leads(1).await.remove(0);
    for all_or_nothing in [false, true] {
        let item = json!({ "kind": "CALL", "subject": "Call", "direction": "OUTBOUND", "aboutIds": [lead] });
        let made = ids(&world.done("createActivities", vec![item; 3], all_or_nothing).await, "activity");
        let completed = world.done("completeActivities", each(&made, json!({ "outcome": "Fine" })), all_or_nothing).await;
        assert!(completed.iter().all(|result| !result["activity"]["completedAt"].is_null()));
        let again = world.call("completeActivities", each(&made[..1], json!({})), false).await;
        assert_eq!(refusals(&again["results"][0]), ["ILLEGAL_TRANSITION input.items.0"]);
    }
}

/// What comes first in the call is done first: a subsidiary goes before its parent, whichever is older.
#[tokio::test]
async fn items_are_taken_in_their_order() {
    let world = World::start().await;
    for all_or_nothing in [false, true] {
        let made = ids(&world.done("createAccounts", vec![json!({ "name": "A" }); 2], false).await, "account");
        for (parent, child) in [(0, 1), (1, 0)] {
            world.done("updateAccounts", vec![json!({ "id": made[child], "parentId": made[parent] })], false).await;
            let both = [made[child].clone(), made[parent].clone()];
            world.done("deleteAccounts", each(&both, json!({})), all_or_nothing).await;
            let back = [made[parent].clone(), made[child].clone()];
            world.done("restoreAccounts", each(&back, json!({})), all_or_nothing).await;
            world.done("updateAccounts", vec![json!({ "id": made[child], "parentId": null })], false).await;
        }
    }
}

#[tokio::test]
async fn a_repeated_call_makes_nothing_twice() {
    let world = World::start().await;
    for all_or_nothing in [false, true] {
        let key = |key: &str| format!("{key} {all_or_nothing}");
        let good = json!({ "lastName": "Once", "idempotencyKey": key("a") });
        let items = vec![good.clone(), json!({ "lastName": "Other", "idempotencyKey": key("b") }), good.clone()];
        let first = world.done("createLeads", items.clone(), all_or_nothing).await;
        assert_eq!(first[0], first[2]);
        assert_eq!(world.done("createLeads", items, all_or_nothing).await, first);
        // What is refused leaves its key free, and is refused as often as it is given.
        let bad = json!({ "firstName": "Nobody", "idempotencyKey": key("c") });
        let other = json!({ "lastName": "x", "idempotencyKey": key("a") });
        let payload = world.call("createLeads", vec![bad.clone(), good, bad, other], all_or_nothing).await;
        let found = if all_or_nothing {
            refusals(&payload)
        } else {
            payload["results"].as_array().unwrap().iter().flat_map(refusals).collect()
        };
        let places: Vec<&str> = found.iter().map(String::as_str).collect();
        assert_eq!(
            places,
            [
                "REQUIRED input.items.0.lastName",
                "REQUIRED input.items.2.lastName",
                "IDEMPOTENCY_KEY_REUSED input.items.3.idempotencyKey"
            ]
        );
        let good = json!({ "lastName": "Somebody", "idempotencyKey": key("c") });
        world.done("createLeads", vec![good], all_or_nothing).await;
    }
}

#[tokio::test]
async fn what_one_item_may_not_do_hides_no_other() {
    let world = World::start().await;
    let leads = world.leads(3).await;
    let theirs = json!({ "id": leads[1], "ownerId": world.manager.id.to_string() });
    world.done("assignLeads", vec![theirs], false).await;
    let before = world.counts().await;
    let input =
        |all_or_nothing: bool| json!({ "items": each(&leads, json!({ "company": "New" })), "allOrNothing": all_or_nothing });
    let refused = world.send(&world.rep, "updateLeads", input(true)).await;
    assert_eq!(refusals(refused.data("/updateLeads")), ["FORBIDDEN input.items.1"]);
    assert_eq!(world.counts().await, before);
    let done = world.send(&world.rep, "updateLeads", input(false)).await;
    let results = done.data("/updateLeads/results").as_array().unwrap();
    assert_eq!(results.iter().map(refusals).collect::<Vec<_>>(), [vec![], vec!["FORBIDDEN input.items.1"], vec![]]);
    assert_eq!(results[2]["lead"]["version"], 2);

    let viewer = world.server.viewer().await;
    let items = json!({ "items": [] });
    assert_eq!(world.send(&viewer, "updateLeads", items).await.codes(), ["FORBIDDEN"]);
}

#[tokio::test]
async fn a_fault_in_the_middle_hides_no_result() {
    let world = World::start().await;
    let leads = world.leads(3).await;
    let rows = "NEW.last_name = 'Broken'";
    if on_postgres() {
        world
            .execute(
                "CREATE FUNCTION injected_fault() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'injected fault'; END $$ LANGUAGE plpgsql",
            )
            .await;
        let sql = "CREATE TRIGGER injected BEFORE UPDATE ON leads FOR EACH ROW WHEN";
        world.execute(&format!("{sql} ({rows}) EXECUTE FUNCTION injected_fault()")).await;
    } else {
        let sql = "CREATE TRIGGER injected BEFORE UPDATE ON leads FOR EACH ROW WHEN";
        world.execute(&format!("{sql} {rows} BEGIN SELECT RAISE(ABORT, 'injected fault'); END")).await;
    }
    let names = ["Fine", "Broken", "Fine"];
    let items: Vec<Json> = leads.iter().zip(names).map(|(id, name)| json!({ "id": id, "lastName": name })).collect();
    let before = world.counts().await;
    let input = json!({ "items": items, "allOrNothing": true });
    assert_eq!(world.send(&world.manager, "updateLeads", input).await.codes(), ["INTERNAL"]);
    assert_eq!(world.counts().await, before);
    let payload = world.call("updateLeads", items, false).await;
    let results = payload["results"].as_array().unwrap();
    assert_eq!(results.iter().map(refusals).collect::<Vec<_>>(), [vec![], vec!["INTERNAL input.items.1"], vec![]]);
    assert_eq!((&results[0]["lead"]["name"], &results[2]["lead"]["name"]), (&json!("Fine"), &json!("Fine")));
    assert!(!payload.to_string().contains("injected"));
}

/// Two who change the same records in opposite orders wait for one another, but never for each other.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn opposite_calls_do_not_block_each_other() {
    let world = World::on(TestServer::start_with(|settings| settings.workers = 4).await).await;
    let leads = world.leads(50).await;
    let backward: Vec<String> = leads.iter().rev().cloned().collect();
    for round in 1..4 {
        let change = json!({ "company": format!("Round {round}"), "expectedVersion": round });
        let calls = [&leads, &backward, &leads, &backward];
        let calls = calls.map(|leads| world.call("updateLeads", each(leads, change.clone()), true));
        let answers = join_all(calls).await;
        let done = answers.iter().filter(|answer| answer["results"].as_array().unwrap().len() == 50).count();
        assert_eq!(done, 1);
        let refused: Vec<String> = answers.iter().flat_map(refusals).collect();
        assert_eq!(refused.len(), 150);
        assert!(refused.iter().all(|refusal| refusal.starts_with("VERSION_CONFLICT input.items.")));
    }
    let keys = |order: &[usize]| -> Vec<Json> {
        order.iter().map(|key| json!({ "lastName": "Once", "idempotencyKey": format!("key {key}") })).collect()
    };
    let (forward, backward): (Vec<usize>, Vec<usize>) = ((0..50).collect(), (0..50).rev().collect());
    let answers = join_all([&forward, &backward].map(|order| world.done("createLeads", keys(order), true))).await;
    let mut other = answers[1].clone();
    other.reverse();
    assert_eq!(answers[0], other);
}

/// An activity holds its leads, whatever order the activities are in.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn activities_about_the_same_leads_do_not_block_each_other() {
    let world = World::on(TestServer::start_with(|settings| settings.workers = 4).await).await;
    let leads = world.leads(20).await;
    let backward: Vec<String> = leads.iter().rev().cloned().collect();
    let about = |leads: &[String]| -> Vec<Json> {
        leads.iter().map(|lead| json!({ "kind": "NOTE", "subject": "Met", "aboutIds": [lead] })).collect()
    };
    for _ in 0..3 {
        let calls = [&leads, &backward].map(|leads| world.done("createActivities", about(leads), true));
        assert!(join_all(calls).await.iter().all(|results| results.len() == 20));
    }
}
