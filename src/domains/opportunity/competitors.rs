//! Competitors: who else wants to make a sale. Each belongs to one opportunity; reports find the same company in others by its
//! folded name.

use async_graphql::{ID, MaybeUndefined};
use entity::competitor::Model;
use entity::{CompetitorId, competitor, opportunity};
use serde_json::{Value as Json, json};

use super::part_input::{AddCompetitorInput, CompetitorFields, RemoveCompetitorInput, UpdateCompetitorInput};
use super::part_store as store;
use super::rules::Closing;
use super::service::{for_change, hold};
use crate::auth::policy;
use crate::data::write::{Write, not_found};
use crate::domains::fields::Cleaner;
use crate::error::{Error, Problems, Result, UserError, UserErrorCode};
use crate::graphql::ids;
use crate::values::fold::fold;
use crate::values::text::TextLimit;

/// How many competitors an opportunity lists.
pub const MOST_COMPETITORS: usize = 50;

/// Lists a competitor.
pub async fn add(write: &Write<'_>, input: AddCompetitorInput) -> Result<opportunity::Model> {
    policy::may_create(write.actor)?;
    let key = input.idempotency_key.as_deref();
    if let Some(answer) = write.first_answer(key, "addCompetitor", &input).await? {
        return write.made_before::<opportunity::Entity>(&answer).await;
    }
    let before = for_change(write, &input.opportunity_id, "opportunityId", input.expected_version).await?;
    let listed = store::competitors_of(write.connection(), before.id).await?;
    let blank = Model {
        id: write.new_id(),
        opportunity_id: before.id,
        name: String::new(),
        name_key: String::new(),
        incumbent: false,
        dismissed: false,
        strengths: None,
        weaknesses: None,
        created_at: write.now,
    };
    let mut cleaner = Cleaner::new(&write.app.workspace().base_currency);
    if listed.len() >= MOST_COMPETITORS {
        let sentence = format!("An opportunity lists at most {MOST_COMPETITORS} competitors: remove one first.");
        cleaner.problem(UserErrorCode::OutOfRange, "opportunityId", sentence);
    }
    let name = MaybeUndefined::Value(input.name);
    let competitor = checked(cleaner, blank, &name, &input.fields, &listed)?;
    let opportunity = save(write, &before, None, competitor, "competitor_added").await?;
    write.remember_answer(key, json!({ "opportunity": opportunity.id.uuid() })).await?;
    Ok(opportunity)
}

/// Changes what is known about a competitor.
pub async fn update(write: &Write<'_>, input: UpdateCompetitorInput) -> Result<opportunity::Model> {
    let (before, known) = competitor_for_change(write, &input.id, input.expected_version).await?;
    let listed = store::competitors_of(write.connection(), before.id).await?;
    let cleaner = Cleaner::new(&write.app.workspace().base_currency);
    let competitor = checked(cleaner, known.clone(), &input.name, &input.fields, &listed)?;
    if competitor == known {
        return Ok(before);
    }
    save(write, &before, Some(&known), competitor, "competitor_changed").await
}

/// Takes a competitor off the list, unless the opportunity was lost to it.
pub async fn remove(write: &Write<'_>, input: RemoveCompetitorInput) -> Result<opportunity::Model> {
    let (before, known) = competitor_for_change(write, &input.id, input.expected_version).await?;
    if before.lost_to_competitor_id == Some(known.id) {
        let sentence = "The opportunity was lost to this competitor: reopen it first, or leave the competitor on the list.";
        let details = json!({ "opportunityId": before.id.to_string() });
        return Err(Error::refused(UserError::at(UserErrorCode::InUse, "id", sentence).with_details(details)));
    }
    store::remove_competitor(write.connection(), known.id).await?;
    write.update_with(&before, before.clone(), "competitor_removed", change(Some(&known), None)).await
}

/// Reads a competitor, and its opportunity for a change.
async fn competitor_for_change(write: &Write<'_>, id: &ID, expected_version: Option<i32>) -> Result<(opportunity::Model, Model)> {
    policy::may_create(write.actor)?;
    let id: CompetitorId = ids::subject(id, "id")?;
    let missing = || not_found::<competitor::Entity>("id");
    let known = store::competitor(write.connection(), id).await?.ok_or_else(missing)?;
    let opportunity = hold(write, known.opportunity_id, "id", expected_version).await?;
    // It may have changed until the opportunity was ours.
    let known = store::competitor(write.connection(), id).await?.ok_or_else(missing)?;
    Ok((opportunity, known))
}

