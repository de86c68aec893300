//! How a quote enters the history.

use chrono::{DateTime, Utc};
use entity::RecordKind;
use entity::quote::Model;
use entity::quote_line;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::rules::reference;
use crate::data::record::Record;
use crate::domains::fields::money;
use crate::graphql::scalars;

impl Record for Model {
    const KIND: RecordKind = RecordKind::Quote;

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
            ("reference", json!(reference(self.number, self.revision))),
            ("previous", json!(self.previous_id.map(|id| id.to_string()))),
            ("opportunity", json!(self.opportunity_id.to_string())),
            ("status", json!(self.status)),
            ("total", money(Some(self.total), Some(&self.currency))),
            ("paymentTerms", json!(self.payment_terms)),
            ("expiresOn", json!(self.expires_on)),
            ("notes", json!(self.notes)),
            ("sentAt", json!(self.sent_at.map(scalars::write_date_time))),
            ("acceptedAt", json!(self.accepted_at.map(scalars::write_date_time))),
            ("rejectedAt", json!(self.rejected_at.map(scalars::write_date_time))),
        ]
    }
}

/// What the history tells of the lines of a quote; nothing where they stay.
pub fn lines_change(before: (&[quote_line::Model], &str), after: (&[quote_line::Model], &str)) -> Json {
    let (before, after) = (lines(before.0, before.1), lines(after.0, after.1));
    if before == after { Json::Null } else { json!([{ "field": "lines", "before": before, "after": after }]) }
}

fn lines(lines: &[quote_line::Model], currency: &str) -> Json {
    let line = |line: &quote_line::Model| {
        json!({
            "product": line.product_id.map(|id| id.to_string()),
            "description": line.description,
            "quantity": super::lines::quantity(line.quantity).to_string(),
            "unitPrice": money(Some(line.unit_price), Some(currency)),
            "total": money(Some(line.total), Some(currency)),
        })
    };
    lines.iter().map(line).collect()
}
