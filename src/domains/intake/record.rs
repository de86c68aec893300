//! How an intake form enters the history.

use chrono::{DateTime, Utc};
use entity::RecordKind;
use entity::intake_form::Model;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::data::record::Record;
use crate::values::fold::fold;

impl Record for Model {
    const KIND: RecordKind = RecordKind::IntakeForm;

    fn uuid(&self) -> Uuid {
        self.id.uuid()
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        self.updated_at = now;
    }

    fn derive(&mut self) {
        self.name_key = fold(&self.name);
    }

    fn fields(&self) -> Vec<(&'static str, Json)> {
        vec![
            ("name", json!(self.name)),
            ("key", json!(self.key)),
            ("active", json!(self.active)),
            ("source", json!(self.source_id.map(|id| id.to_string()))),
            ("campaign", json!(self.campaign_id.map(|id| id.to_string()))),
            ("owner", json!(self.owner_id.map(|id| id.to_string()))),
            ("allowedOrigins", json!(self.allowed_origins)),
            ("redirectUrl", json!(self.redirect_url)),
            ("honeypot", json!(self.honeypot)),
            ("mostPerMinute", json!(self.most_per_minute)),
            ("mostPerHour", json!(self.most_per_hour)),
        ]
    }
}
