//! How a lead enters the history and the search.

use chrono::{DateTime, Utc};
use entity::lead::Model;
use entity::{Criterion, LeadStatus, RecordKind, lead_status_change};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::store;
use crate::data::beside::Beside;
use crate::data::record::Record;
use crate::data::write::Write;
use crate::domains::fields::{address, money};
use crate::error::Result;
use crate::graphql::scalars;
use crate::values::fold::{company_key, fold, search_words};
use crate::values::{email, phone, url};

impl Record for Model {
    const KIND: RecordKind = RecordKind::Lead;

    fn uuid(&self) -> Uuid {
        self.id.uuid()
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        self.updated_at = now;
        reach(self, now);
    }

    fn derive(&mut self) {
        // A new lead comes to its first status when it comes in; to a later one when it is written (`touch`).
        if self.statuses_reached == 0 {
            reach(self, self.created_at);
        }
        self.first_name_key = self.first_name.as_deref().map(fold).unwrap_or_default();
        self.last_name_key = self.last_name.as_deref().map(fold).unwrap_or_default();
        self.company_key = self.company.as_deref().map(fold).unwrap_or_default();
        self.email_key = self.email.as_deref().map(email::email_key).unwrap_or_default();
        self.company_match = self.company.as_deref().map(company_key).unwrap_or_default();
        self.phone_match = phone::match_key(self.phone.as_deref(), self.country.as_deref());
        self.web_domain = url::match_key(self.website.as_deref(), self.email.as_deref());
    }

    fn fields(&self) -> Vec<(&'static str, Json)> {
        let facts = &self.qualification;
        vec![
            ("firstName", json!(self.first_name)),
            ("lastName", json!(self.last_name)),
            ("jobTitle", json!(self.job_title)),
            ("company", json!(self.company)),
            ("employees", json!(self.employees)),
            ("email", json!(self.email)),
            ("phone", json!(self.phone)),
            ("website", json!(self.website)),
            ("address", address(crate::address!(self))),
            ("description", json!(self.description)),
            ("status", json!(self.status.as_str())),
            ("rating", json!(self.rating)),
            ("source", json!(self.source_id.map(|id| id.to_string()))),
            ("campaign", json!(self.campaign_id.map(|id| id.to_string()))),
            ("buyingRole", json!(self.buying_role)),
            ("owner", json!(self.owner_id.map(|id| id.to_string()))),
            ("need", criterion(&facts.need)),
            ("budget", criterion(&facts.budget)),
            ("timeline", criterion(&facts.timeline)),
            ("authority", criterion(&facts.authority)),
            ("budgetAmount", money(facts.budget_amount, facts.budget_currency.as_deref())),
            ("expectedPurchaseDate", json!(facts.expected_purchase_date)),
            ("qualifiedAt", json!(self.qualified_at.map(scalars::write_date_time))),
            ("qualifiedBy", json!(self.qualified_by.map(|id| id.to_string()))),
            ("overrideReason", json!(self.override_reason)),
            ("disqualification", disqualification(self)),
            ("deletedAt", json!(self.deleted_at.map(scalars::write_date_time))),
        ]
    }

    fn words(&self) -> Vec<String> {
        if self.deleted_at.is_some() {
            return Vec::new();
        }
        search_words(&[
            self.first_name.as_deref(),
            self.last_name.as_deref(),
            self.company.as_deref(),
            self.email.as_deref(),
            self.phone.as_deref(),
        ])
    }

    async fn keep_beside(write: &Write<'_>, before: Option<&Self>, after: &Self, beside: &mut Beside) -> Result<()> {
        if let Some(change) = store::status_change(write, before, after) {
            beside.insert::<lead_status_change::Entity>(change);
        }
        Ok(())
    }
}

/// Notes that a lead is in its status from this moment on, unless it was before.
pub fn reach(lead: &mut Model, at: DateTime<Utc>) {
    if lead.statuses_reached & lead.status.bit() != 0 {
        return;
    }
    lead.statuses_reached |= lead.status.bit();
    let first = match lead.status {
        LeadStatus::WorkingContacted => &mut lead.first_working_at,
        LeadStatus::Qualified => &mut lead.first_qualified_at,
        LeadStatus::ClosedConverted => &mut lead.first_converted_at,
        LeadStatus::OpenNotContacted | LeadStatus::ClosedNotConverted => return,
    };
    *first = Some(at.max(lead.created_at));
}

/// A criterion as the schema writes it; null while nothing is known.
pub fn criterion(criterion: &Criterion) -> Json {
    if *criterion == Criterion::default() {
        return Json::Null;
    }
    json!({ "state": criterion.state.as_str(), "note": criterion.note })
}

fn disqualification(lead: &Model) -> Json {
    match (lead.disqualification_reason_id, lead.disqualified_at) {
        (Some(reason), Some(at)) => json!({
            "reason": reason.to_string(),
            "note": lead.disqualification_note,
            "at": scalars::write_date_time(at),
            "by": lead.disqualified_by.map(|id| id.to_string()),
        }),
        _ => Json::Null,
    }
}
