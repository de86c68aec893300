//! Conversions as the API shows them.

use async_graphql::{Context, Enum, Object, SimpleObject};
use entity::{LeadId, kept_lead, lead_conversion};

use super::revert::BlockersOf;
use super::rules::{Plan, Planned};
use super::service::{Converted, Preview};
use super::store::{ConversionOf, KeptOf};
use crate::data::record::{FieldDifference, Record};
use crate::domains::account::types::Account;
use crate::domains::contact::types::Contact;
use crate::domains::duplicate::service::Match;
use crate::domains::duplicate::types::DuplicateMatch;
use crate::domains::history::types::FieldChange;
use crate::domains::lead::types::Lead;
use crate::domains::opportunity::types::Opportunity;
use crate::domains::user::types::User;
use crate::error::{Result, UserError};
use crate::graphql::node::Node;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::{DateTime, Json};
use crate::graphql::{context, loaders};

/// What a lead became.
pub struct LeadConversion(lead_conversion::Model);

/// What a lead became.
#[Object]
impl LeadConversion {
    /// The company.
    async fn account(&self, ctx: &Context<'_>) -> Result<Answered<Account>> {
        loaders::answered(ctx, self.0.account_id, Account).await
    }

    /// The person.
    async fn contact(&self, ctx: &Context<'_>) -> Result<Answered<Contact>> {
        loaders::answered(ctx, self.0.contact_id, Contact).await
    }

    /// The potential sale; null where none was wanted, or it was deleted since.
    async fn opportunity(&self, ctx: &Context<'_>) -> Option<Result<Answered<Opportunity>>> {
        loaders::nullable(ctx, self.0.opportunity_id, Opportunity).await
    }

    /// When the lead was converted.
    async fn converted_at(&self) -> DateTime {
        DateTime(self.0.converted_at)
    }

    /// Who converted it.
    async fn converted_by(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.0.converted_by, User).await
    }

    /// Whether revertLeadConversion would succeed now, for somebody who may change the lead.
    async fn revertible(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.blockers(ctx).await?.is_empty())
    }

    /// What stands in the way of reverting: what was changed or built upon what the conversion created.
    async fn revert_blockers(&self, ctx: &Context<'_>) -> Result<Vec<UserError>> {
        self.blockers(ctx).await
    }
}

impl LeadConversion {
    async fn blockers(&self, ctx: &Context<'_>) -> Result<Vec<UserError>> {
        Ok(context::loaders(ctx)?.load_one(BlockersOf(self.0.lead_id)).await?.unwrap_or_default())
    }
}

/// What a lead became; null where it wasn't converted.
pub async fn conversion(ctx: &Context<'_>, lead: LeadId) -> Result<Option<LeadConversion>> {
    Ok(context::loaders(ctx)?.load_one(ConversionOf(lead)).await?.map(LeadConversion))
}

/// What a lead left behind.
pub struct KeptRecords(kept_lead::Model);

/// What a lead that was not pursued left behind.
#[Object]
impl KeptRecords {
    /// The company; null where it was deleted since.
    async fn account(&self, ctx: &Context<'_>) -> Option<Result<Answered<Account>>> {
        loaders::nullable(ctx, Some(self.0.account_id), Account).await
    }

    /// The person; null where they were deleted since.
    async fn contact(&self, ctx: &Context<'_>) -> Option<Result<Answered<Contact>>> {
        loaders::nullable(ctx, Some(self.0.contact_id), Contact).await
    }

    /// When the lead was closed.
    async fn kept_at(&self) -> DateTime {
        DateTime(self.0.kept_at)
    }

    /// Who closed it.
    async fn kept_by(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.0.kept_by, User).await
    }
}

/// What a lead left behind; null where it left nothing.
pub async fn kept_as(ctx: &Context<'_>, lead: LeadId) -> Result<Option<KeptRecords>> {
    Ok(context::loaders(ctx)?.load_one(KeptOf(lead)).await?.map(KeptRecords))
}

/// What a conversion does with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ConversionAction {
    /// It makes a new one.
    Create,
    /// It uses an existing one, and fills what is empty on it.
    UseExisting,
    /// It needs none, or can't tell which.
    Skip,
}

/// What would happen to one record.
#[derive(SimpleObject)]
pub struct PlannedRecord {
    /// Whether it would be created, used or left out.
    pub action: ConversionAction,
    /// The existing record that would be used.
    pub existing: Option<Node>,
    /// The fields that would be set or filled, in the schema's names and forms. References to records that don't exist yet are
    /// left out, and what exists and isn't empty stays as it is.
    pub fields: Vec<FieldChange>,
    /// Existing records that look like the one that would be created, the most alike first.
    pub duplicates: Vec<DuplicateMatch>,
}

