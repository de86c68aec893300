//! How pipelines and stages enter the history.

use chrono::{DateTime, Utc};
use entity::{RecordKind, pipeline, stage};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::data::record::Record;
use crate::values::fold::fold;

impl Record for pipeline::Model {
    const KIND: RecordKind = RecordKind::Pipeline;

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
            ("isDefault", json!(self.is_default)),
            ("active", json!(self.active)),
            ("position", json!(self.position)),
        ]
    }
}

impl Record for stage::Model {
    const KIND: RecordKind = RecordKind::Stage;

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
            ("pipeline", json!(self.pipeline_id.to_string())),
            ("name", json!(self.name)),
            ("position", json!(self.position)),
            ("probability", json!(self.probability)),
            ("category", json!(self.category)),
            ("forecastCategory", json!(self.forecast_category)),
            ("active", json!(self.active)),
        ]
    }
}
