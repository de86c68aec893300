//! What memberships are asked of the database, and nothing else.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::campaign_member::{Column, Entity, Model};
use entity::{
    CampaignId, CampaignMemberId, CampaignMemberStatus, ContactId, LeadId, OpportunityId, contact, contact_role, lead,
    opportunity,
};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::filter::CampaignMemberFilter;
use super::rules::Person;
use crate::auth::Scope;
use crate::data::page::{Order, SortKey};
use crate::error::{Error, Result};
use crate::graphql::filter::{Filter, looked_up, refers_to};
use crate::graphql::list::ChildList;
use crate::graphql::loaders::Source;

/// The members of each campaign, the newest first. Those who were deleted are left out.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MembersOf {
    /// Which of them.
    pub filter: CampaignMemberFilter,
}

impl ChildList for MembersOf {
    type Entity = Entity;
    type Parent = Column;

    fn select(&self, scope: Scope) -> Result<Select<Entity>> {
        Ok(scope.find::<Entity>().filter(there(scope)).filter(self.filter.condition()?))
    }

    fn parent(&self) -> Column {
        Column::CampaignId
    }

    fn order(&self) -> Order<Column> {
        newest_first()
    }
}

/// The memberships of each lead, or of each contact, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MembershipsOf {
    /// Of each lead.
    Leads,
    /// Of each contact.
    Contacts,
}

impl ChildList for MembershipsOf {
    type Entity = Entity;
    type Parent = Column;

    fn select(&self, scope: Scope) -> Result<Select<Entity>> {
        // A window over many parents takes none that has no parent.
        Ok(scope.find::<Entity>().filter(self.parent().is_not_null()))
    }

    fn parent(&self) -> Column {
        match self {
            Self::Leads => Column::LeadId,
            Self::Contacts => Column::ContactId,
        }
    }

    fn order(&self) -> Order<Column> {
        newest_first()
    }
}

fn newest_first() -> Order<Column> {
    Order::new([SortKey::descending(Column::Id)], Column::Id)
}

/// Members who are there.
pub fn there(scope: Scope) -> Condition {
    Condition::any()
        .add(looked_up::<lead::Entity, _>(Column::LeadId, lead::Column::Id, scope.condition::<lead::Entity>()))
        .add(looked_up::<contact::Entity, _>(Column::ContactId, contact::Column::Id, scope.condition::<contact::Entity>()))
}

/// The memberships of these people, the oldest first.
pub async fn memberships(connection: &impl ConnectionTrait, people: &[Person]) -> Result<Vec<Model>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let leads: Vec<LeadId> =
        people.iter().filter_map(|person| if let Person::Lead(id) = person { Some(*id) } else { None }).collect();
    let contacts: Vec<ContactId> =
        people.iter().filter_map(|person| if let Person::Contact(id) = person { Some(*id) } else { None }).collect();
    let of_them = Condition::any().add(Column::LeadId.is_in(leads)).add(Column::ContactId.is_in(contacts));
    Ok(Entity::find().filter(of_them).order_by_asc(Column::Id).all(connection).await?)
}

/// How many campaigns a lead is a member of.
pub async fn count(connection: &impl ConnectionTrait, lead: LeadId) -> Result<u64> {
    Ok(Entity::find().filter(Column::LeadId.eq(lead)).count(connection).await?)
}

/// Ends a membership.
pub async fn remove(connection: &impl ConnectionTrait, id: CampaignMemberId) -> Result<()> {
    Entity::delete_by_id(id).exec(connection).await?;
    Ok(())
}

/// How many members of this campaign there are of each status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CountsOf(pub CampaignId);

impl Loader<CountsOf> for Source {
    type Value = HashMap<CampaignMemberStatus, i64>;
    type Error = Error;

    async fn load(&self, keys: &[CountsOf]) -> Result<HashMap<CountsOf, Self::Value>> {
        let rows: Vec<(CampaignId, CampaignMemberStatus, i64)> = Entity::find()
            .filter(Column::CampaignId.is_in(keys.iter().map(|key| key.0)))
            .filter(there(self.scope))
            .select_only()
            .columns([Column::CampaignId, Column::Status])
            .column_as(Expr::col(Column::Id).count(), "members")
            .group_by(Column::CampaignId)
            .group_by(Column::Status)
            .into_tuple()
            .all(self.database.read())
            .await?;
        let mut counts: HashMap<CountsOf, Self::Value> = HashMap::new();
        for (campaign, status, members) in rows {
            counts.entry(CountsOf(campaign)).or_default().insert(status, members);
        }
        Ok(counts)
    }
}

/// The memberships of those who have a part in this opportunity, and of the lead that became it; the oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InfluenceOf(pub OpportunityId);

impl Loader<InfluenceOf> for Source {
    type Value = Vec<Model>;
    type Error = Error;

    async fn load(&self, keys: &[InfluenceOf]) -> Result<HashMap<InfluenceOf, Self::Value>> {
        let connection = self.database.read();
        let ids: Vec<OpportunityId> = keys.iter().map(|key| key.0).collect();
        let mut people: Vec<(OpportunityId, Person)> = Vec::new();
        let parts: Vec<(OpportunityId, ContactId)> = contact_role::Entity::find()
            .filter(contact_role::Column::OpportunityId.is_in(ids.clone()))
            .filter(refers_to::<contact::Entity, _>(
                contact_role::Column::ContactId,
                contact::Column::Id,
                self.scope.condition::<contact::Entity>(),
            ))
            .select_only()
            .columns([contact_role::Column::OpportunityId, contact_role::Column::ContactId])
            .into_tuple()
            .all(connection)
            .await?;
        people.extend(parts.into_iter().map(|(opportunity, contact)| (opportunity, Person::Contact(contact))));
        let leads: Vec<(OpportunityId, LeadId)> = self
            .scope
            .find::<opportunity::Entity>()
            .filter(opportunity::Column::Id.is_in(ids))
            .filter(opportunity::Column::LeadId.is_not_null())
            .select_only()
            .columns([opportunity::Column::Id, opportunity::Column::LeadId])
            .into_tuple()
            .all(connection)
            .await?;
        people.extend(leads.into_iter().map(|(opportunity, lead)| (opportunity, Person::Lead(lead))));
        let named: Vec<Person> = people.iter().map(|(_, person)| *person).collect();
        let members = memberships(connection, &named).await?;
        let mut influence: HashMap<InfluenceOf, Self::Value> = HashMap::new();
        for member in members {
            for (opportunity, _) in people.iter().filter(|(_, person)| Some(*person) == Person::of(&member)) {
                influence.entry(InfluenceOf(*opportunity)).or_default().push(member.clone());
            }
        }
        Ok(influence)
    }
}
