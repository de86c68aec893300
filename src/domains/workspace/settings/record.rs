//! How the settings enter the history.

use chrono::{DateTime, Utc};
use entity::RecordKind;
use entity::workspace::Model;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::data::record::Record;

impl Record for Model {
    const KIND: RecordKind = RecordKind::Workspace;

    fn uuid(&self) -> Uuid {
        self.record_id().uuid()
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        self.updated_at = now;
    }

    fn derive(&mut self) {}

    fn fields(&self) -> Vec<(&'static str, Json)> {
        vec![
            ("baseCurrency", json!(self.base_currency)),
            ("timeZone", json!(self.time_zone)),
            ("fiscalYearStartMonth", json!(self.fiscal_year_start_month)),
            ("conversionRequiresQualified", json!(self.conversion_requires_qualified)),
            ("defaultCountry", json!(self.default_country)),
            ("leadsReturnToPoolAfterDays", json!(self.leads_return_to_pool_after_days)),
            ("locale", json!(self.locale)),
        ]
    }
}
