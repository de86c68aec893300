//! Which quotes a query asks for, and in which order.

use async_graphql::{Enum, InputObject};
use chrono::NaiveDate;
use entity::quote::{Column, Entity};
use entity::{QuoteStatus as Stored, opportunity};
use sea_orm::sea_query::{ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, Condition};

use crate::data::page::SortKey;
use crate::domains::opportunity::filter::OpportunityFilter;
use crate::error::Result;
use crate::graphql::enums::{OrderDirection, QuoteStatus};
use crate::graphql::filter::{
    DateFilter, DateTimeFilter, DecimalFilter, ExactFilter, Filter, IDFilter, IntFilter, combine, reached,
};

/// Conditions on how far a quote has come, as of today.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct QuoteStatusFilter {
    /// Is this status.
    pub eq: Option<QuoteStatus>,
    /// Is not this status.
    pub ne: Option<QuoteStatus>,
    /// Is one of these. An empty list matches nothing.
    #[graphql(name = "in")]
    pub among: Option<Vec<QuoteStatus>>,
    /// Is none of these.
    pub not_in: Option<Vec<QuoteStatus>>,
}

impl QuoteStatusFilter {
    fn condition(&self, today: NaiveDate) -> Condition {
        let any = |statuses: &[QuoteStatus]| {
            let none = Condition::any().add(sea_orm::sea_query::Expr::cust("1 = 0"));
            statuses.iter().fold(none, |any, status| any.add(is(*status, today)))
        };
        Condition::all()
            .add_option(self.eq.map(|status| is(status, today)))
            .add_option(self.ne.map(|status| is(status, today).not()))
            .add_option(self.among.as_deref().map(any))
            .add_option(self.not_in.as_deref().map(|statuses| any(statuses).not()))
    }
}

/// The same as `rules::status` says of a row. Never null, so that its complement is what is left.
fn is(status: QuoteStatus, today: NaiveDate) -> SimpleExpr {
    let sent = Column::Status.eq(Stored::Sent);
    let expires_before = Column::ExpiresOn.is_not_null().and(Column::ExpiresOn.lt(today));
    match status {
        QuoteStatus::Expired => sent.and(expires_before),
        QuoteStatus::Sent => sent.and(Column::ExpiresOn.is_null().or(Column::ExpiresOn.gte(today))),
        other => Column::Status.eq(Stored::from(other)),
    }
}

/// Which quotes: all conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct QuoteFilter {
    /// All of these hold.
    pub and: Option<Vec<QuoteFilter>>,
    /// At least one of these holds.
    pub or: Option<Vec<QuoteFilter>>,
    /// This does not hold: matches every other quote, those without a value included.
    pub not: Option<Box<QuoteFilter>>,
    /// The quote's id.
    pub id: Option<IDFilter>,
    /// How far it has come, as of today.
    pub status: Option<QuoteStatusFilter>,
    /// The quote's number, the same for all its versions: 42 for Q-00042.
    pub number: Option<IntFilter>,
    /// Which version of the quote it is, from 1.
    pub revision: Option<IntFilter>,
    /// The opportunity that it is for.
    pub opportunity_id: Option<IDFilter>,
    /// The opportunity that it is for.
    pub opportunity: Option<OpportunityFilter>,
    /// The sum of its lines, whatever the currency.
    pub total: Option<DecimalFilter>,
    /// The currency of its total.
    pub currency: Option<ExactFilter>,
    /// The last day on which it can be accepted.
    pub expires_on: Option<DateFilter>,
    /// When it was sent.
    pub sent_at: Option<DateTimeFilter>,
    /// When it was created.
    pub created_at: Option<DateTimeFilter>,
    /// When it was last changed.
    pub updated_at: Option<DateTimeFilter>,
}

/// A filter together with the day on which it is asked, which decides what has expired.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AsOf {
    /// Which quotes.
    pub filter: QuoteFilter,
    /// Today in the workspace's time zone.
    pub today: NaiveDate,
}

impl AsOf {
    fn same_day(&self, filter: &QuoteFilter) -> Self {
        Self { filter: filter.clone(), today: self.today }
    }

    fn all(&self, filters: Option<&Vec<QuoteFilter>>) -> Option<Vec<Self>> {
        filters.map(|filters| filters.iter().map(|filter| self.same_day(filter)).collect())
    }
}

impl Filter for AsOf {
    fn condition(&self) -> Result<Condition> {
        let filter = &self.filter;
        let opportunity = filter.opportunity.as_ref();
        let opportunity = opportunity
            .map(|opportunity| reached::<opportunity::Entity, _>(Column::OpportunityId, opportunity::Column::Id, opportunity));
        let own = Condition::all()
            .add_option(filter.id.as_ref().map(|filter| filter.condition::<Entity>(Column::Id)).transpose()?)
            .add_option(filter.status.as_ref().map(|filter| filter.condition(self.today)))
            .add_option(filter.number.as_ref().map(|filter| filter.condition(Column::Number)).transpose()?)
            .add_option(filter.revision.as_ref().map(|filter| filter.condition(Column::Revision)).transpose()?)
            .add_option(
                filter
                    .opportunity_id
                    .as_ref()
                    .map(|filter| filter.condition::<opportunity::Entity>(Column::OpportunityId))
                    .transpose()?,
            )
            .add_option(opportunity.transpose()?)
            .add_option(filter.total.as_ref().map(|filter| filter.condition(Column::Total)).transpose()?)
            .add_option(filter.currency.as_ref().map(|filter| filter.condition(Column::Currency)).transpose()?)
            .add_option(filter.expires_on.as_ref().map(|filter| filter.condition(Column::ExpiresOn)))
            .add_option(filter.sent_at.as_ref().map(|filter| filter.condition(Column::SentAt)))
            .add_option(filter.created_at.as_ref().map(|filter| filter.condition(Column::CreatedAt)))
            .add_option(filter.updated_at.as_ref().map(|filter| filter.condition(Column::UpdatedAt)));
        let not = filter.not.as_deref().map(|filter| self.same_day(filter));
        combine(own, self.all(filter.and.as_ref()).as_ref(), self.all(filter.or.as_ref()).as_ref(), not.as_ref())
    }
}

/// What quotes can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum QuoteOrderField {
    /// When the quote was created.
    CreatedAt,
    /// When it was last changed.
    UpdatedAt,
    /// The number, and then the version.
    Number,
    /// The last day on which it can be accepted.
    ExpiresOn,
    /// The sum of its lines, whatever the currency.
    Total,
}

/// How quotes are ordered. A missing value comes before all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputObject)]
pub struct QuoteOrder {
    /// By what.
    pub field: QuoteOrderField,
    /// Which way.
    #[graphql(default_with = "OrderDirection::Asc")]
    pub direction: OrderDirection,
}

impl QuoteOrder {
    /// The columns to sort by.
    pub fn keys(self) -> Vec<SortKey<Column>> {
        let descending = self.direction == OrderDirection::Desc;
        let columns: &[Column] = match self.field {
            QuoteOrderField::CreatedAt => &[Column::CreatedAt],
            QuoteOrderField::UpdatedAt => &[Column::UpdatedAt],
            QuoteOrderField::Number => &[Column::Number, Column::Revision],
            QuoteOrderField::ExpiresOn => &[Column::ExpiresOn],
            QuoteOrderField::Total => &[Column::Total],
        };
        columns.iter().map(|column| SortKey::new(*column, descending)).collect()
    }
}
