//! Opportunities: their fields, moves, closing and contact roles.

use chrono::TimeDelta;
use serde_json::{Value as Json, json};

use crate::harness::{Answer, Person, TestServer};

/// What the tests look at.
const SHOWN: &str =
    "id version name probability isClosed isWon closeDate closeNote lostTo closedAt forecastCategory secondsInStage
    stage { name position pipeline { name isDefault } } account { name lifecycle } owner { name } closeReason { name }
    amount { amount currency } weightedAmount { amount } primaryContact { lastName }
    contactRoles { contact { lastName } role primary } lineItems { id } competitors { name } qualification { missing }
    stageHistory { from { name } to { name } by { name } probability closeDate amount { amount } secondsInPrevious }
    history { nodes { action fields { field before after } } }";

/// A manager at a server of their own, on Sunday, 22 November 2026, at 12:00 UTC.
struct Desk {
    server: TestServer,
    person: Person,
}

impl Desk {
    async fn new() -> Self {
        let server = TestServer::start().await;
        server.clock.set("2026-11-22T12:00:00Z");
        let person = server.manager().await;
        Self { server, person }
    }

    fn wait(&self, seconds: i64) {
        self.server.clock.advance(TimeDelta::seconds(seconds));
    }

    async fn ask(&self, query: &str, variables: Json) -> Json {
        self.server.graphql(&self.person, query, variables).await.data("").clone()
    }

    /// Calls a mutation with one input.
    async fn call(&self, mutation: &str, input: Json) -> Answer {
        self.server.graphql(&self.person, &question(mutation), json!({ "input": input })).await
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

    async fn account(&self, name: &str) -> String {
        let query = "mutation($name: String!) { createAccount(input: { name: $name }) { account { id } } }";
        text(&self.ask(query, json!({ "name": name })).await["createAccount"]["account"]["id"])
    }

    async fn contact(&self, name: &str, account: &str) -> String {
        let query = "mutation($name: String!, $account: ID!) {
            createContact(input: { lastName: $name, accountId: $account }) { contact { id } } }";
        text(&self.ask(query, json!({ "name": name, "account": account })).await["createContact"]["contact"]["id"])
    }

    /// The id of a stage, or of a reason for closing.
    async fn listed(&self, name: &str, category: &str) -> String {
        let lists = self
            .ask("{ pipelines { id isDefault stages { id name category } } closeReasons { id name category } }", json!({}))
            .await;
        let stages = lists["pipelines"][0]["stages"].as_array().unwrap().iter();
        let mut all = stages.chain(lists["closeReasons"].as_array().unwrap());
        text(&all.find(|entry| entry["name"] == name && entry["category"] == category).unwrap()["id"])
    }
}

