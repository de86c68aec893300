//! What a source of leads cost.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::lead_source;
use futures_util::FutureExt;

use super::input::LeadSourcePayload;
use super::types::LeadSource;
use crate::auth::policy;
use crate::data::write::Write;
use crate::domains::fields::Cleaner;
use crate::error::{Result, UserErrorCode};
use crate::graphql::common::MoneyInput;
use crate::graphql::context::{in_transaction, payload};
use crate::graphql::ids;

/// What a source of leads cost up to now.
#[derive(Debug, Clone, InputObject)]
pub struct SetLeadSourceCostInput {
    /// The lead source.
    pub id: ID,
    /// What it cost in all; not negative. Null: not known.
    pub cost: MaybeUndefined<MoneyInput>,
}

/// Noting what sources cost.
#[derive(Default)]
pub struct SourceCostMutation;

#[Object]
impl SourceCostMutation {
    /// Notes what a source of leads cost up to now, so that reports tell what it returns. For managers and administrators.
    async fn set_lead_source_cost(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The source and its cost.")] input: SetLeadSourceCostInput,
    ) -> Result<LeadSourcePayload> {
        let answer = in_transaction(ctx, |write| set(write, input).boxed()).await;
        payload(answer, |row, user_errors| LeadSourcePayload {
            lead_source: row.map(|row| LeadSource(Arc::new(row))),
            user_errors,
        })
    }
}

async fn set(write: &Write<'_>, input: SetLeadSourceCostInput) -> Result<lead_source::Model> {
    policy::may_manage_lists(write.actor)?;
    let before = write.lock::<lead_source::Entity>(write.scope(), ids::subject(&input.id, "id")?, "id").await?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut after = before.clone();
    if input.cost.is_undefined() {
        cleaner.problem(UserErrorCode::Required, "cost", "Give the cost, or null where it is not known.");
    }
    cleaner.money("cost", &input.cost, (&mut after.cost, &mut after.cost_currency));
    cleaner.problems.check()?;
    write.update(&before, after, "updated").await
}
