//! Rule sets: creating, changing, switching on and off. Every use case: policy, lock, rules, write.

use async_graphql::{ID, MaybeUndefined};
use entity::assignment_rule_set::{AssignmentRule, AssignmentRules, AssignmentTarget, Model};
use entity::{AssignmentRuleSetId, Id, Role, assignment_rule_set, campaign, lead_source, team, user};
use serde_json::json;

use super::input::{
    AssignmentRuleInput, AssignmentRuleSetIdInput, CreateAssignmentRuleSetInput, Target, UpdateAssignmentRuleSetInput,
};
use super::store;
use crate::auth::policy;
use crate::auth::scope::Visible;
use crate::data::write::{Write, check_version};
use crate::domains::fields::Cleaner;
use crate::domains::lead::input::DeleteInput;
use crate::domains::{references, workspace};
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::graphql::common::given;
use crate::graphql::filter::MOST_VALUES;
use crate::graphql::ids;
use crate::values::text::TextLimit;

/// How many rules a set may have.
const MOST_RULES: usize = 100;

/// Creates a rule set, switched off.
pub async fn create(write: &Write<'_>, input: CreateAssignmentRuleSetInput) -> Result<Model> {
    policy::may_direct_leads(write.actor)?;
    let key = input.idempotency_key.as_deref();
    if let Some(answer) = write.first_answer(key, "createAssignmentRuleSet", &input).await? {
        return write.made_before::<assignment_rule_set::Entity>(&answer).await;
    }
    let mut cleaner = Cleaner::new("");
    let mut set = Model {
        id: write.new_id(),
        version: 1,
        name: String::new(),
        name_key: String::new(),
        active: false,
        rules: AssignmentRules::default(),
        created_at: write.now,
        updated_at: write.now,
        deleted_at: None,
    };
    cleaner.required_text("name", &MaybeUndefined::Value(input.name), TextLimit::Name, &mut set.name);
    set.rules = read_rules(write, &mut cleaner, &input.rules).await?;
    cleaner.problems.check()?;
    let set = write.insert(set, "created").await?;
    write.remember_answer(key, json!({ "assignment_rule_set": set.id.uuid() })).await?;
    Ok(set)
}

/// Changes a rule set; its rules are replaced as a whole. One that is switched on works by its new rules from here on.
pub async fn update(write: &Write<'_>, input: UpdateAssignmentRuleSetInput) -> Result<Model> {
    let before = for_change(write, &input.id, input.expected_version).await?;
    let mut cleaner = Cleaner::new("");
    let mut set = before.clone();
    cleaner.required_text("name", &input.name, TextLimit::Name, &mut set.name);
    match &input.rules {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => set.rules = AssignmentRules::default(),
        MaybeUndefined::Value(rules) => set.rules = read_rules(write, &mut cleaner, rules).await?,
    }
    cleaner.problems.check()?;
    write.update(&before, set, "updated").await
}

/// Deletes a rule set that is switched off.
pub async fn delete(write: &Write<'_>, input: DeleteInput) -> Result<AssignmentRuleSetId> {
    let before = for_change(write, &input.id, input.expected_version).await?;
    if before.active {
        let sentence = "This rule set is switched on: switch it off, or another one on, before you delete it.";
        return Err(Error::refused(UserError::at(UserErrorCode::InUse, "id", sentence)));
    }
    write.update(&before, Model { deleted_at: Some(write.now), ..before.clone() }, "deleted").await?;
    Ok(before.id)
}

/// Switches a rule set on, and the one that was on off.
pub async fn activate(write: &Write<'_>, input: AssignmentRuleSetIdInput) -> Result<Model> {
    policy::may_direct_leads(write.actor)?;
    workspace::store::take_turns(write.connection()).await?;
    let before = for_change(write, &input.id, input.expected_version).await?;
    for other in store::other_active(write.connection(), before.id).await? {
        write.update(&other, Model { active: false, ..other.clone() }, "deactivated").await?;
    }
    write.update(&before, Model { active: true, ..before.clone() }, "activated").await
}

/// Switches a rule set off: leads without an owner lie in the pool again.
pub async fn deactivate(write: &Write<'_>, input: AssignmentRuleSetIdInput) -> Result<Model> {
    policy::may_direct_leads(write.actor)?;
    workspace::store::take_turns(write.connection()).await?;
    let before = for_change(write, &input.id, input.expected_version).await?;
    write.update(&before, Model { active: false, ..before.clone() }, "deactivated").await
}

async fn for_change(write: &Write<'_>, id: &ID, expected_version: Option<i32>) -> Result<Model> {
    policy::may_direct_leads(write.actor)?;
    let set = write.lock::<assignment_rule_set::Entity>(write.scope(), ids::subject(id, "id")?, "id").await?;
    check_version(set.version, expected_version)?;
    Ok(set)
}

