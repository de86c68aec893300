//! Rules by which leads without an owner are handed out.

use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::*;

/// Rules by which leads without an owner are handed out. At most one set is active.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment_rule_sets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssignmentRuleSetId,
    pub version: i32,
    pub name: String,
    pub name_key: String,
    pub active: bool,
    #[sea_orm(column_type = "Json")]
    pub rules: AssignmentRules,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// Set while the rule set lies deleted.
    pub deleted_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The rules of a set, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct AssignmentRules(pub Vec<AssignmentRule>);

/// Which leads go to whom: all conditions that are given must hold. An empty list is no condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentRule {
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<LeadSourceId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub campaigns: Vec<CampaignId>,
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ratings: Vec<Rating>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employees_from: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employees_to: Option<i32>,
    pub target: AssignmentTarget,
}

/// Who gets the leads of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AssignmentTarget {
    User(UserId),
    /// The members in turn.
    Team(TeamId),
    Pool,
}
