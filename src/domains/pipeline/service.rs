//! Creating, changing, ordering and deleting pipelines. Changes of pipelines and stages take turns: they are rare, and what was
//! checked (one default, an active stage of each category, free names) still holds when it is written.

use async_graphql::{ID, MaybeUndefined};
use entity::{ForecastCategory, PipelineId, StageCategory, pipeline, stage};
use serde_json::json;

use super::input::{CreatePipelineInput, NewStageInput, PipelineIdInput, ReorderPipelinesInput, UpdatePipelineInput};
use super::rules;
use super::store::{self, Usage};
use crate::auth::policy;
use crate::data::write::{Write, check_version, not_found};
use crate::domains::fields::Cleaner;
use crate::domains::lead::input::DeleteInput;
use crate::domains::{sequence, workspace};
use crate::error::{Error, Problems, Result, UserError, UserErrorCode};
use crate::graphql::ids;
use crate::values::text::TextLimit;

/// Creates an active pipeline with its stages, behind the others.
pub async fn create(write: &Write<'_>, input: CreatePipelineInput) -> Result<pipeline::Model> {
    take_turns(write).await?;
    let key = input.idempotency_key.as_deref();
    if let Some(answer) = write.first_answer(key, "createPipeline", &input).await? {
        return write.made_before::<pipeline::Entity>(&answer).await;
    }
    let others = store::pipelines(write.connection(), write.scope()).await?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut pipeline = blank(write, others.len());
    cleaner.required_text("name", &MaybeUndefined::Value(input.name), TextLimit::Name, &mut pipeline.name);
    rules::check_pipeline_name(&mut cleaner, &pipeline, &others);
    if others.len() >= rules::MOST_PIPELINES {
        let sentence = format!("A workspace has at most {} pipelines: delete one first.", rules::MOST_PIPELINES);
        cleaner.problem(UserErrorCode::OutOfRange, "name", sentence);
    }
    let mut stages = read_stages(write, &mut cleaner, pipeline.id, input.stages);
    cleaner.problems.check()?;
    let pipeline = write.insert(pipeline, "created").await?;
    let first = store::next_number(write.connection()).await?;
    (first..).zip(&mut stages).for_each(|(number, stage)| stage.number = number);
    write.insert_all(stages, "created").await?;
    write.remember_answer(key, json!({ "pipeline": pipeline.id.uuid() })).await?;
    Ok(pipeline)
}

/// The stages of a new pipeline.
fn read_stages(
    write: &Write<'_>,
    cleaner: &mut Cleaner<'_>,
    pipeline: PipelineId,
    given: Vec<NewStageInput>,
) -> Vec<stage::Model> {
    if given.len() > rules::MOST_STAGES {
        let sentence = format!("A pipeline has at most {} stages, not {}.", rules::MOST_STAGES, given.len());
        cleaner.problem(UserErrorCode::OutOfRange, "stages", sentence);
        return Vec::new();
    }
    let mut stages: Vec<stage::Model> = Vec::with_capacity(given.len());
    for (index, input) in given.into_iter().enumerate() {
        let mut stage = blank_stage(write, pipeline, index);
        rules::fill(cleaner, &format!("stages.{index}."), input, &mut stage);
        rules::check_stage_name(cleaner, &format!("stages.{index}.name"), &stage, &stages);
        stages.push(stage);
    }
    cleaner.problems.keep(rules::check_complete(stages.iter(), "stages"));
    stages
}

/// Renames a pipeline, or takes it out of use or into use again.
pub async fn update(write: &Write<'_>, input: UpdatePipelineInput) -> Result<pipeline::Model> {
    take_turns(write).await?;
    let (before, all) = for_change(write, &input.id, input.expected_version).await?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut pipeline = before.clone();
    cleaner.required_text("name", &input.name, TextLimit::Name, &mut pipeline.name);
    rules::check_pipeline_name(&mut cleaner, &pipeline, &all);
    rules::needed(&mut cleaner, "active", &input.active, &mut pipeline.active);
    if pipeline.is_default && !pipeline.active {
        let sentence = "The default pipeline is always active: make another pipeline the default first.";
        cleaner.problem(UserErrorCode::Invalid, "active", sentence);
    }
    cleaner.problems.check()?;
    write.update(&before, pipeline, "updated").await
}

/// Puts all pipelines into another order.
pub async fn reorder(write: &Write<'_>, input: ReorderPipelinesInput) -> Result<Vec<pipeline::Model>> {
    take_turns(write).await?;
    let pipelines = store::pipelines(write.connection(), write.scope()).await?;
    let mut problems = Problems::default();
    let ordered = sequence::read(&mut problems, "ids", &pipelines, |pipeline| pipeline.id, &input.ids);
    problems.check()?;
    arrange(write, ordered).await
}

