//! Which leads a query asks for, and in which order.

use async_graphql::{Enum, InputObject};
use entity::lead::{Column, Entity};
use entity::{campaign, lead_source, user};
use sea_orm::Condition;

use crate::data::page::SortKey;
use crate::error::Result;
use crate::graphql::enums::{LeadStatus, OrderDirection};
use crate::graphql::filter::{DateTimeFilter, Filter, IDFilter, StringFilter, TextKind, combine, equality};

/// Conditions on a lead's status.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct LeadStatusFilter {
    /// Is this.
    pub eq: Option<LeadStatus>,
    /// Is not this.
    pub ne: Option<LeadStatus>,
    /// Is one of these; at most 500. An empty list matches nothing.
    #[graphql(name = "in")]
    pub among: Option<Vec<LeadStatus>>,
    /// Is none of these; at most 500.
    pub not_in: Option<Vec<LeadStatus>>,
}

impl LeadStatusFilter {
    fn condition(&self) -> Result<Condition> {
        let many = |statuses: &Option<Vec<LeadStatus>>| statuses.as_ref().map(|list| list.iter().copied().map(status).collect());
        equality(Column::Status, self.eq.map(status), self.ne.map(status), many(&self.among), many(&self.not_in))
    }
}

fn status(status: LeadStatus) -> entity::LeadStatus {
    status.into()
}

/// Which leads: all conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct LeadFilter {
    /// All of these hold.
    pub and: Option<Vec<LeadFilter>>,
    /// At least one of these holds.
    pub or: Option<Vec<LeadFilter>>,
    /// This does not hold: matches every other lead, those without a value included.
    pub not: Option<Box<LeadFilter>>,
    /// The lead's id.
    pub id: Option<IDFilter>,
    /// Where the lead stands.
    pub status: Option<LeadStatusFilter>,
    /// Where it came from.
    pub source_id: Option<IDFilter>,
    /// The campaign that it answered.
    pub campaign_id: Option<IDFilter>,
    /// Who works on it; `isNull: true` is the pool.
    pub owner_id: Option<IDFilter>,
    /// First name.
    pub first_name: Option<StringFilter>,
    /// Last name.
    pub last_name: Option<StringFilter>,
    /// Company.
    pub company: Option<StringFilter>,
    /// E-mail address.
    pub email: Option<StringFilter>,
    /// When it came in.
    pub created_at: Option<DateTimeFilter>,
    /// When it was last changed.
    pub updated_at: Option<DateTimeFilter>,
    /// When the latest completed activity took place.
    pub last_activity_at: Option<DateTimeFilter>,
}

impl Filter for LeadFilter {
    fn condition(&self) -> Result<Condition> {
        use TextKind::{Email, Text};
        let own = Condition::all()
            .add_option(self.id.as_ref().map(|filter| filter.condition::<Entity>(Column::Id)).transpose()?)
            .add_option(self.status.as_ref().map(LeadStatusFilter::condition).transpose()?)
            .add_option(
                self.source_id.as_ref().map(|filter| filter.condition::<lead_source::Entity>(Column::SourceId)).transpose()?,
            )
            .add_option(
                self.campaign_id.as_ref().map(|filter| filter.condition::<campaign::Entity>(Column::CampaignId)).transpose()?,
            )
            .add_option(self.owner_id.as_ref().map(|filter| filter.condition::<user::Entity>(Column::OwnerId)).transpose()?)
            .add_option(
                self.first_name
                    .as_ref()
                    .map(|filter| filter.condition(Column::FirstName, Column::FirstNameKey, Text))
                    .transpose()?,
            )
            .add_option(
                self.last_name
                    .as_ref()
                    .map(|filter| filter.condition(Column::LastName, Column::LastNameKey, Text))
                    .transpose()?,
            )
            .add_option(
                self.company.as_ref().map(|filter| filter.condition(Column::Company, Column::CompanyKey, Text)).transpose()?,
            )
            .add_option(self.email.as_ref().map(|filter| filter.condition(Column::Email, Column::EmailKey, Email)).transpose()?)
            .add_option(self.created_at.as_ref().map(|filter| filter.condition(Column::CreatedAt)))
            .add_option(self.updated_at.as_ref().map(|filter| filter.condition(Column::UpdatedAt)))
            .add_option(self.last_activity_at.as_ref().map(|filter| filter.condition(Column::LastActivityAt)));
        combine(own, self.and.as_ref(), self.or.as_ref(), self.not.as_deref())
    }
}

/// What leads can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum LeadOrderField {
    /// When the lead came in.
    CreatedAt,
    /// When it was last changed.
    UpdatedAt,
    /// The person's last name, ignoring case and accents.
    LastName,
    /// The company's name, ignoring case and accents.
    Company,
    /// Where it stands, along the path of a sale.
    Status,
    /// When the latest completed activity took place.
    LastActivityAt,
}

/// How leads are ordered. A missing value comes before all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputObject)]
pub struct LeadOrder {
    /// By what.
    pub field: LeadOrderField,
    /// Which way.
    #[graphql(default_with = "OrderDirection::Asc")]
    pub direction: OrderDirection,
}

impl From<LeadOrder> for SortKey<Column> {
    fn from(order: LeadOrder) -> Self {
        let column = match order.field {
            LeadOrderField::CreatedAt => Column::CreatedAt,
            LeadOrderField::UpdatedAt => Column::UpdatedAt,
            LeadOrderField::LastName => Column::LastNameKey,
            LeadOrderField::Company => Column::CompanyKey,
            LeadOrderField::Status => Column::Status,
            LeadOrderField::LastActivityAt => Column::LastActivityAt,
        };
        SortKey::new(column, order.direction == OrderDirection::Desc)
    }
}
