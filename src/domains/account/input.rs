//! What callers say about accounts, and what they are answered.

use async_graphql::{ID, InputObject, MaybeUndefined, SimpleObject};

use super::types::Account;
use crate::error::UserError;
use crate::graphql::common::{AddressInput, MoneyInput};
use crate::graphql::enums::AccountKind;

/// The fields of an account that a caller sets, the same when it is created and when it is changed.
#[derive(Debug, Clone, Default, InputObject)]
pub struct AccountFields {
    /// What the account does; at most 255 characters.
    pub industry: MaybeUndefined<String>,
    /// How many people work there: 0 to 10 000 000.
    pub employees: MaybeUndefined<i32>,
    /// What it turns over in a year.
    pub annual_revenue: MaybeUndefined<MoneyInput>,
    /// Website, with or without `https://`.
    pub website: MaybeUndefined<String>,
    /// Phone number; kept as typed.
    pub phone: MaybeUndefined<String>,
    /// Postal address.
    pub address: MaybeUndefined<AddressInput>,
    /// Anything else worth knowing; at most 10 000 characters.
    pub description: MaybeUndefined<String>,
    /// The account that this one belongs to. Parents must not close a circle.
    pub parent_id: MaybeUndefined<ID>,
}

/// An account to create. It starts as a PROSPECT.
#[derive(Debug, Clone, Default, InputObject)]
pub struct CreateAccountInput {
    /// The same key and input answer the first result again, for 24 hours.
    pub idempotency_key: Option<String>,
    /// The name; at most 200 characters.
    pub name: String,
    /// BUSINESS when absent. It stays as it is from then on.
    pub kind: Option<AccountKind>,
    /// The account's fields.
    #[graphql(flatten)]
    pub fields: AccountFields,
    /// Who looks after it, an active user; you when absent.
    pub owner_id: Option<ID>,
}

/// What to change on an account: an absent field stays, null clears it.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateAccountInput {
    /// The account.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the account has this version.
    pub expected_version: Option<i32>,
    /// The name; at most 200 characters. It can't be cleared.
    pub name: MaybeUndefined<String>,
    /// The account's fields.
    #[graphql(flatten)]
    pub fields: AccountFields,
    /// Who looks after it, an active user; null for nobody.
    pub owner_id: MaybeUndefined<ID>,
}

/// The account as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct AccountPayload {
    /// The account as it is now; null where the call was refused.
    pub account: Option<Account>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

impl AccountPayload {
    /// The answer to a call about one account.
    pub fn new(row: Option<entity::account::Model>, user_errors: Vec<UserError>) -> Self {
        Self { account: row.map(Into::into), user_errors }
    }
}
