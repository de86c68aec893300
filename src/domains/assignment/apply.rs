//! Handing out leads by the rule set that is switched on, in the transaction that creates or changes them.

use std::collections::HashMap;

use entity::assignment_rule_set::Model;
use entity::{LeadId, TeamId, UserId, lead};
use sea_orm::{QueryFilter, QuerySelect};
use serde_json::{Value as Json, json};

use super::input::ApplyAssignmentRulesInput;
use super::rules::{self, Decision, Situation};
use super::store;
use crate::auth::policy;
use crate::data::write::Write;
use crate::domains::lead::activity::lock;
use crate::error::{Error, Problems, Result, UserError, UserErrorCode};
use crate::graphql::filter::Filter;
use crate::graphql::ids;

/// How many leads one call hands out.
pub const MOST_LEADS: usize = 500;

/// The rule set that is switched on, at work.
pub struct Assigner {
    set: Model,
    situation: Situation,
    turns_before: HashMap<TeamId, UserId>,
}

impl Assigner {
    /// Gets ready to hand out leads; nothing where no rule set is switched on. Whoever else hands out leads to teams waits until
    /// the end of the transaction.
    pub async fn active(write: &Write<'_>) -> Result<Option<Self>> {
        let Some(set) = store::active_in_turn(write.connection()).await? else { return Ok(None) };
        let situation = store::situation(write.connection(), &set.rules).await?;
        Ok(Some(Self { turns_before: situation.turns.clone(), set, situation }))
    }

    /// Gives a lead its owner, and answers what the history tells of it: the rule set and the rule; nothing where none matched.
    pub fn assign(&mut self, lead: &mut lead::Model) -> Vec<Json> {
        let decision = rules::decide(&self.set.rules.0, &mut self.situation, lead);
        lead.owner_id = decision.owner;
        self.history(decision)
    }

    fn history(&self, decision: Decision) -> Vec<Json> {
        let Some(rule) = decision.rule.and_then(|place| self.set.rules.0.get(place)) else { return Vec::new() };
        vec![json!({
            "field": "assignmentRule", "before": null,
            "after": { "ruleSet": self.set.id.to_string(), "ruleSetName": self.set.name, "rule": rule.name },
        })]
    }

    /// Keeps whose turn it is now.
    pub async fn save_turns(&self, write: &Write<'_>) -> Result<()> {
        for (team, user) in &self.situation.turns {
            if self.turns_before.get(team) != Some(user) {
                store::save_turn(write.connection(), *team, *user).await?;
            }
        }
        Ok(())
    }
}

/// Gives a new lead its owner, where a rule set is switched on, and answers what the history tells of it.
pub async fn assign_new(write: &Write<'_>, lead: &mut lead::Model) -> Result<Vec<Json>> {
    let Some(mut assigner) = Assigner::active(write).await? else { return Ok(Vec::new()) };
    let history = assigner.assign(lead);
    assigner.save_turns(write).await?;
    Ok(history)
}

/// What became of leads that were to be handed out.
pub struct Applied {
    /// Those that have an owner now.
    pub assigned: Vec<lead::Model>,
    /// How many still lie in the pool.
    pub left_in_pool: usize,
}

/// Hands out leads of the pool. Leads that somebody owns by now, and closed ones, stay as they are.
pub async fn apply(write: &Write<'_>, input: ApplyAssignmentRulesInput) -> Result<Applied> {
    policy::may_direct_leads(write.actor)?;
    let wanted = wanted(&input)?;
    let Some(mut assigner) = Assigner::active(write).await? else {
        let sentence = "No assignment rule set is switched on: switch one on first.";
        return Err(Error::refused(UserError::new(UserErrorCode::Invalid, sentence)));
    };
    let leads = match wanted {
        Some(ids) => {
            let leads = lock(write, write.scope(), ids.iter().copied()).await?;
            check_found(&ids, &leads)?;
            leads
        }
        None => {
            let limit = limit(input.first)?;
            let condition = input.filter.unwrap_or_default().condition()?;
            store::pool(write.scope()).filter(condition).limit(limit).lock_exclusive().all(write.connection()).await?
        }
    };
    let mut applied = Applied { assigned: Vec::new(), left_in_pool: 0 };
    for before in leads.into_iter().filter(rules::lies_in_pool) {
        let mut after = before.clone();
        let history = assigner.assign(&mut after);
        if after.owner_id.is_some() {
            applied.assigned.push(write.update_with(&before, after, "assigned", Json::Array(history)).await?);
        } else {
            applied.left_in_pool += 1;
        }
    }
    assigner.save_turns(write).await?;
    Ok(applied)
}

/// The leads that are named; nothing where a filter is to find them.
fn wanted(input: &ApplyAssignmentRulesInput) -> Result<Option<Vec<LeadId>>> {
    let Some(given) = &input.lead_ids else {
        return match input.filter {
            Some(_) => Ok(None),
            None => refuse(
                UserErrorCode::Required,
                "leadIds",
                "Name the leads, or give a filter: `{}` means the whole pool.".to_owned(),
            ),
        };
    };
    if input.filter.is_some() {
        return refuse(UserErrorCode::Invalid, "filter", "Name the leads or give a filter, not both.".to_owned());
    }
    if given.len() > MOST_LEADS {
        return refuse(
            UserErrorCode::OutOfRange,
            "leadIds",
            format!("At most {MOST_LEADS} leads may be named, not {}.", given.len()),
        );
    }
    let mut problems = Problems::default();
    let read = |(place, id)| ids::reference(&mut problems, &format!("leadIds.{place}"), Some(id));
    let wanted = given.iter().enumerate().filter_map(read).collect();
    problems.check()?;
    Ok(Some(wanted))
}

fn limit(first: Option<i32>) -> Result<u64> {
    let first = first.unwrap_or(500);
    match u64::try_from(first) {
        Ok(limit) if (1..=MOST_LEADS as u64).contains(&limit) => Ok(limit),
        _ => refuse(UserErrorCode::OutOfRange, "first", format!("One call hands out 1 to {MOST_LEADS} leads, not {first}.")),
    }
}

fn check_found(wanted: &[LeadId], leads: &[lead::Model]) -> Result<()> {
    let mut problems = Problems::default();
    for (place, id) in wanted.iter().enumerate() {
        if !leads.iter().any(|lead| lead.id == *id) {
            let sentence = "There is no such lead; it may have been deleted. Check the id.";
            problems.push(UserError::at(UserErrorCode::NotFound, &format!("leadIds.{place}"), sentence));
        }
    }
    problems.check()
}

fn refuse<T>(code: UserErrorCode, path: &str, sentence: String) -> Result<T> {
    Err(Error::refused(UserError::at(code, path, sentence)))
}
