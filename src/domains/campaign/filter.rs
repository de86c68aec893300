//! Which campaigns a query asks for.

use async_graphql::InputObject;
use entity::campaign::{Column, Entity};
use sea_orm::{ColumnTrait, Condition};

use crate::error::Result;
use crate::graphql::filter::{
    DateFilter, DateTimeFilter, DecimalFilter, ExactFilter, Filter, IDFilter, StringFilter, TextKind, combine, exactly,
};

/// Which campaigns: all conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct CampaignFilter {
    /// All of these hold.
    pub and: Option<Vec<CampaignFilter>>,
    /// At least one of these holds.
    pub or: Option<Vec<CampaignFilter>>,
    /// This does not hold: matches every other campaign, those without a value included.
    pub not: Option<Box<CampaignFilter>>,
    /// The campaign's id.
    pub id: Option<IDFilter>,
    /// The campaign's name.
    pub name: Option<StringFilter>,
    /// How it reaches people.
    pub channel: Option<ExactFilter>,
    /// Whether it is active.
    pub active: Option<bool>,
    /// The campaign that it is part of.
    pub parent_id: Option<IDFilter>,
    /// The first day.
    pub starts_on: Option<DateFilter>,
    /// The last day.
    pub ends_on: Option<DateFilter>,
    /// What it may cost, whatever the currency.
    pub budget: Option<DecimalFilter>,
    /// What it has cost, whatever the currency.
    pub cost: Option<DecimalFilter>,
    /// Has exactly this id in the system it was imported from.
    pub external_id: Option<String>,
    /// When the campaign was created.
    pub created_at: Option<DateTimeFilter>,
    /// When it was last changed.
    pub updated_at: Option<DateTimeFilter>,
}

impl Filter for CampaignFilter {
    fn condition(&self) -> Result<Condition> {
        let id = |filter: &Option<IDFilter>, column: Column| {
            filter.as_ref().map(|filter| filter.condition::<Entity>(column)).transpose()
        };
        let amount =
            |filter: &Option<DecimalFilter>, column: Column| filter.as_ref().map(|filter| filter.condition(column)).transpose();
        let name = self.name.as_ref().map(|filter| filter.condition(Column::Name, Column::NameKey, TextKind::Text));
        let own = Condition::all()
            .add_option(id(&self.id, Column::Id)?)
            .add_option(name.transpose()?)
            .add_option(self.channel.as_ref().map(|filter| filter.condition(Column::Channel)).transpose()?)
            .add_option(self.active.map(|active| Column::Active.eq(active)))
            .add_option(id(&self.parent_id, Column::ParentId)?)
            .add_option(self.starts_on.as_ref().map(|filter| filter.condition(Column::StartsOn)))
            .add_option(self.ends_on.as_ref().map(|filter| filter.condition(Column::EndsOn)))
            .add_option(amount(&self.budget, Column::Budget)?)
            .add_option(amount(&self.cost, Column::Cost)?)
            .add_option(exactly(Column::ExternalId, self.external_id.as_deref()))
            .add_option(self.created_at.as_ref().map(|filter| filter.condition(Column::CreatedAt)))
            .add_option(self.updated_at.as_ref().map(|filter| filter.condition(Column::UpdatedAt)));
        combine(own, self.and.as_ref(), self.or.as_ref(), self.not.as_deref())
    }
}
