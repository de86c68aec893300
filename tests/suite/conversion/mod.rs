//! Converting leads, looking at it beforehand, and undoing it: through the public API.

mod bulk;
mod cost;
mod creating;
mod dump;
mod existing;
mod faults;
mod guards;
mod preview;
mod preview_property;
mod races;
mod revert;
mod revert_blockers;
mod revert_property;

use std::ops::{Deref, DerefMut};

use entity::{PipelineId, Role, StageCategory, StageId};
use leadgraph::app::App;
use leadgraph::http::{self, HttpSettings};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::harness::{Person, SESSION_HOURS, TestServer};

/// What each kind of record says about itself, as far as a conversion can touch it.
const FRAGMENTS: &str = "
fragment L on Lead {
    id version name firstName lastName company email phone website description status rating buyingRole
    address { street city region postalCode country } source { id } campaign { id } owner { id }
    qualification { need { state note } budget { state note } timeline { state } authority { state }
        budgetAmount { amount currency } expectedPurchaseDate qualifiedAt }
    buyingSignals { kind observedOn note }
    conversion { account { id } contact { id } opportunity { id } convertedAt convertedBy { id }
        revertible revertBlockers { code message field details } }
    activities(first: 200) { nodes { id } totalCount }
}
fragment A on Account {
    id version name kind lifecycle website phone description parent { id } owner { id }
    address { street city region postalCode country } activities(first: 200) { nodes { id } totalCount }
}
fragment C on Contact {
    id version name firstName lastName jobTitle email phone description account { id } owner { id } source { id } campaign { id }
    address { street city region postalCode country } activities(first: 200) { nodes { id } totalCount }
}
fragment O on Opportunity {
    id version name account { id } primaryContact { id } owner { id } pipeline { id } stage { id name } probability
    amount { amount currency } closeDate isClosed isWon source { id } campaign { id } lead { id } description
    qualification { need { state note } budget { state note } timeline { state note } authority { state note }
        budgetAmount { amount currency } expectedPurchaseDate }
    buyingSignals { kind observedOn note } contactRoles { contact { id } role primary }
    stageHistory { from { id } to { id } by { id } probability closeDate amount { amount } }
    activities(first: 200) { nodes { id } totalCount }
}";

const PROBLEMS: &str = "userErrors { code message field details }";

const PLANNED: &str = "action existing { id } fields { field before after }
    duplicates { score reasons record { ... on Account { id } ... on Contact { id } ... on Lead { id } } }";

/// A server and the people who work with it.
struct World {
    server: TestServer,
    manager: Person,
    rep: Person,
    other_rep: Person,
    viewer: Person,
    dump_statement: OnceCell<String>,
}

impl Deref for World {
    type Target = TestServer;

    fn deref(&self) -> &TestServer {
        &self.server
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut TestServer {
        &mut self.server
    }
}

impl World {
    async fn start() -> Self {
        Self::on(TestServer::start().await).await
    }

    async fn on(server: TestServer) -> Self {
        let (manager, rep, viewer) = (server.manager().await, server.rep().await, server.viewer().await);
        let other_rep = server.person("Rolf Rep", Role::Rep).await;
        Self { server, manager, rep, other_rep, viewer, dump_statement: OnceCell::new() }
    }

    /// The same workspace with other settings, which are read at the start.
    async fn with_settings(assignments: &str) -> Self {
        let mut world = Self::start().await;
        world.execute(&format!("UPDATE workspace SET {assignments}")).await;
        let app = App::start(world.app.database().clone(), world.clock.clone(), SESSION_HOURS).await.unwrap();
        let settings = HttpSettings { workers: 1, ..HttpSettings::new(([127, 0, 0, 1], 0).into()) };
        let running = http::start(app.clone(), settings, crate::harness::threads().clone()).unwrap();
        world.app = app;
        world.address = running.address;
        tokio::spawn(running.finished());
        world
    }

    /// Executes SQL in the database behind the server.
    async fn execute(&self, sql: &str) {
        let write = self.app.database().begin().await.unwrap();
        write.execute_unprepared(sql).await.unwrap();
        write.commit().await.unwrap();
    }

