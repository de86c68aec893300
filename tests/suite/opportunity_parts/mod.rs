//! What hangs off an opportunity: contact roles, competitors, milestones.

mod property;
mod races;

use serde_json::{Value as Json, json};

use crate::harness::{Answer, Person, TestServer};

const SHOWN: &str = "id version isClosed isWon lostTo lostToCompetitor { id name } stage { id } primaryContact { id }
    contactRoles { contact { id } role primary }
    competitors { id name incumbent dismissed strengths weaknesses }
    milestones { kind reachedOn reachedBy { id } note }";

pub const MILESTONES: [&str; 5] =
    ["NEED_CONFIRMED", "INCUMBENT_DISMISSED", "PAYMENT_TERMS_AGREED", "CONTRACT_SENT", "CONTRACT_SIGNED"];

/// A manager who sells to one account, on 2 March 2026.
struct Desk {
    server: TestServer,
    person: Person,
    account: String,
    contacts: Vec<String>,
    open: Vec<String>,
    lost: String,
}

impl Desk {
    async fn new() -> Self {
        Self::on(TestServer::start().await).await
    }

    async fn on(server: TestServer) -> Self {
        let person = server.manager().await;
        let lists = "{ pipelines { stages { id category } } closeReasons { id category } }";
        let lists = server.graphql(&person, lists, json!({})).await.data("").clone();
        let ids = |list: &Json, category: &str| -> Vec<String> {
            let list = list.as_array().unwrap().iter().filter(|entry| entry["category"] == category);
            list.map(|entry| text(&entry["id"])).collect()
        };
        let open = ids(&lists["pipelines"][0]["stages"], "OPEN");
        let lost = ids(&lists["closeReasons"], "LOST").remove(0);
        let mut desk = Self { server, person, account: String::new(), contacts: Vec::new(), open, lost };
        let account = desk.call("createAccount", json!({ "name": "Müller GmbH" })).await;
        desk.account = text(&account.payload("createAccount")["account"]["id"]);
        for name in ["Ann", "Ben", "Cho"] {
            let contact = desk.call("createContact", json!({ "lastName": name, "accountId": desk.account })).await;
            desk.contacts.push(text(&contact.payload("createContact")["contact"]["id"]));
        }
        desk
    }

    /// A new opportunity's id.
    async fn sale(&self) -> String {
        let input = json!({ "name": "Turbines", "accountId": self.account, "closeDate": "2026-12-31" });
        text(&self.done("createOpportunity", input).await["id"])
    }

    async fn call(&self, mutation: &str, input: Json) -> Answer {
        self.call_as(&self.person, mutation, input).await
    }

    async fn call_as(&self, person: &Person, mutation: &str, input: Json) -> Answer {
        self.server.graphql(person, &document(mutation), json!({ "input": input })).await
    }

    /// The opportunity that a mutation answers.
    async fn done(&self, mutation: &str, input: Json) -> Json {
        self.call(mutation, input).await.payload(mutation)["opportunity"].clone()
    }

    /// What stands in the way of a mutation, which answers no record.
    async fn refused(&self, mutation: &str, input: Json) -> Vec<String> {
        let answer = self.call(mutation, input).await;
        assert_eq!(answer.data(&format!("/{mutation}/opportunity")), &Json::Null);
        answer.refusals(mutation)
    }

    async fn read(&self, id: &str) -> Json {
        let query = format!("query($id: ID!) {{ opportunity(id: $id) {{ {SHOWN} }} }}");
        self.server.graphql(&self.person, &query, json!({ "id": id })).await.data("/opportunity").clone()
    }

    /// The opportunity's history, the oldest entry first.
    async fn history(&self, id: &str) -> Vec<Json> {
        let query =
            "query($id: ID!) { opportunity(id: $id) { history(first: 200) { nodes { action fields { field before after } } } } }";
        let answer = self.server.graphql(&self.person, query, json!({ "id": id })).await;
        let mut nodes = answer.data("/opportunity/history/nodes").as_array().unwrap().clone();
        nodes.reverse();
        nodes
    }
}

