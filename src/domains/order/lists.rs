//! The orders of each account.

use entity::order;
use sea_orm::{QueryFilter, Select};

use super::filter::{OrderFilter, OrderOrder};
use super::store;
use crate::auth::Scope;
use crate::data::page::Order;
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::graphql::list::ChildList;

/// The orders of each account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OrdersOf {
    /// Which of them.
    pub filter: OrderFilter,
    /// In which order.
    pub order_by: Vec<OrderOrder>,
}

impl ChildList for OrdersOf {
    type Entity = order::Entity;
    type Parent = order::Column;

    fn select(&self, scope: Scope) -> Result<Select<order::Entity>> {
        Ok(scope.find::<order::Entity>().filter(self.filter.condition()?))
    }

    fn parent(&self) -> order::Column {
        order::Column::AccountId
    }

    fn order(&self) -> Order<order::Column> {
        store::order(&self.order_by)
    }
}