    /// The payload of a mutation, carried out or refused.
    async fn mutate(&self, who: &Person, mutation: &str, input: Value) -> Value {
        let answer = self.graphql(who, &document(mutation), json!({ "input": input })).await;
        answer.data(&format!("/{mutation}")).clone()
    }

    /// The code of the fault that a mutation is answered with.
    async fn fault(&self, who: &Person, mutation: &str, input: Value) -> String {
        let answer = self.graphql(who, &document(mutation), json!({ "input": input })).await;
        answer.codes().first().unwrap_or_else(|| panic!("no fault in {}", answer.text)).to_string()
    }

    /// The payload of a mutation that must be carried out.
    async fn done(&self, who: &Person, mutation: &str, input: Value) -> Value {
        let payload = self.mutate(who, mutation, input).await;
        assert_eq!(payload["userErrors"], json!([]), "{mutation}");
        payload
    }

    /// Creates a record as the manager and answers its id.
    async fn make(&self, mutation: &str, input: Value) -> String {
        let payload = self.done(&self.manager, mutation, input).await;
        let record = payload.as_object().unwrap().iter().find(|(name, _)| *name != "userErrors").unwrap().1;
        record["id"].as_str().unwrap().to_owned()
    }

    async fn new_lead(&self, input: Value) -> String {
        self.make("createLead", input).await
    }

    /// A lead that the manager owns and of which all is known.
    async fn full_lead(&self) -> String {
        let (source, campaign) = (self.source().await, self.new_campaign().await);
        let lead = self.new_lead(json!({
            "firstName": "Nguyễn", "lastName": "An", "jobTitle": "Head of IT", "company": "Hải Âu JSC", "email": "an@haiau.example",
            "phone": "+84 24 3825 0001", "website": "https://haiau.example", "description": "Met in Hà Nội.",
            "address": { "street": "1 Tràng Tiền", "city": "Hà Nội", "country": "VN" }, "rating": "HOT", "sourceId": source,
            "campaignId": campaign, "buyingRole": "CHAMPION", "ownerId": self.manager.id.to_string(),
        })).await;
        let met = |note: &str| json!({ "state": "MET", "note": note });
        self.done(
            &self.manager,
            "assessLead",
            json!({
                "id": lead, "need": met("New plant"), "budget": met("Approved"), "timeline": met("This year"),
                "budgetAmount": { "amount": "12500.50", "currency": "EUR" }, "expectedPurchaseDate": "2026-09-30",
            }),
        )
        .await;
        for kind in ["EXPRESSED_INTEREST", "MEETING_AGREED"] {
            self.done(&self.manager, "recordBuyingSignal", json!({ "id": lead, "kind": kind, "note": "Said so" })).await;
        }
        for kind in ["CALL", "NOTE"] {
            self.activity(kind, &[&lead]).await;
        }
        lead
    }

    async fn account(&self, name: &str) -> String {
        self.make("createAccount", json!({ "name": name })).await
    }

    async fn contact(&self, last_name: &str, account: Option<&str>) -> String {
        self.make("createContact", json!({ "lastName": last_name, "accountId": account })).await
    }

    async fn opportunity(&self, name: &str, account: &str) -> String {
        self.make("createOpportunity", json!({ "name": name, "accountId": account, "closeDate": "2026-06-30" })).await
    }

    async fn activity(&self, kind: &str, about: &[&str]) -> String {
        self.make("createActivity", json!({ "kind": kind, "subject": "Something was said", "aboutIds": about })).await
    }

    async fn new_campaign(&self) -> String {
        self.make("createCampaign", json!({ "name": "Spring" })).await
    }

    async fn source(&self) -> String {
        let answer = self.graphql(&self.manager, "{ leadSources { id } }", json!({})).await;
        answer.text_at("/leadSources/0/id")
    }

    /// The payload of a conversion, carried out or refused.
    async fn convert(&self, who: &Person, input: Value) -> Value {
        self.mutate(who, "convertLead", input).await
    }

