//! Milestones: the steps towards the signature. Their order isn't forced, and closed opportunities reach them, too.

use entity::milestone::Model;
use entity::{MilestoneKind, opportunity};
use serde_json::{Value as Json, json};

use super::part_input::{ClearMilestoneInput, ReachMilestoneInput};
use super::part_store as store;
use super::service::for_change;
use crate::data::write::Write;
use crate::domains::fields::Cleaner;
use crate::error::{Result, UserErrorCode};
use crate::values::calendar;
use crate::values::text::TextLimit;

/// Notes that a milestone was reached, or when and how it really was.
pub async fn reach(write: &Write<'_>, input: ReachMilestoneInput) -> Result<opportunity::Model> {
    let before = for_change(write, &input.opportunity_id, "opportunityId", input.expected_version).await?;
    let kind = MilestoneKind::from(input.milestone);
    let known = store::milestone(write.connection(), before.id, kind).await?;
    let mut cleaner = Cleaner::new(&write.app.workspace().base_currency);
    let mut milestone = known.clone().unwrap_or(Model {
        opportunity_id: before.id,
        kind,
        reached_on: write.today(),
        reached_by: Some(write.actor.id()),
        note: None,
        created_at: write.now,
    });
    if let Some(day) = input.reached_on {
        milestone.reached_on = day.0;
        if day.0 > write.today() {
            let sentence = "A milestone cannot be reached in the future: give today or an earlier day.";
            cleaner.problem(UserErrorCode::OutOfRange, "reachedOn", sentence);
        } else {
            calendar::check_date(&mut cleaner.problems, "reachedOn", day.0);
        }
    }
    cleaner.text("note", &input.note, TextLimit::Long, &mut milestone.note);
    cleaner.problems.check()?;
    if known.as_ref() == Some(&milestone) {
        return Ok(before);
    }
    milestone.reached_by = Some(write.actor.id());
    milestone.created_at = write.now;
    store::save_milestone(write, milestone.clone()).await?;
    let change = change(known.as_ref(), Some(&milestone));
    write.update_with(&before, before.clone(), "milestone_reached", change).await
}

/// Makes a milestone an open one again.
pub async fn clear(write: &Write<'_>, input: ClearMilestoneInput) -> Result<opportunity::Model> {
    let before = for_change(write, &input.opportunity_id, "opportunityId", input.expected_version).await?;
    let kind = MilestoneKind::from(input.milestone);
    let Some(known) = store::milestone(write.connection(), before.id, kind).await? else { return Ok(before) };
    store::remove_milestone(write.connection(), before.id, kind).await?;
    write.update_with(&before, before.clone(), "milestone_cleared", change(Some(&known), None)).await
}

/// What the history tells of a milestone: what was known before and afterwards, null where it was open.
fn change(before: Option<&Model>, after: Option<&Model>) -> Json {
    let known = |milestone: Option<&Model>| {
        milestone.map_or(Json::Null, |milestone| {
            json!({
                "kind": milestone.kind.as_str(), "reachedOn": milestone.reached_on,
                "reachedBy": milestone.reached_by.map(|id| id.to_string()), "note": milestone.note,
            })
        })
    };
    json!([{ "field": "milestones", "before": known(before), "after": known(after) }])
}
