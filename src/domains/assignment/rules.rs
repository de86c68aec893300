//! Who gets a lead: pure decisions.

use std::collections::HashMap;

use entity::assignment_rule_set::{AssignmentRule, AssignmentTarget};
use entity::{LeadStatus, TeamId, UserId, lead};

/// What assignment looks at.
#[derive(Debug, Clone, Default)]
pub struct Situation {
    /// Who of those that the rules name may get leads.
    pub sellers: Vec<UserId>,
    /// The members of teams who may get leads, in the order of their ids.
    pub members: HashMap<TeamId, Vec<UserId>>,
    /// Who of a team got the latest lead.
    pub turns: HashMap<TeamId, UserId>,
}

/// What the rules say about a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The place of the rule that matched, from 0; none where no rule did.
    pub rule: Option<usize>,
    /// Who gets the lead; nobody: it lies in the pool.
    pub owner: Option<UserId>,
}

/// Whether all conditions of a rule hold. What a condition asks for and the lead doesn't say, it doesn't meet.
pub fn matches(rule: &AssignmentRule, lead: &lead::Model) -> bool {
    among(&rule.sources, lead.source_id.as_ref())
        && among(&rule.campaigns, lead.campaign_id.as_ref())
        && among(&rule.countries, lead.country.as_ref())
        && among(&rule.ratings, lead.rating.as_ref())
        && rule.employees_from.is_none_or(|from| lead.employees.is_some_and(|employees| employees >= from))
        && rule.employees_to.is_none_or(|to| lead.employees.is_some_and(|employees| employees <= to))
}

fn among<T: PartialEq>(wanted: &[T], value: Option<&T>) -> bool {
    wanted.is_empty() || value.is_some_and(|value| wanted.contains(value))
}

/// Who is next after the one who got the latest lead, in the order of ids. It holds whether or not that one is still there.
pub fn next_in_turn(members: &[UserId], last: Option<UserId>) -> Option<UserId> {
    members.iter().find(|member| last.is_none_or(|last| **member > last)).or(members.first()).copied()
}

/// Who gets a lead, and by which rule: the first that matches and whose target can take it. A rule for somebody who is deactivated
/// or a VIEWER, or for a team without sellers, is passed over. The turn of a team moves on.
pub fn decide(rules: &[AssignmentRule], situation: &mut Situation, lead: &lead::Model) -> Decision {
    for (place, rule) in rules.iter().enumerate().filter(|(_, rule)| matches(rule, lead)) {
        let owner = match rule.target {
            AssignmentTarget::Pool => return Decision { rule: Some(place), owner: None },
            AssignmentTarget::User(user) => situation.sellers.contains(&user).then_some(user),
            AssignmentTarget::Team(team) => {
                let members = situation.members.get(&team).map(Vec::as_slice).unwrap_or_default();
                let next = next_in_turn(members, situation.turns.get(&team).copied());
                next.inspect(|user| {
                    situation.turns.insert(team, *user);
                })
            }
        };
        if owner.is_some() {
            return Decision { rule: Some(place), owner };
        }
    }
    Decision { rule: None, owner: None }
}

/// Whether rules may hand out a lead: it is open and nobody owns it.
pub fn lies_in_pool(lead: &lead::Model) -> bool {
    lead.owner_id.is_none() && is_open(lead.status)
}

/// Whether a lead is still worked on.
pub fn is_open(status: LeadStatus) -> bool {
    matches!(status, LeadStatus::OpenNotContacted | LeadStatus::WorkingContacted | LeadStatus::Qualified)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn user(number: u128) -> UserId {
        UserId::new(Uuid::from_u128(number))
    }

    #[test]
    fn turns_go_round_and_pass_over_those_who_left() {
        let members = [user(2), user(4), user(6)];
        for (last, next) in [(None, 2), (Some(2), 4), (Some(3), 4), (Some(4), 6), (Some(6), 2), (Some(9), 2)] {
            assert_eq!(next_in_turn(&members, last.map(user)), Some(user(next)), "{last:?}");
        }
        assert_eq!(next_in_turn(&[], Some(user(1))), None);
    }

    proptest! {
        /// Whatever the start: after any number of turns nobody has got two leads more than anybody else.
        #[test]
        fn turns_are_fair(members in 1_u128..20, start in proptest::option::of(0_u128..25), turns in 0_usize..100) {
            let ids: Vec<UserId> = (1..=members).map(user).collect();
            let mut got: HashMap<UserId, usize> = ids.iter().map(|id| (*id, 0)).collect();
            let mut last = start.map(user);
            for _ in 0..turns {
                last = next_in_turn(&ids, last);
                *got.get_mut(&last.unwrap()).unwrap() += 1;
            }
            let (most, least) = (got.values().max().unwrap(), got.values().min().unwrap());
            prop_assert!(most - least <= 1, "{got:?}");
        }
    }
}
