//! Changing an opportunity's competitors and milestones.

use async_graphql::{Context, Object};
use futures_util::FutureExt;

use super::input::OpportunityPayload;
use super::part_input::{
    AddCompetitorInput, ClearMilestoneInput, ReachMilestoneInput, RemoveCompetitorInput, UpdateCompetitorInput,
};
use super::{competitors, milestones};
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};

/// Changing an opportunity's competitors and milestones.
#[derive(Default)]
pub struct OpportunityPartMutation;

#[Object]
impl OpportunityPartMutation {
    /// Lists somebody else who wants to make the sale, at most 50. A name that is listed already is refused with ALREADY_EXISTS.
    async fn add_competitor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity and the competitor.")] input: AddCompetitorInput,
    ) -> Result<OpportunityPayload> {
        payload(in_transaction(ctx, |write| competitors::add(write, input).boxed()).await, OpportunityPayload::new)
    }

    /// Changes what is known about a competitor: an absent field stays, null clears it.
    async fn update_competitor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateCompetitorInput,
    ) -> Result<OpportunityPayload> {
        payload(in_transaction(ctx, |write| competitors::update(write, input).boxed()).await, OpportunityPayload::new)
    }

    /// Takes a competitor off the list. Refused with IN_USE for the one that the opportunity was lost to.
    async fn remove_competitor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The competitor.")] input: RemoveCompetitorInput,
    ) -> Result<OpportunityPayload> {
        payload(in_transaction(ctx, |write| competitors::remove(write, input).boxed()).await, OpportunityPayload::new)
    }

    /// Notes that an opportunity has reached a step towards the signature, or changes the day or the note. The order isn't forced,
    /// and a closed opportunity reaches steps, too: contracts are often signed after the win.
    async fn reach_milestone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity and the step.")] input: ReachMilestoneInput,
    ) -> Result<OpportunityPayload> {
        payload(in_transaction(ctx, |write| milestones::reach(write, input).boxed()).await, OpportunityPayload::new)
    }

    /// Makes a step towards the signature an open one again. The history keeps when it was reached. Nothing happens where it is open.
    async fn clear_milestone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity and the step.")] input: ClearMilestoneInput,
    ) -> Result<OpportunityPayload> {
        payload(in_transaction(ctx, |write| milestones::clear(write, input).boxed()).await, OpportunityPayload::new)
    }
}
