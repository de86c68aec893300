//! Looking for duplicates, and refusing them where the caller allows none.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::{LeadId, account, contact, lead};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::rules::{Likeness, STRONG, Traits, compare};
use super::store;
use crate::auth::Scope;
use crate::data::write::Write;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::graphql::loaders::Source;
use crate::values::email::email_key;

/// An existing record that looks like the same person or company.
#[derive(Debug, Clone)]
pub struct Match {
    /// The record.
    pub record: Found,
    /// How alike they are, from 0 to 100.
    pub score: i32,
    /// Why, the strongest first.
    pub reasons: Vec<String>,
}

/// A record of any of the kinds that are compared.
#[derive(Debug, Clone)]
pub enum Found {
    /// A lead.
    Lead(Arc<lead::Model>),
    /// A contact.
    Contact(Arc<contact::Model>),
    /// An account.
    Account(Arc<account::Model>),
}

impl Found {
    /// The record's id as the API writes it.
    pub fn id(&self) -> String {
        match self {
            Self::Lead(lead) => lead.id.to_string(),
            Self::Contact(contact) => contact.id.to_string(),
            Self::Account(account) => account.id.to_string(),
        }
    }

    fn uuid(&self) -> Uuid {
        match self {
            Self::Lead(lead) => lead.id.uuid(),
            Self::Contact(contact) => contact.id.uuid(),
            Self::Account(account) => account.id.uuid(),
        }
    }

    fn traits(&self) -> (Traits, Likeness) {
        match self {
            Self::Lead(lead) => (store::of_lead(lead), Likeness::Person),
            Self::Contact(contact) => (store::of_contact(contact), Likeness::Person),
            Self::Account(account) => (store::of_account(account), Likeness::Company),
        }
    }
}

/// The best of these candidates first; the record itself is none.
pub fn rank(own: Uuid, traits: &Traits, candidates: &[Found]) -> Vec<Match> {
    let mut matches: Vec<Match> = candidates
        .iter()
        .filter(|candidate| candidate.uuid() != own)
        .filter_map(|candidate| {
            let (theirs, likeness) = candidate.traits();
            let (score, reasons) = compare(traits, &theirs, likeness)?;
            Some(Match { record: candidate.clone(), score, reasons })
        })
        .collect();
    matches.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.record.uuid().cmp(&b.record.uuid())));
    matches
}

/// All records that share something with any of these.
pub async fn candidates(connection: &impl ConnectionTrait, scope: Scope, traits: &[Traits]) -> Result<Vec<Found>> {
    let leads = store::leads(connection, scope, traits).await?.into_iter().map(|row| Found::Lead(Arc::new(row)));
    Ok(leads.chain(records(connection, scope, traits).await?).collect())
}

/// The contacts and accounts among them.
pub async fn records(connection: &impl ConnectionTrait, scope: Scope, traits: &[Traits]) -> Result<Vec<Found>> {
    let contacts = store::contacts(connection, scope, traits).await?.into_iter().map(|row| Found::Contact(Arc::new(row)));
    let accounts = store::accounts(connection, scope, traits).await?.into_iter().map(|row| Found::Account(Arc::new(row)));
    Ok(contacts.chain(accounts).collect())
}

/// Refuses to create a person whose e-mail address a lead or a contact has already.
pub async fn refuse_same_person(write: &Write<'_>, email: Option<&str>) -> Result<()> {
    let Some(email) = email else { return Ok(()) };
    let traits = Traits { email: email_key(email), ..Traits::default() };
    let found = candidates(write.connection(), write.scope(), std::slice::from_ref(&traits)).await?;
    refuse_strong(&rank(Uuid::nil(), &traits, &found), "allowDuplicates")
}

/// Refuses where one of the matches is strong, and names those.
pub fn refuse_strong(matches: &[Match], path: &str) -> Result<()> {
    let strong: Vec<_> = matches.iter().filter(|found| found.score >= STRONG).collect();
    if strong.is_empty() {
        return Ok(());
    }
    let named: Vec<_> =
        strong.iter().map(|found| json!({ "id": found.record.id(), "score": found.score, "reasons": found.reasons })).collect();
    let sentence = "A very similar record exists already: use it, or allow duplicates to create another one.";
    Err(Error::refused(
        UserError::at(UserErrorCode::DuplicateSuspected, path, sentence).with_details(json!({ "matches": named })),
    ))
}

/// The duplicates of this lead, the most alike first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DuplicatesOf(pub LeadId);

impl Loader<DuplicatesOf> for Source {
    type Value = Vec<Match>;
    type Error = Error;

    async fn load(&self, keys: &[DuplicatesOf]) -> Result<HashMap<DuplicatesOf, Vec<Match>>> {
        let connection = self.database.read();
        let condition = lead::Column::Id.is_in(keys.iter().map(|key| key.0));
        let leads = self.scope.find::<lead::Entity>().filter(condition).all(connection).await?;
        let traits: Vec<Traits> = leads.iter().map(store::of_lead).collect();
        let found = candidates(connection, self.scope, &traits).await?;
        Ok(leads
            .iter()
            .zip(&traits)
            .map(|(lead, traits)| (DuplicatesOf(lead.id), rank(lead.id.uuid(), traits, &found)))
            .collect())
    }
}
