//! The workspace's settings as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{RecordKind, workspace};

use crate::domains::history::types::{Change, history};
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::list::page_size;
use crate::graphql::scalars::{CountryCode, CurrencyCode, DateTime};

/// The workspace.
#[derive(Clone)]
pub struct Workspace(pub Arc<workspace::Model>);

/// The workspace and its settings. There is exactly one.
#[Object]
impl Workspace {
    /// The workspace's id.
    pub async fn id(&self) -> ID {
        self.0.record_id().to_string().into()
    }

    /// Counts the changes of the settings, from 1: give it as `expectedVersion` to guard a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The currency of amounts that are given without one, and the one that reports convert to.
    async fn base_currency(&self) -> CurrencyCode {
        CurrencyCode(self.0.base_currency.clone())
    }

    /// The time zone whose days, weeks, months and quarters count, by its IANA name, for example `Europe/Oslo`.
    async fn time_zone(&self) -> &str {
        &self.0.time_zone
    }

    /// The month in which the fiscal year starts, from 1 (January) to 12.
    async fn fiscal_year_start_month(&self) -> i32 {
        self.0.fiscal_year_start_month
    }

    /// Whether a lead must be QUALIFIED before it can be converted.
    async fn conversion_requires_qualified(&self) -> bool {
        self.0.conversion_requires_qualified
    }

    /// The country that forms offer first; null where there is none.
    async fn default_country(&self) -> Option<CountryCode> {
        self.0.default_country.clone().map(CountryCode)
    }

    /// After how many days without any work an owned lead goes back to the pool; null where leads never do.
    async fn leads_return_to_pool_after_days(&self) -> Option<i32> {
        self.0.leads_return_to_pool_after_days
    }

    /// The language and region in which documents for customers write amounts and dates: a BCP 47 tag such as `en`, `nb-NO` or `hi`.
    async fn locale(&self) -> &str {
        &self.0.locale
    }

    /// What happened to the settings, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::Workspace, self.0.record_id().uuid(), first, after).await
    }

    /// When the workspace was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When the settings were last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}
