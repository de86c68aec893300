//! Duplicates as the API shows them.

use async_graphql::{SimpleObject, Union};

use super::service::{Found, Match};
use crate::domains::account::types::Account;
use crate::domains::contact::types::Contact;
use crate::domains::lead::types::Lead;

/// An existing record that looks like the same person or company.
#[derive(Clone, SimpleObject)]
pub struct DuplicateMatch {
    /// The record.
    pub record: DuplicateRecord,
    /// How alike they are, from 0 to 100; from 90 on the match is strong.
    pub score: i32,
    /// Why, the strongest reason first.
    pub reasons: Vec<String>,
}

/// A record that can be a duplicate.
#[derive(Clone, Union)]
pub enum DuplicateRecord {
    /// A lead.
    Lead(Lead),
    /// A contact.
    Contact(Contact),
    /// An account.
    Account(Account),
}

impl From<Match> for DuplicateMatch {
    fn from(found: Match) -> Self {
        let record = match found.record {
            Found::Lead(lead) => DuplicateRecord::Lead(Lead(lead)),
            Found::Contact(contact) => DuplicateRecord::Contact(Contact(contact)),
            Found::Account(account) => DuplicateRecord::Account(Account(account)),
        };
        Self { record, score: found.score, reasons: found.reasons }
    }
}
