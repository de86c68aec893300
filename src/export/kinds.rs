//! Leads, accounts and contacts: what they say about each field of the import.

use entity::{account, contact, lead};

use super::{Exportable, Said};
use crate::address;
use crate::graphql::common::Address;
use crate::import::kinds;

/// Leads.
#[derive(Default)]
pub(super) struct Leads;

impl Exportable for Leads {
    type Import = kinds::Leads;

    fn said(&self, lead: &lead::Model, field: &str) -> Said {
        match field {
            "externalId" => Said::external_id(&lead.external_id, lead.id),
            "firstName" => Said::text(&lead.first_name),
            "lastName" => Said::text(&lead.last_name),
            "jobTitle" => Said::text(&lead.job_title),
            "company" => Said::text(&lead.company),
            "email" => Said::text(&lead.email),
            "phone" => Said::text(&lead.phone),
            "website" => Said::text(&lead.website),
            "description" => Said::text(&lead.description),
            "status" => Said::exact(Some(lead.status.as_str())),
            "rating" => Said::exact(lead.rating.map(entity::Rating::as_str)),
            "source" => Said::record(lead.source_id),
            "campaign" => Said::record(lead.campaign_id),
            "buyingRole" => Said::exact(lead.buying_role.map(entity::BuyingRole::as_str)),
            "owner" => Said::record(lead.owner_id),
            "disqualificationReason" => Said::record(lead.disqualification_reason_id),
            "disqualificationNote" => Said::text(&lead.disqualification_note),
            "createdAt" => Said::moment(Some(lead.created_at)),
            part => part_of(address!(lead), part),
        }
    }
}

/// Accounts.
#[derive(Default)]
pub(super) struct Accounts;

impl Exportable for Accounts {
    type Import = kinds::Accounts;

    fn said(&self, account: &account::Model, field: &str) -> Said {
        match field {
            "externalId" => Said::external_id(&account.external_id, account.id),
            "name" => Said::Text(Some(account.name.clone())),
            "kind" => Said::exact(Some(account.kind.as_str())),
            "lifecycle" => Said::exact(Some(account.lifecycle.as_str())),
            "industry" => Said::text(&account.industry),
            "employees" => Said::exact(account.employees),
            "annualRevenue" => Said::Money(account.annual_revenue, account.annual_revenue_currency.clone()),
            "website" => Said::text(&account.website),
            "phone" => Said::text(&account.phone),
            "description" => Said::text(&account.description),
            "parent" => Said::record(account.parent_id),
            "owner" => Said::record(account.owner_id),
            "createdAt" => Said::moment(Some(account.created_at)),
            part => part_of(address!(account), part),
        }
    }
}

/// Contacts.
#[derive(Default)]
pub(super) struct Contacts;

impl Exportable for Contacts {
    type Import = kinds::Contacts;

    fn said(&self, contact: &contact::Model, field: &str) -> Said {
        match field {
            "externalId" => Said::external_id(&contact.external_id, contact.id),
            "account" => Said::record(contact.account_id),
            "firstName" => Said::text(&contact.first_name),
            "lastName" => Said::text(&contact.last_name),
            "jobTitle" => Said::text(&contact.job_title),
            "email" => Said::text(&contact.email),
            "phone" => Said::text(&contact.phone),
            "description" => Said::text(&contact.description),
            "source" => Said::record(contact.source_id),
            "campaign" => Said::record(contact.campaign_id),
            "owner" => Said::record(contact.owner_id),
            "createdAt" => Said::moment(Some(contact.created_at)),
            part => part_of(address!(contact), part),
        }
    }
}

/// A part of an address.
fn part_of(address: Option<Address>, part: &str) -> Said {
    let Some(address) = address else { return Said::Text(None) };
    Said::Text(match part {
        "street" => address.street,
        "city" => address.city,
        "region" => address.region,
        "postalCode" => address.postal_code,
        "country" => address.country.map(|country| country.0),
        _ => None,
    })
}
