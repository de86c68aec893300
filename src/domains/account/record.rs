//! How an account enters the history and the search.

use chrono::{DateTime, Utc};
use entity::RecordKind;
use entity::account::Model;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::data::record::Record;
use crate::domains::fields::{address, money};
use crate::graphql::scalars;
use crate::values::fold::{company_key, fold, search_words};
use crate::values::{phone, url};

impl Record for Model {
    const KIND: RecordKind = RecordKind::Account;

    fn uuid(&self) -> Uuid {
        self.id.uuid()
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        self.updated_at = now;
    }

    fn derive(&mut self) {
        self.name_key = fold(&self.name);
        self.industry_key = self.industry.as_deref().map(fold).unwrap_or_default();
        self.company_match = company_key(&self.name);
        self.phone_match = phone::match_key(self.phone.as_deref(), self.country.as_deref());
        self.web_domain = url::match_key(self.website.as_deref(), None);
    }

    fn fields(&self) -> Vec<(&'static str, Json)> {
        vec![
            ("name", json!(self.name)),
            ("kind", json!(self.kind)),
            ("lifecycle", json!(self.lifecycle)),
            ("industry", json!(self.industry)),
            ("employees", json!(self.employees)),
            ("annualRevenue", money(self.annual_revenue, self.annual_revenue_currency.as_deref())),
            ("website", json!(self.website)),
            ("phone", json!(self.phone)),
            ("address", address(crate::address!(self))),
            ("description", json!(self.description)),
            ("parent", json!(self.parent_id.map(|id| id.to_string()))),
            ("owner", json!(self.owner_id.map(|id| id.to_string()))),
            ("externalId", json!(self.external_id)),
            ("deletedAt", json!(self.deleted_at.map(scalars::write_date_time))),
        ]
    }

    fn words(&self) -> Vec<String> {
        if self.deleted_at.is_some() {
            return Vec::new();
        }
        search_words(&[Some(&self.name), self.phone.as_deref()])
    }
}
