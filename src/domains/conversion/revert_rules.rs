//! What stands in the way of undoing a conversion, and how what it filled is emptied again: pure decisions.

use entity::{
    AccountId, ContactId, LeadId, OpportunityId, account, campaign_member, competitor, contact, contact_role, lead_conversion,
    milestone, opportunity,
};
use sea_orm::FromQueryResult;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::store::{Ledger, LedgerEntry, LedgerPart};
use crate::data::record::Record;
use crate::error::{UserError, UserErrorCode};

/// What has become of the records of some conversions since.
#[derive(Debug, Default)]
pub struct Since {
    /// The accounts, as far as they are still there.
    pub accounts: Vec<account::Model>,
    /// The contacts, as far as they are still there.
    pub contacts: Vec<contact::Model>,
    /// The opportunities, as far as they are still there.
    pub opportunities: Vec<opportunity::Model>,
    /// Contacts in the accounts.
    pub contacts_of_accounts: Vec<(AccountId, ContactId)>,
    /// Opportunities of the accounts, in part: what they are, whose they are, and their primary contacts.
    pub opportunities_of_accounts: Vec<SaleOfAccount>,
    /// Accounts below the accounts.
    pub children_of_accounts: Vec<(AccountId, AccountId)>,
    /// Contact roles of the contacts or on the opportunities.
    pub roles: Vec<contact_role::Model>,
    /// Competitors of the opportunities.
    pub competitors: Vec<competitor::Model>,
    /// Milestones that the opportunities have reached.
    pub milestones: Vec<milestone::Model>,
    /// Activities that are about one of the records: the record, the activity, and the lead that it was carried over from.
    pub activities: Vec<(Uuid, Uuid, Option<LeadId>)>,
    /// Campaign memberships of the contacts.
    pub memberships: Vec<campaign_member::Model>,
    /// Conversions that led to one of the records.
    pub conversions: Vec<lead_conversion::Model>,
}

/// An opportunity of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct SaleOfAccount {
    /// Its id.
    pub id: OpportunityId,
    /// Its account.
    pub account_id: AccountId,
    /// Its primary contact.
    pub primary_contact_id: Option<ContactId>,
}

/// Everything that was changed or built upon what the conversion created. Nothing of it: the conversion can be undone.
pub fn blockers(conversion: &lead_conversion::Model, ledger: &Ledger, since: &Since) -> Vec<UserError> {
    let mut blockers = Vec::new();
    if ledger.account.created {
        account_blockers(conversion, since, &mut blockers);
    }
    if ledger.contact.created {
        contact_blockers(conversion, ledger, since, &mut blockers);
    } else if !ledger.account.created {
        moved_contact_blockers(conversion, ledger, since, &mut blockers);
    }
    match (conversion.opportunity_id, &ledger.opportunity, &ledger.part) {
        (Some(id), Some(entry), _) if entry.created => opportunity_blockers(conversion, id, since, &mut blockers),
        (Some(id), Some(entry), Some(part)) => joined_blockers(conversion, id, (entry, part), since, &mut blockers),
        _ => {}
    }
    blockers
}

fn account_blockers(conversion: &lead_conversion::Model, since: &Since, blockers: &mut Vec<UserError>) {
    let id = conversion.account_id;
    let state = since.accounts.iter().find(|account| account.id == id).map(|account| account.version);
    check_unchanged("account", &id.to_string(), state, blockers);
    let of_account = |(account, other): &(AccountId, ContactId)| (*account == id).then_some(*other);
    let contacts = since.contacts_of_accounts.iter().filter_map(of_account).filter(|contact| *contact != conversion.contact_id);
    check_none("account", &id.to_string(), "contacts", contacts.map(|id| id.to_string()).collect(), blockers);
    let opportunities = since.opportunities_of_accounts.iter().filter(|sale| sale.account_id == id).map(|sale| sale.id);
    let opportunities = opportunities.filter(|other| Some(*other) != conversion.opportunity_id);
    check_none("account", &id.to_string(), "opportunities", opportunities.map(|id| id.to_string()).collect(), blockers);
    let children = since.children_of_accounts.iter().filter(|(account, _)| *account == id).map(|(_, child)| child.to_string());
    check_none("account", &id.to_string(), "subsidiary accounts", children.collect(), blockers);
    check_activities("account", id.uuid(), &id.to_string(), since, blockers);
    check_conversions(conversion, "account", &id.to_string(), since, |other| other.account_id == id, blockers);
}

