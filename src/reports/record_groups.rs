//! What accounts and contacts can be cut by.

use async_graphql::Enum;

use super::calendar::{Period, Unit};
use super::groups::{Cut, Form, Group, Place, cut};
use super::names::Listed;
use super::subject::Reporting;

/// What accounts can be cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum AccountGroupBy {
    /// Who looks after it.
    Owner,
    /// What kind of trading party it is.
    Kind,
    /// How far the business with it has come.
    Lifecycle,
    /// What it does.
    Industry,
    /// The day on which it was created.
    CreatedDay,
    /// The week in which it was created.
    CreatedWeek,
    /// The month in which it was created.
    CreatedMonth,
    /// The fiscal quarter in which it was created.
    CreatedQuarter,
}

/// What contacts can be cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ContactGroupBy {
    /// Who looks after the contact.
    Owner,
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
}

impl Cut for AccountGroupBy {
    fn group(self, reporting: &Reporting<'_>, period: Option<Period>) -> Group {
        let created = |unit| {
            let day = reporting.local_day("accounts.created_at", period);
            cut(&self, day, Form::Day, Place::Piece(unit, "createdAt", true))
        };
        match self {
            Self::Owner => cut(&self, "accounts.owner_id", Form::Id, Place::Reference(Listed::Users, "ownerId")),
            Self::Kind => cut(&self, "accounts.kind", Form::Word, Place::Word("kind")),
            Self::Lifecycle => cut(&self, "accounts.lifecycle", Form::Word, Place::Word("lifecycle")),
            Self::Industry => cut(&self, "accounts.industry", Form::Word, Place::Text("industry")),
            Self::CreatedDay => created(Unit::Day),
            Self::CreatedWeek => created(Unit::Week),
            Self::CreatedMonth => created(Unit::Month),
            Self::CreatedQuarter => created(Unit::Quarter),
        }
    }
}

impl Cut for ContactGroupBy {
    fn group(self, reporting: &Reporting<'_>, period: Option<Period>) -> Group {
        let reference =
            |listed, column: &str, field| cut(&self, format!("contacts.{column}"), Form::Id, Place::Reference(listed, field));
        let created = |unit| {
            let day = reporting.local_day("contacts.created_at", period);
            cut(&self, day, Form::Day, Place::Piece(unit, "createdAt", true))
        };
        match self {
            Self::Owner => reference(Listed::Users, "owner_id", "ownerId"),
            Self::Account => reference(Listed::Accounts, "account_id", "accountId"),
            Self::Source => reference(Listed::Sources, "source_id", "sourceId"),
            Self::Campaign => reference(Listed::Campaigns, "campaign_id", "campaignId"),
            Self::CreatedDay => created(Unit::Day),
            Self::CreatedWeek => created(Unit::Week),
            Self::CreatedMonth => created(Unit::Month),
            Self::CreatedQuarter => created(Unit::Quarter),
        }
    }
}
