//! Reports: against a plain recomputation over random data, against figures worked out by hand, and on real data.

mod any_list;
mod by_hand;
mod drill;
mod funnel;
mod lines_then;
mod lists;
mod naive;
mod random;
mod real_data;
mod sales;
mod scale;
mod summaries;

use std::collections::HashMap;
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{Role, user};
use leadgraph::auth::session;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::{Value as Json, json};

use crate::harness::{Person, SESSION_HOURS, TestServer};

/// A workspace with sellers in teams, campaigns and sources, and a manager who asks.
pub struct Office {
    pub server: TestServer,
    manager: Mutex<(DateTime<Utc>, Person)>,
    /// The manager, and two sellers.
    pub sellers: Vec<String>,
    pub account: String,
    /// By name.
    stages: HashMap<String, String>,
    pub campaigns: Vec<String>,
    pub sources: Vec<String>,
    reasons: HashMap<String, String>,
}

impl Office {
    /// An office on this day.
    pub async fn on(day: &str) -> Self {
        let server = TestServer::start().await;
        server.clock.set(&format!("{day}T09:00:00Z"));
        let manager = server.manager().await;
        let mut sellers = vec![manager.id.to_string()];
        for (name, team) in [("Anna", Some("North")), ("Ben", Some("South")), ("Cleo", None)] {
            let seller = server.person(name, Role::Rep).await;
            sellers.push(seller.id.to_string());
            if let Some(team) = team {
                join_team(&server, seller.id, team).await;
            }
        }
        let mut office = Self {
            manager: Mutex::new((server.app.now(), manager)),
            server,
            sellers,
            account: String::new(),
            stages: HashMap::new(),
            campaigns: Vec::new(),
            sources: Vec::new(),
            reasons: HashMap::new(),
        };
        let made = office.call("createAccount", json!({ "name": "Acme", "industry": "retail" }), "account { id }").await;
        office.account = text(&made["account"]["id"]);
        let lists = office
            .ask(
                "{ pipelines { stages { id name } } closeReasons { id category } disqualificationReasons { id }
                   leadSources { id } }",
                json!({}),
            )
            .await;
        for stage in lists["pipelines"][0]["stages"].as_array().unwrap() {
            office.stages.insert(text(&stage["name"]), text(&stage["id"]));
        }
        for reason in lists["closeReasons"].as_array().unwrap() {
            office.reasons.entry(text(&reason["category"])).or_insert_with(|| text(&reason["id"]));
        }
        office.reasons.insert("LEAD".to_owned(), text(&lists["disqualificationReasons"][0]["id"]));
        office.sources = lists["leadSources"].as_array().unwrap().iter().take(3).map(|source| text(&source["id"])).collect();
        office
    }

    pub fn stage(&self, name: &str) -> &str {
        &self.stages[name]
    }

    pub fn reason(&self, category: &str) -> &str {
        &self.reasons[category]
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.server.app.now()
    }

    pub fn wait(&self, hours: i64) {
        self.server.clock.advance(TimeDelta::hours(hours));
    }

    /// The manager, signed in anew after a while.
    pub async fn manager(&self) -> Person {
        let (since, mut person) = self.manager.lock().unwrap().clone();
        if (self.now() - since).num_hours().abs() > SESSION_HOURS / 2 {
            person.token = session::open(&self.server.app, person.id).await.unwrap().token;
            *self.manager.lock().unwrap() = (self.now(), person.clone());
        }
        person
    }

    /// The data of a query.
    pub async fn ask(&self, query: &str, variables: Json) -> Json {
        self.server.graphql(&self.manager().await, query, variables).await.data("").clone()
    }

    /// What is asked of a report: `reports { … }`.
    pub async fn report(&self, field: &str) -> Json {
        let answer = self.ask(&format!("{{ reports {{ report: {field} }} }}"), json!({})).await;
        answer["reports"]["report"].clone()
    }

    /// The payload of a mutation that must succeed.
    pub async fn call(&self, mutation: &str, input: Json, fields: &str) -> Json {
        self.server
            .graphql(&self.manager().await, &question(mutation, fields), json!({ "input": input }))
            .await
            .payload(mutation)
            .clone()
    }

    /// Calls a mutation that may be refused.
    pub async fn attempt(&self, mutation: &str, input: Json) {
        let answer = self.server.graphql(&self.manager().await, &question(mutation, ""), json!({ "input": input })).await;
        answer.data(&format!("/{mutation}/userErrors"));
    }

    pub async fn campaign(&self, name: &str, more: Json) -> String {
        let input = merged(json!({ "name": name }), more);
        text(&self.call("createCampaign", input, "campaign { id }").await["campaign"]["id"])
    }

    pub async fn lead(&self, more: Json) -> String {
        let input = merged(json!({ "lastName": "Lead" }), more);
        text(&self.call("createLead", input, "lead { id }").await["lead"]["id"])
    }

    pub async fn status(&self, lead: &str, status: &str) {
        match status {
            "QUALIFIED" => {
                self.call("qualifyLead", json!({ "id": lead, "overrideReason": "Test" }), "lead { id }").await;
            }
            "CLOSED_NOT_CONVERTED" => {
                let input = json!({ "id": lead, "reasonId": self.reason("LEAD") });
                self.call("disqualifyLead", input, "lead { id }").await;
            }
            _ => {
                self.call("setLeadStatus", json!({ "id": lead, "status": status }), "lead { id }").await;
            }
        }
    }

    /// Converts a lead and answers its opportunity.
    pub async fn convert(&self, lead: &str) -> String {
        let input = json!({ "leadId": lead, "accountId": self.account, "allowDuplicates": true });
        text(&self.call("convertLead", input, "opportunity { id }").await["opportunity"]["id"])
    }

    pub async fn opportunity(&self, more: Json) -> String {
        let input = merged(json!({ "name": "Deal", "accountId": self.account, "closeDate": "2026-12-31" }), more);
        text(&self.call("createOpportunity", input, "opportunity { id }").await["opportunity"]["id"])
    }

    pub async fn to_stage(&self, opportunity: &str, stage: &str) {
        let input = json!({ "id": opportunity, "stageId": self.stage(stage) });
        self.call("moveOpportunity", input, "opportunity { id }").await;
    }

    pub async fn win(&self, opportunity: &str, more: Json) {
        let input = merged(json!({ "id": opportunity, "reasonId": self.reason("WON") }), more);
        self.call("winOpportunity", input, "opportunity { id }").await;
    }

    pub async fn lose(&self, opportunity: &str, more: Json) {
        let input = merged(json!({ "id": opportunity, "reasonId": self.reason("LOST") }), more);
        self.call("loseOpportunity", input, "opportunity { id }").await;
    }

    pub async fn reopen(&self, opportunity: &str, stage: &str) {
        let input = json!({ "id": opportunity, "stageId": self.stage(stage) });
        self.call("reopenOpportunity", input, "opportunity { id }").await;
    }
}

/// Puts a user into a new team.
pub async fn join_team(server: &TestServer, id: entity::UserId, team: &str) {
    let write = server.app.database().begin().await.unwrap();
    let row =
        entity::team::Model { id: server.app.new_id(), name: team.to_owned(), manager_id: None, created_at: server.app.now() };
    let team = row.id;
    entity::team::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&write).await.unwrap();
    let member = user::ActiveModel { id: Set(id), team_id: Set(Some(team)), ..Default::default() };
    user::Entity::update(member).exec(&write).await.unwrap();
    write.commit().await.unwrap();
}

fn question(mutation: &str, fields: &str) -> String {
    let kind = match mutation {
        "deleteOpportunity" | "deleteLead" => "DeleteInput".to_owned(),
        "restoreOpportunity" | "restoreLead" => "RestoreInput".to_owned(),
        "reopenLead" | "revertLeadConversion" => "LeadIdInput".to_owned(),
        "sendQuote" | "rejectQuote" | "reviseQuote" => "QuoteIdInput".to_owned(),
        _ => format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]),
    };
    format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} userErrors {{ code message field }} }} }}")
}

pub fn merged(mut one: Json, other: Json) -> Json {
    one.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    one
}

pub fn text(value: &Json) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