/// What a conversion would do. It is computed by the same rules as the conversion itself.
#[derive(SimpleObject)]
pub struct LeadConversionPreview {
    /// The company.
    pub account: PlannedRecord,
    /// The person.
    pub contact: PlannedRecord,
    /// The potential sale.
    pub opportunity: PlannedRecord,
    /// How many activities would go along and be visible on the new records, too.
    pub activities_carried_over: i32,
    /// How many campaign memberships would go along to the contact; where it is a member already, the earliest response counts.
    pub campaign_memberships_carried_over: i32,
    /// What would be refused, all at once. Empty: the conversion would succeed.
    pub user_errors: Vec<UserError>,
}

impl From<Preview> for LeadConversionPreview {
    fn from(preview: Preview) -> Self {
        let Preview { plan, similar_accounts, similar_contacts, activities, memberships, problems } = preview;
        let (account, contact, opportunity) = match plan {
            Some(plan) => planned(plan, similar_accounts, similar_contacts),
            None => (skip(), skip(), skip()),
        };
        let activities_carried_over = i32::try_from(activities).unwrap_or(i32::MAX);
        let campaign_memberships_carried_over = i32::try_from(memberships).unwrap_or(i32::MAX);
        Self { account, contact, opportunity, activities_carried_over, campaign_memberships_carried_over, user_errors: problems }
    }
}

fn planned(plan: Plan, accounts: Vec<Match>, contacts: Vec<Match>) -> (PlannedRecord, PlannedRecord, PlannedRecord) {
    let new_ids = plan.new_ids();
    let part = plan.part_change();
    let account = record(plan.account, &new_ids, accounts, |row| Node::Account(row.into()));
    let contact = record(plan.contact, &new_ids, contacts, |row| Node::Contact(row.into()));
    let mut opportunity =
        plan.opportunity.map_or_else(skip, |planned| record(planned, &new_ids, Vec::new(), |row| Node::Opportunity(row.into())));
    opportunity.fields.extend(part.iter().flat_map(|part| part_change(part, &new_ids)));
    (account, contact, opportunity)
}

/// What the history will tell of the person's part in the opportunity, without the contact where that doesn't exist yet.
fn part_change(part: &serde_json::Value, new_ids: &[serde_json::Value]) -> Vec<FieldChange> {
    let value = |value: &serde_json::Value| {
        let mut value = value.clone();
        if let Some(part) = value.as_object_mut() {
            part.retain(|_, said| !new_ids.contains(said));
        }
        (!value.is_null()).then_some(Json(value))
    };
    let changes = part.as_array().into_iter().flatten();
    changes
        .map(|change| FieldChange {
            field: change["field"].as_str().unwrap_or_default().to_owned(),
            before: value(&change["before"]),
            after: value(&change["after"]),
        })
        .collect()
}

fn record<M: Record>(
    planned: Planned<M>,
    new_ids: &[serde_json::Value],
    similar: Vec<Match>,
    node: impl FnOnce(M) -> Node,
) -> PlannedRecord {
    let fields = planned.fields().into_iter().filter(|filled| !new_ids.contains(&filled.after)).map(field_change).collect();
    match planned.before {
        Some(existing) => PlannedRecord {
            action: ConversionAction::UseExisting,
            existing: Some(node(existing)),
            fields,
            duplicates: Vec::new(),
        },
        None => PlannedRecord {
            action: ConversionAction::Create,
            existing: None,
            fields,
            duplicates: similar.into_iter().map(Into::into).collect(),
        },
    }
}

fn skip() -> PlannedRecord {
    PlannedRecord { action: ConversionAction::Skip, existing: None, fields: Vec::new(), duplicates: Vec::new() }
}

fn field_change(difference: FieldDifference) -> FieldChange {
    let value = |value: serde_json::Value| (!value.is_null()).then_some(Json(value));
    FieldChange { field: difference.field.to_owned(), before: value(difference.before), after: value(difference.after) }
}

/// What the lead became, or what stood in the way.
#[derive(Default, SimpleObject)]
pub struct ConvertLeadPayload {
    /// The lead, read-only from now on; null where the call was refused.
    pub lead: Option<Lead>,
    /// The company.
    pub account: Option<Account>,
    /// The person.
    pub contact: Option<Contact>,
    /// The potential sale; null where none was wanted.
    pub opportunity: Option<Opportunity>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

impl ConvertLeadPayload {
    /// The answer to a conversion.
    pub fn new(converted: Option<Converted>, user_errors: Vec<UserError>) -> Self {
        converted.map_or(Self { user_errors, ..Self::default() }, |made| Self {
            lead: Some(made.lead.into()),
            account: Some(made.account.into()),
            contact: Some(made.contact.into()),
            opportunity: made.opportunity.map(Into::into),
            user_errors: Vec::new(),
        })
    }
}

/// What each lead became.
#[derive(SimpleObject)]
pub struct ConvertLeadsPayload {
    /// One result for each lead, in their order. Empty where the call as a whole was refused.
    pub results: Vec<ConvertLeadPayload>,
    /// What stood in the way of the call as a whole: with allOrNothing, everything that was refused; then nothing was changed.
    pub user_errors: Vec<UserError>,
}
