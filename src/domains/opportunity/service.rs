//! Creating, changing, deleting and restoring opportunities. Every use case: policy, one transaction, the order of steps.

use async_graphql::{ID, MaybeUndefined};
use chrono::NaiveDate;
use entity::{AccountId, BuyingRole, ContactId, OpportunityId, PipelineId, StageCategory, StageId};
use entity::{account, campaign, contact, contact_role, lead_source, opportunity, pipeline, quote, stage};
use sea_orm::ColumnTrait;
use serde_json::{Value as Json, json};

use super::input::{CreateOpportunityInput, UpdateOpportunityInput};
use super::roles::{role_change, role_changes};
use super::{rules, store};
use crate::auth::policy;
use crate::data::beside::Beside;
use crate::data::write::{Write, check_version};
use crate::domains::fields::Cleaner;
use crate::domains::lead::input::{AssignInput, DeleteInput, RestoreInput};
use crate::domains::line_item::service::check_amount_by_hand;
use crate::domains::uses::Uses;
use crate::domains::{pipeline as pipelines, references};
use crate::error::{Error, Problems, Result, UserError, UserErrorCode};
use crate::graphql::ids;
use crate::values::text::TextLimit;

/// Creates an opportunity in an open stage. Without an owner it is the caller's.
pub async fn create(write: &Write<'_>, input: CreateOpportunityInput) -> Result<opportunity::Model> {
    policy::may_create(write.actor)?;
    let key = input.idempotency_key.as_deref();
    if let Some(answer) = write.first_answer(key, "createOpportunity", &input).await? {
        return write.made_before::<opportunity::Entity>(&answer).await;
    }
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let before = unplaced(write, String::new(), input.close_date.0);
    let mut opportunity = before.clone();
    cleaner.required_text("name", &MaybeUndefined::Value(input.name), TextLimit::Name, &mut opportunity.name);
    rules::set_close_date(&mut cleaner, &MaybeUndefined::Value(input.close_date), &mut opportunity);
    rules::apply(&mut cleaner, &input.fields, &mut opportunity);
    if let Some(owner) = ids::reference(&mut cleaner.problems, "ownerId", input.owner_id.as_ref()) {
        opportunity.owner_id = Some(owner);
    }
    let account_id = ids::reference(&mut cleaner.problems, "accountId", Some(&input.account_id));
    let account = references::check::<account::Entity>(write, &mut cleaner.problems, "accountId", account_id).await?;
    let pipeline_id = ids::reference(&mut cleaner.problems, "pipelineId", input.pipeline_id.as_ref());
    let stage_id = ids::reference(&mut cleaner.problems, "stageId", input.stage_id.as_ref());
    let stage = stage_for_new(write, &mut cleaner.problems, pipeline_id, stage_id, ("pipelineId", "stageId")).await?;
    if let Some(stage) = &stage {
        rules::enter(&mut opportunity, stage, write.now);
    }
    if let Some(account) = account {
        opportunity.account_id = account.id;
        check_primary_contact(write, &mut cleaner.problems, &opportunity).await?;
    }
    check_references(write, &mut cleaner, &before, &opportunity).await?;
    cleaner.problems.check()?;
    let opportunity = insert(write, opportunity, None).await?;
    write.remember_answer(key, json!({ "opportunity": opportunity.id.uuid() })).await?;
    Ok(opportunity)
}

