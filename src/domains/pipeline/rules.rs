//! What pipelines and stages may look like: pure decisions.

use async_graphql::MaybeUndefined;
use entity::{ForecastCategory, PipelineId, StageCategory, pipeline, stage};
use serde_json::json;

use super::input::{NewStageInput, UpdateStageInput};
use crate::domains::fields::Cleaner;
use crate::error::{UserError, UserErrorCode};
use crate::values::fold::fold;
use crate::values::text::TextLimit;

/// How many pipelines a workspace has at most, so that they can be answered as one list.
pub const MOST_PIPELINES: usize = 50;

/// How many stages a pipeline has at most.
pub const MOST_STAGES: usize = 50;

/// The categories of which every pipeline keeps an active stage.
const CATEGORIES: [StageCategory; 3] = [StageCategory::Open, StageCategory::Won, StageCategory::Lost];

/// Sets what the caller gave for a new stage, and notes what is wrong with it. `path` stands before the names of the fields.
pub fn fill(cleaner: &mut Cleaner<'_>, path: &str, input: NewStageInput, stage: &mut stage::Model) {
    let at = |field: &str| format!("{path}{field}");
    cleaner.required_text(&at("name"), &MaybeUndefined::Value(input.name), TextLimit::Name, &mut stage.name);
    stage.category = input.category.map_or(StageCategory::Open, Into::into);
    let (probability, forecast_category) = usual(stage.category);
    stage.forecast_category = input.forecast_category.map_or(forecast_category, Into::into);
    match input.probability.or(probability) {
        Some(probability) => stage.probability = probability,
        None => {
            let sentence = "An open stage needs a probability: give one from 0 to 100 percent.";
            cleaner.problem(UserErrorCode::Required, &at("probability"), sentence);
        }
    }
    check_category(cleaner, path, stage);
}

/// Sets what the caller gave for a stage that is there, and notes what is wrong with it.
pub fn apply(cleaner: &mut Cleaner<'_>, input: &UpdateStageInput, stage: &mut stage::Model) {
    cleaner.required_text("name", &input.name, TextLimit::Name, &mut stage.name);
    needed(cleaner, "category", &input.category, &mut stage.category);
    if !input.category.is_undefined() {
        // A category brings its own probability and forecast category along, unless the caller says otherwise.
        let (probability, forecast_category) = usual(stage.category);
        stage.probability = probability.unwrap_or(stage.probability);
        stage.forecast_category = forecast_category;
    }
    needed(cleaner, "probability", &input.probability, &mut stage.probability);
    needed(cleaner, "forecastCategory", &input.forecast_category, &mut stage.forecast_category);
    needed(cleaner, "active", &input.active, &mut stage.active);
    check_category(cleaner, "", stage);
}

/// Sets a value that can't be cleared.
pub fn needed<I: Clone + Into<T>, T>(cleaner: &mut Cleaner<'_>, field: &str, input: &MaybeUndefined<I>, target: &mut T) {
    match input {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => cleaner.problem(UserErrorCode::Required, field, "Give a value, or leave it out."),
        MaybeUndefined::Value(value) => *target = value.clone().into(),
    }
}

/// The probability and the forecast category of a stage of which nothing else is said.
fn usual(category: StageCategory) -> (Option<i32>, ForecastCategory) {
    match category {
        StageCategory::Open => (None, ForecastCategory::Pipeline),
        StageCategory::Won => (Some(100), ForecastCategory::Closed),
        StageCategory::Lost => (Some(0), ForecastCategory::Omitted),
    }
}

/// What is won is certain and closed, what is lost is neither; what is open is anything but closed.
fn check_category(cleaner: &mut Cleaner<'_>, path: &str, stage: &stage::Model) {
    let (certain, forecast_category) = usual(stage.category);
    let category = stage.category.as_str();
    let probability = stage.probability;
    match certain {
        Some(certain) if probability != certain => {
            let sentence = format!("A {category} stage has a probability of {certain} percent, not {probability}: leave it out.");
            cleaner.problem(UserErrorCode::OutOfRange, &format!("{path}probability"), sentence);
        }
        None if !(0..=100).contains(&probability) => {
            let sentence = format!("Probability must be from 0 to 100 percent, not {probability}.");
            cleaner.problem(UserErrorCode::OutOfRange, &format!("{path}probability"), sentence);
        }
        _ => {}
    }
    let counts = stage.forecast_category;
    let fits = if certain.is_some() { counts == forecast_category } else { counts != ForecastCategory::Closed };
    if !fits {
        let allowed = if certain.is_some() { forecast_category.as_str() } else { "PIPELINE, BEST_CASE, COMMIT or OMITTED" };
        let sentence = format!("A {category} stage counts as {allowed} in the forecast, not as {}.", counts.as_str());
        cleaner.problem(UserErrorCode::Invalid, &format!("{path}forecastCategory"), sentence);
    }
}

