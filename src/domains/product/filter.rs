//! Which products a query asks for, and in which order.

use async_graphql::{Enum, InputObject};
use entity::product::{Column, Entity};
use sea_orm::{ColumnTrait, Condition};

use crate::data::page::SortKey;
use crate::error::Result;
use crate::graphql::enums::OrderDirection;
use crate::graphql::filter::{DateTimeFilter, Filter, IDFilter, StringFilter, TextKind, combine, common, exactly};

/// Which products: all conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct ProductFilter {
    /// All of these hold.
    pub and: Option<Vec<ProductFilter>>,
    /// At least one of these holds.
    pub or: Option<Vec<ProductFilter>>,
    /// This does not hold: matches every other product, those without a value included.
    pub not: Option<Box<ProductFilter>>,
    /// The product's id.
    pub id: Option<IDFilter>,
    /// The product's name.
    pub name: Option<StringFilter>,
    /// The code that it is ordered by.
    pub code: Option<StringFilter>,
    /// The group of products that it belongs to.
    pub family: Option<StringFilter>,
    /// Whether it is offered.
    pub active: Option<bool>,
    /// Has exactly this id in the system it was imported from.
    pub external_id: Option<String>,
    /// When the product was created.
    pub created_at: Option<DateTimeFilter>,
    /// When it was last changed.
    pub updated_at: Option<DateTimeFilter>,
}

impl Filter for ProductFilter {
    fn condition(&self) -> Result<Condition> {
        let text = |filter: &Option<StringFilter>, column, key| {
            filter.as_ref().map(|filter| filter.condition(column, key, TextKind::Text)).transpose()
        };
        let own = Condition::all()
            .add_option(self.id.as_ref().map(|filter| filter.condition::<Entity>(Column::Id)).transpose()?)
            .add_option(text(&self.name, Column::Name, Column::NameKey)?)
            .add_option(text(&self.code, Column::Code, Column::CodeKey)?)
            .add_option(text(&self.family, Column::Family, Column::FamilyKey)?)
            .add_option(self.active.map(|active| common(Column::Active.eq(active).into())))
            .add_option(exactly(Column::ExternalId, self.external_id.as_deref()))
            .add_option(self.created_at.as_ref().map(|filter| filter.condition(Column::CreatedAt)))
            .add_option(self.updated_at.as_ref().map(|filter| filter.condition(Column::UpdatedAt)));
        combine(own, self.and.as_ref(), self.or.as_ref(), self.not.as_deref())
    }
}

/// What products can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ProductOrderField {
    /// When the product was created.
    CreatedAt,
    /// When it was last changed.
    UpdatedAt,
    /// The name, ignoring case and accents.
    Name,
    /// The code, ignoring case and accents.
    Code,
    /// The group of products, ignoring case and accents.
    Family,
    /// Whether it is offered: those that aren't come first.
    Active,
}

/// How products are ordered. A missing value comes before all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputObject)]
pub struct ProductOrder {
    /// By what.
    pub field: ProductOrderField,
    /// Which way.
    #[graphql(default_with = "OrderDirection::Asc")]
    pub direction: OrderDirection,
}

impl From<ProductOrder> for SortKey<Column> {
    fn from(order: ProductOrder) -> Self {
        let column = match order.field {
            ProductOrderField::CreatedAt => Column::CreatedAt,
            ProductOrderField::UpdatedAt => Column::UpdatedAt,
            ProductOrderField::Name => Column::NameKey,
            ProductOrderField::Code => Column::CodeKey,
            ProductOrderField::Family => Column::FamilyKey,
            ProductOrderField::Active => Column::Active,
        };
        SortKey::new(column, order.direction == OrderDirection::Desc)
    }
}
