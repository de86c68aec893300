//! Reading rule sets, and trying them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::assignment_rule_set;

use super::dry_run::{run, tried};
use super::input::HypotheticalLead;
use super::store;
use super::types::{AssignmentDryRun, AssignmentRuleSet};
use crate::data::page::PageRequest;
use crate::domains::lead::filter::LeadFilter;
use crate::error::Result;
use crate::graphql::context::{actor, database};
use crate::graphql::list::page_size;
use crate::graphql::{ids, loaders};

/// About how many rule sets a workspace has, for the complexity of a list that has no pages.
const USUAL_NUMBER: usize = 10;

/// Reading rule sets, and trying them.
#[derive(Default)]
pub struct AssignmentQuery;

#[Object]
impl AssignmentQuery {
    /// The rule sets by which leads can be handed out, by name; drafts included.
    #[graphql(complexity = "USUAL_NUMBER * child_complexity + 1")]
    async fn assignment_rule_sets(&self, ctx: &Context<'_>) -> Result<Vec<AssignmentRuleSet>> {
        let scope = actor(ctx)?.scope();
        let sets = store::rule_sets(database(ctx)?.read(), scope).await?;
        Ok(sets.into_iter().map(|row| AssignmentRuleSet(Arc::new(row))).collect())
    }

    /// What a rule set would do with leads, before it is switched on: which rule would match, and who would get them. Changes nothing.
    /// Give `leadIds`, `lead` or `filter`; without any of them it is the whole pool that is tried. Null where there is no such rule set.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn assignment_dry_run(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rule set to try.")] rule_set_id: ID,
        #[graphql(desc = "These leads, as if they had just come in, whoever owns them; at most as many as `first` says.")]
        lead_ids: Option<Vec<ID>>,
        #[graphql(desc = "A lead that isn't there.")] lead: Option<HypotheticalLead>,
        #[graphql(desc = "The open leads in the pool that meet this, the oldest first.")] filter: Option<LeadFilter>,
        #[graphql(desc = "How many leads at most: 1 to 200, by default 50.")] first: Option<i32>,
    ) -> Result<Option<AssignmentDryRun>> {
        let scope = actor(ctx)?.scope();
        let most = PageRequest::new(first, None, None, None, "")?.size;
        let tried = tried(lead_ids, lead, filter, most)?;
        let id = ids::argument::<assignment_rule_set::Entity>(&rule_set_id)?;
        let Some(set) = loaders::whole(ctx, id).await? else { return Ok(None) };
        let outcomes = run(database(ctx)?.read(), scope, &set, tried).await?;
        Ok(Some(AssignmentDryRun { set, outcomes }))
    }
}
