//! What conversions ask of the database, and the ledger from which they can be undone.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{
    AccountId, BuyingRole, ContactId, Id, LeadId, OpportunityId, RecordKind, UserId, activity, activity_subject, buying_signal,
    kept_lead, lead, lead_conversion,
};
use sea_orm::sea_query::{Expr, InsertStatement, LockType, OnConflict, Query, UnionType, UpdateStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use super::rules::{Plan, Planned};
use crate::auth::Scope;
use crate::auth::scope::Visible;
use crate::data::record::Record;
use crate::data::write::Write;
use crate::domains::campaign_member::service::Carried;
use crate::error::{Error, Result};
use crate::graphql::loaders::Source;

/// What a conversion did, as far as it takes more than the rows to know it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    /// What it did to the account.
    pub account: LedgerEntry,
    /// What it did to the contact.
    pub contact: LedgerEntry,
    /// What it did to the opportunity, where there is one.
    pub opportunity: Option<LedgerEntry>,
    /// What it did to the contact's part in the opportunity that was joined.
    pub part: Option<LedgerPart>,
    /// What it did to the contact's campaign memberships.
    #[serde(default)]
    pub memberships: Vec<Carried>,
}

/// What a conversion did to a contact's part in an opportunity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerPart {
    /// Whether the contact had none before.
    pub added: bool,
    /// The buying role that it was given.
    pub role: Option<BuyingRole>,
}

/// What a conversion did to one record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Whether it made the record.
    pub created: bool,
    /// What it filled in on an existing record: the schema's names of the fields, and the values.
    pub filled: Vec<(String, Json)>,
}

impl Ledger {
    /// What carrying out a plan does.
    pub fn of(plan: &Plan) -> Self {
        let part = plan.part.filter(|_| plan.opportunity.as_ref().is_some_and(|planned| !planned.creates()));
        Self {
            account: LedgerEntry::of(&plan.account),
            contact: LedgerEntry::of(&plan.contact),
            opportunity: plan.opportunity.as_ref().map(LedgerEntry::of),
            part: part.map(|part| LedgerPart { added: part.before.is_none(), role: part.after }),
            memberships: Vec::new(),
        }
    }
}

impl LedgerEntry {
    /// What a plan does to its record.
    pub fn of<M: Record>(planned: &Planned<M>) -> Self {
        let filled = if planned.creates() { Vec::new() } else { planned.fields() };
        Self {
            created: planned.creates(),
            filled: filled.into_iter().map(|filled| (filled.field.to_owned(), filled.after)).collect(),
        }
    }
}

/// Reads a conversion's ledger.
pub fn ledger(conversion: &lead_conversion::Model) -> Result<Ledger> {
    serde_json::from_value(conversion.ledger.clone()).map_err(Error::internal)
}

/// What a lead became, to be kept.
pub fn conversion(
    write: &Write<'_>,
    lead: &lead::Model,
    account_id: AccountId,
    contact_id: ContactId,
    opportunity_id: Option<OpportunityId>,
    ledger: &Ledger,
) -> Result<lead_conversion::Model> {
    Ok(lead_conversion::Model {
        lead_id: lead.id,
        account_id,
        contact_id,
        opportunity_id,
        converted_at: write.now,
        converted_by: Some(write.actor.id()),
        status_before: lead.status,
        ledger: serde_json::to_value(ledger).map_err(Error::internal)?,
    })
}

/// Reads a record that a conversion may fill, and keeps others from changing or deleting it until the end of the transaction.
/// Others may go on referring to it meanwhile, so that nobody who does waits for us while we wait for them.
pub async fn hold<E: Visible>(write: &Write<'_>, id: Id<E>) -> Result<Option<E::Model>> {
    let select = write.scope().find::<E>().filter(E::ID.eq(id)).lock(LockType::NoKeyUpdate);
    Ok(select.one(write.connection()).await?)
}

/// What a lead became.
pub async fn of(connection: &impl ConnectionTrait, lead: LeadId) -> Result<Option<lead_conversion::Model>> {
    Ok(lead_conversion::Entity::find_by_id(lead).one(connection).await?)
}

/// What a lead left behind when it was closed.
pub async fn kept(connection: &impl ConnectionTrait, lead: LeadId) -> Result<Option<kept_lead::Model>> {
    Ok(kept_lead::Entity::find_by_id(lead).one(connection).await?)
}

