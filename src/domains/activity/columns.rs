//! What a list of activities reads for the fields that are asked for.

use entity::activity;

use crate::data::page::Listed;

impl Listed for activity::Entity {
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
            "about" => &[],
            _ => return None,
        })
    }

    fn blank() -> Option<activity::Model> {
        Some(activity::Model::default())
    }
}