fn document(mutation: &str) -> String {
    let (kind, fields) = match mutation {
        "createAccount" => ("CreateAccountInput".to_owned(), "account { id }".to_owned()),
        "createContact" => ("CreateContactInput".to_owned(), "contact { id }".to_owned()),
        "deleteOpportunity" | "deleteContact" => ("DeleteInput".to_owned(), "deletedId".to_owned()),
        "restoreContact" => ("RestoreInput".to_owned(), "contact { id }".to_owned()),
        "restoreOpportunity" => ("RestoreInput".to_owned(), format!("opportunity {{ {SHOWN} }}")),
        _ => (format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]), format!("opportunity {{ {SHOWN} }}")),
    };
    format!(
        "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} userErrors {{ code message field details }} }} }}"
    )
}

fn text(value: &Json) -> String {
    value.as_str().unwrap().to_owned()
}

fn names(opportunity: &Json) -> Vec<String> {
    opportunity["competitors"].as_array().unwrap().iter().map(|competitor| text(&competitor["name"])).collect()
}

#[tokio::test]
async fn competitors_come_change_and_go() {
    let desk = Desk::new().await;
    let sale = desk.sale().await;
    let input = json!({ "opportunityId": sale, "name": "  Rival  ", "strengths": "Price", "idempotencyKey": "k" });
    let one = desk.done("addCompetitor", input.clone()).await;
    let rival = &one["competitors"][0];
    assert_eq!(
        rival,
        &json!({ "id": rival["id"], "name": "Rival", "incumbent": false, "dismissed": false, "strengths": "Price", "weaknesses": null })
    );
    assert_eq!(one["version"], 2);
    assert_eq!(desk.done("addCompetitor", input).await, one);
    let two = desk.done("addCompetitor", json!({ "opportunityId": sale, "name": "Société", "incumbent": true })).await;
    assert_eq!(names(&two), ["Société", "Rival"], "the incumbent comes first");

    let double = json!({ "opportunityId": sale, "name": "SOCIETE" });
    assert_eq!(desk.refused("addCompetitor", double).await, ["ALREADY_EXISTS input.name"]);
    let change = json!({ "id": rival["id"], "name": "societé", "incumbent": null, "strengths": "x".repeat(10_001) });
    assert_eq!(
        desk.refused("updateCompetitor", change).await,
        ["ALREADY_EXISTS input.name", "REQUIRED input.incumbent", "TOO_LONG input.strengths"]
    );
    let stale = json!({ "id": rival["id"], "dismissed": true, "expectedVersion": 2 });
    assert_eq!(desk.refused("updateCompetitor", stale).await, ["VERSION_CONFLICT input.expectedVersion"]);
    let same = desk.done("updateCompetitor", json!({ "id": rival["id"], "name": "Rival" })).await;
    assert_eq!(same, two, "nothing changed");
    let change = json!({ "id": rival["id"], "name": "RIVAL", "dismissed": true, "strengths": null, "expectedVersion": 3 });
    let changed = desk.done("updateCompetitor", change).await;
    assert_eq!((&changed["competitors"][1]["name"], &changed["competitors"][1]["dismissed"]), (&json!("RIVAL"), &json!(true)));
    assert_eq!(changed["competitors"][1]["strengths"], Json::Null);

    let gone = desk.done("removeCompetitor", json!({ "id": rival["id"] })).await;
    assert_eq!((names(&gone), &gone["version"]), (vec!["Société".to_owned()], &json!(5)));
    assert_eq!(desk.refused("removeCompetitor", json!({ "id": rival["id"] })).await, ["NOT_FOUND input.id"]);
    assert_eq!(desk.refused("removeCompetitor", json!({ "id": sale })).await, ["INVALID input.id"]);
    let last = desk.history(&sale).await.pop().unwrap();
    let before = json!({
        "id": rival["id"], "name": "RIVAL", "incumbent": false, "dismissed": true, "strengths": null, "weaknesses": null,
    });
    assert_eq!(
        last,
        json!({ "action": "competitor_removed", "fields": [{ "field": "competitors", "before": before, "after": null }] })
    );
}

#[tokio::test]
async fn an_opportunity_lists_fifty_competitors() {
    let desk = Desk::new().await;
    let sale = desk.sale().await;
    for number in 0..50 {
        desk.done("addCompetitor", json!({ "opportunityId": sale, "name": format!("C{number}") })).await;
    }
    let more = json!({ "opportunityId": sale, "name": " " });
    assert_eq!(desk.refused("addCompetitor", more).await, ["OUT_OF_RANGE input.opportunityId", "REQUIRED input.name"]);
}

