//! What may happen to an opportunity: pure decisions.

use async_graphql::MaybeUndefined;
use chrono::{DateTime, NaiveDate, Utc};
use entity::opportunity::Model;
use entity::{
    AccountId, CloseReasonId, CompetitorId, OpportunityChangeId, PipelineId, StageCategory, UserId, close_reason, contact,
    opportunity_change, stage,
};

use super::input::OpportunityFields;
use super::stages_reached;
use crate::domains::fields::Cleaner;
use crate::error::{Error, UserError, UserErrorCode};
use crate::graphql::scalars::Date;
use crate::values::text::TextLimit;

/// Sets what the caller gave, and notes what is wrong with it. References are checked by the service, which can look them up.
pub fn apply(cleaner: &mut Cleaner<'_>, fields: &OpportunityFields, opportunity: &mut Model) {
    cleaner.id("primaryContactId", &fields.primary_contact_id, &mut opportunity.primary_contact_id);
    cleaner.money("amount", &fields.amount, (&mut opportunity.amount, &mut opportunity.currency));
    set_probability(cleaner, &fields.probability, opportunity);
    cleaner.id("sourceId", &fields.source_id, &mut opportunity.source_id);
    cleaner.id("campaignId", &fields.campaign_id, &mut opportunity.campaign_id);
    cleaner.text("nextStep", &fields.next_step, TextLimit::Short, &mut opportunity.next_step);
    cleaner.text("description", &fields.description, TextLimit::Long, &mut opportunity.description);
}

/// A probability set by hand stays when the opportunity moves. After null it is the service that looks up the stage's own.
fn set_probability(cleaner: &mut Cleaner<'_>, input: &MaybeUndefined<i32>, opportunity: &mut Model) {
    match *input {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => opportunity.probability_by_hand = false,
        MaybeUndefined::Value(percent @ 0..=100) => {
            opportunity.probability = percent;
            opportunity.probability_by_hand = true;
        }
        MaybeUndefined::Value(percent) => {
            let sentence = format!("Probability must be from 0 to 100 percent, not {percent}.");
            cleaner.problem(UserErrorCode::OutOfRange, "probability", sentence);
        }
    }
}

/// Sets the close date, which every opportunity has.
pub fn set_close_date(cleaner: &mut Cleaner<'_>, input: &MaybeUndefined<Date>, opportunity: &mut Model) {
    let mut date = Some(opportunity.close_date);
    cleaner.date("closeDate", input, &mut date);
    match date {
        Some(date) => opportunity.close_date = date,
        None => cleaner.problem(UserErrorCode::Required, "closeDate", "An opportunity needs a close date: give a day."),
    }
}

/// Whether an opportunity can start in this stage; the pipeline is the one that the caller named besides.
pub fn check_first_stage(stage: &stage::Model, pipeline: Option<PipelineId>, path: &str) -> Result<(), UserError> {
    if pipeline.is_some_and(|pipeline| pipeline != stage.pipeline_id) {
        let sentence =
            format!("{} is a stage of another pipeline: name a stage of this one, or leave the pipeline out.", stage.name);
        return Err(UserError::at(UserErrorCode::Invalid, path, sentence));
    }
    let mutation = match stage.category {
        StageCategory::Open => return Ok(()),
        StageCategory::Won => "winOpportunity",
        StageCategory::Lost => "loseOpportunity",
    };
    let sentence =
        format!("An opportunity starts in an open stage, and {} is none: close it with {mutation} afterwards.", stage.name);
    Err(UserError::at(UserErrorCode::Invalid, path, sentence))
}

/// Whether a contact can have a part in a sale to this account.
pub fn check_contact(contact: &contact::Model, account: AccountId, path: &str) -> Result<(), UserError> {
    if contact.account_id == Some(account) {
        return Ok(());
    }
    let sentence = "This contact does not belong to the opportunity's account: name one of the account's contacts.";
    Err(UserError::at(UserErrorCode::Invalid, path, sentence))
}

