//! How a product enters the history. Its prices, which are rows of their own, are told beside (`price_change`).

use chrono::{DateTime, Utc};
use entity::product::Model;
use entity::{RecordKind, product_price};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::data::record::Record;
use crate::domains::fields::money;
use crate::values::fold::fold;

impl Record for Model {
    const KIND: RecordKind = RecordKind::Product;

    fn uuid(&self) -> Uuid {
        self.id.uuid()
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        self.updated_at = now;
    }

    fn derive(&mut self) {
        self.name_key = fold(&self.name);
        self.code_key = self.code.as_deref().map(fold).unwrap_or_default();
        self.family_key = self.family.as_deref().map(fold).unwrap_or_default();
    }

    fn fields(&self) -> Vec<(&'static str, Json)> {
        vec![
            ("name", json!(self.name)),
            ("code", json!(self.code)),
            ("family", json!(self.family)),
            ("description", json!(self.description)),
            ("active", json!(self.active)),
        ]
    }
}

/// What the history tells of prices: all of them before and afterwards, null where there were none. Null where nothing changed.
pub fn price_change(before: &[product_price::Model], after: &[product_price::Model]) -> Json {
    let told = |prices: &[product_price::Model]| {
        let prices: Vec<Json> = prices.iter().map(|price| money(Some(price.amount), Some(&price.currency))).collect();
        if prices.is_empty() { Json::Null } else { json!(prices) }
    };
    if before == after { Json::Null } else { json!([{ "field": "prices", "before": told(before), "after": told(after) }]) }
}
