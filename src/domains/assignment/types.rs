//! Rule sets as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::assignment_rule_set::{self, AssignmentTarget};
use entity::{RecordKind, UserId};
use futures_util::future::try_join_all;

use super::dry_run::{Outcome, counts};
use super::input::Target;
use crate::domains::campaign::types::Campaign;
use crate::domains::history::types::{Change, history};
use crate::domains::lead::types::Lead;
use crate::domains::user::types::{Team, User};
use crate::domains::workspace::types::LeadSource;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::enums::Rating;
use crate::graphql::list::page_size;
use crate::graphql::loaders;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::{CountryCode, DateTime};

/// About how many rules a set has, for the complexity of lists that have no pages.
const USUAL_NUMBER: usize = 10;

/// Rules by which leads without an owner are handed out.
#[derive(Clone)]
pub struct AssignmentRuleSet(pub Arc<assignment_rule_set::Model>);

/// Rules by which leads without an owner are handed out. At most one set is switched on.
#[Object]
impl AssignmentRuleSet {
    /// The rule set's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the changes of the rule set, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The rule set's name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether it is switched on: then it hands out every new lead that comes without an owner.
    async fn active(&self) -> bool {
        self.0.active
    }

    /// The rules in their order: the first that matches, and whose target can take a lead, decides. Where none does, the lead lies in
    /// the pool.
    #[graphql(complexity = "USUAL_NUMBER * child_complexity + 1")]
    async fn rules(&self) -> Vec<AssignmentRule> {
        (0..self.0.rules.0.len()).map(|place| AssignmentRule { set: self.0.clone(), place }).collect()
    }

    /// What happened to the rule set, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::AssignmentRuleSet, self.0.id.uuid(), first, after).await
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

/// Which leads go to whom: one rule of a set.
#[derive(Clone)]
pub struct AssignmentRule {
    set: Arc<assignment_rule_set::Model>,
    place: usize,
}

impl AssignmentRule {
    fn rule(&self) -> &assignment_rule_set::AssignmentRule {
        &self.set.rules.0[self.place]
    }
}

/// Which leads go to whom: all conditions that are given must hold.
#[Object]
impl AssignmentRule {
    /// The rule's name.
    async fn name(&self) -> &str {
        &self.rule().name
    }

    /// The rule's place in its set, from 1.
    async fn position(&self) -> usize {
        self.place + 1
    }

    /// The lead came from one of these sources; no condition where it is empty.
    #[graphql(complexity = "USUAL_NUMBER * child_complexity + 1")]
    async fn sources(&self, ctx: &Context<'_>) -> Result<Vec<LeadSource>> {
        let sources = self.rule().sources.iter().map(|id| loaders::required(ctx, *id));
        Ok(try_join_all(sources).await?.into_iter().map(LeadSource).collect())
    }

    /// The lead answered one of these campaigns; no condition where it is empty.
    #[graphql(complexity = "USUAL_NUMBER * child_complexity + 1")]
    async fn campaigns(&self, ctx: &Context<'_>) -> Result<Vec<Campaign>> {
        let campaigns = self.rule().campaigns.iter().map(|id| loaders::required(ctx, *id));
        Ok(try_join_all(campaigns).await?.into_iter().map(Campaign).collect())
    }

    /// The lead is from one of these countries; no condition where it is empty.
    async fn countries(&self) -> Vec<CountryCode> {
        self.rule().countries.iter().cloned().map(CountryCode).collect()
    }

    /// The lead is as warm as one of these; no condition where it is empty.
    async fn ratings(&self) -> Vec<Rating> {
        self.rule().ratings.iter().map(|rating| (*rating).into()).collect()
    }

    /// The company has so many employees or more.
    async fn employees_from(&self) -> Option<i32> {
        self.rule().employees_from
    }

    /// The company has so many employees or fewer.
    async fn employees_to(&self) -> Option<i32> {
        self.rule().employees_to
    }

    /// Who gets the leads.
    async fn target(&self) -> Target {
        match self.rule().target {
            AssignmentTarget::User(_) => Target::User,
            AssignmentTarget::Team(_) => Target::Team,
            AssignmentTarget::Pool => Target::Pool,
        }
    }

    /// The user who gets them; null unless the target is USER.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let id = match self.rule().target {
            AssignmentTarget::User(user) => Some(user),
            _ => None,
        };
        Ok(loaders::optional(ctx, id).await?.map(User))
    }

    /// The team whose members get them in turn; null unless the target is TEAM.
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        let id = match self.rule().target {
            AssignmentTarget::Team(team) => Some(team),
            _ => None,
        };
        Ok(loaders::optional(ctx, id).await?.map(Team))
    }
}

/// What a rule set would do.
pub struct AssignmentDryRun {
    /// The rule set that was tried.
    pub set: Arc<assignment_rule_set::Model>,
    /// What would become of each lead.
    pub outcomes: Vec<Outcome>,
}

/// What a rule set would do. Nothing was changed, whose turn it is included.
#[Object]
impl AssignmentDryRun {
    /// The rule set that was tried.
    async fn rule_set(&self) -> AssignmentRuleSet {
        AssignmentRuleSet(self.set.clone())
    }

    /// What would become of each lead, the oldest first.
    async fn entries(&self) -> Vec<AssignmentDryRunEntry> {
        let entry = |outcome: &Outcome| AssignmentDryRunEntry {
            lead: outcome.lead.clone().map(Lead),
            rule: outcome.decision.rule.map(|place| AssignmentRule { set: self.set.clone(), place }),
            owner: outcome.decision.owner,
        };
        self.outcomes.iter().map(entry).collect()
    }

    /// How many of the leads each would get.
    async fn counts(&self) -> Vec<AssignmentDryRunCount> {
        counts(&self.outcomes).into_iter().map(|(owner, count)| AssignmentDryRunCount { owner, count }).collect()
    }
}

/// What would become of one lead.
pub struct AssignmentDryRunEntry {
    lead: Option<Lead>,
    rule: Option<AssignmentRule>,
    owner: Option<UserId>,
}

/// What would become of one lead.
#[Object]
impl AssignmentDryRunEntry {
    /// The lead; null for one that isn't there.
    async fn lead(&self) -> Option<&Lead> {
        self.lead.as_ref()
    }

    /// The rule that decides; null where none matches: the lead would lie in the pool.
    async fn rule(&self) -> Option<&AssignmentRule> {
        self.rule.as_ref()
    }

    /// Who would get the lead; null: it would lie in the pool.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.owner, User).await
    }
}

/// How many leads somebody would get.
pub struct AssignmentDryRunCount {
    owner: Option<UserId>,
    count: usize,
}

/// How many leads somebody would get.
#[Object]
impl AssignmentDryRunCount {
    /// Who would get them; null: they would lie in the pool.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.owner, User).await
    }

    /// How many.
    async fn count(&self) -> usize {
        self.count
    }
}
