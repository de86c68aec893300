//! How a campaign enters the history.

use chrono::{DateTime, Utc};
use entity::RecordKind;
use entity::campaign::Model;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::data::record::Record;
use crate::domains::fields::money;
use crate::values::fold::fold;

impl Record for Model {
    const KIND: RecordKind = RecordKind::Campaign;

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
            ("channel", json!(self.channel)),
            ("startsOn", json!(self.starts_on)),
            ("endsOn", json!(self.ends_on)),
            ("budget", money(self.budget, self.budget_currency.as_deref())),
            ("cost", money(self.cost, self.cost_currency.as_deref())),
            ("active", json!(self.active)),
            ("parent", json!(self.parent_id.map(|id| id.to_string()))),
        ]
    }
}
