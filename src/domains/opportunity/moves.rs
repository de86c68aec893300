//! Moving opportunities: from stage to stage, to a win or a loss, and back from there. Every move is kept.

use async_graphql::{ID, MaybeUndefined};
use entity::{AccountId, AccountLifecycle, PipelineId, StageCategory, StageId};
use entity::{account, close_reason, opportunity, pipeline, stage};
use serde_json::json;

use super::input::{LoseOpportunityInput, MoveOpportunityInput, ReopenOpportunityInput, WinOpportunityInput};
use super::rules::{self, Closing, Obstacle};
use super::service::for_change;
use super::{competitors, part_store, store};
use crate::data::write::{Write, not_found};
use crate::domains::fields::Cleaner;
use crate::domains::line_item::service::check_amount_by_hand;
use crate::domains::order::service as orders;
use crate::domains::pipeline::rules::check_entry;
use crate::domains::{pipeline as pipelines, references};
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::graphql::ids;
use crate::graphql::scalars::Date;
use crate::values::text::TextLimit;

/// How many opportunities are moved by one statement.
const MOVED_AT_ONCE: u64 = 500;

/// Moves an open opportunity to another open stage.
pub async fn move_to(write: &Write<'_>, input: MoveOpportunityInput) -> Result<opportunity::Model> {
    let before = for_change(write, &input.id, "id", input.expected_version).await?;
    let (stage, pipeline) = named_stage(write, &before, &input.stage_id).await?;
    clear(write, &before, rules::check_move(&before, &stage)).await?;
    check_entry(&stage, &pipeline, Some(before.pipeline_id), "stageId").map_err(Error::refused)?;
    let mut opportunity = before.clone();
    rules::enter(&mut opportunity, &stage, write.now);
    write.update(&before, opportunity, "moved").await
}

/// Closes an open opportunity as won. Its account is a customer from here on, and an accepted quote leaves an order.
pub async fn win(write: &Write<'_>, input: WinOpportunityInput) -> Result<opportunity::Model> {
    let before = for_change(write, &input.id, "id", input.expected_version).await?;
    clear(write, &before, rules::check_open(&before)).await?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut opportunity = before.clone();
    let amount = input.amount.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value);
    cleaner.money("amount", &amount, (&mut opportunity.amount, &mut opportunity.currency));
    let said = Said { reason: input.reason_id.as_ref(), note: input.note.as_deref(), day: input.closed_on };
    check_amount_by_hand(write, &mut cleaner.problems, &before, &opportunity).await?;
    let closing = read_closing(write, &mut cleaner, said, StageCategory::Won).await?;
    cleaner.problems.check()?;
    let stage = closing_stage(write, before.pipeline_id, StageCategory::Won).await?;
    rules::close(&mut opportunity, &stage, closing, write.now);
    make_customer(write, opportunity.account_id).await?;
    let opportunity = write.update(&before, opportunity, "won").await?;
    orders::leave(write, &opportunity).await?;
    Ok(opportunity)
}

/// Closes an open opportunity as lost.
pub async fn lose(write: &Write<'_>, input: LoseOpportunityInput) -> Result<opportunity::Model> {
    let before = for_change(write, &input.id, "id", input.expected_version).await?;
    clear(write, &before, rules::check_open(&before)).await?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let said = Said { reason: Some(&input.reason_id), note: input.note.as_deref(), day: input.closed_on };
    let mut closing = read_closing(write, &mut cleaner, said, StageCategory::Lost).await?;
    closing.lost_to = cleaner.optional("lostTo", input.lost_to.as_deref(), TextLimit::Name);
    let listed = part_store::competitors_of(write.connection(), before.id).await?;
    let named = ids::reference(&mut cleaner.problems, "lostToCompetitorId", input.lost_to_competitor_id.as_ref());
    competitors::name_winner(&mut cleaner.problems, &listed, named, &mut closing);
    cleaner.problems.check()?;
    let stage = closing_stage(write, before.pipeline_id, StageCategory::Lost).await?;
    let mut opportunity = before.clone();
    rules::close(&mut opportunity, &stage, closing, write.now);
    write.update(&before, opportunity, "lost").await
}

