//! How an order enters the history.

use chrono::{DateTime, Utc};
use entity::RecordKind;
use entity::order::Model;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::rules::reference;
use crate::data::record::Record;
use crate::domains::fields::money;

impl Record for Model {
    const KIND: RecordKind = RecordKind::Order;

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
            ("reference", json!(reference(self.number))),
            ("quote", json!(self.quote_id.to_string())),
            ("opportunity", json!(self.opportunity_id.to_string())),
            ("account", json!(self.account_id.to_string())),
            ("status", json!(self.status)),
            ("contractNumber", json!(self.contract_number)),
            ("total", money(Some(self.total), Some(&self.currency))),
            ("paymentTerms", json!(self.payment_terms)),
            ("orderedOn", json!(self.ordered_on)),
        ]
    }
}
