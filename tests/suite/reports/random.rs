//! Random work over half a year, and every report against what a plain recomputation says.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{activity, lead, lead_status_change, opportunity, opportunity_change, stage};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sea_orm::EntityTrait;
use serde_json::{Value as Json, json};

use super::{Office, any_list, drill, naive, summaries};

/// All that was there, read row by row.
pub struct Records {
    pub leads: Vec<lead::Model>,
    pub lead_changes: Vec<lead_status_change::Model>,
    pub opportunities: Vec<opportunity::Model>,
    pub changes: Vec<opportunity_change::Model>,
    pub activities: Vec<activity::Model>,
    pub stages: Vec<stage::Model>,
    pub conversions: Vec<entity::lead_conversion::Model>,
    pub users: Vec<entity::user::Model>,
    pub campaigns: Vec<entity::campaign::Model>,
    pub now: DateTime<Utc>,
}

impl Records {
    pub async fn read(office: &Office) -> Self {
        let connection = office.server.app.database().read();
        let now = office.now();
        Self {
            leads: lead::Entity::find().all(connection).await.unwrap(),
            lead_changes: lead_status_change::Entity::find().all(connection).await.unwrap(),
            opportunities: opportunity::Entity::find().all(connection).await.unwrap(),
            changes: opportunity_change::Entity::find().all(connection).await.unwrap(),
            activities: activity::Entity::find().all(connection).await.unwrap(),
            stages: stage::Entity::find().all(connection).await.unwrap(),
            conversions: entity::lead_conversion::Entity::find().all(connection).await.unwrap(),
            users: entity::user::Entity::find().all(connection).await.unwrap(),
            campaigns: entity::campaign::Entity::find().all(connection).await.unwrap(),
            now,
        }
    }
}

struct Work {
    random: StdRng,
    leads: Vec<String>,
    deals: Vec<String>,
}

