//! One move of an opportunity, with what it was worth at that moment. Never changed.

use sea_orm::entity::prelude::*;

use crate::*;

/// One move of an opportunity, with what it was worth at that moment. Never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stage_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StageChangeId,
    pub opportunity_id: OpportunityId,
    pub from_stage_id: Option<StageId>,
    pub to_stage_id: StageId,
    pub at: DateTimeUtc,
    pub by: Option<UserId>,
    pub amount: Option<i64>,
    pub currency: Option<String>,
    pub probability: i32,
    pub close_date: Date,
    pub seconds_in_previous: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
