//! How a rule set enters the history.

use chrono::{DateTime, Utc};
use entity::assignment_rule_set::{AssignmentRule, AssignmentTarget, Model};
use entity::{Id, Identified, RecordKind};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::data::record::Record;
use crate::graphql::scalars;
use crate::values::fold::fold;

impl Record for Model {
    const KIND: RecordKind = RecordKind::AssignmentRuleSet;

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
            ("active", json!(self.active)),
            ("rules", self.rules.0.iter().map(rule).collect()),
            ("deletedAt", json!(self.deleted_at.map(scalars::write_date_time))),
        ]
    }
}

fn rule(rule: &AssignmentRule) -> Json {
    let (target, user, team) = match rule.target {
        AssignmentTarget::User(user) => ("USER", Some(user), None),
        AssignmentTarget::Team(team) => ("TEAM", None, Some(team)),
        AssignmentTarget::Pool => ("POOL", None, None),
    };
    json!({
        "name": rule.name, "sources": texts(&rule.sources), "campaigns": texts(&rule.campaigns), "countries": rule.countries,
        "ratings": rule.ratings, "employeesFrom": rule.employees_from, "employeesTo": rule.employees_to,
        "target": target, "user": user.map(|id| id.to_string()), "team": team.map(|id| id.to_string()),
    })
}

fn texts<E: Identified>(ids: &[Id<E>]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
