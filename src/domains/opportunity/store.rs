//! What opportunities are asked of the database, and nothing else.

use std::collections::{BTreeMap, HashMap};

use async_graphql::dataloader::Loader;
use chrono::{DateTime, Utc};
use entity::{BuyingRole, ContactId, OpportunityId, StageId};
use entity::{buying_signal, contact, contact_role, opportunity, opportunity_change};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IdenStatic, QueryFilter, QueryOrder, QuerySelect};

use super::rules;
use crate::auth::Scope;
use crate::data::beside::Beside;
use crate::data::page::{Order, SortKey};
use crate::data::write::Write;
use crate::error::{Error, Result};
use crate::graphql::filter::refers_to;
use crate::graphql::loaders::Source;

/// The contact roles of this opportunity, the oldest first. Roles of deleted contacts are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RolesOf(pub OpportunityId);

impl Loader<RolesOf> for Source {
    type Value = Vec<contact_role::Model>;
    type Error = Error;

    async fn load(&self, keys: &[RolesOf]) -> Result<HashMap<RolesOf, Self::Value>> {
        let rows = contact_role::Entity::find()
            .filter(contact_role::Column::OpportunityId.is_in(keys.iter().map(|key| key.0)))
            .filter(of_visible_contacts(self.scope))
            .order_by_asc(contact_role::Column::CreatedAt)
            .order_by_asc(contact_role::Column::ContactId)
            .all(self.database.read())
            .await?;
        let mut roles: HashMap<RolesOf, Self::Value> = HashMap::new();
        for row in rows {
            roles.entry(RolesOf(row.opportunity_id)).or_default().push(row);
        }
        Ok(roles)
    }
}

/// The changes of this opportunity in its pipeline, the oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChangesOf(pub OpportunityId);

impl Loader<ChangesOf> for Source {
    type Value = Vec<opportunity_change::Model>;
    type Error = Error;

    async fn load(&self, keys: &[ChangesOf]) -> Result<HashMap<ChangesOf, Self::Value>> {
        let rows = opportunity_change::Entity::find()
            .filter(opportunity_change::Column::OpportunityId.is_in(keys.iter().map(|key| key.0)))
            .order_by_asc(opportunity_change::Column::At)
            .order_by_asc(opportunity_change::Column::Id)
            .all(self.database.read())
            .await?;
        let mut changes: HashMap<ChangesOf, Self::Value> = HashMap::new();
        for row in rows {
            changes.entry(ChangesOf(row.opportunity_id)).or_default().push(row);
        }
        Ok(changes)
    }
}

/// The buying signals of the leads that became this opportunity, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CarriedSignalsOf(pub OpportunityId);

impl Loader<CarriedSignalsOf> for Source {
    type Value = Vec<buying_signal::Model>;
    type Error = Error;

    async fn load(&self, keys: &[CarriedSignalsOf]) -> Result<HashMap<CarriedSignalsOf, Self::Value>> {
        let rows = buying_signal::Entity::find()
            .filter(buying_signal::Column::OpportunityId.is_in(keys.iter().map(|key| key.0)))
            .order_by_desc(buying_signal::Column::ObservedOn)
            .order_by_desc(buying_signal::Column::Id)
            .all(self.database.read())
            .await?;
        let mut signals: HashMap<CarriedSignalsOf, Self::Value> = HashMap::new();
        for row in rows {
            if let Some(opportunity) = row.opportunity_id {
                signals.entry(CarriedSignalsOf(opportunity)).or_default().push(row);
            }
        }
        Ok(signals)
    }
}

/// A contact's part in an opportunity.
pub async fn role_of(
    connection: &impl ConnectionTrait,
    opportunity: OpportunityId,
    contact: ContactId,
) -> Result<Option<contact_role::Model>> {
    Ok(contact_role::Entity::find_by_id((opportunity, contact)).one(connection).await?)
}

/// Whether any other contact that is not deleted has a part in an opportunity.
pub async fn has_other_roles(
    connection: &impl ConnectionTrait,
    scope: Scope,
    opportunity: OpportunityId,
    contact: ContactId,
) -> Result<bool> {
    let other = contact_role::Entity::find()
        .filter(contact_role::Column::OpportunityId.eq(opportunity))
        .filter(contact_role::Column::ContactId.ne(contact))
        .filter(of_visible_contacts(scope));
    Ok(other.one(connection).await?.is_some())
}

/// Gives a contact a part in an opportunity, in which it must have none yet. Which contact is primary stands on the opportunity.
pub async fn add_role(write: &Write<'_>, opportunity: OpportunityId, contact: ContactId, role: Option<BuyingRole>) -> Result<()> {
    let mut beside = Beside::default();
    beside.insert::<contact_role::Entity>(new_role(write, opportunity, contact, role));
    Ok(beside.write(write.connection()).await?)
}

/// A contact's part in an opportunity, in which it has none yet.
pub fn new_role(
    write: &Write<'_>,
    opportunity_id: OpportunityId,
    contact_id: ContactId,
    role: Option<BuyingRole>,
) -> contact_role::Model {
    contact_role::Model { opportunity_id, contact_id, role, created_at: write.now }
}

