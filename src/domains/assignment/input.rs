//! What callers say about assignment, and what they are answered.

use async_graphql::{Enum, ID, InputObject, MaybeUndefined, SimpleObject};

use super::types::AssignmentRuleSet;
use crate::domains::lead::filter::LeadFilter;
use crate::domains::lead::types::Lead;
use crate::error::UserError;
use crate::graphql::enums::Rating;
use crate::graphql::scalars::CountryCode;

/// Who gets the leads of an assignment rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(name = "AssignmentTarget")]
pub enum Target {
    /// One user.
    User,
    /// The members of a team in turn: those who are active and no VIEWER.
    Team,
    /// Nobody: the leads lie in the pool.
    Pool,
}

/// Which leads go to whom: all conditions that are given must hold. A rule without conditions matches all leads.
#[derive(Debug, Clone, InputObject)]
pub struct AssignmentRuleInput {
    /// The rule's name, for the history; at most 200 characters.
    pub name: String,
    /// The lead came from one of these sources; at most 500.
    pub source_ids: Option<Vec<ID>>,
    /// The lead answered one of these campaigns; at most 500.
    pub campaign_ids: Option<Vec<ID>>,
    /// The lead is from one of these countries.
    pub countries: Option<Vec<CountryCode>>,
    /// The lead is as warm as one of these.
    pub ratings: Option<Vec<Rating>>,
    /// The company has so many employees or more; 0 to 10 000 000.
    pub employees_from: Option<i32>,
    /// The company has so many employees or fewer; 0 to 10 000 000.
    pub employees_to: Option<i32>,
    /// Who gets the leads.
    pub target: Target,
    /// The user who gets them, with the target USER: active and no VIEWER.
    pub user_id: Option<ID>,
    /// The team whose members get them in turn, with the target TEAM.
    pub team_id: Option<ID>,
}

/// A rule set to create. It starts switched off.
#[derive(Debug, Clone, InputObject)]
pub struct CreateAssignmentRuleSetInput {
    /// The same key and input answer the first result again, for 24 hours.
    pub idempotency_key: Option<String>,
    /// The set's name; at most 200 characters.
    pub name: String,
    /// The rules in their order: the first that matches decides. At most 100.
    pub rules: Vec<AssignmentRuleInput>,
}

/// What to change on a rule set: an absent field stays.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateAssignmentRuleSetInput {
    /// The rule set.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the rule set has this version.
    pub expected_version: Option<i32>,
    /// The set's name; at most 200 characters. It can't be cleared.
    pub name: MaybeUndefined<String>,
    /// The rules in their order, instead of all that the set has. At most 100; null means none.
    pub rules: MaybeUndefined<Vec<AssignmentRuleInput>>,
}

/// A rule set.
#[derive(Debug, Clone, InputObject)]
pub struct AssignmentRuleSetIdInput {
    /// The rule set.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the rule set has this version.
    pub expected_version: Option<i32>,
}

/// Which leads of the pool are handed out: either `leadIds` or `filter`.
#[derive(Debug, Clone, InputObject)]
pub struct ApplyAssignmentRulesInput {
    /// These leads; at most 500. Those that somebody owns, and closed ones, stay as they are.
    pub lead_ids: Option<Vec<ID>>,
    /// The open leads in the pool that meet this, the oldest first; `{}` means all.
    pub filter: Option<LeadFilter>,
    /// How many at most with a filter: 1 to 500, by default 500.
    pub first: Option<i32>,
}

/// What a lead might be like that isn't there, as far as rules look at it.
#[derive(Debug, Clone, Default, InputObject)]
pub struct HypotheticalLead {
    /// Where it would come from.
    pub source_id: Option<ID>,
    /// The campaign that it would answer.
    pub campaign_id: Option<ID>,
    /// The country of its address.
    pub country: Option<CountryCode>,
    /// How warm it would be.
    pub rating: Option<Rating>,
    /// How many people would work at the company.
    pub employees: Option<i32>,
}

/// The rule set as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct AssignmentRuleSetPayload {
    /// The rule set as it is now; null where the call was refused.
    pub assignment_rule_set: Option<AssignmentRuleSet>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

/// What became of the leads, or what stood in the way.
#[derive(SimpleObject)]
pub struct ApplyAssignmentRulesPayload {
    /// The leads that have an owner now, the oldest first; empty where the call was refused.
    pub leads: Vec<Lead>,
    /// How many leads were looked at and still lie in the pool.
    pub left_in_pool: usize,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}