/// Makes a pipeline the one that opportunities start in when nothing else is said.
pub async fn make_default(write: &Write<'_>, input: PipelineIdInput) -> Result<pipeline::Model> {
    take_turns(write).await?;
    let (before, all) = for_change(write, &input.id, input.expected_version).await?;
    if !before.active {
        let sentence = "An inactive pipeline can't be the default: activate it first.";
        return Err(Error::refused(UserError::at(UserErrorCode::Invalid, "id", sentence)));
    }
    for other in all.iter().filter(|other| other.is_default && other.id != before.id) {
        write.update(other, pipeline::Model { is_default: false, ..other.clone() }, "default_changed").await?;
    }
    write.update(&before, pipeline::Model { is_default: true, ..before.clone() }, "made_default").await
}

/// Deletes a pipeline that no opportunity was ever in, with its stages, for good.
pub async fn delete(write: &Write<'_>, input: DeleteInput) -> Result<PipelineId> {
    take_turns(write).await?;
    let (pipeline, all) = for_change(write, &input.id, input.expected_version).await?;
    if pipeline.is_default {
        let sentence = "The default pipeline can't be deleted: make another pipeline the default first.";
        return Err(Error::refused(UserError::at(UserErrorCode::Invalid, "id", sentence)));
    }
    let stages = store::lock_stages(write.connection(), write.scope(), pipeline.id).await?;
    let usage = store::usage(write.connection(), write.scope(), &stages).await?;
    check_unused(usage, "id", "pipeline", "deactivate it instead")?;
    for stage in &stages {
        write.delete(stage, "id").await?;
    }
    write.delete(&pipeline, "id").await?;
    let left = all.into_iter().filter(|other| other.id != pipeline.id);
    arrange(write, left.collect()).await?;
    Ok(pipeline.id)
}

/// For administrators, one after the other.
pub(super) async fn take_turns(write: &Write<'_>) -> Result<()> {
    policy::may_manage_settings(write.actor)?;
    workspace::store::take_turns(write.connection()).await
}

/// A pipeline of the expected version, and all pipelines in their order.
async fn for_change(write: &Write<'_>, id: &ID, expected: Option<i32>) -> Result<(pipeline::Model, Vec<pipeline::Model>)> {
    let id: PipelineId = ids::subject(id, "id")?;
    let mut all = store::pipelines(write.connection(), write.scope()).await?;
    all.sort_by_key(|pipeline| pipeline.position);
    let found = all.iter().find(|pipeline| pipeline.id == id).cloned();
    let found = found.ok_or_else(|| not_found::<pipeline::Entity>("id"))?;
    check_version(found.version, expected)?;
    Ok((found, all))
}

/// Refuses to take away what opportunities are, or were, in.
pub(super) fn check_unused(usage: Usage, path: &str, what: &str, instead: &str) -> Result<()> {
    let Usage { now, ever } = usage;
    if ever == 0 {
        return Ok(());
    }
    let sentence = format!("Opportunities are in this {what} ({now}), or were once ({ever} in all): {instead}.");
    let details = json!({ "opportunities": now, "opportunitiesEver": ever });
    Err(Error::refused(UserError::at(UserErrorCode::InUse, path, sentence).with_details(details)))
}

/// Gives pipelines the places in which they come.
async fn arrange(write: &Write<'_>, ordered: Vec<pipeline::Model>) -> Result<Vec<pipeline::Model>> {
    let mut arranged = Vec::with_capacity(ordered.len());
    for (position, before) in (1..).zip(ordered) {
        let after = pipeline::Model { position, ..before.clone() };
        arranged.push(write.update(&before, after, "reordered").await?);
    }
    Ok(arranged)
}

/// A new, active pipeline behind this many others.
fn blank(write: &Write<'_>, others: usize) -> pipeline::Model {
    pipeline::Model {
        id: write.new_id(),
        version: 1,
        name: String::new(),
        name_key: String::new(),
        is_default: false,
        active: true,
        position: place(others),
        created_at: write.now,
        updated_at: write.now,
    }
}

/// A new, active stage behind this many others, which gets its number when it is kept.
pub(super) fn blank_stage(write: &Write<'_>, pipeline_id: PipelineId, others: usize) -> stage::Model {
    stage::Model {
        id: write.new_id(),
        number: 0,
        version: 1,
        pipeline_id,
        name: String::new(),
        name_key: String::new(),
        position: place(others),
        probability: 0,
        category: StageCategory::Open,
        forecast_category: ForecastCategory::Pipeline,
        active: true,
        created_at: write.now,
        updated_at: write.now,
    }
}

/// The place behind this many others, from 1.
fn place(others: usize) -> i32 {
    i32::try_from(others + 1).unwrap_or(i32::MAX)
}
