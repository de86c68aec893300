//! What callers say about leads, and what they are answered.

use async_graphql::{ID, InputObject, MaybeUndefined, SimpleObject};

use super::types::Lead;
use crate::domains::conversion::input::KeepLeadInput;
use crate::error::UserError;
use crate::graphql::common::{AddressInput, MoneyInput};
use crate::graphql::enums::{BuyingRole, BuyingSignalKind, CriterionState, LeadStatus, Rating};
use crate::graphql::scalars::Date;

/// The fields of a lead that a caller sets, the same when it is created and when it is changed.
#[derive(Debug, Clone, Default, InputObject)]
pub struct LeadFields {
    /// The person's first name; at most 200 characters.
    pub first_name: MaybeUndefined<String>,
    /// The person's last name; at most 200 characters. A lead has a last name or a company.
    pub last_name: MaybeUndefined<String>,
    /// What the person does there; at most 255 characters.
    pub job_title: MaybeUndefined<String>,
    /// The company's name; at most 200 characters.
    pub company: MaybeUndefined<String>,
    /// E-mail address.
    pub email: MaybeUndefined<String>,
    /// Phone number; kept as typed.
    pub phone: MaybeUndefined<String>,
    /// Website, with or without `https://`.
    pub website: MaybeUndefined<String>,
    /// Postal address.
    pub address: MaybeUndefined<AddressInput>,
    /// Anything else worth knowing; at most 10 000 characters.
    pub description: MaybeUndefined<String>,
    /// How warm the lead is.
    pub rating: MaybeUndefined<Rating>,
    /// Where it came from.
    pub source_id: MaybeUndefined<ID>,
    /// The campaign that it answered.
    pub campaign_id: MaybeUndefined<ID>,
    /// The person's part in the decision to buy.
    pub buying_role: MaybeUndefined<BuyingRole>,
}

/// A lead to create. It starts as OPEN_NOT_CONTACTED.
#[derive(Debug, Clone, Default, InputObject)]
pub struct CreateLeadInput {
    /// The same key and input answer the first result again, for 24 hours.
    pub idempotency_key: Option<String>,
    /// The lead's fields.
    #[graphql(flatten)]
    pub fields: LeadFields,
    /// Who works on it; absent: it lies in the pool.
    pub owner_id: Option<ID>,
    /// False: refuse with DUPLICATE_SUSPECTED where a lead or contact with the same e-mail address exists.
    #[graphql(default_with = "Some(true)")]
    pub allow_duplicates: Option<bool>,
}

/// What to change on a lead: an absent field stays, null clears it.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateLeadInput {
    /// The lead.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the lead has this version.
    pub expected_version: Option<i32>,
    /// The lead's fields.
    #[graphql(flatten)]
    pub fields: LeadFields,
}

/// Who a lead is given to.
#[derive(Debug, Clone, InputObject)]
pub struct AssignLeadInput {
    /// The lead.
    pub id: ID,
    /// The new owner, an active user; null gives it back to the pool. Must be said: REQUIRED when absent.
    pub owner_id: MaybeUndefined<ID>,
    /// Refuse with VERSION_CONFLICT unless the lead has this version.
    pub expected_version: Option<i32>,
}

/// Who a record is given to.
#[derive(Debug, Clone, InputObject)]
pub struct AssignInput {
    /// The record.
    pub id: ID,
    /// The new owner, an active user; null for nobody. Must be said: REQUIRED when absent.
    pub owner_id: MaybeUndefined<ID>,
    /// Refuse with VERSION_CONFLICT unless the record has this version.
    pub expected_version: Option<i32>,
}

/// A lead.
#[derive(Debug, Clone, InputObject)]
pub struct LeadIdInput {
    /// The lead.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the lead has this version.
    pub expected_version: Option<i32>,
}

/// Where a lead is moved.
#[derive(Debug, Clone, InputObject)]
pub struct SetLeadStatusInput {
    /// The lead.
    pub id: ID,
    /// OPEN_NOT_CONTACTED or WORKING_CONTACTED; the others have mutations of their own.
    pub status: LeadStatus,
    /// Refuse with VERSION_CONFLICT unless the lead has this version.
    pub expected_version: Option<i32>,
}

