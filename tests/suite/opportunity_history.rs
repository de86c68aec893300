//! The history of an opportunity's place in its pipeline: how it stood at any instant can be read from it, exactly.

use chrono::{DateTime, TimeDelta, Utc};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value as Json, json};

use crate::harness::{Person, TestServer};

const STATE: &str = "stage { id } amount { amount currency } probability closeDate owner { id }";
const SEQUENCES: u64 = 12;
const STEPS: usize = 25;

/// An opportunity on which many things happen.
struct Desk {
    server: TestServer,
    people: [Person; 2],
    open: Vec<String>,
    lost: String,
    opportunity: String,
}

impl Desk {
    async fn new() -> Self {
        let server = TestServer::start().await;
        let people = [server.manager().await, server.admin().await];
        let query = "{ pipelines { stages { id category } } closeReasons { id category } }";
        let lists = server.graphql(&people[0], query, json!({})).await.data("").clone();
        let ids = |list: &Json, category: &str| -> Vec<String> {
            let list = list.as_array().unwrap().iter().filter(|entry| entry["category"] == category);
            list.map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
        };
        let open = ids(&lists["pipelines"][0]["stages"], "OPEN");
        let lost = ids(&lists["closeReasons"], "LOST").remove(0);
        let mut desk = Self { server, people, open, lost, opportunity: String::new() };
        desk.create().await;
        desk
    }

    async fn create(&mut self) {
        let account = self.call("createAccount", "account { id }", json!({ "name": "Turbinenbau" })).await;
        let input = json!({ "name": "Turbines", "accountId": account["account"]["id"], "closeDate": "2026-12-31" });
        let made = self.call("createOpportunity", "opportunity { id }", input).await;
        self.opportunity = made["opportunity"]["id"].as_str().unwrap().to_owned();
    }

    async fn call(&self, mutation: &str, fields: &str, input: Json) -> Json {
        let kind = match mutation {
            "deleteOpportunity" => "DeleteInput".to_owned(),
            "restoreOpportunity" => "RestoreInput".to_owned(),
            _ => format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]),
        };
        let query = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} userErrors {{ code }} }} }}");
        let answer = self.server.graphql(&self.people[0], &query, json!({ "input": input })).await;
        answer.data(&format!("/{mutation}")).clone()
    }

    /// Does something that may or may not be allowed now.
    async fn step(&self, random: &mut StdRng) {
        let id = &self.opportunity;
        let stage = &self.open[random.random_range(0..self.open.len())];
        let update = |field: &str, value: Json| ("updateOpportunity", json!({ "id": id, field: value }));
        let (mutation, input) = match random.random_range(0..14) {
            0..4 => ("moveOpportunity", json!({ "id": id, "stageId": stage })),
            4 => update("amount", json!({ "amount": random.random_range(0..5), "currency": "EUR" })),
            5 => update("amount", Json::Null),
            6 => update("probability", json!(random.random_range(0..=100))),
            7 => update("probability", Json::Null),
            8 => update("closeDate", json!(format!("2027-01-{:02}", random.random_range(1..=28)))),
            9 => update("ownerId", json!(self.people[random.random_range(0..2)].id.to_string())),
            10 => update("nextStep", json!("Call again")),
            11 => ("winOpportunity", json!({ "id": id })),
            12 => ("loseOpportunity", json!({ "id": id, "reasonId": self.lost })),
            _ => ("reopenOpportunity", json!({ "id": id, "stageId": stage })),
        };
        self.call(mutation, "opportunity { id }", input).await;
        if random.random_range(0..6) == 0 {
            self.call("deleteOpportunity", "deletedId", json!({ "id": id })).await;
        }
    }

    async fn restore(&self) {
        self.call("restoreOpportunity", "opportunity { id }", json!({ "id": self.opportunity })).await;
    }

    /// How it stands now; null where it lies deleted.
    async fn now(&self) -> Json {
        let query = format!("query($id: ID!) {{ opportunity(id: $id) {{ {STATE} }} }}");
        self.server.graphql(&self.people[0], &query, json!({ "id": self.opportunity })).await.data("/opportunity").clone()
    }

    async fn history(&self) -> Vec<Json> {
        let query = format!(
            "query($id: ID!) {{ opportunity(id: $id) {{
                pipelineHistory {{ at until deleted before {{ {STATE} }} after {{ {STATE} }} }} stageHistory {{ to {{ id }} }} }} }}"
        );
        let answer = self.server.graphql(&self.people[0], &query, json!({ "id": self.opportunity })).await;
        answer.data("/opportunity/pipelineHistory").as_array().unwrap().clone()
    }
}

fn instant(value: &Json) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

/// How it stood at an instant, from the history alone.
fn as_of(history: &[Json], at: DateTime<Utc>) -> Json {
    let mut held =
        history.iter().filter(|row| instant(&row["at"]) <= at && (row["until"].is_null() || at < instant(&row["until"])));
    let row = held.next().unwrap();
    assert!(held.next().is_none(), "two states at {at}: {history:?}");
    if row["deleted"] == true { Json::Null } else { row["after"].clone() }
}

#[tokio::test]
async fn how_it_stood_at_any_instant_can_be_read_from_its_history() {
    let mut desk = Desk::new().await;
    for seed in 0..SEQUENCES {
        let mut random = StdRng::seed_from_u64(seed);
        desk.create().await;
        let mut seen = Vec::new();
        for _ in 0..STEPS {
            // Sometimes several things happen at the same moment.
            desk.server.clock.advance(TimeDelta::seconds(random.random_range(0..3)));
            desk.step(&mut random).await;
            seen.push((desk.server.app.now(), desk.now().await));
            if seen.last().is_some_and(|(_, state)| state.is_null()) {
                desk.server.clock.advance(TimeDelta::seconds(1));
                desk.restore().await;
                seen.push((desk.server.app.now(), desk.now().await));
            }
        }
        let history = desk.history().await;
        for pair in history.windows(2) {
            assert_eq!(pair[0]["until"], pair[1]["at"], "seed {seed}: the history has a gap");
            assert_eq!(pair[0]["after"], pair[1]["before"], "seed {seed}: before is not what was");
        }
        for (index, (at, state)) in seen.iter().enumerate() {
            // Of several states of one moment the last one counts.
            if seen.get(index + 1).is_none_or(|(next, _)| next > at) {
                assert_eq!(as_of(&history, *at), *state, "seed {seed}, at {at}");
            }
        }
        assert_eq!(history.last().unwrap()["after"], desk.now().await);
    }
}

#[tokio::test]
async fn a_probability_set_by_hand_stays_until_it_is_cleared() {
    let desk = Desk::new().await;
    let id = &desk.opportunity;
    let probability = async |mutation: &str, input: Json| {
        desk.call(mutation, "opportunity { probability }", input).await["opportunity"]["probability"].clone()
    };
    assert_eq!(probability("updateOpportunity", json!({ "id": id, "probability": 33 })).await, 33);
    assert_eq!(probability("moveOpportunity", json!({ "id": id, "stageId": desk.open[5] })).await, 33);
    assert_eq!(probability("updateOpportunity", json!({ "id": id, "nextStep": "Call" })).await, 33);
    assert_eq!(probability("updateOpportunity", json!({ "id": id, "probability": null })).await, 70);
    assert_eq!(probability("moveOpportunity", json!({ "id": id, "stageId": desk.open[0] })).await, 10);
}
