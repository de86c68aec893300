//! Where imported opportunities stand: stages by name, and the moves that brought them there.

use chrono::{DateTime, NaiveDate, Utc};
use entity::opportunity::Model;
use entity::{CloseReasonId, PipelineId, StageCategory, close_reason, opportunity_change, pipeline, stage};
use sea_orm::QueryOrder;

use super::Reading;
use crate::data::write::Write;
use crate::domains::opportunity::rules::{self, Closing, Obstacle};
use crate::domains::pipeline::store;
use crate::error::{Result, UserErrorCode};
use crate::import::mapping::Missing;
use crate::import::values::beginning_of;
use crate::values::fold::fold;
use crate::values::text::TextLimit;

/// The workspace's pipelines, stages and close reasons.
#[derive(Default)]
pub struct Lists {
    /// The default one first.
    pipelines: Vec<pipeline::Model>,
    /// In the order of their positions.
    stages: Vec<stage::Model>,
    reasons: Vec<close_reason::Model>,
}

impl Lists {
    /// Reads the lists when they are needed for the first time.
    pub async fn read_once(&mut self, write: &Write<'_>) -> Result<()> {
        if self.pipelines.is_empty() {
            let (connection, scope) = (write.connection(), write.scope());
            self.pipelines = store::pipelines(connection, scope).await?;
            self.stages = scope.find::<stage::Entity>().order_by_asc(stage::Column::Position).all(connection).await?;
            self.reasons = store::close_reasons(connection, scope).await?;
        }
        Ok(())
    }

    /// The stage that the row names, or the first open one of the pipeline for a new opportunity. Nothing where an opportunity that
    /// is there stays where it is, or where a problem was noted.
    pub fn stage(&self, row: &mut Reading<'_, Model>, opportunity: &Model) -> Option<stage::Model> {
        let pipeline = self.pipeline(row, opportunity)?;
        if let Some(name) = row.values.raw("stage") {
            let key = fold(name);
            let found = self.stages.iter().find(|stage| stage.pipeline_id == pipeline && stage.name_key == key);
            if found.is_some() {
                return found.cloned();
            }
            if row.values.missing("stage") != Missing::LeaveEmpty {
                let names: Vec<&str> =
                    self.stages.iter().filter(|stage| stage.pipeline_id == pipeline).map(|stage| stage.name.as_str()).collect();
                let sentence = format!("There is no stage {name:?} in the pipeline. Its stages are: {}.", names.join(", "));
                row.cleaner.problem(UserErrorCode::NotFound, "stage", sentence);
                return None;
            }
        }
        if row.before.is_some() { None } else { self.first_open(pipeline).cloned() }
    }

    fn pipeline(&self, row: &mut Reading<'_, Model>, opportunity: &Model) -> Option<PipelineId> {
        if let Some(name) = row.values.raw("pipeline") {
            let key = fold(name);
            if let Some(found) = self.pipelines.iter().find(|pipeline| pipeline.name_key == key) {
                return Some(found.id);
            }
            if row.values.missing("pipeline") != Missing::LeaveEmpty {
                let sentence = format!("There is no pipeline {name:?}.");
                row.cleaner.problem(UserErrorCode::NotFound, "pipeline", sentence);
                return None;
            }
        }
        if row.before.is_some() { Some(opportunity.pipeline_id) } else { self.pipelines.first().map(|pipeline| pipeline.id) }
    }

    fn first_open(&self, pipeline: PipelineId) -> Option<&stage::Model> {
        self.stages.iter().find(|stage| stage.pipeline_id == pipeline && stage.category == StageCategory::Open)
    }

    /// The reason that the row names, of those for this way of closing.
    fn reason(&self, row: &mut Reading<'_, Model>, category: StageCategory) -> Option<CloseReasonId> {
        let name = row.values.raw("closeReason")?;
        let key = fold(name);
        let found = self.reasons.iter().find(|reason| reason.category == category && reason.name_key == key);
        if found.is_none() && row.values.missing("closeReason") != Missing::LeaveEmpty {
            let sentence = format!("There is no reason {name:?} for what is {}.", category.as_str());
            row.cleaner.problem(UserErrorCode::NotFound, "closeReason", sentence);
        }
        found.map(|reason| reason.id)
    }
}

