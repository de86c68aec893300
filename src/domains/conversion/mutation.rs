//! Converting leads and undoing it.

use async_graphql::{Context, Object};

use super::input::{ConvertLeadInput, ConvertLeadsInput};
use super::types::{ConvertLeadPayload, ConvertLeadsPayload};
use super::{revert, service};
use crate::domains::lead::input::{LeadIdInput, LeadPayload};
use crate::error::Result;
use crate::graphql::context::{caller, on_heap, payload};

/// Converting leads and undoing it.
#[derive(Default)]
pub struct ConversionMutation;

#[Object]
impl ConversionMutation {
    /// Turns a lead into an account, a contact and, unless told otherwise, an opportunity: all or nothing, and once. Of several
    /// calls at the same time exactly one succeeds; the others are told ALREADY_CONVERTED and which records the lead became.
    async fn convert_lead(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lead and what it becomes.")] input: ConvertLeadInput,
    ) -> Result<ConvertLeadPayload> {
        let (app, actor) = caller(ctx)?;
        payload(on_heap(|| service::convert(app, actor, input)).await, ConvertLeadPayload::new)
    }

    /// Converts up to 100 leads, each with its own result. One failure doesn't undo the others unless allOrNothing asks for it.
    #[graphql(complexity = "input.items.len() * child_complexity + 1")]
    async fn convert_leads(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The leads and what they become.")] input: ConvertLeadsInput,
    ) -> Result<ConvertLeadsPayload> {
        let (app, actor) = caller(ctx)?;
        payload(on_heap(|| service::convert_many(app, actor, input)).await, |results, user_errors| ConvertLeadsPayload {
            results: results
                .unwrap_or_default()
                .into_iter()
                .map(|result| match result {
                    Ok(converted) => ConvertLeadPayload::new(Some(converted), Vec::new()),
                    Err(problems) => ConvertLeadPayload::new(None, problems),
                })
                .collect(),
            user_errors,
        })
    }

    /// Undoes a conversion, while nothing that it created has been changed or built upon: takes away what it created and
    /// filled in, and gives the lead its earlier status. Otherwise CANNOT_REVERT, once for everything that stands in the way.
    async fn revert_lead_conversion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The converted lead.")] input: LeadIdInput,
    ) -> Result<LeadPayload> {
        let (app, actor) = caller(ctx)?;
        payload(on_heap(|| revert::revert(app, actor, input)).await, |lead, user_errors| LeadPayload {
            lead: lead.map(Into::into),
            user_errors,
        })
    }
}