/// Notes a problem where another stage of the pipeline has this stage's name, whatever the case and accents.
pub fn check_stage_name(cleaner: &mut Cleaner<'_>, path: &str, stage: &stage::Model, others: &[stage::Model]) {
    let key = fold(&stage.name);
    if others.iter().any(|other| other.id != stage.id && fold(&other.name) == key) {
        let sentence = "The pipeline has a stage of that name already; it may be inactive. Use it, or give another name.";
        cleaner.problem(UserErrorCode::AlreadyExists, path, sentence);
    }
}

/// The same for pipelines.
pub fn check_pipeline_name(cleaner: &mut Cleaner<'_>, pipeline: &pipeline::Model, others: &[pipeline::Model]) {
    let key = fold(&pipeline.name);
    if others.iter().any(|other| other.id != pipeline.id && fold(&other.name) == key) {
        let sentence = "There is a pipeline of that name already; it may be inactive. Use it, or give another name.";
        cleaner.problem(UserErrorCode::AlreadyExists, "name", sentence);
    }
}

/// Every pipeline keeps an active stage of each category: refuses stages that lack one.
pub fn check_complete<'a>(stages: impl Iterator<Item = &'a stage::Model> + Clone, path: &str) -> Result<(), UserError> {
    let lacks = |category: &StageCategory| !stages.clone().any(|stage| stage.active && stage.category == *category);
    let missing: Vec<&str> = CATEGORIES.into_iter().filter(lacks).map(StageCategory::as_str).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let sentence = format!(
        "A pipeline has at least one active stage of each category, OPEN, WON and LOST; this would leave none that is {}.",
        missing.join(" or ")
    );
    Err(UserError::at(UserErrorCode::Invalid, path, sentence).with_details(json!({ "missing": missing })))
}

/// Where a new stage comes when nothing is said: behind the last one of its category.
pub fn usual_place(stages: &[stage::Model], category: StageCategory) -> usize {
    stages.iter().rposition(|stage| stage.category == category).map_or(stages.len(), |last| last + 1)
}

/// Whether the opportunities of one stage can move to another that takes its place.
pub fn check_replacement(stage: &stage::Model, replacement: &stage::Model) -> Result<(), UserError> {
    let refused = |sentence: String| Err(UserError::at(UserErrorCode::Invalid, "replacementId", sentence));
    if replacement.id == stage.id {
        return refused("A stage can't replace itself: name another stage.".to_owned());
    }
    if replacement.pipeline_id != stage.pipeline_id {
        return refused(format!("{} is a stage of another pipeline: name one of the same pipeline.", replacement.name));
    }
    if replacement.category != stage.category {
        let (is, wanted) = (replacement.category.as_str(), stage.category.as_str());
        return refused(format!("{} is {is}: name a stage of category {wanted}.", replacement.name));
    }
    if !replacement.active {
        return refused(format!("{} is inactive: activate it first, or name another stage.", replacement.name));
    }
    Ok(())
}

/// Whether an opportunity can come to a stage: it must be active, and so must its pipeline, unless the opportunity is there already.
/// `current` is the opportunity's pipeline; none where it is new.
pub fn check_entry(
    stage: &stage::Model,
    pipeline: &pipeline::Model,
    current: Option<PipelineId>,
    path: &str,
) -> Result<(), UserError> {
    if !stage.active {
        let sentence = format!("The stage {} is inactive: name an active stage.", stage.name);
        return Err(UserError::at(UserErrorCode::Invalid, path, sentence));
    }
    if !pipeline.active && current != Some(pipeline.id) {
        let sentence = format!("The pipeline {} is inactive and takes no more opportunities: name another one.", pipeline.name);
        return Err(UserError::at(UserErrorCode::Invalid, path, sentence));
    }
    Ok(())
}