/// Changes a contact's part in an opportunity.
pub async fn set_role(
    connection: &impl ConnectionTrait,
    opportunity: OpportunityId,
    contact: ContactId,
    role: Option<BuyingRole>,
) -> Result<()> {
    contact_role::Entity::update_many()
        .col_expr(contact_role::Column::Role, Expr::value(role))
        .filter(contact_role::Column::OpportunityId.eq(opportunity))
        .filter(contact_role::Column::ContactId.eq(contact))
        .exec(connection)
        .await?;
    Ok(())
}

/// Takes away a contact's part in an opportunity.
pub async fn remove_role(connection: &impl ConnectionTrait, opportunity: OpportunityId, contact: ContactId) -> Result<()> {
    contact_role::Entity::delete_by_id((opportunity, contact)).exec(connection).await?;
    Ok(())
}

/// Takes away all parts in an opportunity, those of deleted contacts included, and answers them.
pub async fn remove_all_roles(connection: &impl ConnectionTrait, opportunity: OpportunityId) -> Result<Vec<contact_role::Model>> {
    let of_opportunity = contact_role::Column::OpportunityId.eq(opportunity);
    let roles = contact_role::Entity::find().filter(of_opportunity.clone()).order_by_asc(contact_role::Column::ContactId);
    let roles = roles.all(connection).await?;
    contact_role::Entity::delete_many().filter(of_opportunity).exec(connection).await?;
    Ok(roles)
}

/// Keeps how an opportunity stands in its pipeline after a write, if that changed. `before` is nothing at its creation.
pub async fn keep_change(
    write: &Write<'_>,
    before: Option<&opportunity::Model>,
    after: &opportunity::Model,
    beside: &mut Beside,
) -> Result<()> {
    if before.is_some_and(|before| rules::same_place(before, after)) {
        return Ok(());
    }
    let mut change = rules::change(write.new_id(), write.now, write.by(), before, after);
    if before.is_some() {
        change.at = end_last_change(write, after.id, change.at).await?.unwrap_or(change.at);
    }
    beside.insert::<opportunity_change::Entity>(change);
    Ok(())
}

/// Ends the change that holds, and answers when: what an import dates back can't come before what is kept already.
async fn end_last_change(write: &Write<'_>, id: OpportunityId, at: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    use opportunity_change::Column::{At, OpportunityId, Until};
    let later = Expr::case(At.gt(at), Expr::col(At)).finally(Expr::value(at));
    let end = Query::update()
        .table(opportunity_change::Entity)
        .value(Until, later)
        .and_where(OpportunityId.eq(id))
        .and_where(Until.is_null())
        .returning_col(Until)
        .take();
    let ended = write.connection().query_one(&end).await?;
    Ok(ended.map(|row| row.try_get("", Until.as_str())).transpose()?)
}

/// The same after many opportunities changed at once.
pub async fn keep_changes(write: &Write<'_>, changed: &[(opportunity::Model, opportunity::Model)]) -> Result<()> {
    let moved: Vec<_> = changed.iter().filter(|(before, after)| !rules::same_place(before, after)).collect();
    let lasts = opportunity_change::Entity::find()
        .filter(opportunity_change::Column::OpportunityId.is_in(moved.iter().map(|(_, after)| after.id)))
        .filter(opportunity_change::Column::Until.is_null());
    let lasts = lasts.all(write.connection()).await?.into_iter();
    let since: HashMap<OpportunityId, _> = lasts.map(|entry| (entry.opportunity_id, entry.at)).collect();
    let mut entries = Vec::with_capacity(moved.len());
    for (before, after) in moved {
        let mut entry = rules::change(write.new_id(), write.now, write.by(), Some(before), after);
        // What an import dated back can't come before what is kept already.
        entry.at = since.get(&after.id).map_or(entry.at, |last| entry.at.max(*last));
        entries.push(entry);
    }
    let mut by_end: BTreeMap<_, Vec<OpportunityId>> = BTreeMap::new();
    for entry in &entries {
        by_end.entry(entry.at).or_default().push(entry.opportunity_id);
    }
    for (end, opportunities) in by_end {
        opportunity_change::Entity::update_many()
            .col_expr(opportunity_change::Column::Until, Expr::value(end))
            .filter(opportunity_change::Column::OpportunityId.is_in(opportunities))
            .filter(opportunity_change::Column::Until.is_null())
            .exec(write.connection())
            .await?;
    }
    write.insert_rows::<opportunity_change::Entity>(entries.into_iter()).await
}

fn of_visible_contacts(scope: Scope) -> sea_orm::sea_query::SimpleExpr {
    refers_to::<contact::Entity, _>(contact_role::Column::ContactId, contact::Column::Id, scope.condition::<contact::Entity>())
}

/// Opportunities in a stage, deleted ones included, which nobody else changes until the end of the transaction.
pub async fn lock_in_stage(connection: &impl ConnectionTrait, stage: StageId, most: u64) -> Result<Vec<opportunity::Model>> {
    let select = opportunity::Entity::find().filter(opportunity::Column::StageId.eq(stage)).lock_exclusive();
    Ok(select.order_by_asc(opportunity::Column::Id).limit(most).all(connection).await?)
}

/// The order in which opportunities come: as wanted, otherwise the newest first.
pub fn order(wanted: impl IntoIterator<Item = SortKey<opportunity::Column>>) -> Order<opportunity::Column> {
    use opportunity::Column;
    let mut keys: Vec<_> = wanted.into_iter().collect();
    if keys.is_empty() {
        keys.push(SortKey::descending(Column::CreatedAt));
    }
    Order::new(keys, Column::Id)
}