    /// What the manager's conversion made of a lead.
    async fn converted(&self, input: Value) -> Value {
        self.done(&self.manager, "convertLead", input).await
    }

    async fn preview(&self, who: &Person, input: Value) -> Value {
        let query = format!(
            "query($input: ConvertLeadInput!) {{ leadConversionPreview(input: $input) {{ account {{ {PLANNED} }} contact {{ {PLANNED} }}
                opportunity {{ {PLANNED} }} activitiesCarriedOver {PROBLEMS} }} }}"
        );
        self.graphql(who, &query, json!({ "input": input })).await.data("/leadConversionPreview").clone()
    }

    async fn revert(&self, lead: &str) -> Value {
        self.mutate(&self.manager, "revertLeadConversion", json!({ "id": lead })).await
    }

    /// A record as anybody reads it; null where it isn't there.
    async fn read(&self, id: &str) -> Value {
        let query = format!("query($id: ID!) {{ node(id: $id) {{ ...L ...A ...C ...O }} }} {FRAGMENTS}");
        self.graphql(&self.manager, &query, json!({ "id": id })).await.data("/node").clone()
    }

    /// A record's history, oldest first.
    async fn history(&self, id: &str) -> Vec<Value> {
        let part = "history(first: 200) { nodes { action at by { id } fields { field before after } } }";
        let query = format!(
            "query($id: ID!) {{ node(id: $id) {{ ... on Lead {{ {part} }} ... on Account {{ {part} }} ... on Contact {{ {part} }}
                ... on Opportunity {{ {part} }} }} }}"
        );
        let answer = self.graphql(&self.manager, &query, json!({ "id": id })).await;
        let mut entries = answer.data("/node/history/nodes").as_array().unwrap().clone();
        entries.reverse();
        entries
    }

    /// How many accounts, contacts and opportunities there are.
    async fn counts(&self) -> [i64; 3] {
        let query = "{ accounts { totalCount } contacts { totalCount } opportunities { totalCount } }";
        let answer = self.graphql(&self.manager, query, json!({})).await;
        ["accounts", "contacts", "opportunities"].map(|list| answer.data(&format!("/{list}/totalCount")).as_i64().unwrap())
    }

    /// A stage of the default pipeline.
    async fn stage(&self, name: &str) -> String {
        let answer = self.graphql(&self.manager, "{ pipelines { isDefault stages { id name } } }", json!({})).await;
        let pipelines = answer.data("/pipelines").as_array().unwrap();
        let stages = pipelines.iter().find(|pipeline| pipeline["isDefault"] == true).unwrap()["stages"].as_array().unwrap();
        stages.iter().find(|stage| stage["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// A close reason.
    async fn close_reason(&self, category: &str) -> String {
        let answer = self.graphql(&self.manager, "{ closeReasons { id category } }", json!({})).await;
        let reasons = answer.data("/closeReasons").as_array().unwrap();
        reasons.iter().find(|reason| reason["category"] == category).unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// A second pipeline with two open stages: its id and theirs.
    async fn second_pipeline(&self) -> (String, [String; 2]) {
        let (pipeline_id, now): (PipelineId, _) = (self.app.new_id(), self.app.now());
        let write = self.app.database().begin().await.unwrap();
        let pipeline = entity::pipeline::ActiveModel {
            id: Set(pipeline_id),
            name: Set("Renewals".to_owned()),
            name_key: Set("renewals".to_owned()),
            version: Set(1),
            is_default: Set(false),
            active: Set(true),
            position: Set(2),
            created_at: Set(now),
            updated_at: Set(now),
        };
        entity::pipeline::Entity::insert(pipeline).exec_without_returning(&write).await.unwrap();
        let mut stages = Vec::new();
        for (position, (name, probability)) in [("Due", 30), ("Offered", 60)].into_iter().enumerate() {
            let id: StageId = self.app.new_id();
            let stage = entity::stage::ActiveModel {
                id: Set(id),
                number: Set(100 + i32::try_from(position).unwrap()),
                pipeline_id: Set(pipeline_id),
                name: Set(name.to_owned()),
                name_key: Set(name.to_lowercase()),
                position: Set(i32::try_from(position).unwrap() + 1),
                probability: Set(probability),
                version: Set(1),
                category: Set(StageCategory::Open),
                forecast_category: Set(entity::ForecastCategory::Pipeline),
                active: Set(true),
                created_at: Set(now),
                updated_at: Set(now),
            };
            entity::stage::Entity::insert(stage).exec_without_returning(&write).await.unwrap();
            stages.push(id.to_string());
        }
        write.commit().await.unwrap();
        (pipeline_id.to_string(), stages.try_into().unwrap())
    }

    /// Somebody who may not own anything any more.
    async fn inactive(&self) -> String {
        let person = self.person("Ida Inactive", Role::Rep).await;
        self.execute(&format!("UPDATE users SET active = false WHERE email = '{}'", person.email)).await;
        person.id.to_string()
    }
}

/// The codes and paths of a payload's problems, as `REQUIRED input.contactId`.
fn refusals(payload: &Value) -> Vec<String> {
    let path = |problem: &Value| {
        let steps: Vec<_> = problem["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        format!("{} {}", problem["code"].as_str().unwrap(), steps.join(".")).trim_end().to_owned()
    };
    payload["userErrors"].as_array().unwrap().iter().map(path).collect()
}

/// The ids that a conversion's payload or a lead's conversion names.
fn ids(of: &Value) -> [String; 3] {
    ["account", "contact", "opportunity"].map(|kind| of[kind]["id"].as_str().unwrap_or_default().to_owned())
}

/// A planned or past change of a field: before and after.
fn field<'a>(of: &'a Value, name: &str) -> Option<(&'a Value, &'a Value)> {
    let fields = of["fields"].as_array().unwrap();
    fields.iter().find(|field| field["field"] == name).map(|field| (&field["before"], &field["after"]))
}

/// The names of planned or past changes.
fn field_names(of: &Value) -> Vec<&str> {
    of["fields"].as_array().unwrap().iter().map(|field| field["field"].as_str().unwrap()).collect()
}

fn document(mutation: &str) -> String {
    let capitalised = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
    let input = match mutation {
        "claimLead" | "releaseLead" | "reopenLead" | "revertLeadConversion" => "LeadIdInput".to_owned(),
        _ if mutation.starts_with("delete") => "DeleteInput".to_owned(),
        _ if mutation.starts_with("restore") => "RestoreInput".to_owned(),
        _ => format!("{capitalised}Input"),
    };
    let converted = "lead { ...L } account { ...A } contact { ...C } opportunity { ...O }";
    let names = "lead { id status } account { id name } contact { id } opportunity { id }";
    let (payload, fragments) = match mutation {
        "convertLead" => (converted.to_owned(), FRAGMENTS),
        "convertLeads" => (format!("results {{ {names} {PROBLEMS} }}"), ""),
        "revertLeadConversion" => ("lead { ...L }".to_owned(), FRAGMENTS),
        _ if mutation.starts_with("delete") => ("deletedId".to_owned(), ""),
        _ => {
            let kinds = ["Lead", "Account", "Contact", "Opportunity", "Activity", "Campaign"];
            let kind = match mutation {
                "recordBuyingSignal" => "lead".to_owned(),
                "setContactRole" | "removeContactRole" => "opportunity".to_owned(),
                _ => kinds.iter().find(|kind| mutation.contains(*kind)).unwrap().to_lowercase(),
            };
            (format!("{kind} {{ id version }}"), "")
        }
    };
    // A document may define only the fragments that it uses.
    let fragments = if mutation == "revertLeadConversion" { only_lead(fragments) } else { fragments.to_owned() };
    format!("mutation($input: {input}!) {{ {mutation}(input: $input) {{ {payload} {PROBLEMS} }} }} {fragments}")
}

fn only_lead(fragments: &str) -> String {
    fragments[..fragments.find("fragment A").unwrap()].to_owned()
}
