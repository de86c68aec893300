//! What callers say about conversions.

use async_graphql::{ID, InputObject};

use crate::graphql::common::MoneyInput;
use crate::graphql::scalars::Date;

/// How to convert a lead.
#[derive(Debug, Clone, InputObject)]
pub struct ConvertLeadInput {
    /// The lead.
    pub lead_id: ID,
    /// Refuse with VERSION_CONFLICT unless the lead has this version.
    pub expected_version: Option<i32>,
    /// The same key and input answer the first result again, for 24 hours.
    pub idempotency_key: Option<String>,
    /// Use this account instead of creating one. Only its empty fields are filled from the lead.
    pub account_id: Option<ID>,
    /// Use this contact instead of creating one. Only its empty fields are filled. It must not belong to another account than
    /// the chosen one; where no account is chosen, its own is used.
    pub contact_id: Option<ID>,
    /// The name of a new account; the lead's company when absent, and without that the person's name (a person account).
    pub account_name: Option<String>,
    /// The opportunity; absent: one is created with defaults.
    pub opportunity: Option<ConvertOpportunityInput>,
    /// True: no opportunity. Some leads join the network and are not to be sold to.
    #[graphql(default_with = "Some(false)")]
    pub without_opportunity: Option<bool>,
    /// Who owns the new records: an active user. Absent: the lead's owner, or you where the lead lies in the pool.
    pub owner_id: Option<ID>,
    /// The account and contact that disqualifying the lead left behind are used where nothing else is named. False: they are left
    /// aside, as where an accountName asks for a new account.
    #[graphql(default_with = "Some(true)")]
    pub use_kept: Option<bool>,
    /// False: refuse with DUPLICATE_SUSPECTED where a new record would strongly match an existing one.
    #[graphql(default_with = "Some(true)")]
    pub allow_duplicates: Option<bool>,
}

/// The opportunity that a lead becomes.
#[derive(Debug, Clone, Default, InputObject)]
pub struct ConvertOpportunityInput {
    /// Join this open opportunity of the account instead of creating one; nothing else can be given then.
    pub id: Option<ID>,
    /// Its name; absent: "<account> - <month year>" of the close date.
    pub name: Option<String>,
    /// What it is worth.
    pub amount: Option<MoneyInput>,
    /// When it is expected to close; absent: the last day of the current fiscal quarter, or of the next where that is less
    /// than 30 days ahead.
    pub close_date: Option<Date>,
    /// The open stage that it starts in; absent: the first open stage of the pipeline.
    pub stage_id: Option<ID>,
    /// Its pipeline; absent: the default pipeline.
    pub pipeline_id: Option<ID>,
}

/// Leads to convert in one call.
#[derive(Debug, Clone, InputObject)]
pub struct ConvertLeadsInput {
    /// How to convert each: 1 to 100.
    pub items: Vec<ConvertLeadInput>,
    /// True: where one is refused, none is converted. False: each stands for itself.
    #[graphql(default_with = "Some(false)")]
    pub all_or_nothing: Option<bool>,
}

/// What a lead that will not be pursued leaves behind: a prospect. The words are those of a conversion.
#[derive(Debug, Clone, Default, InputObject)]
pub struct KeepLeadInput {
    /// Use this account instead of creating one. Only its empty fields are filled from the lead.
    pub account_id: Option<ID>,
    /// Use this contact instead of creating one. Only its empty fields are filled. It must not belong to another account than the
    /// chosen one; where no account is chosen, its own is used.
    pub contact_id: Option<ID>,
    /// The name of a new account; the lead's company when absent, and without that the person's name (a person account).
    pub account_name: Option<String>,
    /// Who owns the new records: an active user. Absent: the lead's owner, or you where the lead lies in the pool.
    pub owner_id: Option<ID>,
    /// False: refuse with DUPLICATE_SUSPECTED where a new record would strongly match an existing one.
    #[graphql(default_with = "Some(true)")]
    pub allow_duplicates: Option<bool>,
}

impl KeepLeadInput {
    /// The same as a conversion that makes no opportunity.
    pub fn as_conversion(self, lead: entity::LeadId) -> ConvertLeadInput {
        ConvertLeadInput {
            lead_id: lead.to_string().into(),
            expected_version: None,
            idempotency_key: None,
            account_id: self.account_id,
            contact_id: self.contact_id,
            account_name: self.account_name,
            opportunity: None,
            without_opportunity: Some(true),
            owner_id: self.owner_id,
            use_kept: Some(true),
            allow_duplicates: self.allow_duplicates,
        }
    }
}
