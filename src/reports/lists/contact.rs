//! Contacts.

use async_graphql::Enum;
use entity::contact;
use sea_orm::sea_query::SelectStatement;

use crate::domains::contact::filter::ContactFilter;
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::reports::aggregates::Aggregated;
use crate::reports::aggregates::numbers::{Figure, Number};
use crate::reports::calendar::Unit;
use crate::reports::cutting::Cutting;
use crate::reports::groups::{Cut, Group};
use crate::reports::names::Listed;
use crate::reports::subject::Reporting;

/// What contacts can be cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ContactGroupBy {
    /// Who looks after the contact.
    Owner,
    /// The owner's team.
    Team,
    /// The account that the contact belongs to.
    Account,
    /// Where the contact came from.
    Source,
    /// The campaign that the person answered.
    Campaign,
    /// The day on which it was created.
    CreatedDay,
    /// The week in which it was created.
    CreatedWeek,
    /// The month in which it was created.
    CreatedMonth,
    /// The fiscal quarter in which it was created.
    CreatedQuarter,
    /// The fiscal year in which it was created.
    CreatedYear,
}

/// The numbers that contacts have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ContactNumber {
    /// The whole days since the contact was created.
    AgeDays,
}

impl Cut for ContactGroupBy {
    const TABLE: &'static str = "contacts";

    fn group(self, cutting: Cutting<'_>) -> Group {
        match self {
            Self::Owner => cutting.reference(Listed::Users, "owner_id", "ownerId"),
            Self::Team => cutting.team(),
            Self::Account => cutting.reference(Listed::Accounts, "account_id", "accountId"),
            Self::Source => cutting.reference(Listed::Sources, "source_id", "sourceId"),
            Self::Campaign => cutting.reference(Listed::Campaigns, "campaign_id", "campaignId"),
            Self::CreatedDay => cutting.created(Unit::Day),
            Self::CreatedWeek => cutting.created(Unit::Week),
            Self::CreatedMonth => cutting.created(Unit::Month),
            Self::CreatedQuarter => cutting.created(Unit::Quarter),
            Self::CreatedYear => cutting.created(Unit::Year),
        }
    }
}

impl Number for ContactNumber {
    fn figure(self, reporting: &Reporting<'_>) -> Figure {
        match self {
            Self::AgeDays => Figure::plain(reporting.days_since("contacts.created_at")),
        }
    }
}

impl Aggregated for ContactGroupBy {
    type Filter = ContactFilter;
    type Number = ContactNumber;

    fn rows(reporting: &Reporting<'_>, filter: &Self::Filter) -> Result<SelectStatement> {
        Ok(reporting.visible::<contact::Entity>().cond_where(filter.condition()?).take())
    }
}