/// What was found out about a criterion.
#[derive(Debug, Clone, InputObject)]
pub struct CriterionInput {
    /// Whether it is met.
    pub state: CriterionState,
    /// What was found out; at most 255 characters.
    pub note: Option<String>,
}

/// What was found out about the four criteria. An absent criterion stays; null makes it UNKNOWN.
#[derive(Debug, Clone, Default, InputObject)]
pub struct AssessmentFields {
    /// They have a requirement for what we sell.
    pub need: MaybeUndefined<CriterionInput>,
    /// They can afford it.
    pub budget: MaybeUndefined<CriterionInput>,
    /// They will buy within a reasonable time.
    pub timeline: MaybeUndefined<CriterionInput>,
    /// They may decide.
    pub authority: MaybeUndefined<CriterionInput>,
    /// What they have to spend.
    pub budget_amount: MaybeUndefined<MoneyInput>,
    /// When they expect to buy.
    pub expected_purchase_date: MaybeUndefined<Date>,
}

/// An assessment of a lead.
#[derive(Debug, Clone, InputObject)]
pub struct AssessLeadInput {
    /// The lead.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the lead has this version.
    pub expected_version: Option<i32>,
    /// What was found out.
    #[graphql(flatten)]
    pub assessment: AssessmentFields,
}

/// A buying signal that was seen.
#[derive(Debug, Clone, InputObject)]
pub struct RecordBuyingSignalInput {
    /// The lead.
    pub id: ID,
    /// What they did.
    pub kind: BuyingSignalKind,
    /// The day it was seen; today when absent. Not in the future.
    pub observed_on: Option<Date>,
    /// What was seen; at most 255 characters.
    pub note: Option<String>,
    /// Refuse with VERSION_CONFLICT unless the lead has this version.
    pub expected_version: Option<i32>,
}

/// A lead to qualify, with what was found out last.
#[derive(Debug, Clone, InputObject)]
pub struct QualifyLeadInput {
    /// The lead.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the lead has this version.
    pub expected_version: Option<i32>,
    /// What was found out.
    #[graphql(flatten)]
    pub assessment: AssessmentFields,
    /// Why the lead is worth pursuing although need, budget or timeline are not met: managers and administrators only. At most 255 characters.
    pub override_reason: Option<String>,
}

/// A lead that will not be pursued.
#[derive(Debug, Clone, InputObject)]
pub struct DisqualifyLeadInput {
    /// The lead.
    pub id: ID,
    /// Why, from the workspace's list.
    pub reason_id: ID,
    /// More about it; at most 10 000 characters.
    pub note: Option<String>,
    /// What it leaves behind: a prospect account and a contact, without an opportunity. Absent: nothing.
    pub keep: Option<KeepLeadInput>,
    /// Refuse with VERSION_CONFLICT unless the lead has this version.
    pub expected_version: Option<i32>,
}

/// A record to delete. It can be restored.
#[derive(Debug, Clone, InputObject)]
pub struct DeleteInput {
    /// The record.
    pub id: ID,
    /// Refuse with VERSION_CONFLICT unless the record has this version.
    pub expected_version: Option<i32>,
}

/// A deleted record to bring back.
#[derive(Debug, Clone, InputObject)]
pub struct RestoreInput {
    /// The record.
    pub id: ID,
}

/// The lead as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct LeadPayload {
    /// The lead as it is now; null where the call was refused.
    pub lead: Option<Lead>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

impl LeadPayload {
    /// The answer to a call about one lead.
    pub fn new(row: Option<entity::lead::Model>, user_errors: Vec<UserError>) -> Self {
        Self { lead: row.map(Into::into), user_errors }
    }
}

/// What was deleted, or what stood in the way.
#[derive(SimpleObject)]
pub struct DeletePayload {
    /// The id of the deleted record; null where the call was refused.
    pub deleted_id: Option<ID>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

impl DeletePayload {
    /// The answer to a deletion.
    pub fn new<E: entity::Identified>(deleted: Option<entity::Id<E>>, user_errors: Vec<UserError>) -> Self {
        Self { deleted_id: deleted.map(|id| id.to_string().into()), user_errors }
    }
}
