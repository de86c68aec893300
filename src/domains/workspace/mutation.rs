//! Changing the workspace's lists, for managers and administrators, and its settings, for administrators.

use std::sync::Arc;

use async_graphql::{Context, Object};
use entity::{close_reason, disqualification_reason, lead_source};
use futures_util::FutureExt;

use super::input::{
    CloseReasonPayload, CloseReasonsPayload, CreateCloseReasonInput, CreateDisqualificationReasonInput, CreateLeadSourceInput,
    DeleteEntryInput, DisqualificationReasonPayload, DisqualificationReasonsPayload, LeadSourcePayload, LeadSourcesPayload,
    ReorderCloseReasonsInput, ReorderInput, UpdateCloseReasonInput, UpdateDisqualificationReasonInput, UpdateLeadSourceInput,
};
use super::settings::input::{UpdateWorkspaceInput, WorkspacePayload};
use super::settings::types::Workspace;
use super::types::{CloseReason, DisqualificationReason, LeadSource};
use super::{service, settings};
use crate::domains::lead::input::DeletePayload;
use crate::error::Result;
use crate::graphql::context::{app, in_transaction, payload};
use crate::graphql::ids;

/// Changing the workspace's lists.
#[derive(Default)]
pub struct WorkspaceMutation;

fn lead_source(answer: Result<lead_source::Model>) -> Result<LeadSourcePayload> {
    payload(answer, |row, user_errors| LeadSourcePayload { lead_source: row.map(|row| LeadSource(Arc::new(row))), user_errors })
}

fn disqualification_reason(answer: Result<disqualification_reason::Model>) -> Result<DisqualificationReasonPayload> {
    payload(answer, |row, user_errors| DisqualificationReasonPayload {
        disqualification_reason: row.map(|row| DisqualificationReason(Arc::new(row))),
        user_errors,
    })
}

fn close_reason(answer: Result<close_reason::Model>) -> Result<CloseReasonPayload> {
    payload(answer, |row, user_errors| CloseReasonPayload {
        close_reason: row.map(|row| CloseReason(Arc::new(row))),
        user_errors,
    })
}

/// Every row as the API shows it.
fn all<M, T>(rows: Option<Vec<M>>, shown: impl Fn(Arc<M>) -> T) -> Option<Vec<T>> {
    rows.map(|rows| rows.into_iter().map(|row| shown(Arc::new(row))).collect())
}

#[Object]
impl WorkspaceMutation {
    /// Adds a lead source. A name that another one has, whatever the case and accents, is ALREADY_EXISTS. For managers and administrators.
    async fn create_lead_source(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead source to create.")] input: CreateLeadSourceInput,
    ) -> Result<LeadSourcePayload> {
        lead_source(in_transaction(ctx, |write| service::create_lead_source(write, input.name).boxed()).await)
    }

    /// Renames a lead source, or offers it no more. For managers and administrators.
    async fn update_lead_source(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateLeadSourceInput,
    ) -> Result<LeadSourcePayload> {
        lead_source(
            in_transaction(ctx, |write| service::update(write, ids::subject(&input.id, "id"), input.fields).boxed()).await,
        )
    }

    /// Adds a reason for disqualifying leads. For managers and administrators.
    async fn create_disqualification_reason(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reason to create.")] input: CreateDisqualificationReasonInput,
    ) -> Result<DisqualificationReasonPayload> {
        disqualification_reason(
            in_transaction(ctx, |write| service::create_disqualification_reason(write, input.name).boxed()).await,
        )
    }

    /// Renames a reason for disqualifying leads, or offers it no more. For managers and administrators.
    async fn update_disqualification_reason(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateDisqualificationReasonInput,
    ) -> Result<DisqualificationReasonPayload> {
        disqualification_reason(
            in_transaction(ctx, |write| service::update(write, ids::subject(&input.id, "id"), input.fields).boxed()).await,
        )
    }

    /// Adds a reason for winning or losing opportunities. For managers and administrators.
    async fn create_close_reason(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reason to create.")] input: CreateCloseReasonInput,
    ) -> Result<CloseReasonPayload> {
        close_reason(in_transaction(ctx, |write| service::create_close_reason(write, input).boxed()).await)
    }

