//! Looking at a conversion beforehand.

use async_graphql::{Context, Object};

use super::input::ConvertLeadInput;
use super::service;
use super::types::LeadConversionPreview;
use crate::error::Result;
use crate::graphql::context::{caller, on_heap};

/// Looking at a conversion beforehand.
#[derive(Default)]
pub struct ConversionQuery;

#[Object]
impl ConversionQuery {
    /// What convertLead would do with the same input: what would be created, filled and carried over, which existing records
    /// look like duplicates, and what would be refused. Changes nothing. Whoever may read may look; whether you may convert the lead is
    /// for convertLead to say.
    async fn lead_conversion_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What convertLead would be given.")] input: ConvertLeadInput,
    ) -> Result<LeadConversionPreview> {
        let (app, actor) = caller(ctx)?;
        Ok(on_heap(|| service::preview(app, actor, input)).await?.into())
    }
}
