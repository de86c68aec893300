//! Intake forms as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{RecordKind, intake_form};

use crate::domains::campaign::types::Campaign;
use crate::domains::history::types::{Change, history};
use crate::domains::user::types::User;
use crate::domains::workspace::types::LeadSource;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::list::page_size;
use crate::graphql::loaders;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::DateTime;

/// A form on a website whose posts become leads.
#[derive(Clone)]
pub struct IntakeForm(pub Arc<intake_form::Model>);

/// A form on a website whose posts become leads.
#[Object]
impl IntakeForm {
    /// The form's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the changes of the form, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The form's name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The key in the address that the form posts to. It is no secret: everybody who sees the page can read it.
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// The path that the form posts to, on this server: `/intake/` and the key.
    async fn path(&self) -> String {
        format!("/intake/{}", self.0.key)
    }

    /// Whether it takes posts in.
    async fn active(&self) -> bool {
        self.0.active
    }

    /// The source that its leads get.
    async fn source(&self, ctx: &Context<'_>) -> Option<Result<Answered<LeadSource>>> {
        loaders::nullable(ctx, self.0.source_id, LeadSource).await
    }

    /// The campaign that its leads get.
    async fn campaign(&self, ctx: &Context<'_>) -> Option<Result<Answered<Campaign>>> {
        loaders::nullable(ctx, self.0.campaign_id, Campaign).await
    }

    /// Who gets its leads, as long as they are active; null: the assignment rules decide.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.0.owner_id, User).await
    }

    /// The websites whose pages may post it; empty: all.
    async fn allowed_origins(&self) -> &[String] {
        &self.0.allowed_origins.0
    }

    /// Where browsers go on to after a post; null: they get a plain page.
    async fn redirect_url(&self) -> Option<&str> {
        self.0.redirect_url.as_deref()
    }

    /// The name of the field that the page hides from people.
    async fn honeypot(&self) -> &str {
        &self.0.honeypot
    }

    /// How many posts one network address may send in a minute.
    async fn most_per_minute(&self) -> i32 {
        self.0.most_per_minute
    }

    /// How many posts the form takes in an hour.
    async fn most_per_hour(&self) -> i32 {
        self.0.most_per_hour
    }

    /// What happened to the form, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::IntakeForm, self.0.id.uuid(), first, after).await
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}
