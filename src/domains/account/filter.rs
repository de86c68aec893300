//! Which accounts a query asks for, and in which order.

use async_graphql::{Enum, InputObject};
use entity::account::{Column, Entity};
use entity::user;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition};

use crate::data::page::SortKey;
use crate::error::Result;
use crate::graphql::enums::{AccountKind, AccountLifecycle, OrderDirection};
use crate::graphql::filter::{
    DateTimeFilter, Filter, IDFilter, IntFilter, OwnerFilter, StringFilter, TextKind, combine, exactly, reached,
};

/// Which accounts: all conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct AccountFilter {
    /// All of these hold.
    pub and: Option<Vec<AccountFilter>>,
    /// At least one of these holds.
    pub or: Option<Vec<AccountFilter>>,
    /// This does not hold: matches every other account, those without a value included.
    pub not: Option<Box<AccountFilter>>,
    /// The account's id.
    pub id: Option<IDFilter>,
    /// Name.
    pub name: Option<StringFilter>,
    /// What kind of trading party it is.
    pub kind: Option<AccountKind>,
    /// How far the business with it has come.
    pub lifecycle: Option<AccountLifecycle>,
    /// What it does.
    pub industry: Option<StringFilter>,
    /// How many people work there.
    pub employees: Option<IntFilter>,
    /// The account that it belongs to.
    pub parent_id: Option<IDFilter>,
    /// Who looks after it.
    pub owner_id: Option<IDFilter>,
    /// Conditions on the owner.
    pub owner: Option<OwnerFilter>,
    /// Has exactly this id in the system it was imported from.
    pub external_id: Option<String>,
    /// When it was created.
    pub created_at: Option<DateTimeFilter>,
    /// When it was last changed.
    pub updated_at: Option<DateTimeFilter>,
}

impl Filter for AccountFilter {
    fn condition(&self) -> Result<Condition> {
        let text = |filter: &Option<StringFilter>, column, key| {
            filter.as_ref().map(|filter| filter.condition(column, key, TextKind::Text)).transpose()
        };
        let own = Condition::all()
            .add_option(self.id.as_ref().map(|filter| filter.condition::<Entity>(Column::Id)).transpose()?)
            .add_option(text(&self.name, Column::Name, Column::NameKey)?)
            .add_option(self.kind.map(|kind| Column::Kind.eq(entity::AccountKind::from(kind))))
            .add_option(self.lifecycle.map(|lifecycle| Column::Lifecycle.eq(entity::AccountLifecycle::from(lifecycle))))
            .add_option(text(&self.industry, Column::Industry, Column::IndustryKey)?)
            .add_option(self.employees.as_ref().map(|filter| filter.condition(Column::Employees)).transpose()?)
            .add_option(self.parent_id.as_ref().map(|filter| filter.condition::<Entity>(Column::ParentId)).transpose()?)
            .add_option(self.owner_id.as_ref().map(|filter| filter.condition::<user::Entity>(Column::OwnerId)).transpose()?)
            .add_option(self.owner.as_ref().map(|owner| owner.condition(Column::OwnerId)).transpose()?.flatten())
            .add_option(exactly(Column::ExternalId, self.external_id.as_deref()))
            .add_option(self.created_at.as_ref().map(|filter| filter.condition(Column::CreatedAt)))
            .add_option(self.updated_at.as_ref().map(|filter| filter.condition(Column::UpdatedAt)));
        combine(own, self.and.as_ref(), self.or.as_ref(), self.not.as_deref())
    }

    fn finds_few(&self) -> bool {
        let by_id = [&self.id, &self.parent_id].into_iter().flatten().any(IDFilter::finds_few);
        let all = self.and.iter().flatten().any(Filter::finds_few);
        by_id || self.external_id.is_some() || self.name.as_ref().is_some_and(StringFilter::finds_few) || all
    }
}

impl AccountFilter {
    /// The condition on a column that refers to an account which meets this filter. An empty filter filters nothing: not even
    /// the rows that refer to no account.
    pub fn reached_from(&self, column: impl ColumnTrait) -> Result<Option<Expr>> {
        if *self == Self::default() {
            return Ok(None);
        }
        Ok(Some(reached::<Entity, _>(column, Column::Id, self)?))
    }
}

/// What accounts can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum AccountOrderField {
    /// When the account was created.
    CreatedAt,
    /// When it was last changed.
    UpdatedAt,
    /// Its name, ignoring case and accents.
    Name,
}

/// How accounts are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputObject)]
pub struct AccountOrder {
    /// By what.
    pub field: AccountOrderField,
    /// Which way.
    #[graphql(default_with = "OrderDirection::Asc")]
    pub direction: OrderDirection,
}

impl From<AccountOrder> for SortKey<Column> {
    fn from(order: AccountOrder) -> Self {
        let column = match order.field {
            AccountOrderField::CreatedAt => Column::CreatedAt,
            AccountOrderField::UpdatedAt => Column::UpdatedAt,
            AccountOrderField::Name => Column::NameKey,
        };
        SortKey::new(column, order.direction == OrderDirection::Desc)
    }
}
