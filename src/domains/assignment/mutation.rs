//! Changing rule sets and handing out leads: for managers and administrators.

use std::sync::Arc;

use async_graphql::{Context, Object};
use futures_util::FutureExt;

use super::input::{
    ApplyAssignmentRulesInput, ApplyAssignmentRulesPayload, AssignmentRuleSetIdInput, AssignmentRuleSetPayload,
    CreateAssignmentRuleSetInput, UpdateAssignmentRuleSetInput,
};
use super::types::AssignmentRuleSet;
use super::{apply, service};
use crate::domains::lead::input::{DeleteInput, DeletePayload};
use crate::domains::lead::types::Lead;
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};

/// Changing rule sets and handing out leads.
#[derive(Default)]
pub struct AssignmentMutation;

fn answer(answer: Result<entity::assignment_rule_set::Model>) -> Result<AssignmentRuleSetPayload> {
    payload(answer, |row, user_errors| AssignmentRuleSetPayload {
        assignment_rule_set: row.map(|row| AssignmentRuleSet(Arc::new(row))),
        user_errors,
    })
}

#[Object]
impl AssignmentMutation {
    /// Creates a rule set, switched off: try it with `assignmentDryRun` first. For managers and administrators.
    async fn create_assignment_rule_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rule set to create.")] input: CreateAssignmentRuleSetInput,
    ) -> Result<AssignmentRuleSetPayload> {
        answer(in_transaction(ctx, |write| service::create(write, input).boxed()).await)
    }

    /// Renames a rule set, or replaces its rules as a whole; one that is switched on works by them at once. For managers and
    /// administrators.
    async fn update_assignment_rule_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateAssignmentRuleSetInput,
    ) -> Result<AssignmentRuleSetPayload> {
        answer(in_transaction(ctx, |write| service::update(write, input).boxed()).await)
    }

    /// Deletes a rule set for good. One that is switched on is IN_USE. For managers and administrators.
    async fn delete_assignment_rule_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rule set to delete.")] input: DeleteInput,
    ) -> Result<DeletePayload> {
        payload(in_transaction(ctx, |write| service::delete(write, input).boxed()).await, DeletePayload::new)
    }

    /// Switches a rule set on, and the one that was on off: from here on it hands out every lead that comes without an owner. For
    /// managers and administrators.
    async fn activate_assignment_rule_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rule set.")] input: AssignmentRuleSetIdInput,
    ) -> Result<AssignmentRuleSetPayload> {
        answer(in_transaction(ctx, |write| service::activate(write, input).boxed()).await)
    }

    /// Switches a rule set off: leads that come without an owner lie in the pool again. For managers and administrators.
    async fn deactivate_assignment_rule_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rule set.")] input: AssignmentRuleSetIdInput,
    ) -> Result<AssignmentRuleSetPayload> {
        answer(in_transaction(ctx, |write| service::deactivate(write, input).boxed()).await)
    }

    /// Hands out leads that lie in the pool by the rule set that is switched on. For managers and administrators.
    async fn apply_assignment_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which leads.")] input: ApplyAssignmentRulesInput,
    ) -> Result<ApplyAssignmentRulesPayload> {
        let answer = in_transaction(ctx, |write| apply::apply(write, input).boxed()).await;
        payload(answer, |applied, user_errors| {
            let (assigned, left_in_pool) = applied.map(|applied| (applied.assigned, applied.left_in_pool)).unwrap_or_default();
            ApplyAssignmentRulesPayload { leads: assigned.into_iter().map(Lead::from).collect(), left_in_pool, user_errors }
        })
    }
}