fn question(mutation: &str) -> String {
    let (kind, fields) = match mutation {
        "deleteOpportunity" => ("DeleteInput".to_owned(), "deletedId".to_owned()),
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

#[tokio::test]
async fn an_opportunity_goes_its_way() {
    let desk = Desk::new().await;
    let account = desk.account("Müller GmbH").await;
    let contact = desk.contact("Weber", &account).await;
    let input = json!({
        "idempotencyKey": "1", "name": "Turbines", "accountId": account, "primaryContactId": contact,
        "amount": { "amount": "1000.50", "currency": "EUR" }, "closeDate": "2026-12-31",
    });
    let made = desk.done("createOpportunity", input.clone()).await;
    let id = text(&made["id"]);
    assert_eq!(desk.done("createOpportunity", input).await["id"], made["id"]);
    assert_eq!(
        made["stage"],
        json!({ "name": "Prospecting", "position": 1, "pipeline": { "name": "Sales", "isDefault": true } })
    );
    assert_eq!((&made["probability"], &made["weightedAmount"]["amount"]), (&json!(10), &json!("100.05")));
    assert_eq!((&made["owner"]["name"], &made["forecastCategory"]), (&json!("Max Manager"), &json!("PIPELINE")));
    assert_eq!(made["contactRoles"], json!([{ "contact": { "lastName": "Weber" }, "role": null, "primary": true }]));

    desk.wait(90);
    let next = desk.listed("Negotiation/Review", "OPEN").await;
    let moved = desk.done("moveOpportunity", json!({ "id": id, "stageId": next, "expectedVersion": 1 })).await;
    assert_eq!((&moved["probability"], &moved["forecastCategory"]), (&json!(90), &json!("COMMIT")));
    let by_hand = desk.done("updateOpportunity", json!({ "id": id, "probability": 55 })).await;
    assert_eq!(by_hand["probability"], 55);

    desk.wait(30);
    let reason = desk.listed("Price", "WON").await;
    let win = json!({ "id": id, "reasonId": reason, "note": "Close", "closedOn": "2026-11-20", "amount": { "amount": "900" } });
    let won = desk.done("winOpportunity", win).await;
    assert_eq!((&won["isClosed"], &won["isWon"], &won["probability"]), (&json!(true), &json!(true), &json!(100)));
    assert_eq!((&won["closeDate"], &won["closedAt"]), (&json!("2026-11-20"), &json!("2026-11-22T12:02:00.000Z")));
    assert_eq!(won["amount"], json!({ "amount": "900.00", "currency": "USD" }));
    assert_eq!((&won["account"]["lifecycle"], &won["closeReason"]["name"]), (&json!("CUSTOMER"), &json!("Price")));

    let first = desk.listed("Prospecting", "OPEN").await;
    let open = desk.done("reopenOpportunity", json!({ "id": id, "stageId": first })).await;
    assert_eq!((&open["isClosed"], &open["isWon"], &open["probability"]), (&json!(false), &json!(false), &json!(10)));
    assert_eq!((&open["closedAt"], &open["closeReason"], &open["closeNote"]), (&Json::Null, &Json::Null, &Json::Null));
    assert_eq!(open["account"]["lifecycle"], "CUSTOMER");

    let reason = desk.listed("Chose a competitor", "LOST").await;
    let lost = desk.done("loseOpportunity", json!({ "id": id, "reasonId": reason, "lostTo": "Acme" })).await;
    assert_eq!((&lost["isWon"], &lost["probability"], &lost["lostTo"]), (&json!(false), &json!(0), &json!("Acme")));
    assert_eq!((&lost["closeDate"], &lost["stage"]["name"]), (&json!("2026-11-22"), &json!("Closed Lost")));

    let steps =
        |field: &str| -> Vec<Json> { lost["stageHistory"].as_array().unwrap().iter().map(|step| step[field].clone()).collect() };
    let names: Vec<String> = lost["stageHistory"].as_array().unwrap().iter().map(|step| text(&step["to"]["name"])).collect();
    assert_eq!(names, ["Prospecting", "Negotiation/Review", "Closed Won", "Prospecting", "Closed Lost"]);
    assert_eq!(steps("probability"), [json!(10), json!(90), json!(100), json!(10), json!(0)]);
    assert_eq!(steps("secondsInPrevious"), [Json::Null, json!(90), json!(30), json!(0), json!(0)]);
    let entries = lost["history"]["nodes"].as_array().unwrap();
    let actions: Vec<String> = entries.iter().map(|entry| text(&entry["action"])).collect();
    assert_eq!(actions, ["lost", "reopened", "won", "updated", "moved", "created"]);
    assert_eq!(entries[3]["fields"], json!([{ "field": "probability", "before": 90, "after": 55 }]));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let desk = Desk::new().await;
    let account = desk.account("Acme").await;
    let other = desk.account("Other").await;
    let stranger = desk.contact("Stranger", &other).await;
    let (open, won) = (desk.listed("Prospecting", "OPEN").await, desk.listed("Closed Won", "WON").await);
    let wrong = json!({
        "name": " ", "accountId": account, "primaryContactId": stranger, "stageId": won, "probability": 101,
        "amount": { "amount": "-1" }, "closeDate": "2026-12-31",
    });
    let mut problems = desk.refused("createOpportunity", wrong).await;
    problems.sort();
    assert_eq!(
        problems,
        [
            "INVALID input.primaryContactId",
            "INVALID input.stageId",
            "OUT_OF_RANGE input.amount",
            "OUT_OF_RANGE input.probability",
            "REQUIRED input.name"
        ]
    );
    let made = desk.done("createOpportunity", json!({ "name": "A", "accountId": account, "closeDate": "2026-12-31" })).await;
    let id = &made["id"];
    assert_eq!(desk.refused("moveOpportunity", json!({ "id": id, "stageId": won })).await, ["INVALID input.stageId"]);
    assert_eq!(desk.refused("moveOpportunity", json!({ "id": id, "stageId": open })).await, ["ILLEGAL_TRANSITION"]);
    assert_eq!(desk.refused("reopenOpportunity", json!({ "id": id, "stageId": open })).await, ["ILLEGAL_TRANSITION"]);
    let lost_reason = desk.listed("Price", "LOST").await;
    let win = json!({ "id": id, "reasonId": lost_reason, "closedOn": "2026-11-23" });
    assert_eq!(desk.refused("winOpportunity", win).await, ["INVALID input.reasonId", "OUT_OF_RANGE input.closedOn"]);
    let clear = json!({ "id": id, "name": null, "closeDate": null });
    assert_eq!(desk.refused("updateOpportunity", clear).await, ["REQUIRED input.name", "REQUIRED input.closeDate"]);
    desk.done("winOpportunity", json!({ "id": id })).await;
    let again = desk.call("winOpportunity", json!({ "id": id })).await;
    assert_eq!(again.refusals("winOpportunity"), ["ILLEGAL_TRANSITION"]);
    assert_eq!(again.data("/winOpportunity/userErrors/0/details/allowed").as_array().unwrap().len(), 8);

    let rep = desk.server.rep().await;
    let input = json!({ "input": { "id": id, "name": "Mine" } });
    let answer = desk.server.graphql(&rep, &question("updateOpportunity"), input).await;
    assert_eq!(answer.codes(), ["FORBIDDEN"]);
}

#[tokio::test]
async fn exactly_one_contact_is_primary() {
    let desk = Desk::new().await;
    let account = desk.account("Acme").await;
    let (ann, ben) = (desk.contact("Ann", &account).await, desk.contact("Ben", &account).await);
    let made = desk.done("createOpportunity", json!({ "name": "A", "accountId": account, "closeDate": "2026-12-31" })).await;
    let id = text(&made["id"]);
    let part = |contact: &str| json!({ "opportunityId": id, "contactId": contact });
    let with = |contact: &str, more: Json| {
        let mut input = part(contact);
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let primaries = |answer: &Json| -> Vec<(String, Json, bool)> {
        let roles = answer["contactRoles"].as_array().unwrap().iter();
        roles.map(|role| (text(&role["contact"]["lastName"]), role["role"].clone(), role["primary"] == true)).collect()
    };
    desk.done("setContactRole", with(&ann, json!({ "role": "CHAMPION" }))).await;
    let two = desk.done("setContactRole", with(&ben, json!({ "role": "DECISION_MAKER" }))).await;
    let champion = ("Ann".to_owned(), json!("CHAMPION"), true);
    assert_eq!(primaries(&two), [champion.clone(), ("Ben".to_owned(), json!("DECISION_MAKER"), false)]);
    assert_eq!(desk.done("setContactRole", with(&ben, json!({}))).await["version"], two["version"]);

    assert_eq!(desk.refused("setContactRole", with(&ann, json!({ "primary": false }))).await, ["INVALID input.primary"]);
    assert_eq!(desk.refused("removeContactRole", part(&ann)).await, ["IN_USE input.contactId"]);
    let clear = json!({ "id": id, "primaryContactId": null });
    assert_eq!(desk.refused("updateOpportunity", clear.clone()).await, ["INVALID input.primaryContactId"]);

    let turned = desk.done("updateOpportunity", json!({ "id": id, "primaryContactId": ben })).await;
    assert_eq!(
        primaries(&turned),
        [("Ben".to_owned(), json!("DECISION_MAKER"), true), ("Ann".to_owned(), json!("CHAMPION"), false)]
    );
    desk.done("removeContactRole", part(&ann)).await;
    assert_eq!(desk.refused("removeContactRole", part(&ann)).await, ["NOT_FOUND input.contactId"]);
    let cleared = desk.done("updateOpportunity", clear).await;
    assert_eq!((primaries(&cleared).len(), &cleared["primaryContact"]), (0, &Json::Null));
    assert_eq!(
        cleared["history"]["nodes"][0]["fields"][1],
        json!({ "field": "contactRoles", "before": { "contact": ben, "role": "DECISION_MAKER" }, "after": null })
    );
}

#[tokio::test]
async fn lists_are_filtered_ordered_and_forget_what_is_deleted() {
    let desk = Desk::new().await;
    let (acme, other) = (desk.account("Acme").await, desk.account("Other").await);
    for (name, account, amount) in [("A", &acme, Some("10")), ("B", &acme, None), ("C", &other, Some("30"))] {
        let amount = amount.map(|amount| json!({ "amount": amount }));
        let input = json!({ "name": name, "accountId": account, "closeDate": "2026-12-31", "amount": amount });
        desk.done("createOpportunity", input).await;
        desk.wait(1);
    }
    let names = async |arguments: &str| -> Vec<String> {
        let found = desk.ask(&format!("{{ opportunities{arguments} {{ totalCount nodes {{ id name }} }} }}"), json!({})).await;
        let nodes = found["opportunities"]["nodes"].as_array().unwrap().iter();
        nodes.map(|node| text(&node["name"])).collect()
    };
    assert_eq!(names("").await, ["C", "B", "A"]);
    assert_eq!(names("(orderBy: [{ field: AMOUNT }])").await, ["B", "A", "C"]);
    assert_eq!(names("(orderBy: [{ field: AMOUNT, direction: DESC }], last: 2)").await, ["A", "B"]);
    assert_eq!(names(r#"(filter: { account: { name: { eq: "Acme" } }, isClosed: false })"#).await, ["B", "A"]);
    assert_eq!(names(r#"(filter: { not: { amount: { gt: "15" } } })"#).await, ["B", "A"]);

    let found = desk.ask("{ opportunities(last: 1) { nodes { id } } }", json!({})).await;
    let id = &found["opportunities"]["nodes"][0]["id"];
    let deleted = desk.call("deleteOpportunity", json!({ "id": id })).await;
    assert_eq!(&deleted.payload("deleteOpportunity")["deletedId"], id);
    assert_eq!(names("").await, ["C", "B"]);
    assert_eq!(desk.refused("updateOpportunity", json!({ "id": id, "name": "X" })).await, ["NOT_FOUND input.id"]);
    assert_eq!(desk.done("restoreOpportunity", json!({ "id": id })).await["name"], "A");
    assert_eq!(names("").await, ["C", "B", "A"]);
}
