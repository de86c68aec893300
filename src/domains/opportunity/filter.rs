//! Which opportunities a query asks for, and in which order.

use async_graphql::{Enum, InputObject};
use entity::opportunity::{Column, Entity};
use entity::{account, campaign, close_reason, lead, lead_source, line_item, opportunity_change, pipeline, product, stage, user};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition};

use super::as_of::{line_items_at, opportunities_at};
use crate::data::page::SortKey;
use crate::domains::account::filter::AccountFilter;
use crate::domains::lead::filter::LeadFilter;
use crate::error::Result;
use crate::graphql::enums::{ForecastCategory, OrderDirection};
use crate::graphql::filter::{
    DateFilter, DateTimeFilter, DecimalFilter, ExactFilter, Filter, IDFilter, IntFilter, OwnerFilter, StringFilter, TextKind,
    combine, exactly, reached, refers_to, related,
};
use crate::graphql::scalars::DateTime;

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
    /// The product of at least one of its line items. `isNull` asks for line items without a product, or for none at all.
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
    /// Conditions on the owner.
    pub owner: Option<OwnerFilter>,
    /// Where its stage counts in the forecast: in one of these.
    pub forecast_category: Option<Vec<ForecastCategory>>,
    /// The currency of the amount.
    pub currency: Option<ExactFilter>,
    /// Why it was won or lost.
    pub close_reason_id: Option<IDFilter>,
    /// Who won it instead of us.
    pub lost_to: Option<ExactFilter>,
    /// The lead that it came from.
    pub lead: Option<Box<LeadFilter>>,
    /// A stage that it is in or ever was in.
    pub ever_in_stage_id: Option<IDFilter>,
    /// Was won at such a time, even if it was reopened later. `{}`: at any time.
    pub ever_won: Option<DateTimeFilter>,
    /// What it was at an instant. All other conditions are about now.
    pub as_of: Option<Box<OpportunityAsOfFilter>>,
    /// When it was created.
    pub created_at: Option<DateTimeFilter>,
    /// When it was last changed.
    pub updated_at: Option<DateTimeFilter>,
}

/// What opportunities were at an instant. Opportunities that were deleted since are in no list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, InputObject)]
pub struct OpportunityAsOfFilter {
    /// The instant.
    pub at: DateTime,
    /// What held then: stage, pipeline, owner, amount, probability, close date, line items, whether closed or won, and the age in its
    /// stage as of the instant; all else as it is now.
    pub is: OpportunityFilter,
}

impl OpportunityAsOfFilter {
    fn condition(&self) -> Result<SimpleExpr> {
        let then = opportunities_at(self.at.0);
        let mut ids = Query::select();
        ids.with_cte(line_items_at(self.at.0));
        ids.column(Column::Id.as_column_ref()).from_subquery(then, Alias::new("opportunities")).cond_where(self.is.condition()?);
        Ok(Column::Id.in_subquery(ids))
    }
}

