//! Reading intake forms.

use std::sync::Arc;

use async_graphql::{Context, Object};

use super::store;
use super::types::IntakeForm;
use crate::error::Result;
use crate::graphql::context::{actor, database};

/// About how many forms a workspace has, for the complexity of a list that has no pages.
const USUAL_NUMBER: usize = 20;

/// Reading intake forms.
#[derive(Default)]
pub struct IntakeQuery;

#[Object]
impl IntakeQuery {
    /// The forms whose posts become leads, by name; inactive ones included.
    #[graphql(complexity = "USUAL_NUMBER * child_complexity + 1")]
    async fn intake_forms(&self, ctx: &Context<'_>) -> Result<Vec<IntakeForm>> {
        let scope = actor(ctx)?.scope();
        let forms = store::forms(database(ctx)?.read(), scope).await?;
        Ok(forms.into_iter().map(|row| IntakeForm(Arc::new(row))).collect())
    }
}
