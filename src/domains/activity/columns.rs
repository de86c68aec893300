//! What is read of activities for the fields that are asked for.

use entity::activity;

use crate::data::page::Listed;

impl Listed for activity::Entity {
    const TYPE: Option<&'static str> = Some("Activity");

    fn columns_of(field: &str) -> Option<&'static [activity::Column]> {
        use entity::activity::Column::{
            Body, CompletedAt, CreatedAt, Direction, DueAt, DurationMinutes, ExternalId, Kind, Outcome, OwnerId, Subject,
            UpdatedAt, Version,
        };
        Some(match field {
            "version" => &[Version],
            "kind" => &[Kind],
            "subject" => &[Subject],
            "body" => &[Body],
            "direction" => &[Direction],
            "outcome" => &[Outcome],
            "dueAt" => &[DueAt],
            "completedAt" => &[CompletedAt],
            "durationMinutes" => &[DurationMinutes],
            "owner" => &[OwnerId],
            "externalId" => &[ExternalId],
            "createdAt" => &[CreatedAt],
            "updatedAt" => &[UpdatedAt],
            // What leads on from the id alone.
            "about" => &[],
            _ => return None,
        })
    }

    fn place(column: activity::Column) -> u32 {
        column as u32
    }
}
