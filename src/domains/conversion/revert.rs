//! Undoing a conversion from its ledger: what it created goes, what it filled in is emptied, the lead is as it was before.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{
    ContactId, LeadId, OpportunityId, account, activity, activity_subject, contact, contact_role, lead, lead_conversion,
    opportunity,
};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait};
use serde_json::json;
use uuid::Uuid;

use super::revert_rules::{Since, blockers, empty_account, empty_contact, empty_opportunity, still_filled};
use super::service::conversion_fields;
use super::store::{self, Ledger, LedgerPart};
use crate::app::App;
use crate::auth::{Actor, Scope, policy};
use crate::data::beside::Beside;
use crate::data::record::Record;
use crate::data::write::Write;
use crate::domains::campaign_member::{self, rules::Person};
use crate::domains::lead::input::LeadIdInput;
use crate::domains::lead::service::for_change;
use crate::domains::opportunity as opportunities;
use crate::domains::opportunity::part_store;
use crate::domains::opportunity::roles::role_change;
use crate::domains::quote::store as quotes;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::graphql::filter::refers_to;
use crate::graphql::ids;
use crate::graphql::loaders::Source;

/// What the history calls it.
const REVERTED: &str = "conversion_reverted";

/// Undoes a lead's conversion.
pub async fn revert(app: &App, actor: &Actor, input: LeadIdInput) -> Result<lead::Model> {
    let write = Write::begin(app, actor).await?;
    let before = for_change(&write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    let Some(conversion) = store::of(write.connection(), before.id).await? else {
        let sentence = "This lead was not converted, so there is nothing to revert.";
        return Err(Error::refused(UserError::at(UserErrorCode::NotConverted, "id", sentence)));
    };
    // What a lead of the pool became belongs to whoever converted it, not to every seller.
    policy::may_change(actor, before.owner_id.or(conversion.converted_by))?;
    let ledger = store::ledger(&conversion)?;
    lock_records(&write, &conversion).await?;
    let since = since(write.connection(), write.scope(), std::slice::from_ref(&conversion)).await?;
    let blockers = blockers(&conversion, &ledger, &since);
    if !blockers.is_empty() {
        return Err(Error::Refused(blockers));
    }
    let others: Vec<_> = since.conversions.iter().filter(|other| other.lead_id != before.id).cloned().collect();
    take_back_records(&write, &conversion, &ledger, since).await?;
    store::uncarry_activities(&write, before.id).await?;
    let mut beside = Beside::default();
    // An activity about several leads came here with each of them: for the others it stays.
    for other in others {
        beside.add(store::carried_activities(other.lead_id, other.account_id, other.contact_id, other.opportunity_id)?);
    }
    // What it left behind when it was closed before keeps its activities, too.
    if let Some(kept) = store::kept(write.connection(), before.id).await? {
        beside.add(store::carried_activities(before.id, kept.account_id, kept.contact_id, None)?);
    }
    campaign_member::service::take_back(&write, conversion.contact_id, &ledger.memberships, REVERTED).await?;
    beside.add(store::carried_signals(before.id, None));
    store::forget(&write, before.id).await?;
    let was = conversion_fields(conversion.account_id, conversion.contact_id, conversion.opportunity_id);
    let lead = lead::Model { status: conversion.status_before, ..before.clone() };
    let gone = json!([{ "field": "conversion", "before": was, "after": null }]);
    let lead = write.update_along(&before, lead, REVERTED, gone, beside).await?;
    write.commit().await?;
    Ok(lead)
}

/// Keeps others from building upon the records while it is checked whether somebody has.
async fn lock_records(write: &Write<'_>, conversion: &lead_conversion::Model) -> Result<()> {
    let connection = write.connection();
    if let Some(id) = conversion.opportunity_id {
        opportunity::Entity::find_by_id(id).lock_exclusive().one(connection).await?;
    }
    contact::Entity::find_by_id(conversion.contact_id).lock_exclusive().one(connection).await?;
    account::Entity::find_by_id(conversion.account_id).lock_exclusive().one(connection).await?;
    Ok(())
}

async fn take_back_records(write: &Write<'_>, conversion: &lead_conversion::Model, ledger: &Ledger, since: Since) -> Result<()> {
    let opportunity = since.opportunities.into_iter().find(|row| Some(row.id) == conversion.opportunity_id);
    if let (Some(before), Some(entry)) = (opportunity, &ledger.opportunity) {
        let mut after = before.clone();
        if entry.created {
            // It keeps its contact roles, so that it is whole should it be restored.
            after.deleted_at = Some(write.now);
            put_back(write, &before, after).await?;
        } else {
            empty_opportunity(&mut after, &still_filled(&before, &entry.filled));
            let role =
                since.roles.into_iter().find(|role| role.contact_id == conversion.contact_id && role.opportunity_id == before.id);
            leave(write, &before, after, ledger.part.zip(role)).await?;
        }
    }
    if let Some(before) = since.contacts.into_iter().find(|row| row.id == conversion.contact_id) {
        let mut after = before.clone();
        if ledger.contact.created {
            after.deleted_at = Some(write.now);
        } else {
            empty_contact(&mut after, &still_filled(&before, &ledger.contact.filled));
        }
        put_back(write, &before, after).await?;
    }
    if let Some(before) = since.accounts.into_iter().find(|row| row.id == conversion.account_id) {
        let mut after = before.clone();
        if ledger.account.created {
            after.deleted_at = Some(write.now);
        } else {
            empty_account(&mut after, &still_filled(&before, &ledger.account.filled));
        }
        put_back(write, &before, after).await?;
    }
    Ok(())
}

/// Empties the opportunity that was joined, and takes back the part in it that the contact was given.
async fn leave(
    write: &Write<'_>,
    before: &opportunity::Model,
    after: opportunity::Model,
    part: Option<(LedgerPart, contact_role::Model)>,
) -> Result<()> {
    let Some((part, role)) = part.filter(|(part, role)| part.role == role.role) else {
        put_back(write, before, after).await?;
        return Ok(());
    };
    let known = if part.added {
        opportunities::store::remove_role(write.connection(), before.id, role.contact_id).await?;
        None
    } else {
        opportunities::store::set_role(write.connection(), before.id, role.contact_id, None).await?;
        Some(None)
    };
    let change = role_change(role.contact_id, Some(role.role), known);
    write.update_with(before, after, REVERTED, change).await?;
    Ok(())
}

async fn put_back<M: Record>(write: &Write<'_>, before: &M, after: M) -> Result<M> {
    write.update(before, after, REVERTED).await
}

/// Reads what has become of the records of these conversions: a bounded number of statements, however many there are.
pub async fn since(connection: &impl ConnectionTrait, scope: Scope, conversions: &[lead_conversion::Model]) -> Result<Since> {
    let accounts: Vec<_> = conversions.iter().map(|conversion| conversion.account_id).collect();
    let contacts: Vec<_> = conversions.iter().map(|conversion| conversion.contact_id).collect();
    let opportunities: Vec<_> = conversions.iter().filter_map(|conversion| conversion.opportunity_id).collect();
    let people: Vec<Person> = contacts.iter().copied().map(Person::Contact).collect();
    let records = accounts
        .iter()
        .map(|id| id.uuid())
        .chain(contacts.iter().map(|id| id.uuid()))
        .chain(opportunities.iter().map(|id| id.uuid()));
    Ok(Since {
        accounts: scope.find::<account::Entity>().filter(account::Column::Id.is_in(accounts.clone())).all(connection).await?,
        contacts: scope.find::<contact::Entity>().filter(contact::Column::Id.is_in(contacts.clone())).all(connection).await?,
        opportunities: scope
            .find::<opportunity::Entity>()
            .filter(opportunity::Column::Id.is_in(opportunities.clone()))
            .all(connection)
            .await?,
        contacts_of_accounts: scope
            .find::<contact::Entity>()
            .filter(contact::Column::AccountId.is_in(accounts.clone()))
            .select_only()
            .columns([contact::Column::AccountId, contact::Column::Id])
            .into_tuple()
            .all(connection)
            .await?,
        opportunities_of_accounts: scope
            .find::<opportunity::Entity>()
            .filter(opportunity::Column::AccountId.is_in(accounts.clone()))
            .select_only()
            .columns([opportunity::Column::Id, opportunity::Column::AccountId, opportunity::Column::PrimaryContactId])
            .into_model()
            .all(connection)
            .await?,
        children_of_accounts: scope
            .find::<account::Entity>()
            .filter(account::Column::ParentId.is_in(accounts.clone()))
            .select_only()
            .columns([account::Column::ParentId, account::Column::Id])
            .into_tuple()
            .all(connection)
            .await?,
        roles: roles(connection, scope, &contacts, &opportunities).await?,
        memberships: campaign_member::store::memberships(connection, &people).await?,
        competitors: part_store::competitors_of_all(connection, opportunities.iter().copied()).await?,
        milestones: part_store::milestones_of_all(connection, opportunities.iter().copied()).await?,
        quotes: quotes::of_opportunities(connection, scope, opportunities.clone()).await?,
        activities: activities_about(connection, records.collect()).await?,
        conversions: lead_conversion::Entity::find()
            .filter(
                Condition::any()
                    .add(lead_conversion::Column::AccountId.is_in(accounts))
                    .add(lead_conversion::Column::ContactId.is_in(contacts))
                    .add(lead_conversion::Column::OpportunityId.is_in(opportunities)),
            )
            .all(connection)
            .await?,
    })
}

/// The parts that these contacts have in any opportunity, and that anybody has in these opportunities.
async fn roles(
    connection: &impl ConnectionTrait,
    scope: Scope,
    contacts: &[ContactId],
    opportunities: &[OpportunityId],
) -> Result<Vec<contact_role::Model>> {
    let either = Condition::any()
        .add(contact_role::Column::ContactId.is_in(contacts.iter().copied()))
        .add(contact_role::Column::OpportunityId.is_in(opportunities.iter().copied()));
    Ok(contact_role::Entity::find().filter(either).filter(of_visible_opportunities(scope)).all(connection).await?)
}

/// Deleted opportunities keep their contact roles, but nobody builds upon those.
fn of_visible_opportunities(scope: Scope) -> SimpleExpr {
    let visible = scope.condition::<opportunity::Entity>();
    refers_to::<opportunity::Entity, _>(contact_role::Column::OpportunityId, opportunity::Column::Id, visible)
}

async fn activities_about(connection: &impl ConnectionTrait, records: Vec<Uuid>) -> Result<Vec<(Uuid, Uuid, Option<LeadId>)>> {
    Ok(activity_subject::Entity::find()
        .join(JoinType::InnerJoin, activity_subject::Relation::Activity.def())
        .filter(activity::Column::DeletedAt.is_null())
        .filter(activity_subject::Column::RecordId.is_in(records))
        .select_only()
        .columns([
            activity_subject::Column::RecordId,
            activity_subject::Column::ActivityId,
            activity_subject::Column::CarriedFrom,
        ])
        .into_tuple()
        .all(connection)
        .await?)
}

/// What stands in the way of reverting the conversion of this lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlockersOf(pub LeadId);

impl Loader<BlockersOf> for Source {
    type Value = Vec<UserError>;
    type Error = Error;

    async fn load(&self, keys: &[BlockersOf]) -> Result<HashMap<BlockersOf, Vec<UserError>>> {
        let connection = self.database.read();
        let conversions = lead_conversion::Entity::find()
            .filter(lead_conversion::Column::LeadId.is_in(keys.iter().map(|key| key.0)))
            .all(connection)
            .await?;
        let since = since(connection, self.scope, &conversions).await?;
        let found = conversions
            .iter()
            .map(|conversion| Ok((BlockersOf(conversion.lead_id), blockers(conversion, &store::ledger(conversion)?, &since))));
        found.collect()
    }
}
