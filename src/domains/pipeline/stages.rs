//! Creating, changing, ordering, deleting and replacing stages.

use async_graphql::ID;
use entity::{PipelineId, StageId, pipeline, stage};
use serde_json::json;

use super::input::{CreateStageInput, ReorderStagesInput, ReplaceStageInput, UpdateStageInput};
use super::service::{blank_stage, check_unused, take_turns};
use super::{rules, store};
use crate::data::write::{Write, check_version, not_found};
use crate::domains::fields::Cleaner;
use crate::domains::lead::input::DeleteInput;
use crate::domains::{opportunity as opportunities, sequence};
use crate::error::{Error, Problems, Result, UserErrorCode};
use crate::graphql::ids;

/// Adds a stage to a pipeline.
pub async fn create(write: &Write<'_>, input: CreateStageInput) -> Result<stage::Model> {
    take_turns(write).await?;
    let key = input.idempotency_key.as_deref();
    if let Some(answer) = write.first_answer(key, "createStage", &input).await? {
        return write.made_before::<stage::Entity>(&answer).await;
    }
    let (pipeline, stages) = pipeline_for_change(write, &input.pipeline_id).await?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut stage = blank_stage(write, pipeline.id, stages.len());
    rules::fill(&mut cleaner, "", input.stage, &mut stage);
    rules::check_stage_name(&mut cleaner, "name", &stage, &stages);
    if stages.len() >= rules::MOST_STAGES {
        let sentence = format!("A pipeline has at most {} stages: delete one first.", rules::MOST_STAGES);
        cleaner.problem(UserErrorCode::OutOfRange, "pipelineId", sentence);
    }
    let usual = rules::usual_place(&stages, stage.category);
    let place = input.position.map_or(Some(usual), |position| usize::try_from(position).ok()?.checked_sub(1));
    let Some(place) = place.filter(|place| *place <= stages.len()) else {
        let sentence = format!("A new stage of this pipeline comes to a place from 1 to {}.", stages.len() + 1);
        cleaner.problem(UserErrorCode::OutOfRange, "position", sentence);
        return Err(Error::Refused(cleaner.problems.into_vec()));
    };
    cleaner.problems.check()?;
    let behind: Vec<(i32, stage::Model)> = (2..).zip(stages).skip(place).collect();
    stage.position = behind.first().map_or(stage.position, |(position, _)| position - 1);
    arrange(write, behind).await?;
    stage.number = store::next_number(write.connection()).await?;
    let stage = write.insert(stage, "created").await?;
    write.remember_answer(key, json!({ "stage": stage.id.uuid() })).await?;
    Ok(stage)
}

/// Changes a stage, or takes it out of use or into use again.
pub async fn update(write: &Write<'_>, input: UpdateStageInput) -> Result<stage::Model> {
    take_turns(write).await?;
    let (before, stages) = for_change(write, &input.id, input.expected_version).await?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut stage = before.clone();
    rules::apply(&mut cleaner, &input, &mut stage);
    rules::check_stage_name(&mut cleaner, "name", &stage, &stages);
    let with_change = stages.iter().map(|other| if other.id == stage.id { &stage } else { other });
    let path = if input.active.is_undefined() { "category" } else { "active" };
    cleaner.problems.keep(rules::check_complete(with_change, path));
    cleaner.problems.check()?;
    if stage.category != before.category {
        // Nobody comes to it meanwhile.
        write.lock::<stage::Entity>(write.scope(), stage.id, "id").await?;
        let usage = store::usage(write.connection(), write.scope(), std::slice::from_ref(&before)).await?;
        check_unused(usage, "category", "stage", "create another stage, and replace this one by it")?;
    }
    write.update(&before, stage, "updated").await
}

