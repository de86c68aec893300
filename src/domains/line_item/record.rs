//! How line items enter the history: that of their opportunity.

use chrono::{DateTime, Utc};
use entity::RecordKind;
use entity::line_item::Model;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::rules::{percent_decimal, quantity_decimal};
use crate::data::record::Record;
use crate::domains::fields::money;

/// What an import needs to know of one. It is written with its opportunity, whose history tells of it.
impl Record for Model {
    const KIND: RecordKind = RecordKind::Opportunity;

    fn uuid(&self) -> Uuid {
        self.id.uuid()
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        self.updated_at = now;
    }

    fn derive(&mut self) {}

    fn fields(&self) -> Vec<(&'static str, Json)> {
        vec![("lineItems", line_json(self))]
    }
}

/// What the history tells of an opportunity's line items: each one that changed, before and afterwards, null where it wasn't or isn't
/// there. Empty where nothing changed.
pub fn line_changes(before: &[Model], after: &[Model]) -> Vec<Json> {
    let told = |line: Option<&Model>| line.map_or(Json::Null, line_json);
    let gone = before.iter().filter(|line| after.iter().all(|other| other.id != line.id));
    let gone = gone.map(|line| json!({ "field": "lineItems", "before": line_json(line), "after": null }));
    let kept = after.iter().filter_map(|line| {
        let was = before.iter().find(|other| other.id == line.id);
        (was != Some(line)).then(|| json!({ "field": "lineItems", "before": told(was), "after": line_json(line) }))
    });
    gone.chain(kept).collect()
}

/// A line item as the schema writes it.
fn line_json(line: &Model) -> Json {
    let currency = Some(line.currency.as_str());
    json!({
        "id": line.id.to_string(),
        "position": line.position,
        "product": line.product_id.map(|id| id.to_string()),
        "description": line.description,
        "quantity": quantity_decimal(line.quantity).to_string(),
        "unitPrice": money(Some(line.unit_price), currency),
        "discountPercent": percent_decimal(line.discount_percent.unwrap_or_default()).to_string(),
        "discountAmount": money(line.discount_amount, currency),
        "total": money(Some(line.total), currency),
    })
}
