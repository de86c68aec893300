//! What callers say about intake forms, and what they are answered.

use async_graphql::{ID, InputObject, MaybeUndefined, SimpleObject};

use super::types::IntakeForm;
use crate::error::UserError;

/// The fields of an intake form that a caller sets, the same when it is created and when it is changed.
#[derive(Debug, Clone, Default, InputObject)]
pub struct IntakeFormFields {
    /// The source that its leads get.
    pub source_id: MaybeUndefined<ID>,
    /// The campaign that its leads get.
    pub campaign_id: MaybeUndefined<ID>,
    /// Who gets its leads: an active user. Null: the assignment rules decide; where there are none, the leads lie in the pool.
    pub owner_id: MaybeUndefined<ID>,
    /// The websites whose pages may post it, as `https://www.example.com`; at most 50. Null or none: all.
    pub allowed_origins: MaybeUndefined<Vec<String>>,
    /// Where browsers go on to after a post, as `https://www.example.com/thanks`. Null: they get a plain page.
    pub redirect_url: MaybeUndefined<String>,
    /// The name of a field that the page hides from people: a post where it is filled comes from a machine, and makes no lead. Null:
    /// `contact_me_by_fax`.
    pub honeypot: MaybeUndefined<String>,
    /// How many posts one network address may send in a minute: 1 to 1 000. Null: 10.
    pub most_per_minute: MaybeUndefined<i32>,
    /// How many posts the form takes in an hour: 1 to 100 000. Null: 200.
    pub most_per_hour: MaybeUndefined<i32>,
}

/// An intake form to create, active.
#[derive(Debug, Clone, InputObject)]
pub struct CreateIntakeFormInput {
    /// The same key and input answer the first result again, for 24 hours.
    pub idempotency_key: Option<String>,
    /// The form's name; at most 200 characters.
    pub name: String,
    /// The form's other fields.
    #[graphql(flatten)]
    pub fields: IntakeFormFields,
}

/// What to change on an intake form: an absent field stays, null clears it.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateIntakeFormInput {
    /// The form.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the form has this version.
    pub expected_version: Option<i32>,
    /// The form's name; at most 200 characters. It can't be cleared.
    pub name: MaybeUndefined<String>,
    /// Whether it takes posts in. It can't be cleared.
    pub active: MaybeUndefined<bool>,
    /// The form's other fields.
    #[graphql(flatten)]
    pub fields: IntakeFormFields,
}

/// An intake form.
#[derive(Debug, Clone, InputObject)]
pub struct IntakeFormIdInput {
    /// The form.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the form has this version.
    pub expected_version: Option<i32>,
}

/// The intake form as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct IntakeFormPayload {
    /// The intake form as it is now; null where the call was refused.
    pub intake_form: Option<IntakeForm>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}
