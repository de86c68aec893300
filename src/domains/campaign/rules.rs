//! What a campaign may look like: pure decisions.

use chrono::NaiveDate;
use entity::CampaignId;
use entity::campaign::Model;

use super::input::CampaignFields;
use crate::domains::fields::Cleaner;
use crate::error::{UserError, UserErrorCode};
use crate::values::text::TextLimit;

/// Sets what the caller gave, and notes what is wrong with it.
pub fn apply(cleaner: &mut Cleaner<'_>, fields: &CampaignFields, campaign: &mut Model) {
    cleaner.text("channel", &fields.channel, TextLimit::Short, &mut campaign.channel);
    cleaner.date("startsOn", &fields.starts_on, &mut campaign.starts_on);
    cleaner.date("endsOn", &fields.ends_on, &mut campaign.ends_on);
    cleaner.money("budget", &fields.budget, (&mut campaign.budget, &mut campaign.budget_currency));
    cleaner.money("cost", &fields.cost, (&mut campaign.cost, &mut campaign.cost_currency));
    cleaner.id("parentId", &fields.parent_id, &mut campaign.parent_id);
    if let (Some(first), Some(last)) = (campaign.starts_on, campaign.ends_on)
        && last < first
        && cleaner.fine_so_far(&["startsOn", "endsOn"])
    {
        let path = if fields.ends_on.is_undefined() { "startsOn" } else { "endsOn" };
        let sentence = format!("A campaign can't end ({last}) before it starts ({first}): change one of the days.");
        cleaner.problem(UserErrorCode::Invalid, path, sentence);
    }
}

/// How many campaigns may stand above one another.
pub const MOST_LEVELS: usize = 20;

/// What is wrong with a parent, given the campaigns from it upwards: none of them may be the campaign itself.
pub fn problem_with_parent(campaign: CampaignId, parent_and_above: &[CampaignId]) -> Option<UserError> {
    let sentence = if parent_and_above.first() == Some(&campaign) {
        "A campaign cannot be part of itself: name another one.".to_owned()
    } else if parent_and_above.contains(&campaign) {
        "The campaign that you named is part of this one, so this one cannot be part of it: name another one.".to_owned()
    } else if parent_and_above.len() >= MOST_LEVELS {
        format!("At most {MOST_LEVELS} campaigns may stand above one another: name one further up.")
    } else {
        return None;
    };
    Some(UserError::at(UserErrorCode::Invalid, "parentId", sentence))
}

/// Where a campaign stands in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It starts on a later day.
    Planned,
    /// It has started, and not ended. One without days runs as long as it is active.
    Running,
    /// Its last day has passed.
    Ended,
    /// It was ended by hand.
    Inactive,
}

/// Where a campaign stands on a day.
pub fn phase(campaign: &Model, today: NaiveDate) -> Phase {
    if !campaign.active {
        Phase::Inactive
    } else if campaign.starts_on.is_some_and(|first| first > today) {
        Phase::Planned
    } else if campaign.ends_on.is_some_and(|last| last < today) {
        Phase::Ended
    } else {
        Phase::Running
    }
}

/// What is left of the budget, negative where it was overdrawn; nothing where either amount is missing or their currencies differ.
pub fn budget_left(campaign: &Model) -> Option<i64> {
    let same = campaign.budget_currency == campaign.cost_currency;
    campaign.budget.zip(campaign.cost).filter(|_| same).and_then(|(budget, cost)| budget.checked_sub(cost))
}