/// Why a move isn't possible.
#[derive(Debug, Clone, PartialEq)]
pub enum Obstacle {
    /// The state of the opportunity doesn't allow it, for this reason.
    State(&'static str),
    /// The move itself makes no sense.
    Problem(UserError),
}

/// Whether an opportunity can be moved to a stage.
pub fn check_move(opportunity: &Model, to: &stage::Model) -> Result<(), Obstacle> {
    check_open(opportunity)?;
    if to.id == opportunity.stage_id {
        return Err(Obstacle::State("The opportunity is in this stage already: move it to another one."));
    }
    let mutation = match to.category {
        StageCategory::Open => return Ok(()),
        StageCategory::Won => "winOpportunity",
        StageCategory::Lost => "loseOpportunity",
    };
    let sentence = format!("{} is no open stage: use {mutation}, which asks for what closing needs.", to.name);
    Err(Obstacle::Problem(UserError::at(UserErrorCode::Invalid, "stageId", sentence)))
}

/// Whether an opportunity can be moved or closed: only an open one can.
pub fn check_open(opportunity: &Model) -> Result<(), Obstacle> {
    if opportunity.is_closed {
        return Err(Obstacle::State("This opportunity is closed: use reopenOpportunity to take it up again first."));
    }
    Ok(())
}

/// Whether a closed opportunity can be taken up again in a stage.
pub fn check_reopen(opportunity: &Model, to: &stage::Model) -> Result<(), Obstacle> {
    if !opportunity.is_closed {
        return Err(Obstacle::State("This opportunity is open: use moveOpportunity to move it to another stage."));
    }
    if to.category != StageCategory::Open {
        let sentence = format!("{} is no open stage: name the open stage that the opportunity goes on in.", to.name);
        return Err(Obstacle::Problem(UserError::at(UserErrorCode::Invalid, "stageId", sentence)));
    }
    Ok(())
}

/// Puts an opportunity into a stage. It takes the stage's probability, unless the seller set one by hand.
pub fn enter(opportunity: &mut Model, stage: &stage::Model, now: DateTime<Utc>) {
    if opportunity.stage_id != stage.id {
        stages_reached::enter(&mut opportunity.stages_reached, stage.number);
    }
    opportunity.pipeline_id = stage.pipeline_id;
    opportunity.stage_id = stage.id;
    opportunity.stage_entered_at = now;
    if !opportunity.probability_by_hand {
        opportunity.probability = stage.probability;
    }
}

/// Whether a reason is one for this way of closing.
pub fn check_reason(reason: &close_reason::Model, category: StageCategory) -> Result<(), UserError> {
    if reason.category == category {
        return Ok(());
    }
    let (is, wanted) = (reason.category.as_str(), category.as_str());
    let sentence = format!("{:?} is a reason of category {is}: name one of category {wanted}.", reason.name);
    Err(UserError::at(UserErrorCode::Invalid, "reasonId", sentence))
}

/// The day of closing: today unless another one is given, and never a day to come.
pub fn closing_day(cleaner: &mut Cleaner<'_>, given: Option<Date>, today: NaiveDate) -> NaiveDate {
    let Some(Date(day)) = given else { return today };
    if day > today {
        let sentence = "An opportunity cannot be closed in the future: give today or an earlier day.";
        cleaner.problem(UserErrorCode::OutOfRange, "closedOn", sentence);
    } else {
        crate::values::calendar::check_date(&mut cleaner.problems, "closedOn", day);
    }
    day
}

/// What is said about a closing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// The day that counts.
    pub day: NaiveDate,
    /// Why.
    pub reason: Option<CloseReasonId>,
    /// More about it.
    pub note: Option<String>,
    /// The name of the competitor that won.
    pub lost_to: Option<String>,
    /// The same, where it is one of those that are listed.
    pub competitor: Option<CompetitorId>,
}

