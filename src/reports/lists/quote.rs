//! Quotes in all their versions.

use async_graphql::Enum;
use entity::quote;
use sea_orm::sea_query::SelectStatement;

use crate::domains::quote::filter::{AsOf, QuoteFilter};
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::reports::aggregates::Aggregated;
use crate::reports::aggregates::numbers::{Figure, Number};
use crate::reports::calendar::Unit;
use crate::reports::cutting::{Cutting, Through};
use crate::reports::groups::{Cut, Form, Group, Place};
use crate::reports::names::Listed;
use crate::reports::subject::Reporting;

/// What quotes can be cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum QuoteGroupBy {
    /// How far it has come, as of today.
    Status,
    /// The opportunity that it is for.
    Opportunity,
    /// To whom its opportunity is to sell.
    Account,
    /// Who sells: the owner of its opportunity.
    Owner,
    /// That owner's team.
    Team,
    /// Where its opportunity came from.
    Source,
    /// The campaign that its opportunity came from.
    Campaign,
    /// The currency of its total.
    Currency,
    /// The day on which it can be accepted for the last time.
    ExpiresDay,
    /// The week in which it can be accepted for the last time.
    ExpiresWeek,
    /// The month in which it can be accepted for the last time.
    ExpiresMonth,
    /// The fiscal quarter in which it can be accepted for the last time.
    ExpiresQuarter,
    /// The fiscal year in which it can be accepted for the last time.
    ExpiresYear,
    /// The day on which it was sent.
    SentDay,
    /// The week in which it was sent.
    SentWeek,
    /// The month in which it was sent.
    SentMonth,
    /// The fiscal quarter in which it was sent.
    SentQuarter,
    /// The fiscal year in which it was sent.
    SentYear,
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

/// The numbers that quotes have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum QuoteNumber {
    /// The sum of its lines, in the base currency at today's rate.
    Total,
    /// Which version of the quote it is, from 1.
    Revision,
}

const OPPORTUNITY: Through = Through { field: "opportunity", table: "opportunities", column: "quotes.opportunity_id" };

impl Cut for QuoteGroupBy {
    const TABLE: &'static str = "quotes";

    fn group(self, cutting: Cutting<'_>) -> Group {
        match self {
            Self::Status => cutting.clone().sql(status(cutting.reporting), Form::Word, Place::Text("status")),
            Self::Opportunity => cutting.reference(Listed::Opportunities, "opportunity_id", "opportunityId"),
            Self::Account => cutting.through(OPPORTUNITY).reference(Listed::Accounts, "account_id", "accountId"),
            Self::Owner => cutting.through(OPPORTUNITY).reference(Listed::Users, "owner_id", "ownerId"),
            Self::Team => cutting.through(OPPORTUNITY).team(),
            Self::Source => cutting.through(OPPORTUNITY).reference(Listed::Sources, "source_id", "sourceId"),
            Self::Campaign => cutting.through(OPPORTUNITY).reference(Listed::Campaigns, "campaign_id", "campaignId"),
            Self::Currency => cutting.text("currency", "currency"),
            Self::ExpiresDay => cutting.day(Unit::Day, "expires_on", "expiresOn"),
            Self::ExpiresWeek => cutting.day(Unit::Week, "expires_on", "expiresOn"),
            Self::ExpiresMonth => cutting.day(Unit::Month, "expires_on", "expiresOn"),
            Self::ExpiresQuarter => cutting.day(Unit::Quarter, "expires_on", "expiresOn"),
            Self::ExpiresYear => cutting.day(Unit::Year, "expires_on", "expiresOn"),
            Self::SentDay => cutting.moment(Unit::Day, "sent_at", "sentAt"),
            Self::SentWeek => cutting.moment(Unit::Week, "sent_at", "sentAt"),
            Self::SentMonth => cutting.moment(Unit::Month, "sent_at", "sentAt"),
            Self::SentQuarter => cutting.moment(Unit::Quarter, "sent_at", "sentAt"),
            Self::SentYear => cutting.moment(Unit::Year, "sent_at", "sentAt"),
            Self::CreatedDay => cutting.created(Unit::Day),
            Self::CreatedWeek => cutting.created(Unit::Week),
            Self::CreatedMonth => cutting.created(Unit::Month),
            Self::CreatedQuarter => cutting.created(Unit::Quarter),
            Self::CreatedYear => cutting.created(Unit::Year),
        }
    }
}

/// The same as the quote's rules say of a row.
fn status(reporting: &Reporting<'_>) -> String {
    let today = reporting.calendar.today;
    format!("CASE WHEN quotes.status = 'SENT' AND quotes.expires_on < '{today}' THEN 'EXPIRED' ELSE quotes.status END")
}

impl Number for QuoteNumber {
    fn figure(self, reporting: &Reporting<'_>) -> Figure {
        match self {
            Self::Total => Figure::money("quotes.total", ("quotes.currency", reporting.no_day())),
            Self::Revision => Figure::plain("quotes.revision"),
        }
    }
}

impl Aggregated for QuoteGroupBy {
    type Filter = QuoteFilter;
    type Number = QuoteNumber;

    fn rows(reporting: &Reporting<'_>, filter: &Self::Filter) -> Result<SelectStatement> {
        let filter = AsOf { filter: filter.clone(), today: reporting.calendar.today };
        Ok(reporting.visible::<quote::Entity>().cond_where(filter.condition()?).take())
    }
}
