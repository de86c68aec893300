//! Which opportunities a query asks for, and in which order.

use async_graphql::{Enum, InputObject};
use entity::opportunity::{Column, Entity};
use entity::{account, campaign, lead_source, line_item, pipeline, product, stage, user};
use sea_orm::{ColumnTrait, Condition};

use crate::data::page::SortKey;
use crate::domains::account::filter::AccountFilter;
use crate::error::Result;
use crate::graphql::enums::OrderDirection;
use crate::graphql::filter::{
    DateFilter, DateTimeFilter, DecimalFilter, Filter, IDFilter, IntFilter, StringFilter, TextKind, combine, related,
};

/// Which opportunities: all conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct OpportunityFilter {
    /// All of these hold.
    pub and: Option<Vec<OpportunityFilter>>,
    /// At least one of these holds.
    pub or: Option<Vec<OpportunityFilter>>,
    /// This does not hold: matches every other opportunity, those without a value included.
    pub not: Option<Box<OpportunityFilter>>,
    /// The opportunity's id.
    pub id: Option<IDFilter>,
    /// The opportunity's name.
    pub name: Option<StringFilter>,
    /// Whom we sell to.
    pub account_id: Option<IDFilter>,
    /// Who sells.
    pub owner_id: Option<IDFilter>,
    /// The stage that it is in.
    pub stage_id: Option<IDFilter>,
    /// The pipeline that it is in.
    pub pipeline_id: Option<IDFilter>,
    /// Where it came from.
    pub source_id: Option<IDFilter>,
    /// The campaign that it came from.
    pub campaign_id: Option<IDFilter>,
    /// The product of at least one of its line items. `isNull` asks for line items without a product.
    pub product_id: Option<IDFilter>,
    /// Whether it is closed, won or lost.
    pub is_closed: Option<bool>,
    /// Whether it is won.
    pub is_won: Option<bool>,
    /// The amount, whatever its currency.
    pub amount: Option<DecimalFilter>,
    /// How likely it is won, in percent.
    pub probability: Option<IntFilter>,
    /// The day on which it is expected to close, or on which it closed.
    pub close_date: Option<DateFilter>,
    /// The account that we sell to.
    pub account: Option<AccountFilter>,
    /// Has exactly this id in the system it was imported from.
    pub external_id: Option<String>,
    /// When it was created.
    pub created_at: Option<DateTimeFilter>,
    /// When it was last changed.
    pub updated_at: Option<DateTimeFilter>,
}

impl OpportunityFilter {
    fn references(&self) -> Result<Condition> {
        Ok(Condition::all()
            .add_option(self.id.as_ref().map(|filter| filter.condition::<Entity>(Column::Id)).transpose()?)
            .add_option(
                self.account_id.as_ref().map(|filter| filter.condition::<account::Entity>(Column::AccountId)).transpose()?,
            )
            .add_option(self.owner_id.as_ref().map(|filter| filter.condition::<user::Entity>(Column::OwnerId)).transpose()?)
            .add_option(self.stage_id.as_ref().map(|filter| filter.condition::<stage::Entity>(Column::StageId)).transpose()?)
            .add_option(
                self.pipeline_id.as_ref().map(|filter| filter.condition::<pipeline::Entity>(Column::PipelineId)).transpose()?,
            )
            .add_option(
                self.source_id.as_ref().map(|filter| filter.condition::<lead_source::Entity>(Column::SourceId)).transpose()?,
            )
            .add_option(
                self.campaign_id.as_ref().map(|filter| filter.condition::<campaign::Entity>(Column::CampaignId)).transpose()?,
            ))
    }
}

impl Filter for OpportunityFilter {
    fn condition(&self) -> Result<Condition> {
        let account = self.account.as_ref().map(Filter::condition).transpose()?;
        let sold = self.product_id.as_ref().map(|filter| filter.condition::<product::Entity>(line_item::Column::ProductId));
        let sold = sold.transpose()?;
        let own = self
            .references()?
            .add_option(sold.map(|sold| related::<line_item::Entity, _>(Column::Id, line_item::Column::OpportunityId, sold)))
            .add_option(account.map(|account| related::<account::Entity, _>(Column::AccountId, account::Column::Id, account)))
            .add_option(
                self.name.as_ref().map(|filter| filter.condition(Column::Name, Column::NameKey, TextKind::Text)).transpose()?,
            )
            .add_option(self.is_closed.map(|closed| Column::IsClosed.eq(closed)))
            .add_option(self.is_won.map(|won| Column::IsWon.eq(won)))
            .add_option(self.amount.as_ref().map(|filter| filter.condition(Column::Amount)).transpose()?)
            .add_option(self.probability.as_ref().map(|filter| filter.condition(Column::Probability)).transpose()?)
            .add_option(self.close_date.as_ref().map(|filter| filter.condition(Column::CloseDate)))
            .add_option(self.external_id.as_ref().map(|id| Column::ExternalId.eq(id)))
            .add_option(self.created_at.as_ref().map(|filter| filter.condition(Column::CreatedAt)))
            .add_option(self.updated_at.as_ref().map(|filter| filter.condition(Column::UpdatedAt)));
        combine(own, self.and.as_ref(), self.or.as_ref(), self.not.as_deref())
    }
}

/// What opportunities can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum OpportunityOrderField {
    /// When the opportunity was created.
    CreatedAt,
    /// When it was last changed.
    UpdatedAt,
    /// The name, ignoring case and accents.
    Name,
    /// The amount, whatever its currency.
    Amount,
    /// The day on which it is expected to close, or on which it closed.
    CloseDate,
    /// How likely it is won.
    Probability,
}

/// How opportunities are ordered. A missing value comes before all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputObject)]
pub struct OpportunityOrder {
    /// By what.
    pub field: OpportunityOrderField,
    /// Which way.
    #[graphql(default_with = "OrderDirection::Asc")]
    pub direction: OrderDirection,
}

impl From<OpportunityOrder> for SortKey<Column> {
    fn from(order: OpportunityOrder) -> Self {
        let column = match order.field {
            OpportunityOrderField::CreatedAt => Column::CreatedAt,
            OpportunityOrderField::UpdatedAt => Column::UpdatedAt,
            OpportunityOrderField::Name => Column::NameKey,
            OpportunityOrderField::Amount => Column::Amount,
            OpportunityOrderField::CloseDate => Column::CloseDate,
            OpportunityOrderField::Probability => Column::Probability,
        };
        SortKey::new(column, order.direction == OrderDirection::Desc)
    }
}
