//! Which leads a query asks for, and in which order.

use async_graphql::{Enum, InputObject};
use entity::lead::{Column, Entity};
use entity::{campaign, disqualification_reason, lead_source, lead_status_change, opportunity, user};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, Condition};

use crate::data::page::SortKey;
use crate::domains::opportunity::filter::OpportunityFilter;
use crate::error::Result;
use crate::graphql::enums::{LeadStatus, OrderDirection};
use crate::graphql::filter::{
    DateTimeFilter, ExactFilter, Filter, IDFilter, IntFilter, OwnerFilter, StringFilter, TextKind, combine, common, equality,
    reached, refers_to, related,
};

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
    /// How many people work at the company.
    pub employees: Option<IntFilter>,
    /// Conditions on the owner.
    pub owner: Option<OwnerFilter>,
    /// Is, or ever was, in one of these statuses.
    pub ever_in_status: Option<Vec<LeadStatus>>,
    /// Came to a status at some time.
    pub status_changed: Option<LeadStatusChangedFilter>,
    /// An opportunity that came of it and was not deleted.
    pub opportunity: Option<Box<OpportunityFilter>>,
    /// Its country: an ISO 3166-1 alpha-2 code.
    pub country: Option<ExactFilter>,
    /// How warm it is: HOT, WARM or COLD.
    pub rating: Option<ExactFilter>,
    /// Why it is not pursued.
    pub disqualification_reason_id: Option<IDFilter>,
    /// When it came in.
    pub created_at: Option<DateTimeFilter>,
    /// When it was last changed.
    pub updated_at: Option<DateTimeFilter>,
    /// When the latest completed activity took place.
    pub last_activity_at: Option<DateTimeFilter>,
}

/// A change of a lead's status: one change that meets both. A new lead comes to its first status when it comes in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct LeadStatusChangedFilter {
    /// To one of these statuses.
    pub to: Option<Vec<LeadStatus>>,
    /// When.
    pub at: Option<DateTimeFilter>,
}

impl LeadStatusChangedFilter {
    fn condition(&self) -> SimpleExpr {
        use lead_status_change::Column as Change;
        let to = self.to.as_ref().map(|to| Change::Status.is_in(to.iter().copied().map(status)));
        let change = Condition::all().add_option(to).add_option(self.at.as_ref().map(|at| at.condition(Change::At)));
        // Within a time there are few changes; at any time most leads have one.
        match self.at {
            Some(_) => related::<lead_status_change::Entity, _>(Column::Id, Change::LeadId, change),
            None => refers_to::<lead_status_change::Entity, _>(Column::Id, Change::LeadId, change),
        }
    }
}

impl LeadFilter {
    /// What the reports ask for.
    fn for_reports(&self) -> Result<Condition> {
        let ever = self.ever_in_status.as_ref().map(|statuses| {
            let bits = statuses.iter().fold(0, |bits, one| bits | status(*one).bit());
            Expr::cust(format!("(leads.statuses_reached & {bits}) <> 0"))
        });
        let sales = self.opportunity.as_deref();
        let sales = sales.map(|sales| reached::<opportunity::Entity, _>(Column::Id, opportunity::Column::LeadId, sales));
        let reason = self.disqualification_reason_id.as_ref();
        Ok(Condition::all()
            .add_option(self.owner.as_ref().map(|owner| owner.condition(Column::OwnerId)).transpose()?.flatten())
            .add_option(ever)
            .add_option(self.status_changed.as_ref().map(LeadStatusChangedFilter::condition))
            .add_option(sales.transpose()?)
            .add_option(self.country.as_ref().map(|filter| filter.condition(Column::Country)).transpose()?)
            .add_option(self.rating.as_ref().map(|filter| filter.condition(Column::Rating)).transpose()?)
            .add_option(
                reason
                    .map(|filter| filter.condition::<disqualification_reason::Entity>(Column::DisqualificationReasonId))
                    .transpose()?,
            ))
    }
}

impl Filter for LeadFilter {
    fn condition(&self) -> Result<Condition> {
        use TextKind::{Email, Text};
        let own = self
            .for_reports()?
            .add_option(self.id.as_ref().map(|filter| filter.condition::<Entity>(Column::Id)).transpose()?)
            .add_option(self.status.as_ref().map(LeadStatusFilter::condition).transpose()?.map(common))
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
            .add_option(self.employees.as_ref().map(|filter| filter.condition(Column::Employees)).transpose()?)
            .add_option(self.created_at.as_ref().map(|filter| filter.condition(Column::CreatedAt)))
            .add_option(self.updated_at.as_ref().map(|filter| filter.condition(Column::UpdatedAt)))
            .add_option(self.last_activity_at.as_ref().map(|filter| filter.condition(Column::LastActivityAt)));
        combine(own, self.and.as_ref(), self.or.as_ref(), self.not.as_deref())
    }

    fn finds_few(&self) -> bool {
        let texts = [&self.last_name, &self.company, &self.email];
        let by_text = texts.into_iter().flatten().any(StringFilter::finds_few);
        self.id.as_ref().is_some_and(IDFilter::finds_few) || by_text || self.and.iter().flatten().any(Filter::finds_few)
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