impl OpportunityFilter {
    /// What the reports ask for.
    fn for_reports(&self) -> Result<Condition> {
        let lead = self.lead.as_deref().map(|lead| reached::<lead::Entity, _>(Column::LeadId, lead::Column::Id, lead));
        let ever = self.ever_in_stage_id.as_ref();
        let ever = ever.map(|filter| filter.condition::<stage::Entity>(opportunity_change::Column::StageId)).transpose()?;
        let won = self.ever_won.as_ref().map(|at| {
            let wins = stage::Column::Category.eq(entity::StageCategory::Won);
            let wins = refers_to::<stage::Entity, _>(opportunity_change::Column::StageId, stage::Column::Id, wins.into());
            let moves = opportunity_change::Column::FromStageId.is_null();
            let moves = moves.or(opportunity_change::Column::SecondsInPrevious.is_not_null());
            let win = at.condition(opportunity_change::Column::At).add(wins).add(moves);
            // Within a time there are few wins; at any time many opportunities have one.
            let reach =
                if at.is_range() { related::<opportunity_change::Entity, _> } else { refers_to::<opportunity_change::Entity, _> };
            reach(Column::Id, opportunity_change::Column::OpportunityId, win)
        });
        let forecast = self.forecast_category.as_ref().map(|categories| {
            let words = categories.iter().map(|category| entity::ForecastCategory::from(*category));
            refers_to::<stage::Entity, _>(Column::StageId, stage::Column::Id, stage::Column::ForecastCategory.is_in(words).into())
        });
        Ok(Condition::all()
            .add_option(self.owner.as_ref().map(|owner| owner.condition(Column::OwnerId)).transpose()?.flatten())
            .add_option(forecast)
            .add_option(self.currency.as_ref().map(|filter| filter.condition(Column::Currency)).transpose()?)
            .add_option(
                self.close_reason_id
                    .as_ref()
                    .map(|filter| filter.condition::<close_reason::Entity>(Column::CloseReasonId))
                    .transpose()?,
            )
            .add_option(self.lost_to.as_ref().map(|filter| filter.condition(Column::LostTo)).transpose()?)
            .add_option(lead.transpose()?)
            .add_option(ever.map(|ever| {
                refers_to::<opportunity_change::Entity, _>(Column::Id, opportunity_change::Column::OpportunityId, ever)
            }))
            .add_option(self.products()?)
            .add_option(won)
            .add_option(self.as_of.as_ref().map(|filter| filter.condition()).transpose()?))
    }

    fn products(&self) -> Result<Option<SimpleExpr>> {
        use line_item::Column::{OpportunityId, ProductId};
        let Some(filter) = &self.product_id else { return Ok(None) };
        let reach = if filter.finds_few() { related::<line_item::Entity, _> } else { refers_to::<line_item::Entity, _> };
        let having = |lines: Condition| reach(Column::Id, OpportunityId, lines);
        let lines = having(filter.condition::<product::Entity>(ProductId)?);
        let none = refers_to::<line_item::Entity, _>(Column::Id, OpportunityId, Condition::all()).not();
        Ok(Some(if filter.is_null == Some(true) { lines.or(none) } else { lines }))
    }

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
        let account = self.account.as_ref();
        let account = account.map(|account| reached::<account::Entity, _>(Column::AccountId, account::Column::Id, account));
        let own = self
            .references()?
            .add(self.for_reports()?)
            .add_option(account.transpose()?)
            .add_option(
                self.name.as_ref().map(|filter| filter.condition(Column::Name, Column::NameKey, TextKind::Text)).transpose()?,
            )
            .add_option(self.is_closed.map(|closed| is(Column::IsClosed, closed)))
            .add_option(self.is_won.map(|won| is(Column::IsWon, won)))
            .add_option(self.amount.as_ref().map(|filter| filter.condition(Column::Amount)).transpose()?)
            .add_option(self.probability.as_ref().map(|filter| filter.condition(Column::Probability)).transpose()?)
            .add_option(self.close_date.as_ref().map(|filter| filter.condition(Column::CloseDate)))
            .add_option(exactly(Column::ExternalId, self.external_id.as_deref()))
            .add_option(self.created_at.as_ref().map(|filter| filter.condition(Column::CreatedAt)))
            .add_option(self.updated_at.as_ref().map(|filter| filter.condition(Column::UpdatedAt)));
        combine(own, self.and.as_ref(), self.or.as_ref(), self.not.as_deref())
    }

    fn finds_few(&self) -> bool {
        let by_id = [&self.id, &self.account_id].into_iter().flatten().any(IDFilter::finds_few);
        let by_account = self.account.as_ref().is_some_and(Filter::finds_few);
        let by_lead = self.lead.as_deref().is_some_and(Filter::finds_few);
        let by_name = self.name.as_ref().is_some_and(StringFilter::finds_few);
        by_id
            || by_account
            || by_lead
            || by_name
            || self.external_id.is_some()
            || self.and.iter().flatten().any(Filter::finds_few)
    }
}

/// Whether a column is true, or isn't: in the words of the indexes that hold the ones or the others only.
fn is(column: Column, wanted: bool) -> SimpleExpr {
    let column = Expr::col(column.as_column_ref());
    if wanted { column } else { column.not() }
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