#[tokio::test]
async fn losing_to_a_competitor_records_which() {
    let desk = Desk::new().await;
    let (sale, other) = (desk.sale().await, desk.sale().await);
    let listed = desk.done("addCompetitor", json!({ "opportunityId": sale, "name": "Société" })).await;
    let competitor = listed["competitors"][0]["id"].clone();
    let elsewhere = desk.done("addCompetitor", json!({ "opportunityId": other, "name": "Société" })).await;
    let elsewhere = &elsewhere["competitors"][0]["id"];
    let lose = |more: Json| {
        let mut input = json!({ "id": sale, "reasonId": desk.lost });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let both = lose(json!({ "lostToCompetitorId": competitor, "lostTo": "Société" }));
    assert_eq!(desk.refused("loseOpportunity", both).await, ["INVALID input.lostTo"]);
    let strange = lose(json!({ "lostToCompetitorId": elsewhere }));
    assert_eq!(desk.refused("loseOpportunity", strange).await, ["NOT_FOUND input.lostToCompetitorId"]);
    let wrong = lose(json!({ "lostToCompetitorId": sale, "closedOn": "2026-03-03" }));
    assert_eq!(desk.refused("loseOpportunity", wrong).await, ["OUT_OF_RANGE input.closedOn", "INVALID input.lostToCompetitorId"]);

    for winner in [json!({ "lostToCompetitorId": competitor }), json!({ "lostTo": "SOCIETE" })] {
        let lost = desk.done("loseOpportunity", lose(winner)).await;
        assert_eq!((&lost["lostTo"], &lost["lostToCompetitor"]["id"]), (&json!("Société"), &competitor));
        assert_eq!(desk.refused("removeCompetitor", json!({ "id": competitor })).await, ["IN_USE input.id"]);
        let renamed = desk.done("updateCompetitor", json!({ "id": competitor, "name": "Konkurrenz AG" })).await;
        assert_eq!(
            (&renamed["lostTo"], &renamed["lostToCompetitor"]["name"]),
            (&json!("Konkurrenz AG"), &json!("Konkurrenz AG"))
        );
        desk.done("updateCompetitor", json!({ "id": competitor, "name": "Société" })).await;
        let open = desk.done("reopenOpportunity", json!({ "id": sale, "stageId": desk.open[0] })).await;
        assert_eq!((&open["lostTo"], &open["lostToCompetitor"]), (&Json::Null, &Json::Null));
        assert_eq!(names(&open), ["Société"]);
    }
    // Somebody whom nobody listed, until somebody does.
    let lost = desk.done("loseOpportunity", lose(json!({ "lostTo": "Newcomer" }))).await;
    assert_eq!((&lost["lostTo"], &lost["lostToCompetitor"]), (&json!("Newcomer"), &Json::Null));
    let listed = desk.done("addCompetitor", json!({ "opportunityId": sale, "name": "NEWCOMER" })).await;
    assert_eq!((&listed["lostTo"], &listed["lostToCompetitor"]["name"]), (&json!("NEWCOMER"), &json!("NEWCOMER")));

    desk.done("reopenOpportunity", json!({ "id": sale, "stageId": desk.open[0] })).await;
    let won = desk.done("winOpportunity", json!({ "id": sale })).await;
    assert_eq!(names(&won), ["Société", "NEWCOMER"], "winning leaves them");
    let gone = desk.done("removeCompetitor", json!({ "id": competitor })).await;
    assert_eq!(names(&gone), ["NEWCOMER"]);
}

#[tokio::test]
async fn milestones_lead_to_the_signature() {
    let desk = Desk::new().await;
    let sale = desk.sale().await;
    let state = |opportunity: &Json| -> Vec<(String, Json, Json)> {
        let milestones = opportunity["milestones"].as_array().unwrap().iter();
        milestones.map(|row| (text(&row["kind"]), row["reachedOn"].clone(), row["note"].clone())).collect()
    };
    let open: Vec<_> = MILESTONES.map(|kind| (kind.to_owned(), Json::Null, Json::Null)).into();
    assert_eq!(state(&desk.read(&sale).await), open);
    let at = |kind: &str, more: Json| {
        let mut input = json!({ "opportunityId": sale, "milestone": kind });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    // In any order.
    let sent = desk.done("reachMilestone", at("CONTRACT_SENT", json!({ "note": "By courier" }))).await;
    assert_eq!(state(&sent)[3], ("CONTRACT_SENT".to_owned(), json!("2026-03-02"), json!("By courier")));
    assert_eq!(sent["milestones"][3]["reachedBy"]["id"], json!(desk.person.id.to_string()));
    let moved = desk.done("reachMilestone", at("CONTRACT_SENT", json!({ "reachedOn": "2026-02-27" }))).await;
    assert_eq!(state(&moved)[3], ("CONTRACT_SENT".to_owned(), json!("2026-02-27"), json!("By courier")));
    assert_eq!(desk.done("reachMilestone", at("CONTRACT_SENT", json!({}))).await, moved, "nothing changed");
    let wrong = at("CONTRACT_SIGNED", json!({ "reachedOn": "2026-03-03", "note": "x".repeat(10_001) }));
    assert_eq!(desk.refused("reachMilestone", wrong).await, ["OUT_OF_RANGE input.reachedOn", "TOO_LONG input.note"]);
    let old = at("CONTRACT_SIGNED", json!({ "reachedOn": "1899-12-31" }));
    assert_eq!(desk.refused("reachMilestone", old).await, ["OUT_OF_RANGE input.reachedOn"]);
    let stale = at("CONTRACT_SIGNED", json!({ "expectedVersion": 1 }));
    assert_eq!(desk.refused("reachMilestone", stale).await, ["VERSION_CONFLICT input.expectedVersion"]);

    // The flag of a competitor and the milestone stand for themselves.
    let listed = desk.done("addCompetitor", json!({ "opportunityId": sale, "name": "Old", "incumbent": true })).await;
    let dismissed = desk.done("reachMilestone", at("INCUMBENT_DISMISSED", json!({}))).await;
    assert_eq!(dismissed["competitors"], listed["competitors"]);

    desk.done("winOpportunity", json!({ "id": sale })).await;
    let signed = desk.done("reachMilestone", at("CONTRACT_SIGNED", json!({}))).await;
    assert_eq!((&signed["isWon"], &state(&signed)[4].1), (&json!(true), &json!("2026-03-02")));
    let cleared = desk.done("clearMilestone", at("CONTRACT_SENT", json!({}))).await;
    assert_eq!(state(&cleared)[3], open[3]);
    assert_eq!(desk.done("clearMilestone", at("CONTRACT_SENT", json!({}))).await, cleared, "it is open already");
    desk.call("deleteOpportunity", json!({ "id": sale })).await.payload("deleteOpportunity");
    let nothing = at("CONTRACT_SENT", json!({}));
    assert_eq!(desk.refused("clearMilestone", nothing).await, ["NOT_FOUND input.opportunityId"]);
    let restored = desk.done("restoreOpportunity", json!({ "id": sale })).await;
    assert_eq!((&restored["milestones"], &restored["competitors"]), (&cleared["milestones"], &cleared["competitors"]));
}

#[tokio::test]
async fn a_seller_changes_the_parts_of_their_own_opportunities() {
    let desk = Desk::new().await;
    let sale = desk.sale().await;
    let listed = desk.done("addCompetitor", json!({ "opportunityId": sale, "name": "Rival" })).await;
    let competitor = &listed["competitors"][0]["id"];
    let milestone = json!({ "opportunityId": sale, "milestone": "CONTRACT_SENT" });
    let calls = [
        ("addCompetitor", json!({ "opportunityId": sale, "name": "X" })),
        ("updateCompetitor", json!({ "id": competitor, "name": "X" })),
        ("removeCompetitor", json!({ "id": competitor })),
        ("reachMilestone", milestone.clone()),
        ("clearMilestone", milestone),
    ];
    let (rep, viewer) = (desk.server.rep().await, desk.server.viewer().await);
    for (mutation, input) in calls {
        for who in [&rep, &viewer] {
            assert_eq!(desk.call_as(who, mutation, input.clone()).await.codes(), ["FORBIDDEN"], "{mutation}");
        }
    }
    assert_eq!(desk.read(&sale).await, listed);
}
