//! Leads as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{RecordKind, lead};

use super::qualification::Qualification;
use super::rules;
use super::store::SignalsOf;
use crate::data::page::PageRequest;
use crate::domains::activity::filter::ActivityFilter;
use crate::domains::activity::types::{Activity, activities};
use crate::domains::campaign::types::Campaign;
use crate::domains::campaign_member::store::MembershipsOf;
use crate::domains::campaign_member::types::CampaignMember;
use crate::domains::conversion::types::{KeptRecords, LeadConversion, conversion, kept_as};
use crate::domains::duplicate::service::DuplicatesOf;
use crate::domains::duplicate::types::DuplicateMatch;
use crate::domains::history::types::{Change, history};
use crate::domains::timeline::types::{TimelineEntry, TimelineKind, timeline};
use crate::domains::user::types::User;
use crate::domains::workspace::types::{DisqualificationReason, LeadSource};
use crate::error::Result;
use crate::graphql::at_once::at_once;
use crate::graphql::common::Address;
use crate::graphql::connection::Connection;
use crate::graphql::context;
use crate::graphql::enums::{BuyingRole, BuyingSignalKind, LeadStatus, Rating};
use crate::graphql::list::{PageArguments, children, page_size};
use crate::graphql::loaders;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::{Date, DateTime};

/// A lead.
#[derive(Clone)]
pub struct Lead(pub Arc<lead::Model>);

impl From<lead::Model> for Lead {
    fn from(row: lead::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// First-hand information about a person or business that might buy one day.
#[Object]
impl Lead {
    /// The lead's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the changes of the lead, from 1: give it as `expectedVersion` to guard a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The person's full name, or the company where there is no person.
    async fn name(&self) -> String {
        rules::name(&self.0)
    }

    /// The person's first name.
    async fn first_name(&self) -> Option<&str> {
        self.0.first_name.as_deref()
    }

    /// The person's last name.
    async fn last_name(&self) -> Option<&str> {
        self.0.last_name.as_deref()
    }

    /// What the person does in the company.
    async fn job_title(&self) -> Option<&str> {
        self.0.job_title.as_deref()
    }

    /// The company's name.
    async fn company(&self) -> Option<&str> {
        self.0.company.as_deref()
    }

    /// How many people work there.
    async fn employees(&self) -> Option<i32> {
        self.0.employees
    }

    /// E-mail address.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// Phone number, as it was typed.
    async fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    /// Website.
    async fn website(&self) -> Option<&str> {
        self.0.website.as_deref()
    }

    /// Postal address.
    async fn address(&self) -> Option<Address> {
        crate::address!(self.0)
    }

    /// Anything else worth knowing.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Where the lead stands.
    async fn status(&self) -> LeadStatus {
        self.0.status.into()
    }

    /// How warm the lead is.
    async fn rating(&self) -> Option<Rating> {
        self.0.rating.map(Into::into)
    }

    /// Where the lead came from.
    async fn source(&self, ctx: &Context<'_>) -> Option<Result<Answered<LeadSource>>> {
        loaders::nullable(ctx, self.0.source_id, LeadSource).await
    }

    /// The campaign that the lead answered.
    async fn campaign(&self, ctx: &Context<'_>) -> Option<Result<Answered<Campaign>>> {
        loaders::nullable(ctx, self.0.campaign_id, Campaign).await
    }

    /// The person's part in the decision to buy.
    async fn buying_role(&self) -> Option<BuyingRole> {
        self.0.buying_role.map(Into::into)
    }

    /// How far the lead has been assessed: need, budget, timeline, authority, and the score with its reasons.
    async fn qualification(&self) -> Qualification {
        Qualification::of_lead(&self.0)
    }

    /// What the lead did that says it is time to convert, newest first.
    async fn buying_signals(&self, ctx: &Context<'_>) -> Result<Vec<BuyingSignal>> {
        let signals = context::loaders(ctx)?.load_one(SignalsOf(self.0.id)).await?.unwrap_or_default();
        Ok(signals.iter().map(BuyingSignal::from).collect())
    }

    /// Why the lead is not pursued; null unless it is CLOSED_NOT_CONVERTED.
    async fn disqualification(&self) -> Option<Disqualification> {
        self.0.disqualification_reason_id.map(|_| Disqualification(self.0.clone()))
    }

    /// What it left behind when it was closed without being pursued; null where it left nothing. A later conversion uses it.
    async fn kept_as(&self, ctx: &Context<'_>) -> Option<Result<KeptRecords>> {
        kept_as(ctx, self.0.id).await.transpose()
    }

    /// What the lead became; null unless it is CLOSED_CONVERTED.
    async fn conversion(&self, ctx: &Context<'_>) -> Option<Result<LeadConversion>> {
        conversion(ctx, self.0.id).await.transpose()
    }

    /// Who works on the lead; null while it lies in the pool.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.0.owner_id, User).await
    }

    /// Other leads, contacts and accounts that look like the same person or company, the most alike first.
    #[graphql(complexity = "page_size(first.or(Some(5)), None) * child_complexity + 1")]
    async fn duplicates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many at most: 1 to 200.", default_with = "Some(5)")] first: Option<i32>,
    ) -> Result<Vec<DuplicateMatch>> {
        let most = usize::try_from(PageRequest::new(first.or(Some(5)), None, None, None, "")?.size).unwrap_or_default();
        let matches = context::loaders(ctx)?.load_one(DuplicatesOf(self.0.id)).await?.unwrap_or_default();
        Ok(matches.into_iter().take(most).map(Into::into).collect())
    }