/// Closes an opportunity in the pipeline's won or lost stage. From here on its probability is certain.
pub fn close(opportunity: &mut Model, stage: &stage::Model, closing: Closing, now: DateTime<Utc>) {
    enter(opportunity, stage, now);
    opportunity.is_closed = true;
    opportunity.is_won = stage.category == StageCategory::Won;
    opportunity.probability = if opportunity.is_won { 100 } else { 0 };
    opportunity.probability_by_hand = false;
    opportunity.close_date = closing.day;
    opportunity.closed_at = Some(now);
    opportunity.close_reason_id = closing.reason;
    opportunity.close_note = closing.note;
    opportunity.lost_to = closing.lost_to;
    opportunity.lost_to_competitor_id = closing.competitor;
}

/// Takes a closed opportunity up again, and forgets why it was closed; the history keeps it.
pub fn reopen(opportunity: &mut Model, stage: &stage::Model, now: DateTime<Utc>) {
    opportunity.probability_by_hand = false;
    enter(opportunity, stage, now);
    opportunity.is_closed = false;
    opportunity.is_won = false;
    opportunity.closed_at = None;
    opportunity.close_reason_id = None;
    opportunity.close_note = None;
    opportunity.lost_to = None;
    opportunity.lost_to_competitor_id = None;
}

/// Whether an opportunity stands in its pipeline as it did before: everything that its history keeps is the same.
pub fn same_place(before: &Model, after: &Model) -> bool {
    let place = |model: &Model| {
        let amount = (model.amount, model.currency.clone());
        let entered = (model.stage_id, model.stage_entered_at);
        (entered, amount, model.probability, model.close_date, model.owner_id, model.deleted_at.is_some())
    };
    place(before) == place(after)
}

/// The entry of the history that tells how an opportunity stands after a change. `before` is nothing at its creation.
pub fn change(
    id: OpportunityChangeId,
    now: DateTime<Utc>,
    by: Option<UserId>,
    before: Option<&Model>,
    after: &Model,
) -> opportunity_change::Model {
    let left = before.filter(|before| before.stage_entered_at != after.stage_entered_at || before.stage_id != after.stage_id);
    let moved = before.is_none() || left.is_some();
    opportunity_change::Model {
        id,
        opportunity_id: after.id,
        at: if moved { after.stage_entered_at } else { now },
        until: None,
        by,
        stage_id: after.stage_id,
        amount: after.amount,
        currency: after.currency.clone(),
        probability: after.probability,
        close_date: after.close_date,
        owner_id: after.owner_id,
        deleted: after.deleted_at.is_some(),
        from_stage_id: before.map(|before| before.stage_id),
        from_amount: before.and_then(|before| before.amount),
        from_currency: before.and_then(|before| before.currency.clone()),
        from_probability: before.map(|before| before.probability),
        from_close_date: before.map(|before| before.close_date),
        from_owner_id: before.and_then(|before| before.owner_id),
        seconds_in_previous: left.map(|left| seconds_between(left.stage_entered_at, after.stage_entered_at)),
    }
}

/// Whole seconds from one moment to another; none where the clock went back.
pub fn seconds_between(from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
    (to - from).num_seconds().max(0)
}

/// Refuses to leave an opportunity without a primary contact while others have a part in it.
pub fn primary_needed(path: &str) -> UserError {
    let sentence = "An opportunity with contacts has exactly one primary contact: make another contact primary instead.";
    UserError::at(UserErrorCode::Invalid, path, sentence)
}

/// Refuses to take away the primary contact's part.
pub fn primary_in_use(opportunity: &Model) -> Error {
    let sentence =
        "This is the primary contact: make another contact primary first, or clear primaryContactId where there is no other.";
    Error::refused(
        UserError::at(UserErrorCode::InUse, "contactId", sentence)
            .with_details(serde_json::json!({ "opportunityId": opportunity.id.to_string() })),
    )
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
