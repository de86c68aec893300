//! The lists that every contact has. The lists of many contacts are read together.

use entity::{contact_role, opportunity};
use sea_orm::{EntityTrait, JoinType, QueryFilter, QuerySelect, Select};

use crate::auth::Scope;
use crate::data::page::Order;
use crate::domains::opportunity::filter::{OpportunityFilter, OpportunityOrder};
use crate::domains::opportunity::store as opportunities;
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::graphql::list::ChildList;

/// The opportunities in which each contact has a part.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OpportunitiesWith {
    /// Which of them.
    pub filter: OpportunityFilter,
    /// In which order.
    pub order_by: Vec<OpportunityOrder>,
}

impl ChildList for OpportunitiesWith {
    type Entity = opportunity::Entity;
    type Parent = contact_role::Column;

    fn select(&self, scope: Scope) -> Result<Select<opportunity::Entity>> {
        let roles = opportunity::Entity::belongs_to(contact_role::Entity)
            .from(opportunity::Column::Id)
            .to(contact_role::Column::OpportunityId)
            .into();
        Ok(scope.find::<opportunity::Entity>().join(JoinType::InnerJoin, roles).filter(self.filter.condition()?))
    }

    fn parent(&self) -> contact_role::Column {
        contact_role::Column::ContactId
    }

    fn order(&self) -> Order<opportunity::Column> {
        opportunities::order(self.order_by.iter().copied().map(Into::into))
    }
}