/// Changes an opportunity's fields. A closed one stays closed.
pub async fn update(write: &Write<'_>, input: UpdateOpportunityInput) -> Result<opportunity::Model> {
    let before = for_change(write, &input.id, "id", input.expected_version).await?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut opportunity = before.clone();
    cleaner.required_text("name", &input.name, TextLimit::Name, &mut opportunity.name);
    rules::set_close_date(&mut cleaner, &input.close_date, &mut opportunity);
    rules::apply(&mut cleaner, &input.fields, &mut opportunity);
    cleaner.id("ownerId", &input.owner_id, &mut opportunity.owner_id);
    if input.fields.probability.is_null() {
        let stage = write.find::<stage::Entity>(before.stage_id).await?;
        opportunity.probability = stage.map_or(opportunity.probability, |stage| stage.probability);
    }
    check_references(write, &mut cleaner, &before, &opportunity).await?;
    check_amount_by_hand(write, &mut cleaner.problems, &before, &opportunity).await?;
    let new_primary = before.primary_contact_id != opportunity.primary_contact_id;
    if new_primary {
        check_primary_contact(write, &mut cleaner.problems, &opportunity).await?;
        check_clearing_primary(write, &mut cleaner.problems, &before, &opportunity).await?;
    }
    cleaner.problems.check()?;
    let roles = if new_primary { change_primary(write, &before, &opportunity).await? } else { None };
    let opportunity = match roles {
        Some(roles) => write.update_with(&before, opportunity, "updated", roles).await?,
        None => write.update(&before, opportunity, "updated").await?,
    };
    Ok(opportunity)
}

/// Gives an opportunity to an active user, or to nobody.
pub async fn assign(write: &Write<'_>, input: AssignInput) -> Result<opportunity::Model> {
    let before = for_change(write, &input.id, "id", input.expected_version).await?;
    let owner_id = references::new_owner(write, &input.owner_id).await?;
    write.update(&before, opportunity::Model { owner_id, ..before.clone() }, "assigned").await
}

/// Deletes an opportunity. It can be restored.
pub async fn delete(write: &Write<'_>, input: DeleteInput) -> Result<OpportunityId> {
    let before = for_change(write, &input.id, "id", input.expected_version).await?;
    let mut uses = Uses::default();
    let of_opportunity = quote::Column::OpportunityId.eq(before.id);
    uses.find::<quote::Entity>(write.connection(), write.scope(), "quotes", of_opportunity).await?;
    uses.check("id", |_| "This opportunity has quotes, which keep their numbers: close it as lost instead.".to_owned())?;
    let opportunity = opportunity::Model { deleted_at: Some(write.now), ..before.clone() };
    write.update(&before, opportunity, "deleted").await?;
    Ok(before.id)
}

/// Brings a deleted opportunity back. What it can't be without must be there: its account and its primary contact.
pub async fn restore(write: &Write<'_>, input: RestoreInput) -> Result<opportunity::Model> {
    policy::may_create(write.actor)?;
    let id = ids::subject(&input.id, "id")?;
    let before = write.lock::<opportunity::Entity>(write.scope().with_deleted(), id, "id").await?;
    policy::may_change(write.actor, before.owner_id)?;
    if before.deleted_at.is_some() {
        check_needed(write, &before).await?;
    }
    write.update(&before, opportunity::Model { deleted_at: None, ..before.clone() }, "restored").await
}

/// Refuses to bring back an opportunity whose account or primary contact is deleted.
async fn check_needed(write: &Write<'_>, opportunity: &opportunity::Model) -> Result<()> {
    let mut problems = Problems::default();
    if write.find(opportunity.account_id).await?.is_none() {
        let sentence = "The opportunity's account was deleted: restore the account first.";
        let details = json!({ "accountId": opportunity.account_id.to_string() });
        problems.push(UserError::at(UserErrorCode::NotFound, "id", sentence).with_details(details));
    }
    if let Some(contact) = opportunity.primary_contact_id
        && write.find(contact).await?.is_none()
    {
        let sentence = "The opportunity's primary contact was deleted: restore the contact first.";
        let details = json!({ "contactId": contact.to_string() });
        problems.push(UserError::at(UserErrorCode::NotFound, "id", sentence).with_details(details));
    }
    problems.check()
}

