//! How an opportunity enters the history and the search.

use chrono::{DateTime, Utc};
use entity::opportunity::Model;
use entity::{QualificationFacts, RecordKind};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::store;
use crate::data::beside::Beside;
use crate::data::record::Record;
use crate::data::write::Write;
use crate::domains::fields::money;
use crate::domains::lead::record::criterion;
use crate::error::Result;
use crate::graphql::scalars;
use crate::values::fold::{fold, search_words};

impl Record for Model {
    const KIND: RecordKind = RecordKind::Opportunity;

    fn uuid(&self) -> Uuid {
        self.id.uuid()
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        self.updated_at = now;
    }

    fn derive(&mut self) {
        self.name_key = fold(&self.name);
        if self.is_won {
            let won = self.stage_entered_at;
            self.first_won_at = Some(self.first_won_at.map_or(won, |first| first.min(won)));
            self.last_won_at = self.last_won_at.max(Some(won));
        }
    }

    fn fields(&self) -> Vec<(&'static str, Json)> {
        vec![
            ("name", json!(self.name)),
            ("account", json!(self.account_id.to_string())),
            ("primaryContact", json!(self.primary_contact_id.map(|id| id.to_string()))),
            ("owner", json!(self.owner_id.map(|id| id.to_string()))),
            ("pipeline", json!(self.pipeline_id.to_string())),
            ("stage", json!(self.stage_id.to_string())),
            ("probability", json!(self.probability)),
            ("amount", money(self.amount, self.currency.as_deref())),
            ("closeDate", json!(self.close_date)),
            ("isClosed", json!(self.is_closed)),
            ("isWon", json!(self.is_won)),
            ("closedAt", json!(self.closed_at.map(scalars::write_date_time))),
            ("closeReason", json!(self.close_reason_id.map(|id| id.to_string()))),
            ("closeNote", json!(self.close_note)),
            ("lostTo", json!(self.lost_to)),
            ("lostToCompetitor", json!(self.lost_to_competitor_id.map(|id| id.to_string()))),
            ("source", json!(self.source_id.map(|id| id.to_string()))),
            ("campaign", json!(self.campaign_id.map(|id| id.to_string()))),
            ("lead", json!(self.lead_id.map(|id| id.to_string()))),
            ("nextStep", json!(self.next_step)),
            ("description", json!(self.description)),
            ("qualification", self.qualification.as_ref().map_or(Json::Null, qualification)),
            ("deletedAt", json!(self.deleted_at.map(scalars::write_date_time))),
        ]
    }

    fn words(&self) -> Vec<String> {
        if self.deleted_at.is_some() {
            return Vec::new();
        }
        search_words(&[Some(self.name.as_str())])
    }

    async fn keep_beside(write: &Write<'_>, before: Option<&Self>, after: &Self, beside: &mut Beside) -> Result<()> {
        store::keep_change(write, before, after, beside).await
    }

    async fn keep_all_beside(write: &Write<'_>, changed: &[(Self, Self)]) -> Result<()> {
        store::keep_changes(write, changed).await
    }
}

fn qualification(facts: &QualificationFacts) -> Json {
    json!({
        "need": criterion(&facts.need),
        "budget": criterion(&facts.budget),
        "timeline": criterion(&facts.timeline),
        "authority": criterion(&facts.authority),
        "budgetAmount": money(facts.budget_amount, facts.budget_currency.as_deref()),
        "expectedPurchaseDate": facts.expected_purchase_date,
    })
}