    /// Renames a reason for winning or losing opportunities, or offers it no more. For managers and administrators.
    async fn update_close_reason(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateCloseReasonInput,
    ) -> Result<CloseReasonPayload> {
        close_reason(
            in_transaction(ctx, |write| service::update(write, ids::subject(&input.id, "id"), input.fields).boxed()).await,
        )
    }

    /// Puts all lead sources into another order. For managers and administrators.
    async fn reorder_lead_sources(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order.")] input: ReorderInput,
    ) -> Result<LeadSourcesPayload> {
        let ordered = in_transaction(ctx, |write| service::reorder(write, |_| true, &input.ids).boxed()).await;
        payload(ordered, |rows, user_errors| LeadSourcesPayload { lead_sources: all(rows, LeadSource), user_errors })
    }

    /// Puts all reasons for disqualifying leads into another order. For managers and administrators.
    async fn reorder_disqualification_reasons(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order.")] input: ReorderInput,
    ) -> Result<DisqualificationReasonsPayload> {
        let ordered = in_transaction(ctx, |write| service::reorder(write, |_| true, &input.ids).boxed()).await;
        payload(ordered, |rows, user_errors| DisqualificationReasonsPayload {
            disqualification_reasons: all(rows, DisqualificationReason),
            user_errors,
        })
    }

    /// Puts all reasons for winning, or for losing, into another order. For managers and administrators.
    async fn reorder_close_reasons(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order.")] input: ReorderCloseReasonsInput,
    ) -> Result<CloseReasonsPayload> {
        let category = entity::StageCategory::from(input.category);
        let ordered = in_transaction(ctx, |write| service::reorder_close_reasons(write, category, &input.ids).boxed()).await;
        payload(ordered, |rows, user_errors| CloseReasonsPayload { close_reasons: all(rows, CloseReason), user_errors })
    }

    /// Deletes a lead source for good. Refused with IN_USE where any record names it: `details` names up to 20 of each kind;
    /// deactivate it instead. For managers and administrators.
    async fn delete_lead_source(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead source to delete.")] input: DeleteEntryInput,
    ) -> Result<DeletePayload> {
        let id = ids::subject(&input.id, "id");
        payload(in_transaction(ctx, |write| service::delete::<lead_source::Model>(write, id).boxed()).await, DeletePayload::new)
    }

    /// Deletes a reason for disqualifying leads for good. Refused with IN_USE where any lead names it: `details` names up to 20;
    /// deactivate it instead. For managers and administrators.
    async fn delete_disqualification_reason(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reason to delete.")] input: DeleteEntryInput,
    ) -> Result<DeletePayload> {
        let id = ids::subject(&input.id, "id");
        let deleted = in_transaction(ctx, |write| service::delete::<disqualification_reason::Model>(write, id).boxed()).await;
        payload(deleted, DeletePayload::new)
    }

    /// Deletes a reason for winning or losing opportunities for good. Refused with IN_USE where any opportunity names it: `details`
    /// names up to 20; deactivate it instead. For managers and administrators.
    async fn delete_close_reason(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reason to delete.")] input: DeleteEntryInput,
    ) -> Result<DeletePayload> {
        let id = ids::subject(&input.id, "id");
        payload(in_transaction(ctx, |write| service::delete::<close_reason::Model>(write, id).boxed()).await, DeletePayload::new)
    }

    /// Changes the workspace's settings: an absent field stays. What each setting changes, and what it doesn't, stands with it. They
    /// hold for every request that comes in afterwards. For administrators.
    async fn update_workspace(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateWorkspaceInput,
    ) -> Result<WorkspacePayload> {
        let changed = in_transaction(ctx, |write| settings::service::update(write, input).boxed()).await;
        if let Ok(settings) = &changed {
            app(ctx)?.learn_workspace(settings.clone());
        }
        payload(changed, |row, user_errors| WorkspacePayload { workspace: row.map(|row| Workspace(Arc::new(row))), user_errors })
    }
}
