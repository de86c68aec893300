//! Contacts as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{RecordKind, contact};

use super::lists::OpportunitiesWith;
use super::rules;
use crate::domains::account::types::Account;
use crate::domains::activity::filter::ActivityFilter;
use crate::domains::activity::types::{Activity, activities};
use crate::domains::campaign::types::Campaign;
use crate::domains::campaign_member::store::MembershipsOf;
use crate::domains::campaign_member::types::CampaignMember;
use crate::domains::history::types::{Change, history};
use crate::domains::opportunity::filter::{OpportunityFilter, OpportunityOrder};
use crate::domains::opportunity::types::Opportunity;
use crate::domains::timeline::types::{TimelineEntry, TimelineKind, timeline};
use crate::domains::user::types::User;
use crate::domains::workspace::types::LeadSource;
use crate::error::Result;
use crate::graphql::at_once::at_once;
use crate::graphql::common::Address;
use crate::graphql::connection::Connection;
use crate::graphql::list::{PageArguments, children, page_size};
use crate::graphql::loaders;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::DateTime;

/// A contact.
#[derive(Clone)]
pub struct Contact(pub Arc<contact::Model>);

impl From<contact::Model> for Contact {
    fn from(row: contact::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// One person whom we talk to, normally within one account.
#[Object]
impl Contact {
    /// The contact's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the changes of the contact, from 1: give it as `expectedVersion` to guard a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The person's full name.
    async fn name(&self) -> String {
        rules::name(&self.0)
    }

    /// First name.
    async fn first_name(&self) -> Option<&str> {
        self.0.first_name.as_deref()
    }

    /// Last name.
    async fn last_name(&self) -> Option<&str> {
        self.0.last_name.as_deref()
    }

    /// What the person does in the account.
    async fn job_title(&self) -> Option<&str> {
        self.0.job_title.as_deref()
    }

    /// E-mail address.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// Phone number, as it was typed.
    async fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    /// Postal address.
    async fn address(&self) -> Option<Address> {
        crate::address!(self.0)
    }

    /// Anything else worth knowing.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// The account that the person belongs to.
    async fn account(&self, ctx: &Context<'_>) -> Option<Result<Answered<Account>>> {
        loaders::nullable(ctx, self.0.account_id, Account).await
    }

    /// Who looks after the contact.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.0.owner_id, User).await
    }

    /// Where the contact came from.
    async fn source(&self, ctx: &Context<'_>) -> Option<Result<Answered<LeadSource>>> {
        loaders::nullable(ctx, self.0.source_id, LeadSource).await
    }

    /// The campaign that the person answered.
    async fn campaign(&self, ctx: &Context<'_>) -> Option<Result<Answered<Campaign>>> {
        loaders::nullable(ctx, self.0.campaign_id, Campaign).await
    }

    /// The opportunities in which the contact has a part, the newest first unless ordered otherwise.
    #[allow(clippy::too_many_arguments, reason = "the arguments of a connection are the contract's")]
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn opportunities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which opportunities; all of the contact's when absent.")] filter: Option<OpportunityFilter>,
        #[graphql(desc = "In which order; the id decides between equals.")] order_by: Option<Vec<OpportunityOrder>>,
    ) -> Result<Connection<Opportunity>> {
        let list = OpportunitiesWith { filter: filter.unwrap_or_default(), order_by: order_by.unwrap_or_default() };
        children(ctx, self.0.id.uuid(), list, PageArguments { first, after, last, before }, Opportunity::from).await
    }

    /// Calls, e-mails, meetings, tasks and notes about the contact: what is due first, then the newest.
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which activities; all of the contact's when absent.")] filter: Option<ActivityFilter>,
    ) -> Result<Connection<Activity>> {
        activities(ctx, self.0.id.uuid(), PageArguments { first, after, last, before }, filter).await
    }

    /// The campaigns that the contact is a member of, the newest membership first. One that names a campaign
    /// has answered it: a member who responded.
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn campaign_memberships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<CampaignMember>> {
        children(
            ctx,
            self.0.id.uuid(),
            MembershipsOf::Contacts,
            PageArguments { first, after, last, before },
            CampaignMember::from,
        )
        .await
    }

    /// The story of the contact, newest first: what was done about it, what happened to it, and what happened to the leads that became it.
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

    /// What happened to the contact, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::Contact, self.0.id.uuid(), first, after).await
    }

    /// The id that the contact has in the system it was imported from.
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref()
    }

    /// When the contact was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When the contact was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

at_once!(Contact:
    id version name first_name last_name job_title email phone address description account owner(owner_id) source(source_id)
    external_id created_at updated_at
);
