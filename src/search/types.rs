//! Search results as the API shows them.

use async_graphql::{Enum, SimpleObject, Union};
use entity::RecordKind;

use crate::domains::account::types::Account;
use crate::domains::contact::types::Contact;
use crate::domains::lead::types::Lead;
use crate::domains::opportunity::types::Opportunity;
use crate::graphql::connection::PageInfo;

/// The kinds of record that are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum SearchType {
    /// Leads: by names, company, e-mail address and phone number.
    Lead,
    /// Contacts: by names, e-mail address and phone number.
    Contact,
    /// Accounts: by name, website and phone number.
    Account,
    /// Opportunities: by name.
    Opportunity,
}

impl From<SearchType> for RecordKind {
    fn from(kind: SearchType) -> Self {
        match kind {
            SearchType::Lead => Self::Lead,
            SearchType::Contact => Self::Contact,
            SearchType::Account => Self::Account,
            SearchType::Opportunity => Self::Opportunity,
        }
    }
}

/// A record that was found.
#[derive(Clone, Union)]
pub enum SearchResult {
    /// A lead.
    Lead(Lead),
    /// A contact.
    Contact(Contact),
    /// An account.
    Account(Account),
    /// An opportunity.
    Opportunity(Opportunity),
}

/// A page of what was found.
#[derive(SimpleObject)]
pub struct SearchConnection {
    /// The page's records with their cursors.
    pub edges: Vec<SearchEdge>,
    /// The page's records without their cursors.
    pub nodes: Vec<SearchResult>,
    /// Where the page lies among all that was found, and where to go on from it.
    pub page_info: PageInfo,
}

/// A record that was found.
#[derive(Clone, SimpleObject)]
pub struct SearchEdge {
    /// The record's place: give it as `after`, with the same query.
    pub cursor: String,
    /// The record itself.
    pub node: SearchResult,
}
