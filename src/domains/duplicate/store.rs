//! Finding records that share a trait with others: one statement a table, however many are looked for.

use entity::{account, contact, lead};
use sea_orm::sea_query::{Expr, ExprTrait, Query, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::rules::Traits;
use crate::auth::Scope;
use crate::auth::scope::Visible;
use crate::error::Result;

/// A safeguard: a trait that thousands share (a switchboard's number) says nothing.
const MOST_CANDIDATES: u64 = 500;

/// The records that share one of these traits. Each trait is looked up in its own index: a condition with several would make
/// databases read the whole table in the order of the ids.
async fn sharing<E: Visible>(
    connection: &impl ConnectionTrait,
    scope: Scope,
    traits: &[(E::Column, Vec<&str>)],
) -> Result<Vec<E::Model>> {
    let with = |(column, values): &(E::Column, Vec<&str>)| {
        // Said out loud, although no value is empty, and not as a bound value: SQLite uses a partial index only where the query's text
        // repeats its condition.
        let has_value = Expr::col(column.as_column_ref()).ne(Expr::cust("''"));
        let ids = scope.find::<E>().filter(has_value).filter(column.is_in(values.iter().copied()));
        let ids = ids.select_only().column(E::ID).order_by_asc(E::ID).limit(MOST_CANDIDATES).into_query();
        Query::select().column(E::ID).from_subquery(ids, "sharing").take()
    };
    let mut ids = traits.iter().filter(|(_, values)| !values.is_empty()).map(with);
    let Some(mut first) = ids.next() else { return Ok(Vec::new()) };
    first.unions(ids.map(|others| (UnionType::Distinct, others)));
    let select = scope.find::<E>().filter(E::ID.in_subquery(first));
    Ok(select.order_by_asc(E::ID).limit(MOST_CANDIDATES).all(connection).await?)
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
    let traits = [
        (Column::EmailKey, values(traits, |one| &one.email)),
        (Column::PhoneMatch, values(traits, |one| &one.phone)),
        (Column::CompanyMatch, values(traits, |one| &one.company)),
        (Column::WebDomain, values(traits, |one| &one.domain)),
    ];
    sharing::<lead::Entity>(connection, scope, &traits).await
}

/// Contacts that share something with any of these.
pub async fn contacts(connection: &impl ConnectionTrait, scope: Scope, traits: &[Traits]) -> Result<Vec<contact::Model>> {
    use contact::Column;
    let traits = [(Column::EmailKey, values(traits, |one| &one.email)), (Column::PhoneMatch, values(traits, |one| &one.phone))];
    sharing::<contact::Entity>(connection, scope, &traits).await
}

/// Accounts that share something with any of these.
pub async fn accounts(connection: &impl ConnectionTrait, scope: Scope, traits: &[Traits]) -> Result<Vec<account::Model>> {
    use account::Column;
    let traits = [
        (Column::CompanyMatch, values(traits, |one| &one.company)),
        (Column::WebDomain, values(traits, |one| &one.domain)),
        (Column::PhoneMatch, values(traits, |one| &one.phone)),
    ];
    sharing::<account::Entity>(connection, scope, &traits).await
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
