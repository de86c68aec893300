//! Which orders a query asks for, and in which order.

use async_graphql::{Enum, InputObject};
use entity::order::{Column, Entity};
use entity::{OrderStatus as Stored, account, opportunity, quote};
use sea_orm::Condition;

use crate::data::page::SortKey;
use crate::domains::account::filter::AccountFilter;
use crate::domains::opportunity::filter::OpportunityFilter;
use crate::error::Result;
use crate::graphql::enums::{OrderDirection, OrderStatus};
use crate::graphql::filter::{
    DateFilter, DateTimeFilter, DecimalFilter, ExactFilter, Filter, IDFilter, IntFilter, combine, equality, reached,
};

/// Conditions on how far an order has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct OrderStatusFilter {
    /// Is this status.
    pub eq: Option<OrderStatus>,
    /// Is not this status.
    pub ne: Option<OrderStatus>,
    /// Is one of these. An empty list matches nothing.
    #[graphql(name = "in")]
    pub among: Option<Vec<OrderStatus>>,
    /// Is none of these.
    pub not_in: Option<Vec<OrderStatus>>,
}

impl OrderStatusFilter {
    fn condition(&self) -> Result<Condition> {
        let many = |statuses: &Option<Vec<OrderStatus>>| {
            statuses.as_ref().map(|statuses| statuses.iter().copied().map(Stored::from).collect::<Vec<_>>())
        };
        equality(Column::Status, self.eq.map(Stored::from), self.ne.map(Stored::from), many(&self.among), many(&self.not_in))
    }
}

/// Which orders: all conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct OrderFilter {
    /// All of these hold.
    pub and: Option<Vec<OrderFilter>>,
    /// At least one of these holds.
    pub or: Option<Vec<OrderFilter>>,
    /// This does not hold: matches every other order, those without a value included.
    pub not: Option<Box<OrderFilter>>,
    /// The order's id.
    pub id: Option<IDFilter>,
    /// How far it has come.
    pub status: Option<OrderStatusFilter>,
    /// The order's number: 42 for O-00042.
    pub number: Option<IntFilter>,
    /// To whom it was sold.
    pub account_id: Option<IDFilter>,
    /// To whom it was sold.
    pub account: Option<AccountFilter>,
    /// The opportunity whose win left it.
    pub opportunity_id: Option<IDFilter>,
    /// The opportunity whose win left it.
    pub opportunity: Option<OpportunityFilter>,
    /// The quote that was accepted.
    pub quote_id: Option<IDFilter>,
    /// What it is worth, whatever the currency.
    pub total: Option<DecimalFilter>,
    /// The currency of its total.
    pub currency: Option<ExactFilter>,
    /// The day on which the sale was won.
    pub ordered_on: Option<DateFilter>,
    /// When it was created.
    pub created_at: Option<DateTimeFilter>,
    /// When it was last changed.
    pub updated_at: Option<DateTimeFilter>,
}

impl Filter for OrderFilter {
    fn condition(&self) -> Result<Condition> {
        let account = self.account.as_ref();
        let account = account.map(|account| reached::<account::Entity, _>(Column::AccountId, account::Column::Id, account));
        let opportunity = self.opportunity.as_ref();
        let opportunity = opportunity
            .map(|opportunity| reached::<opportunity::Entity, _>(Column::OpportunityId, opportunity::Column::Id, opportunity));
        let own = Condition::all()
            .add_option(self.id.as_ref().map(|filter| filter.condition::<Entity>(Column::Id)).transpose()?)
            .add_option(self.status.as_ref().map(OrderStatusFilter::condition).transpose()?)
            .add_option(self.number.as_ref().map(|filter| filter.condition(Column::Number)).transpose()?)
            .add_option(
                self.account_id.as_ref().map(|filter| filter.condition::<account::Entity>(Column::AccountId)).transpose()?,
            )
            .add_option(account.transpose()?)
            .add_option(
                self.opportunity_id
                    .as_ref()
                    .map(|filter| filter.condition::<opportunity::Entity>(Column::OpportunityId))
                    .transpose()?,
            )
            .add_option(opportunity.transpose()?)
            .add_option(self.currency.as_ref().map(|filter| filter.condition(Column::Currency)).transpose()?)
            .add_option(self.quote_id.as_ref().map(|filter| filter.condition::<quote::Entity>(Column::QuoteId)).transpose()?)
            .add_option(self.total.as_ref().map(|filter| filter.condition(Column::Total)).transpose()?)
            .add_option(self.ordered_on.as_ref().map(|filter| filter.condition(Column::OrderedOn)))
            .add_option(self.created_at.as_ref().map(|filter| filter.condition(Column::CreatedAt)))
            .add_option(self.updated_at.as_ref().map(|filter| filter.condition(Column::UpdatedAt)));
        combine(own, self.and.as_ref(), self.or.as_ref(), self.not.as_deref())
    }
}

/// What orders can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum OrderOrderField {
    /// When the order was created.
    CreatedAt,
    /// When it was last changed.
    UpdatedAt,
    /// The number.
    Number,
    /// The day on which the sale was won.
    OrderedOn,
    /// What it is worth, whatever the currency.
    Total,
}

/// How orders are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputObject)]
pub struct OrderOrder {
    /// By what.
    pub field: OrderOrderField,
    /// Which way.
    #[graphql(default_with = "OrderDirection::Asc")]
    pub direction: OrderDirection,
}

impl From<OrderOrder> for SortKey<Column> {
    fn from(order: OrderOrder) -> Self {
        let column = match order.field {
            OrderOrderField::CreatedAt => Column::CreatedAt,
            OrderOrderField::UpdatedAt => Column::UpdatedAt,
            OrderOrderField::Number => Column::Number,
            OrderOrderField::OrderedOn => Column::OrderedOn,
            OrderOrderField::Total => Column::Total,
        };
        SortKey::new(column, order.direction == OrderDirection::Desc)
    }
}
