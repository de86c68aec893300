//! How users and teams enter the history. A password never does, only that it was changed.

use chrono::{DateTime, Utc};
use entity::{RecordKind, team, user};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::data::record::Record;
use crate::values::email::email_key;

impl Record for user::Model {
    const KIND: RecordKind = RecordKind::User;

    fn uuid(&self) -> Uuid {
        self.id.uuid()
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.updated_at = now;
    }

    fn derive(&mut self) {
        self.email_key = email_key(&self.email);
    }

    fn fields(&self) -> Vec<(&'static str, Json)> {
        vec![
            ("name", json!(self.name)),
            ("email", json!(self.email)),
            ("role", json!(self.role)),
            ("active", json!(self.active)),
            ("team", json!(self.team_id.map(|id| id.to_string()))),
        ]
    }
}

impl Record for team::Model {
    const KIND: RecordKind = RecordKind::Team;

    fn uuid(&self) -> Uuid {
        self.id.uuid()
    }

    fn touch(&mut self, _: DateTime<Utc>) {}

    fn derive(&mut self) {}

    fn fields(&self) -> Vec<(&'static str, Json)> {
        vec![("name", json!(self.name)), ("manager", json!(self.manager_id.map(|id| id.to_string())))]
    }
}
