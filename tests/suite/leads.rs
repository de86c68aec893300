//! Leads and the work on them, through the public API.

mod activities;
pub mod creating;
mod duplicates;
mod guards;
mod history;
mod limits;
mod moves;
mod policy;
mod pool;
mod qualification;
mod repeating;

use entity::{Id, Identified, LeadId};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::harness::{Answer, Person, TestServer};

/// Everything that a lead says about itself, but for its lists.
pub const LEAD: &str = "fragment LeadFields on Lead {
    id version name firstName lastName jobTitle company email phone website description
    address { street city region postalCode country }
    status rating source { id } campaign { id } buyingRole owner { id }
    qualification {
        need { name state note } budget { name state note } timeline { name state note } authority { name state note }
        budgetAmount { amount currency } expectedPurchaseDate missing score { value factors { label points } }
        qualifiedAt qualifiedBy { id } overrideReason
    }
    buyingSignals { kind observedOn note }
    disqualification { reason { id name } note at by { id } }
    conversion { account { id } contact { id } opportunity { id } }
    lastActivityAt createdAt updatedAt
}";

/// The statuses, in the order of the path of a sale.
pub const STATUSES: [&str; 5] =
    ["OPEN_NOT_CONTACTED", "WORKING_CONTACTED", "QUALIFIED", "CLOSED_CONVERTED", "CLOSED_NOT_CONVERTED"];

/// What a mutation was answered.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub answer: Answer,
    mutation: String,
}

impl Outcome {
    /// The payload of a mutation that was carried out. Fails where it was not.
    #[track_caller]
    pub fn done(&self) -> &Value {
        self.answer.payload(&self.mutation)
    }

    /// The lead as the mutation left it.
    #[track_caller]
    pub fn lead(&self) -> &Value {
        &self.done()["lead"]
    }

    /// The id of the record that the mutation was about.
    #[track_caller]
    pub fn id(&self) -> String {
        let payload = self.done();
        ["lead", "activity", "account", "contact", "opportunity", "campaign", "member"]
            .iter()
            .find_map(|kind| payload[kind]["id"].as_str())
            .unwrap_or_else(|| panic!("no id in {payload}"))
            .to_owned()
    }

    /// What stood in the way, as `CODE path`. Nothing was made then.
    #[track_caller]
    pub fn refusals(&self) -> Vec<String> {
        let payload = self.answer.data(&format!("/{}", self.mutation));
        let made = payload.as_object().unwrap().iter().filter(|(field, _)| *field != "userErrors");
        let refusals = self.answer.refusals(&self.mutation);
        assert!(refusals.is_empty() || made.clone().all(|(_, value)| value.is_null()), "refused, and yet made: {payload}");
        refusals
    }

    /// The details of the first problem.
    #[track_caller]
    pub fn details(&self) -> &Value {
        self.answer.data(&format!("/{}/userErrors/0/details", self.mutation))
    }

    /// `OK`, the code of the refusal, or the code of the fault.
    #[track_caller]
    pub fn verdict(&self) -> String {
        if let Some(code) = self.answer.codes().first() {
            return (*code).to_owned();
        }
        let problems = self.answer.data(&format!("/{}/userErrors", self.mutation));
        problems[0]["code"].as_str().unwrap_or("OK").to_owned()
    }
}

impl TestServer {
    /// Calls a mutation with this input.
    pub async fn call(&self, person: &Person, mutation: &str, input: Value) -> Outcome {
        let variables = json!({ "input": input });
        let answer = self.graphql(person, &document(mutation), variables).await;
        Outcome { answer, mutation: mutation.to_owned() }
    }

    /// Creates a lead and answers its id.
    pub async fn new_lead(&self, person: &Person, input: Value) -> String {
        self.call(person, "createLead", input).await.id()
    }

    /// The lead as anybody reads it; null where there is none.
    pub async fn lead(&self, person: &Person, id: &str) -> Value {
        let query = format!("query($id: ID!) {{ lead(id: $id) {{ ...LeadFields }} }} {LEAD}");
        self.graphql(person, &query, json!({ "id": id })).await.data("/lead").clone()
    }