    /// Calls, e-mails, meetings, tasks and notes about the lead: what is due first, then the newest.
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which activities; all when absent.")] filter: Option<ActivityFilter>,
    ) -> Result<Connection<Activity>> {
        activities(ctx, self.0.id.uuid(), PageArguments { first, after, last, before }, filter).await
    }

    /// The campaigns that the lead is a member of, the newest membership first. One that names a campaign
    /// has answered it: it is a member who responded. They go along when it is converted.
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn campaign_memberships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<CampaignMember>> {
        children(ctx, self.0.id.uuid(), MembershipsOf::Leads, PageArguments { first, after, last, before }, CampaignMember::from)
            .await
    }

    /// The story of the lead, newest first: what was done about it, what happened to it.
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "What it tells of; everything when absent or empty.")] kinds: Option<Vec<TimelineKind>>,
    ) -> Result<Connection<TimelineEntry>> {
        timeline(ctx, self.0.id.uuid(), false, PageArguments { first, after, last, before }, kinds).await
    }

    /// What happened to the lead, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::Lead, self.0.id.uuid(), first, after).await
    }

    /// When the latest completed activity took place.
    async fn last_activity_at(&self) -> Option<DateTime> {
        self.0.last_activity_at.map(DateTime)
    }

    /// The id that the lead has in the system it was imported from.
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref()
    }

    /// When the lead came in.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When the lead was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

at_once!(Lead:
    id version name first_name last_name job_title company employees email phone website address description status rating
    source(source_id) buying_role owner(owner_id) last_activity_at external_id created_at updated_at
);

/// Something that tells a seller that it is time to convert.
#[derive(Debug, Clone, SimpleObject)]
pub struct BuyingSignal {
    /// What they did.
    pub kind: BuyingSignalKind,
    /// The day it was seen.
    pub observed_on: Date,
    /// What was seen.
    pub note: Option<String>,
}

impl From<&entity::buying_signal::Model> for BuyingSignal {
    fn from(row: &entity::buying_signal::Model) -> Self {
        Self { kind: row.kind.into(), observed_on: Date(row.observed_on), note: row.note.clone() }
    }
}

/// Why a lead is not pursued.
pub struct Disqualification(Arc<lead::Model>);

/// Why a lead is not pursued.
#[Object]
impl Disqualification {
    /// The reason, from the workspace's list.
    async fn reason(&self, ctx: &Context<'_>) -> Result<DisqualificationReason> {
        let id = self
            .0
            .disqualification_reason_id
            .ok_or_else(|| crate::error::Error::internal("a disqualification without a reason"))?;
        Ok(DisqualificationReason(loaders::required(ctx, id).await?))
    }

    /// More about it.
    async fn note(&self) -> Option<&str> {
        self.0.disqualification_note.as_deref()
    }

    /// When the lead was closed.
    async fn at(&self) -> DateTime {
        DateTime(self.0.disqualified_at.unwrap_or(self.0.updated_at))
    }

    /// Who closed it.
    async fn by(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.0.disqualified_by, User).await
    }
}
