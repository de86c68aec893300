//! What may happen to a contact: pure decisions.

use async_graphql::MaybeUndefined;
use entity::contact::Model;

use super::input::ContactFields;
use crate::domains::fields::Cleaner;
use crate::domains::lead::rules::full_name;
use crate::values::text::TextLimit;

/// Sets what the caller gave, and notes what is wrong with it. Whether references name something is for the service to check.
pub fn apply(cleaner: &mut Cleaner<'_>, last_name: &MaybeUndefined<String>, fields: &ContactFields, contact: &mut Model) {
    cleaner.id("accountId", &fields.account_id, &mut contact.account_id);
    cleaner.text("firstName", &fields.first_name, TextLimit::Name, &mut contact.first_name);
    set_last_name(cleaner, last_name, contact);
    cleaner.text("jobTitle", &fields.job_title, TextLimit::Short, &mut contact.job_title);
    cleaner.email("email", &fields.email, &mut contact.email);
    cleaner.phone("phone", &fields.phone, &mut contact.phone);
    cleaner.address(&fields.address, crate::address_columns!(contact));
    cleaner.text("description", &fields.description, TextLimit::Long, &mut contact.description);
    cleaner.id("sourceId", &fields.source_id, &mut contact.source_id);
    cleaner.id("campaignId", &fields.campaign_id, &mut contact.campaign_id);
}

/// The last name must be given and can't be cleared. Only a lead without one becomes a contact without one.
fn set_last_name(cleaner: &mut Cleaner<'_>, input: &MaybeUndefined<String>, contact: &mut Model) {
    let mut last_name = contact.last_name.take().unwrap_or_default();
    cleaner.required_text("lastName", input, TextLimit::Name, &mut last_name);
    contact.last_name = Some(last_name).filter(|name| !name.is_empty());
}

/// The person's full name.
pub fn name(contact: &Model) -> String {
    full_name(contact.first_name.as_deref(), contact.last_name.as_deref()).unwrap_or_default()
}
