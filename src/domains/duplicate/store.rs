//! Finding records that share a trait with others: one statement a table, however many are looked for.

use entity::{account, contact, lead};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect};

use super::rules::Traits;
use crate::auth::Scope;
use crate::error::Result;

/// A safeguard: a trait that thousands share (a switchboard's number) says nothing.
const MOST_CANDIDATES: u64 = 500;

fn any_of<C: ColumnTrait>(columns: &[(C, Vec<&str>)]) -> Option<Condition> {
    let any = columns.iter().filter(|(_, values)| !values.is_empty()).fold(Condition::any(), |any, (column, values)| {
        // Said out loud, although no value is empty: SQLite uses a partial index only where the query repeats its condition.
        any.add(Condition::all().add(column.ne("")).add(column.is_in(values.iter().copied())))
    });
    (!any.is_empty()).then_some(any)
}

fn values<'a>(traits: &'a [Traits], value: impl Fn(&'a Traits) -> &'a str) -> Vec<&'a str> {
    let mut values: Vec<&str> = traits.iter().map(value).filter(|value| !value.is_empty()).collect();
    values.sort_unstable();
    values.dedup();
    values
}

/// Leads that share something with any of these.
pub async fn leads(connection: &impl ConnectionTrait, scope: Scope, traits: &[Traits]) -> Result<Vec<lead::Model>> {
    use lead::Column;
    let Some(any) = any_of(&[
        (Column::EmailKey, values(traits, |one| &one.email)),
        (Column::PhoneMatch, values(traits, |one| &one.phone)),
        (Column::CompanyMatch, values(traits, |one| &one.company)),
        (Column::WebDomain, values(traits, |one| &one.domain)),
    ]) else {
        return Ok(Vec::new());
    };
    let select = scope.find::<lead::Entity>().filter(any).order_by_asc(Column::Id).limit(MOST_CANDIDATES);
    Ok(select.all(connection).await?)
}

/// Contacts that share something with any of these.
pub async fn contacts(connection: &impl ConnectionTrait, scope: Scope, traits: &[Traits]) -> Result<Vec<contact::Model>> {
    use contact::Column;
    let Some(any) =
        any_of(&[(Column::EmailKey, values(traits, |one| &one.email)), (Column::PhoneMatch, values(traits, |one| &one.phone))])
    else {
        return Ok(Vec::new());
    };
    let select = scope.find::<contact::Entity>().filter(any).order_by_asc(Column::Id).limit(MOST_CANDIDATES);
    Ok(select.all(connection).await?)
}

/// Accounts that share something with any of these.
pub async fn accounts(connection: &impl ConnectionTrait, scope: Scope, traits: &[Traits]) -> Result<Vec<account::Model>> {
    use account::Column;
    let Some(any) = any_of(&[
        (Column::CompanyMatch, values(traits, |one| &one.company)),
        (Column::WebDomain, values(traits, |one| &one.domain)),
        (Column::PhoneMatch, values(traits, |one| &one.phone)),
    ]) else {
        return Ok(Vec::new());
    };
    let select = scope.find::<account::Entity>().filter(any).order_by_asc(Column::Id).limit(MOST_CANDIDATES);
    Ok(select.all(connection).await?)
}

/// A lead's traits.
pub fn of_lead(lead: &lead::Model) -> Traits {
    Traits {
        email: lead.email_key.clone(),
        phone: lead.phone_match.clone(),
        company: lead.company_match.clone(),
        domain: lead.web_domain.clone(),
    }
}

/// A contact's traits.
pub fn of_contact(contact: &contact::Model) -> Traits {
    Traits { email: contact.email_key.clone(), phone: contact.phone_match.clone(), ..Traits::default() }
}

/// An account's traits.
pub fn of_account(account: &account::Model) -> Traits {
    Traits {
        phone: account.phone_match.clone(),
        company: account.company_match.clone(),
        domain: account.web_domain.clone(),
        ..Traits::default()
    }
}
