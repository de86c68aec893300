//! What an activity is about.

use sea_orm::entity::prelude::*;

use crate::*;

/// What an activity is about.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "activity_subjects")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub activity_id: ActivityId,
    /// A lead, contact, account or opportunity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Uuid,
    pub record_kind: RecordKind,
    /// The lead whose conversion brought the activity here.
    pub carried_from: Option<LeadId>,
    /// The activity's, which gives it its place in the record's list.
    pub due_order: DateTimeUtc,
    #[sea_orm(belongs_to, from = "activity_id", to = "id")]
    pub activity: BelongsTo<super::activity::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
