//! What may happen to a lead: pure decisions. The table of moves is that of `domain.md`.

use entity::lead::Model;
use entity::{CriterionName, CriterionState, LeadStatus, QualificationFacts};
use serde_json::json;

use super::input::{AssessmentFields, CriterionInput, LeadFields};
use crate::domains::fields::Cleaner;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::values::text::TextLimit;
use async_graphql::MaybeUndefined;

use LeadStatus::{ClosedConverted, ClosedNotConverted, OpenNotContacted, Qualified, WorkingContacted};

/// The statuses that a lead in this status may move to.
pub fn allowed_moves(from: LeadStatus) -> &'static [LeadStatus] {
    match from {
        OpenNotContacted => &[WorkingContacted, Qualified, ClosedNotConverted, ClosedConverted],
        WorkingContacted => &[OpenNotContacted, Qualified, ClosedNotConverted, ClosedConverted],
        Qualified => &[WorkingContacted, ClosedNotConverted, ClosedConverted],
        ClosedNotConverted => &[WorkingContacted],
        // Only reverting the conversion leads out of it.
        ClosedConverted => &[],
    }
}

/// Refuses a move that the table doesn't have, and says which it has.
pub fn check_move(from: LeadStatus, to: LeadStatus) -> Result<()> {
    if allowed_moves(from).contains(&to) {
        return Ok(());
    }
    Err(illegal_move(from, to.as_str()))
}

/// The refusal of a move, with the moves that the lead's status allows.
pub fn illegal_move(from: LeadStatus, wanted: &str) -> Error {
    let words: Vec<&str> = allowed_moves(from).iter().map(|status| status.as_str()).collect();
    let advice =
        if words.is_empty() { "revert its conversion first".to_owned() } else { format!("it can move to {}", words.join(", ")) };
    let sentence = format!("A lead that is {} cannot become {wanted}: {advice}.", from.as_str());
    Error::refused(
        UserError::new(UserErrorCode::IllegalTransition, sentence)
            .with_details(json!({ "status": from.as_str(), "allowed": words })),
    )
}

/// Moves a lead and forgets what belonged to the status it leaves; the history keeps it.
pub fn set_status(lead: &mut Model, to: LeadStatus) {
    if to == OpenNotContacted || to == WorkingContacted {
        lead.qualified_at = None;
        lead.qualified_by = None;
        lead.override_reason = None;
    }
    if lead.status == ClosedNotConverted {
        lead.disqualification_reason_id = None;
        lead.disqualification_note = None;
        lead.disqualified_at = None;
        lead.disqualified_by = None;
    }
    lead.status = to;
}

/// Sets what the caller gave, and notes what is wrong with it. References are set by the service, which can look them up.
pub fn apply(cleaner: &mut Cleaner<'_>, fields: &LeadFields, lead: &mut Model) {
    cleaner.text("firstName", &fields.first_name, TextLimit::Name, &mut lead.first_name);
    cleaner.text("lastName", &fields.last_name, TextLimit::Name, &mut lead.last_name);
    cleaner.text("jobTitle", &fields.job_title, TextLimit::Short, &mut lead.job_title);
    cleaner.text("company", &fields.company, TextLimit::Name, &mut lead.company);
    cleaner.employees("employees", &fields.employees, &mut lead.employees);
    cleaner.email("email", &fields.email, &mut lead.email);
    cleaner.phone("phone", &fields.phone, &mut lead.phone);
    cleaner.website("website", &fields.website, &mut lead.website);
    cleaner.address(&fields.address, crate::address_columns!(lead));
    cleaner.text("description", &fields.description, TextLimit::Long, &mut lead.description);
    cleaner.value(&fields.rating, &mut lead.rating);
    cleaner.value(&fields.buying_role, &mut lead.buying_role);
    cleaner.id("sourceId", &fields.source_id, &mut lead.source_id);
    cleaner.id("campaignId", &fields.campaign_id, &mut lead.campaign_id);
    if lead.last_name.is_none() && lead.company.is_none() && cleaner.fine_so_far(&["lastName", "company"]) {
        cleaner.problem(UserErrorCode::Required, "lastName", "A lead needs a last name or a company: give one of them.");
    }
}

