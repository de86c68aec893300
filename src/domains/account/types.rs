//! Accounts as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{RecordKind, account};

use super::lists::{ChildrenOf, ContactsOf, OpportunitiesOf};
use crate::domains::activity::filter::ActivityFilter;
use crate::domains::activity::types::{Activity, activities};
use crate::domains::contact::filter::{ContactFilter, ContactOrder};
use crate::domains::contact::types::Contact;
use crate::domains::history::types::{Change, history};
use crate::domains::opportunity::filter::{OpportunityFilter, OpportunityOrder};
use crate::domains::opportunity::types::Opportunity;
use crate::domains::order::filter::{OrderFilter, OrderOrder};
use crate::domains::order::lists::OrdersOf;
use crate::domains::order::types::Order;
use crate::domains::timeline::types::{TimelineEntry, TimelineKind, timeline};
use crate::domains::user::types::User;
use crate::error::Result;
use crate::graphql::at_once::at_once;
use crate::graphql::common::{Address, Money};
use crate::graphql::connection::Connection;
use crate::graphql::enums::{AccountKind, AccountLifecycle};
use crate::graphql::list::{PageArguments, children, page_size};
use crate::graphql::loaders;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::DateTime;

/// An account.
#[derive(Clone)]
pub struct Account(pub Arc<account::Model>);

impl From<account::Model> for Account {
    fn from(row: account::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// The company, organisation or person that we do business with.
#[Object]
impl Account {
    /// The account's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the changes of the account, from 1: give it as `expectedVersion` to guard a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The account's name; of a person, the full name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What kind of trading party it is.
    async fn kind(&self) -> AccountKind {
        self.0.kind.into()
    }

    /// How far the business with it has come. The first won opportunity makes it a CUSTOMER.
    async fn lifecycle(&self) -> AccountLifecycle {
        self.0.lifecycle.into()
    }

    /// What the account does.
    async fn industry(&self) -> Option<&str> {
        self.0.industry.as_deref()
    }

    /// How many people work there.
    async fn employees(&self) -> Option<i32> {
        self.0.employees
    }

    /// What it turns over in a year.
    async fn annual_revenue(&self) -> Option<Money> {
        Money::of(self.0.annual_revenue, self.0.annual_revenue_currency.as_deref())
    }

    /// Website.
    async fn website(&self) -> Option<&str> {
        self.0.website.as_deref()
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

    /// The account that this one belongs to.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Answered<Account>>> {
        loaders::nullable(ctx, self.0.parent_id, Account).await
    }

    /// The accounts that belong to this one, newest first.
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Account>> {
        children(ctx, self.0.id.uuid(), ChildrenOf, PageArguments { first, after, last, before }, Account::from).await
    }

    /// Who looks after the account.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.0.owner_id, User).await
    }

    /// The persons whom we talk to there, the newest first unless ordered otherwise.
    #[allow(clippy::too_many_arguments, reason = "the arguments of a connection are the contract's")]
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which contacts; all of the account's when absent.")] filter: Option<ContactFilter>,
        #[graphql(desc = "In which order; the id decides between equals.")] order_by: Option<Vec<ContactOrder>>,
    ) -> Result<Connection<Contact>> {
        let list = ContactsOf { filter: filter.unwrap_or_default(), order_by: order_by.unwrap_or_default() };
        children(ctx, self.0.id.uuid(), list, PageArguments { first, after, last, before }, Contact::from).await
    }

    /// The sales to the account, open and closed, the newest first unless ordered otherwise.
    #[allow(clippy::too_many_arguments, reason = "the arguments of a connection are the contract's")]
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn opportunities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which opportunities; all of the account's when absent.")] filter: Option<OpportunityFilter>,
        #[graphql(desc = "In which order; the id decides between equals.")] order_by: Option<Vec<OpportunityOrder>>,
    ) -> Result<Connection<Opportunity>> {
        let list = OpportunitiesOf { filter: filter.unwrap_or_default(), order_by: order_by.unwrap_or_default() };
        children(ctx, self.0.id.uuid(), list, PageArguments { first, after, last, before }, Opportunity::from).await
    }

    /// What was sold to the account, the newest first unless ordered otherwise.
    #[allow(clippy::too_many_arguments, reason = "the arguments of a connection are the contract's")]
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which orders; all of the account's when absent.")] filter: Option<OrderFilter>,
        #[graphql(desc = "In which order; the id decides between equals.")] order_by: Option<Vec<OrderOrder>>,
    ) -> Result<Connection<Order>> {
        let list = OrdersOf { filter: filter.unwrap_or_default(), order_by: order_by.unwrap_or_default() };
        children(ctx, self.0.id.uuid(), list, PageArguments { first, after, last, before }, Order::from).await
    }

    /// Calls, e-mails, meetings, tasks and notes about the account: what is due first, then the newest.
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which activities; all of the account's when absent.")] filter: Option<ActivityFilter>,
    ) -> Result<Connection<Activity>> {
        activities(ctx, self.0.id.uuid(), PageArguments { first, after, last, before }, filter).await
    }

    /// The story of the account, newest first: what was done about it, what happened to it, and what happened to the leads that became it;
    /// with that of its contacts and opportunities unless told otherwise. What is about several of them stands in it once.
    #[allow(clippy::too_many_arguments, reason = "the arguments of a connection are the contract's")]
    #[graphql(complexity = "page_size(first, last) * child_complexity + 1")]
    async fn timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end: 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "What it tells of; everything when absent or empty.")] kinds: Option<Vec<TimelineKind>>,
        #[graphql(desc = "Whether it tells of the account's contacts and opportunities, too.", default = true)]
        include_related: bool,
    ) -> Result<Connection<TimelineEntry>> {
        timeline(ctx, self.0.id.uuid(), include_related, PageArguments { first, after, last, before }, kinds).await
    }

    /// What happened to the account, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::Account, self.0.id.uuid(), first, after).await
    }

    /// The id that the account has in the system it was imported from.
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref()
    }

    /// When the account was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When the account was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

at_once!(Account:
    id version name kind lifecycle industry employees annual_revenue website phone address description parent owner(owner_id)
    external_id created_at updated_at
);