/// The competitor with what the caller gave, or everything that is wrong with it.
fn checked(
    mut cleaner: Cleaner<'_>,
    mut competitor: Model,
    name: &MaybeUndefined<String>,
    fields: &CompetitorFields,
    listed: &[Model],
) -> Result<Model> {
    cleaner.required_text("name", name, TextLimit::Name, &mut competitor.name);
    competitor.name_key = fold(&competitor.name);
    if listed.iter().any(|other| other.id != competitor.id && other.name_key == competitor.name_key) {
        let sentence = "The opportunity lists a competitor of that name already: change that one, or give another name.";
        cleaner.problem(UserErrorCode::AlreadyExists, "name", sentence);
    }
    set_flag(&mut cleaner, "incumbent", &fields.incumbent, &mut competitor.incumbent);
    set_flag(&mut cleaner, "dismissed", &fields.dismissed, &mut competitor.dismissed);
    cleaner.text("strengths", &fields.strengths, TextLimit::Long, &mut competitor.strengths);
    cleaner.text("weaknesses", &fields.weaknesses, TextLimit::Long, &mut competitor.weaknesses);
    cleaner.problems.check()?;
    Ok(competitor)
}

fn set_flag(cleaner: &mut Cleaner<'_>, field: &str, input: &MaybeUndefined<bool>, target: &mut bool) {
    match input {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => cleaner.problem(UserErrorCode::Required, field, "Give true or false, or leave it out."),
        MaybeUndefined::Value(value) => *target = *value,
    }
}

async fn save(
    write: &Write<'_>,
    before: &opportunity::Model,
    known: Option<&Model>,
    competitor: Model,
    action: &str,
) -> Result<opportunity::Model> {
    store::save_competitor(write, competitor.clone()).await?;
    let mut opportunity = before.clone();
    follow(&mut opportunity, &competitor);
    write.update_with(before, opportunity, action, change(known, Some(&competitor))).await
}

/// Keeps what an opportunity was lost to in step with the list: a winner that was renamed, or that is listed by now.
fn follow(opportunity: &mut opportunity::Model, competitor: &Model) {
    let is_winner = match opportunity.lost_to_competitor_id {
        Some(id) => id == competitor.id,
        None => opportunity.lost_to.as_deref().is_some_and(|name| fold(name) == competitor.name_key),
    };
    if is_winner {
        opportunity.lost_to = Some(competitor.name.clone());
        opportunity.lost_to_competitor_id = Some(competitor.id);
    }
}

/// Names the competitor that won: the one whose id was given, or the one whose name was.
pub fn name_winner(problems: &mut Problems, listed: &[Model], named: Option<CompetitorId>, closing: &mut Closing) {
    let winner = match (named, closing.lost_to.as_deref()) {
        (Some(_), Some(_)) => {
            let sentence = "Name the winner once: leave lostTo out, or lostToCompetitorId.";
            problems.push(UserError::at(UserErrorCode::Invalid, "lostTo", sentence));
            return;
        }
        (Some(id), None) => {
            let found = listed.iter().find(|competitor| competitor.id == id);
            if found.is_none() {
                let sentence = "The opportunity lists no such competitor: add it first, or give its name as lostTo.";
                problems.push(UserError::at(UserErrorCode::NotFound, "lostToCompetitorId", sentence));
            }
            found
        }
        (None, Some(name)) => {
            let key = fold(name);
            listed.iter().find(|competitor| competitor.name_key == key)
        }
        (None, None) => None,
    };
    if let Some(winner) = winner {
        closing.competitor = Some(winner.id);
        closing.lost_to = Some(winner.name.clone());
    }
}

/// What the history tells of a competitor: what was known before and afterwards, null where it wasn't listed.
fn change(before: Option<&Model>, after: Option<&Model>) -> Json {
    let known = |competitor: Option<&Model>| {
        competitor.map_or(Json::Null, |competitor| {
            json!({
                "id": competitor.id.to_string(), "name": competitor.name, "incumbent": competitor.incumbent,
                "dismissed": competitor.dismissed, "strengths": competitor.strengths, "weaknesses": competitor.weaknesses,
            })
        })
    };
    json!([{ "field": "competitors", "before": known(before), "after": known(after) }])
}
