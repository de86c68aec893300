//! What a campaign may look like: pure decisions.

use entity::campaign::Model;

use super::input::CampaignFields;
use crate::domains::fields::Cleaner;
use crate::error::UserErrorCode;
use crate::values::text::TextLimit;

/// Sets what the caller gave, and notes what is wrong with it.
pub fn apply(cleaner: &mut Cleaner<'_>, fields: &CampaignFields, campaign: &mut Model) {
    cleaner.text("channel", &fields.channel, TextLimit::Short, &mut campaign.channel);
    cleaner.date("startsOn", &fields.starts_on, &mut campaign.starts_on);
    cleaner.date("endsOn", &fields.ends_on, &mut campaign.ends_on);
    cleaner.money("budget", &fields.budget, (&mut campaign.budget, &mut campaign.budget_currency));
    cleaner.money("cost", &fields.cost, (&mut campaign.cost, &mut campaign.cost_currency));
    if let (Some(first), Some(last)) = (campaign.starts_on, campaign.ends_on)
        && last < first
    {
        let path = if fields.ends_on.is_undefined() { "startsOn" } else { "endsOn" };
        let sentence = format!("A campaign can't end ({last}) before it starts ({first}): change one of the days.");
        cleaner.problem(UserErrorCode::Invalid, path, sentence);
    }
}