/// Sets what was found out about the criteria.
pub fn assess(cleaner: &mut Cleaner<'_>, assessment: &AssessmentFields, facts: &mut QualificationFacts) {
    set_criterion(cleaner, "need.note", &assessment.need, &mut facts.need);
    set_criterion(cleaner, "budget.note", &assessment.budget, &mut facts.budget);
    set_criterion(cleaner, "timeline.note", &assessment.timeline, &mut facts.timeline);
    set_criterion(cleaner, "authority.note", &assessment.authority, &mut facts.authority);
    cleaner.money("budgetAmount", &assessment.budget_amount, (&mut facts.budget_amount, &mut facts.budget_currency));
    cleaner.date("expectedPurchaseDate", &assessment.expected_purchase_date, &mut facts.expected_purchase_date);
}

fn set_criterion(
    cleaner: &mut Cleaner<'_>,
    note_path: &str,
    input: &MaybeUndefined<CriterionInput>,
    target: &mut entity::Criterion,
) {
    match input {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *target = entity::Criterion::default(),
        MaybeUndefined::Value(input) => {
            let note = cleaner.optional(note_path, input.note.as_deref(), TextLimit::Short);
            *target = entity::Criterion { state: input.state.into(), note };
        }
    }
}

/// What still stands between a lead and QUALIFIED. Authority is a strong sign, but not essential.
pub fn missing_criteria(facts: &QualificationFacts) -> Vec<CriterionName> {
    [(CriterionName::Need, &facts.need), (CriterionName::Budget, &facts.budget), (CriterionName::Timeline, &facts.timeline)]
        .into_iter()
        .filter(|(_, criterion)| criterion.state != CriterionState::Met)
        .map(|(name, _)| name)
        .collect()
}

/// Refuses to qualify a lead whose criteria aren't met, unless a manager overrides it with a reason.
pub fn check_criteria(facts: &QualificationFacts, override_reason: Option<&str>) -> Result<()> {
    let missing: Vec<&str> = missing_criteria(facts).into_iter().map(CriterionName::as_str).collect();
    if missing.is_empty() || override_reason.is_some() {
        return Ok(());
    }
    let sentence =
        format!("These criteria are not met yet: {}. Assess them, or let a manager override with a reason.", missing.join(", "));
    Err(Error::refused(UserError::new(UserErrorCode::NotQualified, sentence).with_details(json!({ "missing": missing }))))
}

/// Refuses any change of a converted lead: it is read-only.
pub fn check_open_for_change(lead: &Model, became: Option<serde_json::Value>) -> Result<()> {
    if lead.status != ClosedConverted {
        return Ok(());
    }
    let sentence = "This lead was converted and is read-only: change the records that it became, or revert the conversion first.";
    let problem = UserError::new(UserErrorCode::AlreadyConverted, sentence);
    Err(Error::refused(became.map_or(problem.clone(), |details| problem.with_details(details))))
}

/// Refuses a lead that somebody owns.
pub fn check_in_pool(lead: &Model, claimer: entity::UserId) -> Result<()> {
    let sentence = match lead.owner_id {
        None => return Ok(()),
        Some(owner) if owner == claimer => "You own this lead already.",
        Some(_) => "Somebody else owns this lead already: pick another one from the pool.",
    };
    let owner = lead.owner_id.map(|id| id.to_string());
    Err(Error::refused(UserError::new(UserErrorCode::AlreadyOwned, sentence).with_details(json!({ "ownerId": owner }))))
}

/// The person's full name, or the company where there is no person.
pub fn name(lead: &Model) -> String {
    full_name(lead.first_name.as_deref(), lead.last_name.as_deref()).or_else(|| lead.company.clone()).unwrap_or_default()
}

/// First and last name as far as they are there.
pub fn full_name(first: Option<&str>, last: Option<&str>) -> Option<String> {
    let parts: Vec<&str> = [first, last].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
