//! How an exchange rate enters the history.

use chrono::{DateTime, Utc};
use entity::RecordKind;
use entity::exchange_rate::Model;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::data::record::Record;
use crate::values::exchange_rate::decimal;

impl Record for Model {
    const KIND: RecordKind = RecordKind::ExchangeRate;

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
            ("currency", json!(self.currency)),
            ("baseCurrency", json!(self.base_currency)),
            ("validFrom", json!(self.valid_from)),
            ("rate", json!(decimal(self.rate).to_string())),
        ]
    }
}