fn contact_blockers(conversion: &lead_conversion::Model, ledger: &Ledger, since: &Since, blockers: &mut Vec<UserError>) {
    let id = conversion.contact_id;
    let state = since.contacts.iter().find(|contact| contact.id == id).map(|contact| contact.version);
    check_unchanged("contact", &id.to_string(), state, blockers);
    let roles = since.roles.iter().filter(|role| role.contact_id == id).map(|role| role.opportunity_id);
    let roles = roles.filter(|opportunity| Some(*opportunity) != conversion.opportunity_id);
    check_none("contact", &id.to_string(), "roles on other opportunities", roles.map(|id| id.to_string()).collect(), blockers);
    check_activities("contact", id.uuid(), &id.to_string(), since, blockers);
    // What was carried over goes again, unless somebody went on with it; what other leads brought goes with them.
    let carried = |member: &campaign_member::Model| ledger.memberships.iter().any(|entry| entry.left(member));
    let of_others = |member: &campaign_member::Model| {
        let led_here = |other: &&lead_conversion::Model| other.contact_id == id && other.lead_id != conversion.lead_id;
        since.conversions.iter().filter(led_here).any(|other| member.carried_from == Some(other.lead_id))
    };
    let own = since.memberships.iter().filter(|member| member.contact_id == Some(id) && !carried(member) && !of_others(member));
    let own = own.map(|member| member.id.to_string()).collect();
    check_none("contact", &id.to_string(), "campaign memberships of its own", own, blockers);
    check_conversions(conversion, "contact", &id.to_string(), since, |other| other.contact_id == id, blockers);
}

fn opportunity_blockers(conversion: &lead_conversion::Model, id: OpportunityId, since: &Since, blockers: &mut Vec<UserError>) {
    let state = since.opportunities.iter().find(|opportunity| opportunity.id == id).map(|opportunity| opportunity.version);
    check_unchanged("opportunity", &id.to_string(), state, blockers);
    let roles = since.roles.iter().filter(|role| role.opportunity_id == id).map(|role| role.contact_id);
    let roles = roles.filter(|contact| *contact != conversion.contact_id);
    check_none("opportunity", &id.to_string(), "further contact roles", roles.map(|id| id.to_string()).collect(), blockers);
    let competitors = since.competitors.iter().filter(|competitor| competitor.opportunity_id == id);
    check_none("opportunity", &id.to_string(), "competitors", competitors.map(|row| row.id.to_string()).collect(), blockers);
    let milestones = since.milestones.iter().filter(|milestone| milestone.opportunity_id == id);
    let milestones = milestones.map(|row| row.kind.as_str().to_owned()).collect();
    check_none("opportunity", &id.to_string(), "reached milestones", milestones, blockers);
    check_activities("opportunity", id.uuid(), &id.to_string(), since, blockers);
    check_conversions(conversion, "opportunity", &id.to_string(), since, |other| other.opportunity_id == Some(id), blockers);
}

/// An existing contact that the conversion put into an existing account may be needed there by now.
fn moved_contact_blockers(conversion: &lead_conversion::Model, ledger: &Ledger, since: &Since, blockers: &mut Vec<UserError>) {
    let id = conversion.contact_id;
    let contact = since.contacts.iter().find(|contact| contact.id == id);
    if !contact.is_some_and(|contact| still_filled(contact, &ledger.contact.filled).contains(&"account")) {
        return;
    }
    let sales = since.opportunities_of_accounts.iter().filter(|sale| sale.account_id == conversion.account_id);
    let needed = sales.filter(|sale| sale.primary_contact_id == Some(id) && Some(sale.id) != conversion.opportunity_id);
    let needed: Vec<String> = needed.map(|sale| sale.id.to_string()).collect();
    if !needed.is_empty() {
        let sentence =
            "The contact that the conversion put into the account is the primary contact of other opportunities by now.";
        blockers.push(blocker(sentence.to_owned(), json!({ "id": id.to_string(), "others": needed })));
    }
}

/// The part that the conversion gave the contact in an opportunity that it joined goes again, unless that part was changed or
/// is needed by now.
fn joined_blockers(
    conversion: &lead_conversion::Model,
    id: OpportunityId,
    (entry, part): (&LedgerEntry, &LedgerPart),
    since: &Since,
    blockers: &mut Vec<UserError>,
) {
    let contact = conversion.contact_id;
    let of_opportunity = || since.roles.iter().filter(|role| role.opportunity_id == id);
    let Some(now) = of_opportunity().find(|role| role.contact_id == contact).filter(|_| part.added) else { return };
    if now.role != part.role {
        let sentence = "The contact's role on the opportunity that the conversion joined was changed since.";
        blockers.push(blocker(sentence.to_owned(), json!({ "id": id.to_string(), "contactId": contact.to_string() })));
    }
    let Some(opportunity) = since.opportunities.iter().find(|opportunity| opportunity.id == id) else { return };
    let goes = still_filled(opportunity, &entry.filled).contains(&"primaryContact");
    let alone = of_opportunity().all(|role| role.contact_id == contact);
    if opportunity.primary_contact_id == Some(contact) && !(goes && alone) {
        let sentence =
            "The contact is the primary contact of the opportunity that the conversion joined: make another one primary first.";
        blockers.push(blocker(sentence.to_owned(), json!({ "id": id.to_string(), "contactId": contact.to_string() })));
    }
    let same = |other: &lead_conversion::Model| other.opportunity_id == Some(id) && other.contact_id == contact;
    check_conversions(conversion, "contact's role", &id.to_string(), since, same, blockers);
}

