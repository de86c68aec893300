//! One change of what an opportunity is in the pipeline, with before and after. Only `until` is ever written later.

use sea_orm::entity::prelude::*;

use crate::*;

/// One change of what an opportunity is in the pipeline, with before and after. Only `until` is ever written later.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "opportunity_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OpportunityChangeId,
    pub opportunity_id: OpportunityId,
    /// From when on the new values hold.
    pub at: DateTimeUtc,
    /// Until when they held; none while they do. A row whose `until` is its `at` never held: another change came at the same moment.
    pub until: Option<DateTimeUtc>,
    pub by: Option<UserId>,
    pub stage_id: StageId,
    pub amount: Option<i64>,
    pub currency: Option<String>,
    pub probability: i32,
    pub close_date: Date,
    pub owner_id: Option<UserId>,
    /// Whether the opportunity lay deleted.
    pub deleted: bool,
    /// None at the creation, as all that begins with `from`.
    pub from_stage_id: Option<StageId>,
    pub from_amount: Option<i64>,
    pub from_currency: Option<String>,
    pub from_probability: Option<i32>,
    pub from_close_date: Option<Date>,
    pub from_owner_id: Option<UserId>,
    /// How long the opportunity had been in the stage that it left. Moves have it, other changes don't.
    pub seconds_in_previous: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
