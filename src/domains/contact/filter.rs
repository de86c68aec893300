//! Which contacts a query asks for, and in which order.

use async_graphql::{Enum, InputObject};
use entity::contact::{Column, Entity};
use entity::{account, campaign, lead_source, user};
use sea_orm::Condition;

use crate::data::page::SortKey;
use crate::domains::account::filter::AccountFilter;
use crate::error::Result;
use crate::graphql::enums::OrderDirection;
use crate::graphql::filter::{DateTimeFilter, Filter, IDFilter, OwnerFilter, StringFilter, TextKind, combine, exactly};

/// Which contacts: all conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct ContactFilter {
    /// All of these hold.
    pub and: Option<Vec<ContactFilter>>,
    /// At least one of these holds.
    pub or: Option<Vec<ContactFilter>>,
    /// This does not hold: matches every other contact, those without a value included.
    pub not: Option<Box<ContactFilter>>,
    /// The contact's id.
    pub id: Option<IDFilter>,
    /// The account that the contact belongs to.
    pub account_id: Option<IDFilter>,
    /// Conditions on that account. Contacts without one don't match.
    pub account: Option<AccountFilter>,
    /// Who looks after the contact.
    pub owner_id: Option<IDFilter>,
    /// Where the contact came from.
    pub source_id: Option<IDFilter>,
    /// The campaign that the person answered.
    pub campaign_id: Option<IDFilter>,
    /// First name.
    pub first_name: Option<StringFilter>,
    /// Last name.
    pub last_name: Option<StringFilter>,
    /// E-mail address.
    pub email: Option<StringFilter>,
    /// Conditions on the owner.
    pub owner: Option<OwnerFilter>,
    /// Has exactly this id in the system it was imported from.
    pub external_id: Option<String>,
    /// When the contact was created.
    pub created_at: Option<DateTimeFilter>,
    /// When it was last changed.
    pub updated_at: Option<DateTimeFilter>,
}

impl Filter for ContactFilter {
    fn condition(&self) -> Result<Condition> {
        let text = |filter: &Option<StringFilter>, column, key, kind| {
            filter.as_ref().map(|filter| filter.condition(column, key, kind)).transpose()
        };
        let account = self.account.as_ref().map(|filter| filter.reached_from(Column::AccountId)).transpose()?.flatten();
        let source = self.source_id.as_ref().map(|filter| filter.condition::<lead_source::Entity>(Column::SourceId));
        let campaign = self.campaign_id.as_ref().map(|filter| filter.condition::<campaign::Entity>(Column::CampaignId));
        let own = Condition::all()
            .add_option(self.id.as_ref().map(|filter| filter.condition::<Entity>(Column::Id)).transpose()?)
            .add_option(
                self.account_id.as_ref().map(|filter| filter.condition::<account::Entity>(Column::AccountId)).transpose()?,
            )
            .add_option(account)
            .add_option(self.owner_id.as_ref().map(|filter| filter.condition::<user::Entity>(Column::OwnerId)).transpose()?)
            .add_option(source.transpose()?)
            .add_option(campaign.transpose()?)
            .add_option(text(&self.first_name, Column::FirstName, Column::FirstNameKey, TextKind::Text)?)
            .add_option(text(&self.last_name, Column::LastName, Column::LastNameKey, TextKind::Text)?)
            .add_option(text(&self.email, Column::Email, Column::EmailKey, TextKind::Email)?)
            .add_option(self.owner.as_ref().map(|owner| owner.condition(Column::OwnerId)).transpose()?.flatten())
            .add_option(exactly(Column::ExternalId, self.external_id.as_deref()))
            .add_option(self.created_at.as_ref().map(|filter| filter.condition(Column::CreatedAt)))
            .add_option(self.updated_at.as_ref().map(|filter| filter.condition(Column::UpdatedAt)));
        combine(own, self.and.as_ref(), self.or.as_ref(), self.not.as_deref())
    }
}

/// What contacts can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ContactOrderField {
    /// When the contact was created.
    CreatedAt,
    /// When it was last changed.
    UpdatedAt,
    /// The last name, ignoring case and accents.
    LastName,
}

/// How contacts are ordered. A missing value comes before all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputObject)]
pub struct ContactOrder {
    /// By what.
    pub field: ContactOrderField,
    /// Which way.
    #[graphql(default_with = "OrderDirection::Asc")]
    pub direction: OrderDirection,
}

impl From<ContactOrder> for SortKey<Column> {
    fn from(order: ContactOrder) -> Self {
        let column = match order.field {
            ContactOrderField::CreatedAt => Column::CreatedAt,
            ContactOrderField::UpdatedAt => Column::UpdatedAt,
            ContactOrderField::LastName => Column::LastNameKey,
        };
        SortKey::new(column, order.direction == OrderDirection::Desc)
    }
}