/// Who owns these leads.
pub async fn owners(connection: &impl ConnectionTrait, scope: Scope, leads: &[LeadId]) -> Result<Vec<Option<UserId>>> {
    let select = scope.find::<lead::Entity>().filter(lead::Column::Id.is_in(leads.iter().copied()));
    Ok(select.select_only().column(lead::Column::OwnerId).distinct().into_tuple().all(connection).await?)
}

/// How many activities a lead has.
pub async fn count_activities(connection: &impl ConnectionTrait, lead: LeadId) -> Result<u64> {
    let about = Query::select()
        .column(activity_subject::Column::ActivityId)
        .from(activity_subject::Entity)
        .and_where(activity_subject::Column::RecordId.eq(lead.uuid()))
        .to_owned();
    let select =
        activity::Entity::find().filter(activity::Column::DeletedAt.is_null()).filter(activity::Column::Id.in_subquery(about));
    Ok(select.count(connection).await?)
}

/// What makes the lead's activities visible on what it became, too. They stay visible on the lead.
pub fn carried_activities(
    lead: LeadId,
    account: AccountId,
    contact: ContactId,
    opportunity: Option<OpportunityId>,
) -> Result<InsertStatement> {
    use activity_subject::Column;
    let rows_of = |record_id: Uuid, record_kind: RecordKind| {
        Query::select()
            .column(Column::ActivityId)
            .expr(Expr::value(record_id))
            .expr(Expr::value(record_kind))
            .expr(Expr::value(lead))
            .column(Column::DueOrder)
            .from(activity_subject::Entity)
            .and_where(Column::RecordId.eq(lead.uuid()))
            .take()
    };
    let mut rows = rows_of(account.uuid(), RecordKind::Account);
    rows.union(UnionType::All, rows_of(contact.uuid(), RecordKind::Contact));
    if let Some(opportunity) = opportunity {
        rows.union(UnionType::All, rows_of(opportunity.uuid(), RecordKind::Opportunity));
    }
    let insert = Query::insert()
        .into_table(activity_subject::Entity)
        .columns([Column::ActivityId, Column::RecordId, Column::RecordKind, Column::CarriedFrom, Column::DueOrder])
        .select_from(rows)
        .map_err(Error::internal)?
        // An activity may be about the account already: then it was not the conversion that brought it there.
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .take();
    Ok(insert)
}

/// Takes the activities away again that a conversion carried over.
pub async fn uncarry_activities(write: &Write<'_>, lead: LeadId) -> Result<()> {
    activity_subject::Entity::delete_many()
        .filter(activity_subject::Column::CarriedFrom.eq(lead))
        .exec(write.connection())
        .await?;
    Ok(())
}

/// What shows the lead's buying signals on the opportunity that it became, or on none.
pub fn carried_signals(lead: LeadId, opportunity: Option<OpportunityId>) -> UpdateStatement {
    buying_signal::Entity::update_many()
        .col_expr(buying_signal::Column::OpportunityId, Expr::value(opportunity))
        .filter(buying_signal::Column::LeadId.eq(lead))
        .into_query()
}

/// Forgets what a lead became.
pub async fn forget(write: &Write<'_>, lead: LeadId) -> Result<()> {
    lead_conversion::Entity::delete_by_id(lead).exec(write.connection()).await?;
    Ok(())
}

/// What this lead became.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConversionOf(pub LeadId);

impl Loader<ConversionOf> for Source {
    type Value = lead_conversion::Model;
    type Error = Error;

    async fn load(&self, keys: &[ConversionOf]) -> Result<HashMap<ConversionOf, Self::Value>> {
        let rows = lead_conversion::Entity::find()
            .filter(lead_conversion::Column::LeadId.is_in(keys.iter().map(|key| key.0)))
            .all(self.database.read())
            .await?;
        Ok(rows.into_iter().map(|row| (ConversionOf(row.lead_id), row)).collect())
    }
}

/// What this lead left behind when it was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeptOf(pub LeadId);

impl Loader<KeptOf> for Source {
    type Value = kept_lead::Model;
    type Error = Error;

    async fn load(&self, keys: &[KeptOf]) -> Result<HashMap<KeptOf, Self::Value>> {
        let rows = kept_lead::Entity::find()
            .filter(kept_lead::Column::LeadId.is_in(keys.iter().map(|key| key.0)))
            .all(self.database.read())
            .await?;
        Ok(rows.into_iter().map(|row| (KeptOf(row.lead_id), row)).collect())
    }
}