/// Puts all stages of a pipeline into another order.
pub async fn reorder(write: &Write<'_>, input: ReorderStagesInput) -> Result<pipeline::Model> {
    take_turns(write).await?;
    let (pipeline, stages) = pipeline_for_change(write, &input.pipeline_id).await?;
    let mut problems = Problems::default();
    let ordered = sequence::read(&mut problems, "ids", &stages, |stage| stage.id, &input.ids);
    problems.check()?;
    arrange(write, (1..).zip(ordered).collect()).await?;
    Ok(pipeline)
}

/// Deletes a stage that no opportunity was ever in, for good.
pub async fn delete(write: &Write<'_>, input: DeleteInput) -> Result<StageId> {
    take_turns(write).await?;
    let (stage, _) = for_change(write, &input.id, input.expected_version).await?;
    let stages = store::lock_stages(write.connection(), write.scope(), stage.pipeline_id).await?;
    let usage = store::usage(write.connection(), write.scope(), std::slice::from_ref(&stage)).await?;
    check_unused(usage, "id", "stage", "deactivate it, or replace it by another one")?;
    let others = stages.iter().filter(|other| other.id != stage.id);
    rules::check_complete(others.clone(), "id").map_err(Error::refused)?;
    write.delete(&stage, "id").await?;
    arrange(write, (1..).zip(others.cloned()).collect()).await?;
    Ok(stage.id)
}

/// Moves all opportunities of a stage to another one, and takes the stage out of use. The history goes on naming it.
pub async fn replace(write: &Write<'_>, input: ReplaceStageInput) -> Result<(stage::Model, u64)> {
    take_turns(write).await?;
    let (before, _) = for_change(write, &input.id, input.expected_version).await?;
    let replacement: StageId = ids::subject(&input.replacement_id, "replacementId")?;
    let replacement = write.find(replacement).await?.ok_or_else(|| not_found::<stage::Entity>("replacementId"))?;
    rules::check_replacement(&before, &replacement).map_err(Error::refused)?;
    // First, so that nobody comes to it any more: those who are on their way arrive before this is written.
    let more = json!([{ "field": "replacedBy", "before": null, "after": replacement.id.to_string() }]);
    let stage = stage::Model { active: false, ..before.clone() };
    let stage = write.update_with(&before, stage, "replaced", more).await?;
    let moved = opportunities::moves::move_all(write, stage.id, &replacement).await?;
    Ok((stage, moved))
}

/// A stage of the expected version, and all stages of its pipeline in their order.
async fn for_change(write: &Write<'_>, id: &ID, expected: Option<i32>) -> Result<(stage::Model, Vec<stage::Model>)> {
    let id: StageId = ids::subject(id, "id")?;
    let stage = write.find(id).await?.ok_or_else(|| not_found::<stage::Entity>("id"))?;
    check_version(stage.version, expected)?;
    let stages = store::stages_of(write.connection(), write.scope(), stage.pipeline_id).await?;
    Ok((stage, stages))
}

/// A pipeline and its stages in their order, locked.
async fn pipeline_for_change(write: &Write<'_>, id: &ID) -> Result<(pipeline::Model, Vec<stage::Model>)> {
    let id: PipelineId = ids::subject(id, "pipelineId")?;
    let pipeline = write.find(id).await?.ok_or_else(|| not_found::<pipeline::Entity>("pipelineId"))?;
    let stages = store::lock_stages(write.connection(), write.scope(), id).await?;
    Ok((pipeline, stages))
}

/// Gives stages these places. Two stages never have the same one, so those that move step aside first.
async fn arrange(write: &Write<'_>, places: Vec<(i32, stage::Model)>) -> Result<()> {
    let moved: Vec<_> = places.into_iter().filter(|(position, stage)| stage.position != *position).collect();
    store::step_aside(write.connection(), moved.iter().map(|(_, stage)| stage.id)).await?;
    for (position, before) in moved {
        let after = stage::Model { position, ..before.clone() };
        write.update(&before, after, "reordered").await?;
    }
    Ok(())
}
