//! How a contact enters the history and the search.

use chrono::{DateTime, Utc};
use entity::RecordKind;
use entity::contact::Model;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::data::record::Record;
use crate::domains::fields::address;
use crate::graphql::scalars;
use crate::values::fold::{fold, search_words};
use crate::values::{email, phone};

impl Record for Model {
    const KIND: RecordKind = RecordKind::Contact;

    fn uuid(&self) -> Uuid {
        self.id.uuid()
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        self.updated_at = now;
    }

    fn derive(&mut self) {
        self.first_name_key = self.first_name.as_deref().map(fold).unwrap_or_default();
        self.last_name_key = self.last_name.as_deref().map(fold).unwrap_or_default();
        self.email_key = self.email.as_deref().map(email::email_key).unwrap_or_default();
        self.phone_match = phone::match_key(self.phone.as_deref(), self.country.as_deref());
    }

    fn fields(&self) -> Vec<(&'static str, Json)> {
        vec![
            ("account", json!(self.account_id.map(|id| id.to_string()))),
            ("firstName", json!(self.first_name)),
            ("lastName", json!(self.last_name)),
            ("jobTitle", json!(self.job_title)),
            ("email", json!(self.email)),
            ("phone", json!(self.phone)),
            ("address", address(crate::address!(self))),
            ("description", json!(self.description)),
            ("owner", json!(self.owner_id.map(|id| id.to_string()))),
            ("source", json!(self.source_id.map(|id| id.to_string()))),
            ("campaign", json!(self.campaign_id.map(|id| id.to_string()))),
            ("externalId", json!(self.external_id)),
            ("deletedAt", json!(self.deleted_at.map(scalars::write_date_time))),
        ]
    }

    fn words(&self) -> Vec<String> {
        if self.deleted_at.is_some() {
            return Vec::new();
        }
        search_words(&[self.first_name.as_deref(), self.last_name.as_deref(), self.email.as_deref(), self.phone.as_deref()])
    }
}
