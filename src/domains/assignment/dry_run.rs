//! What a rule set would do with leads. Nothing is changed, whose turn it is included.

use std::sync::Arc;

use entity::assignment_rule_set::Model;
use entity::{LeadId, UserId, lead};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect};

use super::input::HypotheticalLead;
use super::rules::{self, Decision};
use super::store;
use crate::auth::Scope;
use crate::domains::lead::filter::LeadFilter;
use crate::error::{Error, Result};
use crate::graphql::filter::Filter;
use crate::graphql::ids;

/// Which leads are tried.
pub enum Tried {
    /// These, as if they had just come in, whoever owns them.
    Named(Vec<LeadId>),
    /// Those of the pool that meet the filter, the oldest first, at most so many.
    Pool(Box<LeadFilter>, u64),
    /// One that isn't there.
    Hypothetical(HypotheticalLead),
}

/// What would become of one lead.
pub struct Outcome {
    /// The lead; nothing for one that isn't there.
    pub lead: Option<Arc<lead::Model>>,
    /// The rule and the owner.
    pub decision: Decision,
}

/// Tries a rule set, whether or not it is switched on.
pub async fn run(connection: &impl ConnectionTrait, scope: Scope, set: &Model, tried: Tried) -> Result<Vec<Outcome>> {
    let mut situation = store::situation(connection, &set.rules).await?;
    let leads = match tried {
        Tried::Hypothetical(given) => {
            let decision = rules::decide(&set.rules.0, &mut situation, &given.lead()?);
            return Ok(vec![Outcome { lead: None, decision }]);
        }
        Tried::Named(ids) => {
            let named = scope.find::<lead::Entity>().filter(lead::Column::Id.is_in(ids)).order_by_asc(lead::Column::Id);
            named.all(connection).await?
        }
        Tried::Pool(filter, most) => store::pool(scope).filter(filter.condition()?).limit(most).all(connection).await?,
    };
    let outcome = |lead| Outcome { decision: rules::decide(&set.rules.0, &mut situation, &lead), lead: Some(Arc::new(lead)) };
    Ok(leads.into_iter().map(outcome).collect())
}

/// How many leads each would get, in the order in which they get their first; nobody: the pool.
pub fn counts(outcomes: &[Outcome]) -> Vec<(Option<UserId>, usize)> {
    let mut counts: Vec<(Option<UserId>, usize)> = Vec::new();
    for outcome in outcomes {
        match counts.iter_mut().find(|(owner, _)| *owner == outcome.decision.owner) {
            Some((_, count)) => *count += 1,
            None => counts.push((outcome.decision.owner, 1)),
        }
    }
    counts
}

impl HypotheticalLead {
    fn lead(&self) -> Result<lead::Model> {
        let mut lead = lead::Model { country: self.country.as_ref().map(|country| country.0.clone()), ..blank() };
        lead.employees = self.employees;
        lead.rating = self.rating.map(Into::into);
        lead.source_id = self.source_id.as_ref().map(ids::argument).transpose()?;
        lead.campaign_id = self.campaign_id.as_ref().map(ids::argument).transpose()?;
        Ok(lead)
    }
}

fn blank() -> lead::Model {
    crate::domains::lead::service::empty(LeadId::new(uuid::Uuid::nil()), chrono::DateTime::UNIX_EPOCH)
}

/// Which leads the arguments of the query mean.
///
/// # Errors
/// BAD_USER_INPUT where two ways are given, or too many leads are named.
pub fn tried(
    lead_ids: Option<Vec<async_graphql::ID>>,
    lead: Option<HypotheticalLead>,
    filter: Option<LeadFilter>,
    most: u64,
) -> Result<Tried> {
    match (lead_ids, lead, filter) {
        (Some(given), None, None) if given.len() as u64 > most => Err(Error::bad_input(format!(
            "`first` allows {most} leads, and {} are named: raise it, to 200 at most.",
            given.len()
        ))),
        (Some(given), None, None) => Ok(Tried::Named(given.iter().map(ids::argument).collect::<Result<_>>()?)),
        (None, Some(lead), None) => Ok(Tried::Hypothetical(lead)),
        (None, None, filter) => Ok(Tried::Pool(Box::new(filter.unwrap_or_default()), most)),
        _ => Err(Error::bad_input("Give one of leadIds, lead and filter, or none of them for the whole pool.")),
    }
}
