//! How a membership enters the history.

use chrono::{DateTime, Utc};
use entity::RecordKind;
use entity::campaign_member::Model;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::data::record::Record;

impl Record for Model {
    const KIND: RecordKind = RecordKind::CampaignMember;

    fn uuid(&self) -> Uuid {
        self.id.uuid()
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        self.updated_at = now;
    }

    fn derive(&mut self) {}

    fn fields(&self) -> Vec<(&'static str, Json)> {
        vec![
            ("campaign", json!(self.campaign_id.to_string())),
            ("lead", json!(self.lead_id.map(|id| id.to_string()))),
            ("contact", json!(self.contact_id.map(|id| id.to_string()))),
            ("status", json!(self.status)),
            ("respondedOn", json!(self.responded_on)),
        ]
    }
}
