//! The lists that every account has: what hangs off it. The lists of many accounts are read together.

use entity::{account, contact, opportunity};
use sea_orm::{QueryFilter, Select};

use super::store;
use crate::auth::Scope;
use crate::data::page::Order;
use crate::domains::contact::filter::{ContactFilter, ContactOrder};
use crate::domains::contact::store as contacts;
use crate::domains::opportunity::filter::{OpportunityFilter, OpportunityOrder};
use crate::domains::opportunity::store as opportunities;
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::graphql::list::ChildList;

/// The accounts below each account, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChildrenOf;

impl ChildList for ChildrenOf {
    type Entity = account::Entity;
    type Parent = account::Column;

    fn select(&self, scope: Scope) -> Result<Select<account::Entity>> {
        Ok(scope.find::<account::Entity>())
    }

    fn parent(&self) -> account::Column {
        account::Column::ParentId
    }

    fn order(&self) -> Order<account::Column> {
        store::order([])
    }
}

/// The contacts of each account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ContactsOf {
    /// Which of them.
    pub filter: ContactFilter,
    /// In which order.
    pub order_by: Vec<ContactOrder>,
}

impl ChildList for ContactsOf {
    type Entity = contact::Entity;
    type Parent = contact::Column;

    fn select(&self, scope: Scope) -> Result<Select<contact::Entity>> {
        Ok(scope.find::<contact::Entity>().filter(self.filter.condition()?))
    }

    fn parent(&self) -> contact::Column {
        contact::Column::AccountId
    }

    fn order(&self) -> Order<contact::Column> {
        contacts::order(self.order_by.iter().copied().map(Into::into))
    }
}

/// The opportunities of each account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OpportunitiesOf {
    /// Which of them.
    pub filter: OpportunityFilter,
    /// In which order.
    pub order_by: Vec<OpportunityOrder>,
}

impl ChildList for OpportunitiesOf {
    type Entity = opportunity::Entity;
    type Parent = opportunity::Column;

    fn select(&self, scope: Scope) -> Result<Select<opportunity::Entity>> {
        Ok(scope.find::<opportunity::Entity>().filter(self.filter.condition()?))
    }

    fn parent(&self) -> opportunity::Column {
        opportunity::Column::AccountId
    }

    fn order(&self) -> Order<opportunity::Column> {
        opportunities::order(self.order_by.iter().copied().map(Into::into))
    }
}
