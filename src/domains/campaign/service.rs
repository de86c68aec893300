//! Creating and changing campaigns.

use async_graphql::MaybeUndefined;
use entity::{CampaignId, campaign};
use serde_json::json;

use super::input::{CreateCampaignInput, UpdateCampaignInput};
use super::{rules, store};
use crate::auth::policy;
use crate::data::write::{Write, check_version};
use crate::domains::fields::Cleaner;
use crate::domains::{account, references};
use crate::error::{Result, UserErrorCode};
use crate::graphql::ids;
use crate::values::text::TextLimit;

/// Creates a campaign. Names need not be unique: the same fair comes every year.
pub async fn create(write: &Write<'_>, input: CreateCampaignInput) -> Result<campaign::Model> {
    policy::may_manage_lists(write.actor)?;
    let key = input.idempotency_key.as_deref();
    if let Some(answer) = write.first_answer(key, "createCampaign", &input).await? {
        return write.made_before::<campaign::Entity>(&answer).await;
    }
    let mut cleaner = Cleaner::new(&write.app.workspace().base_currency);
    let mut campaign = blank(write);
    let name = MaybeUndefined::Value(input.name.clone());
    cleaner.required_text("name", &name, TextLimit::Name, &mut campaign.name);
    rules::apply(&mut cleaner, &input.fields, &mut campaign);
    check_parent(write, &mut cleaner, &campaign, campaign.parent_id).await?;
    cleaner.problems.check()?;
    let campaign = write.insert(campaign, "created").await?;
    write.remember_answer(key, json!({ "campaign": campaign.id.uuid() })).await?;
    Ok(campaign)
}

/// Changes a campaign.
pub async fn update(write: &Write<'_>, input: UpdateCampaignInput) -> Result<campaign::Model> {
    policy::may_manage_lists(write.actor)?;
    if input.fields.parent_id.is_value() {
        account::store::lock_parents(write.connection()).await?;
    }
    let before = write.lock::<campaign::Entity>(write.scope(), ids::subject(&input.id, "id")?, "id").await?;
    check_version(before.version, input.expected_version)?;
    let mut cleaner = Cleaner::new(&write.app.workspace().base_currency);
    let mut campaign = before.clone();
    cleaner.required_text("name", &input.name, TextLimit::Name, &mut campaign.name);
    match input.active {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => cleaner.problem(UserErrorCode::Required, "active", "Give true or false, or leave it out."),
        MaybeUndefined::Value(active) => campaign.active = active,
    }
    rules::apply(&mut cleaner, &input.fields, &mut campaign);
    let new_parent = campaign.parent_id.filter(|_| campaign.parent_id != before.parent_id);
    check_parent(write, &mut cleaner, &campaign, new_parent).await?;
    cleaner.problems.check()?;
    write.update(&before, campaign, "updated").await
}

/// Checks that a new parent is there, and closes no circle.
async fn check_parent(
    write: &Write<'_>,
    cleaner: &mut Cleaner<'_>,
    campaign: &campaign::Model,
    new_parent: Option<CampaignId>,
) -> Result<()> {
    if let Some(parent) = references::check::<campaign::Entity>(write, &mut cleaner.problems, "parentId", new_parent).await? {
        let chain = store::with_parents(write.connection(), write.scope(), parent.id, rules::MOST_LEVELS).await?;
        cleaner.problems.keep(rules::problem_with_parent(campaign.id, &chain).map_or(Ok(()), Err));
    }
    Ok(())
}

/// A new, active campaign with nothing known about it.
pub fn blank(write: &Write<'_>) -> campaign::Model {
    campaign::Model {
        id: write.new_id(),
        version: 1,
        name: String::new(),
        name_key: String::new(),
        channel: None,
        starts_on: None,
        ends_on: None,
        budget: None,
        budget_currency: None,
        cost: None,
        cost_currency: None,
        active: true,
        parent_id: None,
        external_id: None,
        created_at: write.now,
        updated_at: write.now,
    }
}