/// A record that was made has version 1 until somebody changes it.
fn check_unchanged(kind: &str, id: &str, version: Option<i32>, blockers: &mut Vec<UserError>) {
    let sentence = match version {
        Some(1) => return,
        Some(_) => format!("The {kind} that the conversion created was changed since."),
        None => format!("The {kind} that the conversion created was deleted since."),
    };
    blockers.push(blocker(sentence, json!({ "id": id, "version": version })));
}

fn check_none(kind: &str, id: &str, what: &str, mut others: Vec<String>, blockers: &mut Vec<UserError>) {
    others.sort_unstable();
    if !others.is_empty() {
        let sentence = format!("The {kind} that the conversion created has {what} by now.");
        blockers.push(blocker(sentence, json!({ "id": id, "others": others })));
    }
}

fn check_activities(kind: &str, record: Uuid, id: &str, since: &Since, blockers: &mut Vec<UserError>) {
    // What was carried over goes back; only what was logged on the record itself stands in the way.
    let own = since.activities.iter().filter(|(about, _, carried_from)| *about == record && carried_from.is_none());
    let own = own.map(|(_, activity, _)| entity::ActivityId::new(*activity).to_string()).collect();
    check_none(kind, id, "activities of its own", own, blockers);
}

fn check_conversions(
    conversion: &lead_conversion::Model,
    kind: &str,
    id: &str,
    since: &Since,
    led_here: impl Fn(&lead_conversion::Model) -> bool,
    blockers: &mut Vec<UserError>,
) {
    let others = since.conversions.iter().filter(|other| other.lead_id != conversion.lead_id && led_here(other));
    check_none(
        kind,
        id,
        "other leads that were converted into it",
        others.map(|other| other.lead_id.to_string()).collect(),
        blockers,
    );
}

fn blocker(sentence: String, details: Json) -> UserError {
    UserError::new(UserErrorCode::CannotRevert, sentence).with_details(details)
}

/// The fields of an existing record that the conversion filled and that still hold what it filled in.
pub fn still_filled<'a, M: Record>(record: &M, filled: &'a [(String, Json)]) -> Vec<&'a str> {
    let now = record.fields();
    filled
        .iter()
        .filter(|(field, value)| now.iter().any(|(name, current)| name == field && current == value))
        .map(|(field, _)| field.as_str())
        .collect()
}

macro_rules! clear_address {
    ($record:expr) => {{
        $record.street = None;
        $record.city = None;
        $record.region = None;
        $record.postal_code = None;
        $record.country = None;
    }};
}

/// Empties fields of an account that a conversion filled.
pub fn empty_account(account: &mut account::Model, fields: &[&str]) {
    for field in fields {
        match *field {
            "website" => account.website = None,
            "phone" => account.phone = None,
            "address" => clear_address!(account),
            _ => {}
        }
    }
}

/// Empties fields of a contact that a conversion filled.
pub fn empty_contact(contact: &mut contact::Model, fields: &[&str]) {
    for field in fields {
        match *field {
            "firstName" => contact.first_name = None,
            "lastName" => contact.last_name = None,
            "jobTitle" => contact.job_title = None,
            "email" => contact.email = None,
            "phone" => contact.phone = None,
            "description" => contact.description = None,
            "source" => contact.source_id = None,
            "campaign" => contact.campaign_id = None,
            "account" => contact.account_id = None,
            "address" => clear_address!(contact),
            _ => {}
        }
    }
}

/// Empties fields of an opportunity that a conversion filled when it joined it.
pub fn empty_opportunity(opportunity: &mut opportunity::Model, fields: &[&str]) {
    for field in fields {
        match *field {
            "source" => opportunity.source_id = None,
            "campaign" => opportunity.campaign_id = None,
            "lead" => opportunity.lead_id = None,
            "description" => opportunity.description = None,
            "qualification" => opportunity.qualification = None,
            "primaryContact" => opportunity.primary_contact_id = None,
            _ => {}
        }
    }
}
