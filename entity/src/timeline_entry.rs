//! An entry in the story of a record: an activity or a change. It is a view, so nothing is written here.

use sea_orm::entity::prelude::*;

use crate::*;

/// An entry in the story of a record: an activity or a change.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "timeline_entries")]
pub struct Model {
    /// The id of the activity or the change.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TimelineEntryId,
    /// In whose story it stands.
    pub record_id: Uuid,
    /// Whether it is the story of an account with all that belongs to it.
    pub related: bool,
    /// When it happened; an open activity stands at the moment at which it is due.
    pub at: DateTimeUtc,
    /// `activity`, or what the history calls the change.
    pub action: String,
}

impl ActiveModelBehavior for ActiveModel {}
