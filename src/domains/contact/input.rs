//! What callers say about contacts, and what they are answered.

use async_graphql::{ID, InputObject, MaybeUndefined, SimpleObject};

use super::types::Contact;
use crate::error::UserError;
use crate::graphql::common::AddressInput;

/// The fields of a contact that a caller sets, the same when it is created and when it is changed.
#[derive(Debug, Clone, Default, InputObject)]
pub struct ContactFields {
    /// The account that the person belongs to. The primary contact of an account's opportunity can't leave that account.
    pub account_id: MaybeUndefined<ID>,
    /// First name; at most 200 characters.
    pub first_name: MaybeUndefined<String>,
    /// What the person does in the account; at most 255 characters.
    pub job_title: MaybeUndefined<String>,
    /// E-mail address.
    pub email: MaybeUndefined<String>,
    /// Phone number; kept as typed.
    pub phone: MaybeUndefined<String>,
    /// Postal address.
    pub address: MaybeUndefined<AddressInput>,
    /// Anything else worth knowing; at most 10 000 characters.
    pub description: MaybeUndefined<String>,
    /// Where the contact came from.
    pub source_id: MaybeUndefined<ID>,
    /// The campaign that the person answered.
    pub campaign_id: MaybeUndefined<ID>,
}

/// A contact to create.
#[derive(Debug, Clone, Default, InputObject)]
pub struct CreateContactInput {
    /// The same key and input answer the first result again, for 24 hours.
    pub idempotency_key: Option<String>,
    /// Last name; at most 200 characters.
    pub last_name: String,
    /// The contact's fields.
    #[graphql(flatten)]
    pub fields: ContactFields,
    /// Who looks after the contact, an active user; you when absent.
    pub owner_id: Option<ID>,
}

/// What to change on a contact: an absent field stays, null clears it.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateContactInput {
    /// The contact.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the contact has this version.
    pub expected_version: Option<i32>,
    /// Last name; at most 200 characters. It can't be cleared.
    pub last_name: MaybeUndefined<String>,
    /// The contact's fields.
    #[graphql(flatten)]
    pub fields: ContactFields,
    /// Who looks after the contact, an active user; null for nobody.
    pub owner_id: MaybeUndefined<ID>,
}

/// The contact as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct ContactPayload {
    /// The contact as it is now; null where the call was refused.
    pub contact: Option<Contact>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

impl ContactPayload {
    /// The answer to a call about one contact.
    pub fn new(row: Option<entity::contact::Model>, user_errors: Vec<UserError>) -> Self {
        Self { contact: row.map(Into::into), user_errors }
    }
}
