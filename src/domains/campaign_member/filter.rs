//! Which members of a campaign a query asks for.

use async_graphql::InputObject;
use entity::campaign_member::Column;
use sea_orm::{ColumnTrait, Condition};

use crate::error::Result;
use crate::graphql::enums::CampaignMemberStatus;
use crate::graphql::filter::{DateFilter, Filter, combine, equality};

/// Conditions on the status of a campaign's member.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct CampaignMemberStatusFilter {
    /// Is this one.
    pub eq: Option<CampaignMemberStatus>,
    /// Is not this one.
    pub ne: Option<CampaignMemberStatus>,
    /// Is one of these; at most 500. An empty list matches nothing.
    #[graphql(name = "in")]
    pub among: Option<Vec<CampaignMemberStatus>>,
}

/// Which members: all conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct CampaignMemberFilter {
    /// All of these hold.
    pub and: Option<Vec<CampaignMemberFilter>>,
    /// At least one of these holds.
    pub or: Option<Vec<CampaignMemberFilter>>,
    /// This does not hold: matches every other member, those without a value included.
    pub not: Option<Box<CampaignMemberFilter>>,
    /// What became of it.
    pub status: Option<CampaignMemberStatusFilter>,
    /// The day on which they responded.
    pub responded_on: Option<DateFilter>,
    /// True: contacts only. False: leads only.
    pub is_contact: Option<bool>,
}

impl Filter for CampaignMemberFilter {
    fn condition(&self) -> Result<Condition> {
        let word = |status: CampaignMemberStatus| entity::CampaignMemberStatus::from(status);
        let status = self.status.as_ref().map(|filter| {
            let among = filter.among.as_ref().map(|words| words.iter().copied().map(word).collect());
            equality(Column::Status, filter.eq.map(word), filter.ne.map(word), among, None)
        });
        let is_contact = |yes: bool| if yes { Column::ContactId.is_not_null() } else { Column::LeadId.is_not_null() };
        let own = Condition::all()
            .add_option(status.transpose()?)
            .add_option(self.responded_on.as_ref().map(|filter| filter.condition(Column::RespondedOn)))
            .add_option(self.is_contact.map(is_contact));
        combine(own, self.and.as_ref(), self.or.as_ref(), self.not.as_deref())
    }
}