    /// The lead's history, oldest first.
    pub async fn history(&self, person: &Person, id: &str) -> Vec<Value> {
        let query = "query($id: ID!) { lead(id: $id) { history(first: 200) {
            nodes { id action at by { id } fields { field before after } } } } }";
        let answer = self.graphql(person, query, json!({ "id": id })).await;
        let mut entries = answer.data("/lead/history/nodes").as_array().unwrap().clone();
        entries.reverse();
        entries
    }

    /// Puts a new lead of the pool into this status.
    pub async fn lead_in(&self, person: &Person, status: &str) -> String {
        let id = self.new_lead(person, json!({ "lastName": "Mover", "company": "Moving" })).await;
        match status {
            "OPEN_NOT_CONTACTED" => {}
            "WORKING_CONTACTED" => {
                self.call(person, "setLeadStatus", json!({ "id": id, "status": status })).await.done();
            }
            "QUALIFIED" => {
                self.call(person, "qualifyLead", qualified(&id)).await.done();
            }
            "CLOSED_CONVERTED" => {
                self.call(person, "convertLead", json!({ "leadId": id })).await.done();
            }
            _ => {
                let reason = self.reason("No budget").await;
                self.call(person, "disqualifyLead", json!({ "id": id, "reasonId": reason })).await.done();
            }
        }
        id
    }

    /// The id of a disqualification reason.
    pub async fn reason(&self, name: &str) -> String {
        use entity::disqualification_reason::{Column, Entity};
        let select = Entity::find().filter(Column::Name.eq(name));
        select.one(self.app.database().read()).await.unwrap().unwrap().id.to_string()
    }

    /// The id of a lead source.
    pub async fn source(&self, name: &str) -> String {
        use entity::lead_source::{Column, Entity};
        let select = Entity::find().filter(Column::Name.eq(name));
        select.one(self.app.database().read()).await.unwrap().unwrap().id.to_string()
    }

    /// A new user who was deactivated.
    pub async fn inactive(&self, admin: &Person) -> Person {
        let person = self.person("Ida Inactive", entity::Role::Rep).await;
        let input = json!({ "id": person.id.to_string(), "active": false });
        self.call(admin, "updateUser", input).await.done();
        person
    }

    /// The id of a reason to win an opportunity.
    pub async fn reason_to_win(&self) -> String {
        self.reason_to_close(entity::StageCategory::Won).await
    }

    /// The id of a reason for losing opportunities.
    pub async fn reason_to_lose(&self) -> String {
        self.reason_to_close(entity::StageCategory::Lost).await
    }

    async fn reason_to_close(&self, category: entity::StageCategory) -> String {
        let reasons = entity::close_reason::Entity::find().all(self.app.database().read()).await.unwrap();
        reasons.iter().find(|reason| reason.category == category).unwrap().id.to_string()
    }

    /// How many leads there are.
    pub async fn lead_count(&self, person: &Person) -> u64 {
        self.graphql(person, "{ leads { totalCount } }", json!({})).await.data("/leads/totalCount").as_u64().unwrap()
    }

    /// The same user with a new sign-in.
    pub async fn signed_in_again(&self, person: &Person) -> Person {
        let token = leadgraph::auth::session::open(&self.app, person.id).await.unwrap().token;
        Person { token, ..person.clone() }
    }

    /// A campaign, written straight into the database.
    pub async fn campaign(&self, name: &str) -> String {
        let id: entity::CampaignId = self.app.new_id();
        let row = entity::campaign::ActiveModel {
            id: Set(id),
            version: Set(1),
            name: Set(name.to_owned()),
            name_key: Set(name.to_lowercase()),
            active: Set(true),
            created_at: Set(self.app.now()),
            updated_at: Set(self.app.now()),
            ..Default::default()
        };
        let write = self.app.database().begin().await.unwrap();
        entity::campaign::Entity::insert(row).exec_without_returning(&write).await.unwrap();
        write.commit().await.unwrap();
        id.to_string()
    }

    /// An id that names nothing.
    pub fn nothing<E: Identified>(&self) -> String {
        self.app.new_id::<E>().to_string()
    }
}

/// What qualifies a lead without further questions.
pub fn qualified(id: &str) -> Value {
    let met = json!({ "state": "MET" });
    json!({ "id": id, "need": met, "budget": met, "timeline": met })
}

/// The same UUID as the id of another kind of record.
pub fn as_kind<E: Identified>(id: &str) -> String {
    let id: LeadId = id.parse().unwrap();
    Id::<E>::new(id.uuid()).to_string()
}

/// The code and path that one refusal has.
pub fn at(code: &str, field: &str) -> Vec<String> {
    vec![format!("{code} input.{field}")]
}

fn document(mutation: &str) -> String {
    let mut letters = mutation.chars();
    let capitalised: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    let input = match mutation {
        "claimLead" | "releaseLead" | "reopenLead" | "revertLeadConversion" => "LeadIdInput".to_owned(),
        "addActivitySubjects" | "removeActivitySubjects" => "ActivitySubjectsInput".to_owned(),
        _ if mutation.starts_with("delete") => "DeleteInput".to_owned(),
        _ if mutation.starts_with("restore") => "RestoreInput".to_owned(),
        _ => format!("{capitalised}Input"),
    };
    let (payload, fragment) = match mutation {
        "convertLead" => ("lead { ...LeadFields } account { id } contact { id } opportunity { id }", LEAD),
        "addCampaignMembers" => {
            ("results { member { id version status respondedOn } added userErrors { code message field details } }", "")
        }
        "updateCampaignMember" => ("member { id version status respondedOn }", ""),
        "removeCampaignMember" => ("deletedId", ""),
        _ if mutation.contains("Campaign") => ("campaign { id version }", ""),
        _ if mutation.starts_with("delete") => ("deletedId", ""),
        _ if mutation.contains("Lead") || mutation == "recordBuyingSignal" => ("lead { ...LeadFields }", LEAD),
        _ if mutation.contains("Activity") => ("activity { id version completedAt }", ""),
        _ if mutation.contains("Account") => ("account { id version }", ""),
        _ if mutation.contains("Contact") => ("contact { id version }", ""),
        _ if mutation.contains("Opportunity") => ("opportunity { id version }", ""),
        _ => ("user { id }", ""),
    };
    format!(
        "mutation($input: {input}!) {{ {mutation}(input: $input) {{ {payload} userErrors {{ code message field details }} }} }} \
         {fragment}"
    )
}