/// Brings an opportunity to a stage and answers the history of a new one; that of one that is there writes itself.
///
/// A new one that is closed has two entries: it came to the pipeline's first stage when it was created, and to the last on its close date.
pub fn to_stage(
    lists: &Lists,
    row: &mut Reading<'_, Model>,
    opportunity: &mut Model,
    stage: &stage::Model,
    created_at: Option<DateTime<Utc>>,
) -> Vec<opportunity_change::Model> {
    if row.before.is_some() {
        move_on(lists, row, opportunity, stage);
        return Vec::new();
    }
    let closing = match stage.category {
        StageCategory::Open => None,
        category => match closing(lists, row, opportunity, category) {
            Some(closing) => Some(closing),
            None => return Vec::new(),
        },
    };
    let closed_at = closing.as_ref().map(|closing| moment_of(row, closing.day));
    // What was closed on a day was there on that day.
    let created_at = created_at.unwrap_or_else(|| closed_at.unwrap_or(row.write.now));
    opportunity.created_at = created_at;
    let (Some(closing), Some(closed_at)) = (closing, closed_at) else {
        rules::enter(opportunity, stage, created_at);
        return vec![change(row.write, None, opportunity)];
    };
    if closing.day < created_at.with_timezone(&row.values.plan.zone).date_naive() {
        let sentence = "The opportunity was closed before it was created: correct one of the dates.";
        row.cleaner.problem(UserErrorCode::OutOfRange, "closeDate", sentence);
    }
    let first = lists.first_open(stage.pipeline_id).unwrap_or(stage);
    rules::enter(opportunity, first, created_at);
    let entered = opportunity.clone();
    rules::close(opportunity, stage, closing, closed_at.max(created_at));
    let closed = change(row.write, Some(&entered), opportunity);
    vec![opportunity_change::Model { until: Some(closed.at), ..change(row.write, None, &entered) }, closed]
}

/// Moves an opportunity that is there, if the row names another stage.
fn move_on(lists: &Lists, row: &mut Reading<'_, Model>, opportunity: &mut Model, stage: &stage::Model) {
    let before = opportunity.clone();
    let now = row.write.now;
    if stage.id == before.stage_id {
        if before.is_closed
            && let Some(closing) = closing(lists, row, opportunity, stage.category)
        {
            opportunity.close_reason_id = closing.reason.or(opportunity.close_reason_id);
            opportunity.close_note = closing.note.or_else(|| opportunity.close_note.take());
            opportunity.lost_to = closing.lost_to.or_else(|| opportunity.lost_to.take());
        }
        return;
    }
    match (before.is_closed, stage.category) {
        (true, StageCategory::Open) => rules::reopen(opportunity, stage, now),
        (false, StageCategory::Open) => rules::enter(opportunity, stage, now),
        (_, category) => {
            if let Err(obstacle) = rules::check_open(&before) {
                let sentence = match obstacle {
                    Obstacle::State(sentence) => sentence.to_owned(),
                    Obstacle::Problem(problem) => problem.message,
                };
                row.cleaner.problem(UserErrorCode::IllegalTransition, "stage", sentence);
                return;
            }
            let Some(closing) = closing(lists, row, opportunity, category) else { return };
            let at = moment_of(row, closing.day).max(before.stage_entered_at);
            rules::close(opportunity, stage, closing, at);
        }
    }
}

/// What the row says about the closing; nothing where a problem was noted.
fn closing(lists: &Lists, row: &mut Reading<'_, Model>, opportunity: &Model, category: StageCategory) -> Option<Closing> {
    let day = match row.values.raw("closeDate") {
        Some(_) => opportunity.close_date,
        None if opportunity.is_closed => opportunity.close_date,
        None => {
            let sentence = "An opportunity that is closed needs the day on which it was closed.";
            row.cleaner.problem(UserErrorCode::Required, "closeDate", sentence);
            return None;
        }
    };
    if day > row.write.today() {
        let sentence = "An opportunity cannot be closed in the future: give today or an earlier day.";
        row.cleaner.problem(UserErrorCode::OutOfRange, "closeDate", sentence);
    }
    let reason = lists.reason(row, category).or(opportunity.close_reason_id);
    if reason.is_none() && category == StageCategory::Lost && row.cleaner.fine_so_far(&["closeReason"]) {
        let sentence = "A lost opportunity needs a reason: map closeReason, for example to the constant \"Other\".";
        row.cleaner.problem(UserErrorCode::Required, "closeReason", sentence);
    }
    let note = row.values.raw("closeNote");
    let note = row.cleaner.optional("closeNote", note, TextLimit::Long);
    let lost_to = row.values.raw("lostTo").filter(|_| category == StageCategory::Lost);
    let lost_to = row.cleaner.optional("lostTo", lost_to, TextLimit::Name);
    Some(Closing { day, reason, note, lost_to, competitor: None })
}

/// The moment of a closing of which only the day is known: the beginning of the day, or now if it is today.
fn moment_of(row: &Reading<'_, Model>, day: NaiveDate) -> DateTime<Utc> {
    let beginning = beginning_of(day, row.values.plan.zone).unwrap_or(row.write.now);
    if day >= row.write.today() { row.write.now } else { beginning }
}

fn change(write: &Write<'_>, before: Option<&Model>, after: &Model) -> opportunity_change::Model {
    rules::change(write.new_id(), write.now, write.by(), before, after)
}
