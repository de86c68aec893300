//! Activities as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Union};
use entity::{RecordKind, activity};
use uuid::Uuid;

use super::filter::ActivityFilter;
use super::store::{ActivitiesOf, SubjectsOf};
use crate::domains::account::types::Account;
use crate::domains::contact::types::Contact;
use crate::domains::history::types::{Change, history};
use crate::domains::lead::types::Lead;
use crate::domains::opportunity::types::Opportunity;
use crate::domains::references::by_kind;
use crate::domains::user::types::User;
use crate::error::Result;
use crate::graphql::at_once::at_once;
use crate::graphql::connection::Connection;
use crate::graphql::context;
use crate::graphql::enums::{ActivityKind, Direction};
use crate::graphql::list::{PageArguments, children, page_size};
use crate::graphql::loaders;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::DateTime;
use crate::graphql::selection::Shown;

/// A call, e-mail, meeting, task or note.
#[derive(Clone)]
pub struct Activity(pub Arc<activity::Model>);

impl From<activity::Model> for Activity {
    fn from(row: activity::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A record that an activity is about.
#[derive(Clone, Union)]
pub enum ActivitySubject {
    /// A lead.
    Lead(Lead),
    /// A contact.
    Contact(Contact),
    /// An account.
    Account(Account),
    /// An opportunity.
    Opportunity(Opportunity),
}

/// A call, e-mail, meeting, task or note, about one or more records.
#[Object]
impl Activity {
    /// The activity's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the changes of the activity, from 1: give it as `expectedVersion` to guard a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What kind of activity it is.
    async fn kind(&self) -> ActivityKind {
        self.0.kind.into()
    }

    /// What it is in a few words, for example `Call back about the offer`.
    async fn subject(&self) -> &str {
        &self.0.subject
    }

    /// What was said, agreed or written.
    async fn body(&self) -> Option<&str> {
        self.0.body.as_deref()
    }

    /// Who started it: they (INBOUND) or we (OUTBOUND).
    async fn direction(&self) -> Option<Direction> {
        self.0.direction.map(Into::into)
    }

    /// What came of it, for example `Left a message`.
    async fn outcome(&self) -> Option<&str> {
        self.0.outcome.as_deref()
    }

    /// When it is due, or takes place; null where nothing is to be done at a certain time.
    async fn due_at(&self) -> Option<DateTime> {
        self.0.due_at.map(DateTime)
    }

    /// When it was done; null while it is still to be done.
    async fn completed_at(&self) -> Option<DateTime> {
        self.0.completed_at.map(DateTime)
    }

    /// How long it took, in minutes.
    async fn duration_minutes(&self) -> Option<i32> {
        self.0.duration_minutes
    }

    /// The records that it is about, as far as you may see them.
    async fn about(&self, ctx: &Context<'_>) -> Result<Vec<ActivitySubject>> {
        let subjects = context::loaders(ctx)?.load_one(SubjectsOf(self.0.id)).await?.unwrap_or_default();
        let records = subjects.into_iter().map(|(kind, record)| by_kind(ctx, Shown::Here, kind, record));
        Ok(futures_util::future::try_join_all(records).await?.into_iter().flatten().collect())
    }

    /// Whose activity it is.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.0.owner_id, User).await
    }

    /// What happened to the activity, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::Activity, self.0.id.uuid(), first, after).await
    }

    /// The id that the activity has in the system it was imported from.
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref()
    }

    /// When it was written down.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

at_once!(Activity:
    id version kind subject body direction outcome due_at completed_at duration_minutes owner(owner_id) external_id created_at
    updated_at
);

/// A page of the activities about a record: what is due first, then the newest. The pages of sibling records are read together.
pub async fn activities(
    ctx: &Context<'_>,
    record: Uuid,
    arguments: PageArguments,
    filter: Option<ActivityFilter>,
) -> Result<Connection<Activity>> {
    let list = ActivitiesOf { filter: filter.unwrap_or_default() };
    children(ctx, record, list, arguments, Activity::from).await
}
