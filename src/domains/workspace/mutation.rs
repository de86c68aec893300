//! Changing the workspace's lists: for managers and administrators.

use std::sync::Arc;

use async_graphql::{Context, Object};
use entity::{close_reason, disqualification_reason, lead_source};
use futures_util::FutureExt;

use super::input::{
    CloseReasonPayload, CreateCloseReasonInput, CreateDisqualificationReasonInput, CreateLeadSourceInput,
    DisqualificationReasonPayload, LeadSourcePayload, UpdateCloseReasonInput, UpdateDisqualificationReasonInput,
    UpdateLeadSourceInput,
};
use super::service;
use super::types::{CloseReason, DisqualificationReason, LeadSource};
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};
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
}
