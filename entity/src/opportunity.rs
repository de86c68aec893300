//! A possible sale that has a real chance.

use sea_orm::entity::prelude::*;

use crate::*;

/// A possible sale that has a real chance.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "opportunities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OpportunityId,
    pub version: i32,
    pub name: String,
    pub account_id: AccountId,
    /// The one primary contact. It has a contact role, too.
    pub primary_contact_id: Option<ContactId>,
    pub owner_id: Option<UserId>,
    pub pipeline_id: PipelineId,
    pub stage_id: StageId,
    /// When the opportunity came to its stage.
    pub stage_entered_at: DateTimeUtc,
    /// Derived: which stages it was in, and whether it is back in one (`domains::opportunity::stages_reached`).
    pub stages_reached: String,
    /// In percent.
    pub probability: i32,
    /// Whether a seller set the probability by hand: then moves keep it.
    pub probability_by_hand: bool,
    /// In ten-thousandths of the currency's main unit.
    pub amount: Option<i64>,
    pub currency: Option<String>,
    pub close_date: Date,
    pub is_closed: bool,
    pub is_won: bool,
    pub closed_at: Option<DateTimeUtc>,
    /// Derived, as the next one: when the opportunity was won for the first time, even if it was taken up again later.
    pub first_won_at: Option<DateTimeUtc>,
    /// When it was won for the last time.
    pub last_won_at: Option<DateTimeUtc>,
    pub close_reason_id: Option<CloseReasonId>,
    pub close_note: Option<String>,
    pub lost_to: Option<String>,
    /// Which of its competitors won it, where the winner is one of them.
    pub lost_to_competitor_id: Option<CompetitorId>,
    pub source_id: Option<LeadSourceId>,
    pub campaign_id: Option<CampaignId>,
    /// The lead that it came from.
    pub lead_id: Option<LeadId>,
    pub next_step: Option<String>,
    pub description: Option<String>,
    /// What was known about the lead at conversion.
    #[sea_orm(column_type = "Json")]
    pub qualification: Option<QualificationFacts>,
    /// Derived from the name, for filters and orders.
    pub name_key: String,
    pub external_id: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// Set while the record lies deleted; it can be restored.
    pub deleted_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