/// Reads an opportunity for a change: visible, permitted, of the expected version. `path` is the input field that names it.
pub async fn for_change(write: &Write<'_>, id: &ID, path: &str, expected_version: Option<i32>) -> Result<opportunity::Model> {
    policy::may_create(write.actor)?;
    hold(write, ids::subject(id, path)?, path, expected_version).await
}

/// The same where the id is known already: of a part's opportunity.
pub async fn hold(write: &Write<'_>, id: OpportunityId, path: &str, expected_version: Option<i32>) -> Result<opportunity::Model> {
    let opportunity = write.lock::<opportunity::Entity>(write.scope(), id, path).await?;
    policy::may_change(write.actor, opportunity.owner_id)?;
    check_version(opportunity.version, expected_version)?;
    Ok(opportunity)
}

/// The stage that a new opportunity starts in: the one that is named, or the first open one of the named or the default
/// pipeline. Nothing where that was refused. `paths` are the input fields of the pipeline and of the stage.
pub async fn stage_for_new(
    write: &Write<'_>,
    problems: &mut Problems,
    pipeline_id: Option<PipelineId>,
    stage_id: Option<StageId>,
    paths: (&str, &str),
) -> Result<Option<stage::Model>> {
    let named = references::check::<pipeline::Entity>(write, problems, paths.0, pipeline_id).await?;
    if pipeline_id.is_some() && named.is_none() {
        return Ok(None);
    }
    let (connection, scope) = (write.connection(), write.scope());
    if let Some(id) = stage_id {
        let Some((stage, pipeline)) = pipelines::store::stage_to_enter(connection, scope, id).await? else {
            problems.push(UserError::at(UserErrorCode::NotFound, paths.1, "There is no such stage. Check the id."));
            return Ok(None);
        };
        let checked = rules::check_first_stage(&stage, pipeline_id, paths.1);
        let checked = checked.and_then(|()| pipelines::rules::check_entry(&stage, &pipeline, None, paths.1));
        return Ok(problems.keep(checked).map(|()| stage));
    }
    let pipeline = match named {
        Some(pipeline) => pipeline,
        None => pipelines::store::default_pipeline(connection, scope)
            .await?
            .ok_or_else(|| Error::internal("the workspace has no default pipeline"))?,
    };
    let Some(stage) = pipelines::store::first_stage(connection, scope, pipeline.id, StageCategory::Open).await? else {
        let sentence = format!("The pipeline {} has no open stage: name another pipeline.", pipeline.name);
        problems.push(UserError::at(UserErrorCode::Invalid, paths.0, sentence));
        return Ok(None);
    };
    Ok(problems.keep(pipelines::rules::check_entry(&stage, &pipeline, None, paths.0)).map(|()| stage))
}

/// Writes a new opportunity, its first state, and its primary contact's part in it.
pub async fn insert(
    write: &Write<'_>,
    opportunity: opportunity::Model,
    primary_role: Option<BuyingRole>,
) -> Result<opportunity::Model> {
    let roles = opportunity.primary_contact_id.map_or(Json::Null, |contact| role_change(contact, None, Some(primary_role)));
    let mut beside = Beside::default();
    if let Some(contact) = opportunity.primary_contact_id {
        beside.insert::<contact_role::Entity>(store::new_role(write, opportunity.id, contact, primary_role));
    }
    write.insert_along(opportunity, "created", roles, beside).await
}

/// Notes a problem where what a changed reference names isn't there.
async fn check_references(
    write: &Write<'_>,
    cleaner: &mut Cleaner<'_>,
    before: &opportunity::Model,
    after: &opportunity::Model,
) -> Result<()> {
    let source = after.source_id.filter(|_| before.source_id != after.source_id);
    references::check::<lead_source::Entity>(write, &mut cleaner.problems, "sourceId", source).await?;
    let campaign = after.campaign_id.filter(|_| before.campaign_id != after.campaign_id);
    references::check::<campaign::Entity>(write, &mut cleaner.problems, "campaignId", campaign).await?;
    let owner = after.owner_id.filter(|_| before.owner_id != after.owner_id);
    references::check_owner(write, &mut cleaner.problems, "ownerId", owner).await?;
    Ok(())
}