impl Work {
    fn one<'a>(&mut self, list: &'a [String]) -> Option<&'a str> {
        if list.is_empty() { None } else { Some(&list[self.random.random_range(0..list.len())]) }
    }

    /// Mostly a value, sometimes none.
    fn maybe(&mut self, list: &[String]) -> Json {
        if self.random.random_bool(0.2) { Json::Null } else { json!(self.one(list)) }
    }

    fn amount(&mut self) -> Json {
        match self.random.random_range(0..10) {
            0 => Json::Null,
            1 => json!({ "amount": self.random.random_range(1..100_000), "currency": "JPY" }),
            2 => json!({ "amount": "0", "currency": "USD" }),
            _ => json!({ "amount": format!("{}.{:02}", self.random.random_range(1..90_000), self.random.random_range(0..100)) }),
        }
    }

    fn day(&mut self) -> String {
        let start: NaiveDate = "2025-10-01".parse().unwrap();
        (start + chrono::Days::new(self.random.random_range(0..365))).to_string()
    }

    async fn step(&mut self, office: &Office) {
        let (leads, deals) = (self.leads.clone(), self.deals.clone());
        match self.random.random_range(0..20) {
            0..3 => {
                let input = json!({
                    "ownerId": self.maybe(&office.sellers), "sourceId": self.maybe(&office.sources),
                    "campaignId": self.maybe(&office.campaigns),
                });
                self.leads.push(office.lead(input).await);
            }
            3..5 => {
                let input = json!({
                    "ownerId": self.maybe(&office.sellers), "sourceId": self.maybe(&office.sources), "amount": self.amount(),
                    "campaignId": self.maybe(&office.campaigns), "closeDate": self.day(),
                });
                self.deals.push(office.opportunity(input).await);
            }
            5..11 => {
                if let Some(lead) = self.one(&leads) {
                    self.work_on_lead(office, lead).await;
                }
            }
            11 => {
                let Some(about) = self.one(&leads) else { return };
                let kind = ["CALL", "EMAIL", "MEETING", "TASK", "NOTE"][self.random.random_range(0..5)];
                let direction = if matches!(kind, "TASK" | "NOTE") { Json::Null } else { json!("OUTBOUND") };
                let done = self.random.random_bool(0.6).then(|| office.now().to_rfc3339());
                let due = self.random.random_bool(0.5).then(|| office.now().to_rfc3339());
                let due = due.filter(|_| kind != "NOTE");
                let input = json!({
                    "kind": kind, "subject": "X", "aboutIds": [about], "direction": direction, "completedAt": done, "dueAt": due,
                    "ownerId": self.one(&office.sellers), "durationMinutes": self.random.random_range(1..60),
                });
                office.attempt("createActivity", input).await;
            }
            _ => {
                if let Some(deal) = self.one(&deals) {
                    self.work_on_deal(office, deal).await;
                }
            }
        }
    }

    async fn work_on_lead(&mut self, office: &Office, lead: &str) {
        match self.random.random_range(0..10) {
            0..2 => office.attempt("setLeadStatus", json!({ "id": lead, "status": "WORKING_CONTACTED" })).await,
            2..4 => office.attempt("qualifyLead", json!({ "id": lead, "overrideReason": "Test" })).await,
            4 => office.attempt("disqualifyLead", json!({ "id": lead, "reasonId": office.reason("LEAD") })).await,
            5 => office.attempt("deleteLead", json!({ "id": lead })).await,
            6 => office.attempt("restoreLead", json!({ "id": lead })).await,
            7 => office.attempt("revertLeadConversion", json!({ "id": lead })).await,
            _ => {
                let input = json!({ "input": { "leadId": lead, "accountId": office.account, "allowDuplicates": true } });
                let query = "mutation($input: ConvertLeadInput!) { convertLead(input: $input) {
                    opportunity { id } userErrors { code } } }";
                let made = office.ask(query, input).await;
                if let Some(deal) = made["convertLead"]["opportunity"]["id"].as_str() {
                    self.deals.push(deal.to_owned());
                }
            }
        }
    }

    async fn work_on_deal(&mut self, office: &Office, deal: &str) {
        let stages: Vec<String> = office.stages.values().cloned().collect();
        let stage = self.one(&stages).map(str::to_owned);
        match self.random.random_range(0..14) {
            0..4 => office.attempt("moveOpportunity", json!({ "id": deal, "stageId": stage })).await,
            4..6 => {
                let input = json!({ "id": deal, "reasonId": office.reason("WON"), "amount": { "amount": "1234.56" } });
                office.attempt("winOpportunity", input).await;
            }
            6..8 => {
                let rival = ["Acme", "Globex"][self.random.random_range(0..2)];
                let input = json!({ "id": deal, "reasonId": office.reason("LOST"), "lostTo": rival });
                office.attempt("loseOpportunity", input).await;
            }
            8 => office.attempt("reopenOpportunity", json!({ "id": deal, "stageId": stage })).await,
            9 => office.attempt("updateOpportunity", json!({ "id": deal, "amount": self.amount() })).await,
            10 => office.attempt("updateOpportunity", json!({ "id": deal, "closeDate": self.day() })).await,
            11 => office.attempt("updateOpportunity", json!({ "id": deal, "ownerId": self.one(&office.sellers) })).await,
            12 => office.attempt("deleteOpportunity", json!({ "id": deal })).await,
            _ => {
                office.attempt("restoreOpportunity", json!({ "id": deal })).await;
                let probability = self.random.random_range(0..=100);
                office.attempt("updateOpportunity", json!({ "id": deal, "probability": probability })).await;
            }
        }
    }
}

#[tokio::test]
async fn reports_say_what_the_records_say() {
    for seed in [1, 2] {
        let mut office = Office::on("2025-11-01").await;
        for (name, more) in [
            ("Fair", json!({ "cost": { "amount": "5000" }, "startsOn": "2025-10-01" })),
            ("Letter", json!({ "cost": { "amount": "0" } })),
            ("Poster", json!({})),
        ] {
            office.campaigns.push(office.campaign(name, more).await);
        }
        let mut work = Work { random: StdRng::seed_from_u64(seed), leads: Vec::new(), deals: Vec::new() };
        let mut snapshots = Vec::new();
        for number in 0..400 {
            work.step(&office).await;
            office.wait(work.random.random_range(1..20));
            if number % 80 == 40 {
                let records = Records::read(&office).await;
                snapshots.push(naive::open(&records));
                // What happens next is later than the snapshot.
                office.wait(1);
            }
        }
        office.wait(1);
        for (at, expected) in &snapshots {
            let query = format!("pipeline(asOf: \"{}\") {{ {} }}", at.to_rfc3339(), naive::PIPELINE);
            assert_eq!(&naive::without_deleted(office.report(&query).await), expected, "seed {seed}, as of {at}");
        }
        let records = Records::read(&office).await;
        naive::check(&office, &records).await;
        drill::check(&office).await;
        any_list::check(&office).await;
        summaries::check(&records);
        summaries::check_rebuilding(&office, &records).await;
    }
}
