//! Leads.

use async_graphql::Enum;
use entity::lead;
use sea_orm::sea_query::SelectStatement;

use crate::domains::lead::filter::LeadFilter;
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::reports::aggregates::Aggregated;
use crate::reports::aggregates::numbers::{Figure, Number};
use crate::reports::calendar::Unit;
use crate::reports::cutting::Cutting;
use crate::reports::groups::{Cut, Form, Group, Place};
use crate::reports::names::Listed;
use crate::reports::subject::Reporting;

/// What leads can be cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum LeadGroupBy {
    /// Who works on it.
    Owner,
    /// The owner's team.
    Team,
    /// Where it came from.
    Source,
    /// The campaign that it answered.
    Campaign,
    /// Where it stands.
    Status,
    /// How warm it is.
    Rating,
    /// Its country.
    Country,
    /// Why it is not pursued.
    DisqualificationReason,
    /// The day on which it came in.
    CreatedDay,
    /// The week in which it came in.
    CreatedWeek,
    /// The month in which it came in.
    CreatedMonth,
    /// The fiscal quarter in which it came in.
    CreatedQuarter,
    /// The fiscal year in which it came in.
    CreatedYear,
}

/// The numbers that leads have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum LeadNumber {
    /// The whole days since it came in.
    AgeDays,
    /// The whole days since the latest completed activity.
    UntouchedDays,
    /// How many people work in its company.
    Employees,
}

impl Cut for LeadGroupBy {
    const TABLE: &'static str = "leads";

    fn group(self, cutting: Cutting<'_>) -> Group {
        match self {
            Self::Owner => cutting.reference(Listed::Users, "owner_id", "ownerId"),
            Self::Team => cutting.team(),
            Self::Source => cutting.reference(Listed::Sources, "source_id", "sourceId"),
            Self::Campaign => cutting.reference(Listed::Campaigns, "campaign_id", "campaignId"),
            Self::Status => cutting.sql("CAST(leads.status AS bigint)", Form::Number, Place::LeadStatus),
            Self::Rating => cutting.text("rating", "rating"),
            Self::Country => cutting.text("country", "country"),
            Self::DisqualificationReason => {
                let (column, field) = ("disqualification_reason_id", "disqualificationReasonId");
                cutting.reference(Listed::DisqualificationReasons, column, field)
            }
            Self::CreatedDay => cutting.created(Unit::Day),
            Self::CreatedWeek => cutting.created(Unit::Week),
            Self::CreatedMonth => cutting.created(Unit::Month),
            Self::CreatedQuarter => cutting.created(Unit::Quarter),
            Self::CreatedYear => cutting.created(Unit::Year),
        }
    }
}

impl Number for LeadNumber {
    fn figure(self, reporting: &Reporting<'_>) -> Figure {
        match self {
            Self::AgeDays => Figure::plain(reporting.days_since("leads.created_at")),
            Self::UntouchedDays => Figure::plain(reporting.days_since("leads.last_activity_at")),
            Self::Employees => Figure::plain("leads.employees"),
        }
    }
}

impl Aggregated for LeadGroupBy {
    type Filter = LeadFilter;
    type Number = LeadNumber;

    fn rows(reporting: &Reporting<'_>, filter: &Self::Filter) -> Result<SelectStatement> {
        Ok(reporting.visible::<lead::Entity>().cond_where(filter.condition()?).take())
    }
}
