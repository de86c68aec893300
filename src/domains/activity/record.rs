//! How an activity enters the history.

use chrono::{DateTime, NaiveDate, Utc};
use entity::RecordKind;
use entity::activity::Model;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::store;
use crate::data::beside::Beside;
use crate::data::record::Record;
use crate::data::write::Write;
use crate::error::Result;
use crate::graphql::scalars::write_date_time;

impl Record for Model {
    const KIND: RecordKind = RecordKind::Activity;

    fn uuid(&self) -> Uuid {
        self.id.uuid()
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        self.updated_at = now;
    }

    fn derive(&mut self) {
        self.due_order = self.due_at.filter(|_| self.completed_at.is_none()).unwrap_or_else(end_of_time);
    }

    /// Its place in the lists of the records that it is about follows it. Those of a new activity are written with it.
    async fn keep_beside(_: &Write<'_>, before: Option<&Self>, after: &Self, beside: &mut Beside) -> Result<()> {
        if before.is_some_and(|before| before.due_order != after.due_order) {
            beside.add(store::moved(after));
        }
        Ok(())
    }

    fn fields(&self) -> Vec<(&'static str, Json)> {
        vec![
            ("kind", json!(self.kind)),
            ("subject", json!(self.subject)),
            ("body", json!(self.body)),
            ("direction", json!(self.direction)),
            ("outcome", json!(self.outcome)),
            ("dueAt", json!(self.due_at.map(write_date_time))),
            ("completedAt", json!(self.completed_at.map(write_date_time))),
            ("durationMinutes", json!(self.duration_minutes)),
            ("owner", json!(self.owner_id.map(|id| id.to_string()))),
            ("deletedAt", json!(self.deleted_at.map(write_date_time))),
        ]
    }
}

/// When everything is due that is never due: 9999-12-31, after all dates that the API takes.
pub fn end_of_time() -> DateTime<Utc> {
    let last_day = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
    last_day.and_time(chrono::NaiveTime::MIN).and_utc()
}