async fn check_primary_contact(write: &Write<'_>, problems: &mut Problems, opportunity: &opportunity::Model) -> Result<()> {
    let contact = opportunity.primary_contact_id;
    check_contact(write, problems, "primaryContactId", opportunity.account_id, contact).await
}

/// Notes a problem where a contact isn't there or doesn't belong to the account.
pub async fn check_contact(
    write: &Write<'_>,
    problems: &mut Problems,
    path: &str,
    account: AccountId,
    contact: Option<ContactId>,
) -> Result<()> {
    if let Some(contact) = references::check::<contact::Entity>(write, problems, path, contact).await? {
        problems.keep(rules::check_contact(&contact, account, path));
    }
    Ok(())
}

/// The primary contact can be cleared only where no other contact has a part.
async fn check_clearing_primary(
    write: &Write<'_>,
    problems: &mut Problems,
    before: &opportunity::Model,
    after: &opportunity::Model,
) -> Result<()> {
    if let (Some(primary), None) = (before.primary_contact_id, after.primary_contact_id)
        && !problems.mention(&["primaryContactId"])
        && store::has_other_roles(write.connection(), write.scope(), before.id, primary).await?
    {
        problems.push(rules::primary_needed("primaryContactId"));
    }
    Ok(())
}

/// Keeps the contact roles in step with the primary contact; answers what the history is to tell of them.
async fn change_primary(write: &Write<'_>, before: &opportunity::Model, after: &opportunity::Model) -> Result<Option<Json>> {
    match (before.primary_contact_id, after.primary_contact_id) {
        (_, Some(primary)) => {
            if store::role_of(write.connection(), after.id, primary).await?.is_some() {
                return Ok(None);
            }
            store::add_role(write, after.id, primary, None).await?;
            Ok(Some(role_change(primary, None, Some(None))))
        }
        (Some(_), None) => {
            // Those of deleted contacts, too, whom nobody sees.
            let gone = store::remove_all_roles(write.connection(), after.id).await?;
            let changes = gone.into_iter().flat_map(|row| role_changes(row.contact_id, Some(row.role), None)).collect();
            Ok(Some(Json::Array(changes)))
        }
        (None, None) => Ok(None),
    }
}

/// A new opportunity of the actor's with nothing known about it but what everyone has.
pub fn blank(
    write: &Write<'_>,
    name: String,
    account: AccountId,
    stage: &stage::Model,
    close_date: NaiveDate,
) -> opportunity::Model {
    let mut opportunity = opportunity::Model { account_id: account, ..unplaced(write, name, close_date) };
    rules::enter(&mut opportunity, stage, write.now);
    opportunity
}

/// The same before account and stage are known.
fn unplaced(write: &Write<'_>, name: String, close_date: NaiveDate) -> opportunity::Model {
    let nil = uuid::Uuid::nil();
    opportunity::Model {
        id: write.new_id(),
        version: 1,
        name,
        account_id: AccountId::new(nil),
        primary_contact_id: None,
        owner_id: Some(write.actor.id()),
        pipeline_id: PipelineId::new(nil),
        stage_id: StageId::new(nil),
        stage_entered_at: write.now,
        stages_reached: String::new(),
        probability: 0,
        probability_by_hand: false,
        amount: None,
        currency: None,
        close_date,
        is_closed: false,
        is_won: false,
        closed_at: None,
        first_won_at: None,
        last_won_at: None,
        close_reason_id: None,
        close_note: None,
        lost_to: None,
        lost_to_competitor_id: None,
        source_id: None,
        campaign_id: None,
        lead_id: None,
        next_step: None,
        description: None,
        qualification: None,
        name_key: String::new(),
        external_id: None,
        created_at: write.now,
        updated_at: write.now,
        deleted_at: None,
    }
}