async fn read_rules(write: &Write<'_>, cleaner: &mut Cleaner<'_>, inputs: &[AssignmentRuleInput]) -> Result<AssignmentRules> {
    if inputs.len() > MOST_RULES {
        let sentence = format!("A rule set has at most {MOST_RULES} rules; this one has {}.", inputs.len());
        cleaner.problem(UserErrorCode::OutOfRange, "rules", sentence);
        return Ok(AssignmentRules::default());
    }
    let mut rules = Vec::with_capacity(inputs.len());
    for (place, input) in inputs.iter().enumerate() {
        rules.extend(read_rule(write, cleaner, &format!("rules.{place}"), input).await?);
    }
    Ok(AssignmentRules(rules))
}

/// Reads a rule; nothing where its target can't be used, which is noted.
async fn read_rule(
    write: &Write<'_>,
    cleaner: &mut Cleaner<'_>,
    path: &str,
    input: &AssignmentRuleInput,
) -> Result<Option<AssignmentRule>> {
    let mut name = String::new();
    cleaner.required_text(&format!("{path}.name"), &MaybeUndefined::Value(input.name.clone()), TextLimit::Name, &mut name);
    let (mut employees_from, mut employees_to) = (None, None);
    cleaner.employees(&format!("{path}.employeesFrom"), &given(input.employees_from), &mut employees_from);
    cleaner.employees(&format!("{path}.employeesTo"), &given(input.employees_to), &mut employees_to);
    if employees_from.zip(employees_to).is_some_and(|(from, to)| from > to) {
        let sentence = "The largest size lies below the smallest: no company would match. Swap them.";
        cleaner.problem(UserErrorCode::Invalid, &format!("{path}.employeesTo"), sentence);
    }
    let sources =
        read_ids::<lead_source::Entity>(write, cleaner, &format!("{path}.sourceIds"), input.source_ids.as_ref()).await?;
    let campaigns =
        read_ids::<campaign::Entity>(write, cleaner, &format!("{path}.campaignIds"), input.campaign_ids.as_ref()).await?;
    let target = read_target(write, cleaner, path, input).await?;
    Ok(target.map(|target| AssignmentRule {
        name,
        sources,
        campaigns,
        countries: input.countries.iter().flatten().map(|country| country.0.clone()).collect(),
        ratings: input.ratings.iter().flatten().map(|rating| (*rating).into()).collect(),
        employees_from,
        employees_to,
        target,
    }))
}

async fn read_ids<E: Visible>(
    write: &Write<'_>,
    cleaner: &mut Cleaner<'_>,
    path: &str,
    given: Option<&Vec<ID>>,
) -> Result<Vec<Id<E>>> {
    let given = given.map(Vec::as_slice).unwrap_or_default();
    if given.len() > MOST_VALUES {
        cleaner.problem(UserErrorCode::OutOfRange, path, format!("At most {MOST_VALUES} may be named, not {}.", given.len()));
        return Ok(Vec::new());
    }
    let mut found = Vec::with_capacity(given.len());
    for (place, id) in given.iter().enumerate() {
        let path = format!("{path}.{place}");
        let id = ids::reference::<E>(&mut cleaner.problems, &path, Some(id));
        references::check(write, &mut cleaner.problems, &path, id).await?;
        found.extend(id);
    }
    Ok(found)
}

async fn read_target(
    write: &Write<'_>,
    cleaner: &mut Cleaner<'_>,
    path: &str,
    input: &AssignmentRuleInput,
) -> Result<Option<AssignmentTarget>> {
    let (user_path, team_path) = (format!("{path}.userId"), format!("{path}.teamId"));
    let needed = [(Target::User, &user_path, &input.user_id), (Target::Team, &team_path, &input.team_id)];
    for (target, path, id) in needed {
        if target == input.target && id.is_none() {
            cleaner.problem(UserErrorCode::Required, path, "Say who gets the leads: this target needs an id.");
        } else if target != input.target && id.is_some() {
            cleaner.problem(UserErrorCode::Invalid, path, "The rule has another target: leave this out, or change the target.");
        }
    }
    match input.target {
        Target::Pool => Ok(Some(AssignmentTarget::Pool)),
        Target::User => {
            let id = ids::reference::<user::Entity>(&mut cleaner.problems, &user_path, input.user_id.as_ref());
            let found = references::check_owner(write, &mut cleaner.problems, &user_path, id).await?;
            if let Some(viewer) = found.filter(|user| user.role == Role::Viewer) {
                let sentence = format!("{} is a VIEWER and does not work on leads: name a seller.", viewer.name);
                cleaner.problem(UserErrorCode::Invalid, &user_path, sentence);
            }
            Ok(id.map(AssignmentTarget::User))
        }
        Target::Team => {
            let id = ids::reference::<team::Entity>(&mut cleaner.problems, &team_path, input.team_id.as_ref());
            references::check(write, &mut cleaner.problems, &team_path, id).await?;
            Ok(id.map(AssignmentTarget::Team))
        }
    }
}