/// Takes up a closed opportunity again. The history keeps why it was closed, and its account stays what it became.
pub async fn reopen(write: &Write<'_>, input: ReopenOpportunityInput) -> Result<opportunity::Model> {
    let before = for_change(write, &input.id, "id", input.expected_version).await?;
    let (stage, pipeline) = named_stage(write, &before, &input.stage_id).await?;
    clear(write, &before, rules::check_reopen(&before, &stage)).await?;
    check_entry(&stage, &pipeline, Some(before.pipeline_id), "stageId").map_err(Error::refused)?;
    let mut opportunity = before.clone();
    rules::reopen(&mut opportunity, &stage, write.now);
    write.update(&before, opportunity, "reopened").await
}

/// What the caller says about a closing.
struct Said<'a> {
    reason: Option<&'a ID>,
    note: Option<&'a str>,
    day: Option<Date>,
}

async fn read_closing(write: &Write<'_>, cleaner: &mut Cleaner<'_>, said: Said<'_>, category: StageCategory) -> Result<Closing> {
    let reason = ids::reference(&mut cleaner.problems, "reasonId", said.reason);
    let found = references::check::<close_reason::Entity>(write, &mut cleaner.problems, "reasonId", reason).await?;
    if let Some(found) = found {
        cleaner.problems.keep(rules::check_reason(&found, category));
    }
    let note = cleaner.optional("note", said.note, TextLimit::Long);
    let day = rules::closing_day(cleaner, said.day, write.today());
    Ok(Closing { day, reason, note, lost_to: None, competitor: None })
}

async fn named_stage(write: &Write<'_>, before: &opportunity::Model, id: &ID) -> Result<(stage::Model, pipeline::Model)> {
    let id: StageId = ids::subject(id, "stageId")?;
    pipelines::store::keep_places(write.connection(), write.scope(), before.pipeline_id, Some(id)).await?;
    let found = pipelines::store::stage_to_enter(write.connection(), write.scope(), id).await?;
    found.ok_or_else(|| not_found::<stage::Entity>("stageId"))
}

/// Moves all opportunities of a stage to the one that replaces it, deleted ones, which could be restored, included. Answers how many.
pub async fn move_all(write: &Write<'_>, from: StageId, to: &stage::Model) -> Result<u64> {
    let mut moved = 0;
    loop {
        let batch = store::lock_in_stage(write.connection(), from, MOVED_AT_ONCE).await?;
        if batch.is_empty() {
            return Ok(moved);
        }
        let changes = batch.into_iter().map(|before| {
            let mut after = before.clone();
            rules::enter(&mut after, to, write.now);
            (before, after)
        });
        moved += write.update_all(changes.collect(), "moved").await?.len() as u64;
    }
}

/// The pipeline's stage for what is won, or lost.
async fn closing_stage(write: &Write<'_>, pipeline: PipelineId, category: StageCategory) -> Result<stage::Model> {
    pipelines::store::keep_places(write.connection(), write.scope(), pipeline, None).await?;
    let stage = pipelines::store::first_stage(write.connection(), write.scope(), pipeline, category).await?;
    stage.ok_or_else(|| {
        let category = category.as_str();
        let sentence = format!("The opportunity's pipeline has no {category} stage: move it to a pipeline that has one first.");
        Error::refused(UserError::at(UserErrorCode::Invalid, "id", sentence))
    })
}

/// Goes on where nothing stands in the way. What the state forbids is refused with the stages that it allows.
async fn clear(write: &Write<'_>, opportunity: &opportunity::Model, checked: Result<(), Obstacle>) -> Result<()> {
    match checked {
        Ok(()) => Ok(()),
        Err(Obstacle::Problem(problem)) => Err(Error::refused(problem)),
        Err(Obstacle::State(sentence)) => {
            let stages = pipelines::store::open_stages(write.connection(), write.scope(), opportunity.pipeline_id).await?;
            let allowed: Vec<String> =
                stages.iter().filter(|stage| stage.id != opportunity.stage_id).map(|stage| stage.id.to_string()).collect();
            let details = json!({ "stageId": opportunity.stage_id.to_string(), "allowed": allowed });
            Err(Error::refused(UserError::new(UserErrorCode::IllegalTransition, sentence).with_details(details)))
        }
    }
}

/// An account to which something was sold is a customer, whoever owns it.
pub async fn make_customer(write: &Write<'_>, id: AccountId) -> Result<()> {
    let account = write.lock::<account::Entity>(write.scope(), id, "id").await?;
    let customer = account::Model { lifecycle: AccountLifecycle::Customer, ..account.clone() };
    write.update(&account, customer, "became_customer").await?;
    Ok(())
}
