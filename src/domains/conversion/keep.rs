//! What a lead that is not pursued leaves behind: a prospect account and a contact, made or filled as a conversion does it, with the
//! lead's activities and campaign memberships. The lead stays closed. Converted later, it uses them unless told otherwise.

use entity::{account, contact, kept_lead, lead};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, EntityTrait};
use serde_json::{Value as Json, json};

use super::input::{ConvertLeadInput, KeepLeadInput};
use super::rules::{Choice, Purpose};
use super::service::{Prepared, prepare, save};
use super::store;
use crate::data::beside::Beside;
use crate::data::write::Write;
use crate::domains::campaign_member;
use crate::error::{Error, Problems, Result, UserError};

/// What is to be kept of a locked lead: everything that stands in the way goes to the problems, at the paths of `keep`.
pub async fn plan(
    write: &Write<'_>,
    problems: &mut Problems,
    lead: &lead::Model,
    input: KeepLeadInput,
) -> Result<Option<super::rules::Plan>> {
    let Prepared { plan, problems: found, .. } = prepare(write, lead, &input.as_conversion(lead.id), Purpose::Keep).await?;
    let fine = found.is_empty();
    found.into_iter().map(within_keep).for_each(|problem| problems.push(problem));
    Ok(fine.then_some(plan))
}

/// A conversion's paths start at its own input.
fn within_keep(problem: UserError) -> UserError {
    let field = problem.field.map(|path| {
        let rest = path.into_iter().skip(1);
        ["input".to_owned(), "keep".to_owned()].into_iter().chain(rest).collect()
    });
    UserError { field, ..problem }
}

/// Makes what was planned, and tells what the lead's history says of it.
pub async fn carry_out(write: &Write<'_>, lead: &lead::Model, plan: super::rules::Plan) -> Result<Json> {
    let before = store::kept(write.connection(), lead.id).await?;
    let account = save(write, plan.account).await?;
    let contact = save(write, plan.contact).await?;
    let mut beside = Beside::default();
    beside.add(store::carried_activities(lead.id, account.id, contact.id, None)?);
    beside.write(write.connection()).await?;
    campaign_member::service::carry(write, lead.id, contact.id).await?;
    let row = kept_lead::Model {
        lead_id: lead.id,
        account_id: account.id,
        contact_id: contact.id,
        kept_at: write.now,
        kept_by: Some(write.actor.id()),
    };
    remember(write, row.clone()).await?;
    Ok(json!([{ "field": "keptAs", "before": before.as_ref().map(records), "after": records(&row) }]))
}

/// A lead that is closed again may leave others behind than the first time; the last ones count.
async fn remember(write: &Write<'_>, row: kept_lead::Model) -> Result<()> {
    use kept_lead::Column::{AccountId, ContactId, KeptAt, KeptBy, LeadId};
    let replace = OnConflict::column(LeadId).update_columns([AccountId, ContactId, KeptAt, KeptBy]).to_owned();
    let row = kept_lead::ActiveModel::from(row).reset_all();
    kept_lead::Entity::insert(row).on_conflict(replace).exec_without_returning(write.connection()).await.map_err(Error::from)?;
    Ok(())
}

fn records(kept: &kept_lead::Model) -> Json {
    json!({ "account": kept.account_id.to_string(), "contact": kept.contact_id.to_string() })
}

/// Uses what the lead left behind where the caller names nothing else: the contact, and with it its account, or the account alone
/// where the contact is gone. Contacts are held before accounts, as everywhere.
pub async fn propose(write: &Write<'_>, lead: &lead::Model, input: &ConvertLeadInput, choice: &mut Choice) -> Result<()> {
    if input.use_kept == Some(false) || input.account_name.is_some() || input.contact_id.is_some() {
        return Ok(());
    }
    let Some(kept) = store::kept(write.connection(), lead.id).await? else { return Ok(()) };
    let chosen = input.account_id.as_ref().map(|id| id.as_str().to_owned());
    let joined = choice.opportunity.as_ref().map(|opportunity| opportunity.account_id.to_string());
    let fits = |contact: &contact::Model| match (chosen.as_ref().or(joined.as_ref()), contact.account_id) {
        (Some(chosen), Some(own)) => *chosen == own.to_string(),
        _ => true,
    };
    choice.contact = store::hold::<contact::Entity>(write, kept.contact_id).await?.filter(fits);
    let account_is_open = choice.contact.is_none() && chosen.is_none() && joined.is_none();
    if account_is_open {
        choice.account = store::hold::<account::Entity>(write, kept.account_id).await?;
    }
    Ok(())
}
