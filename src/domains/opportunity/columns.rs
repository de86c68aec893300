//! What is read of opportunities for the fields that are asked for.

use entity::{RecordKind, opportunity};

use crate::data::page::Listed;

impl Listed for opportunity::Entity {
    const TYPE: Option<&'static str> = Some("Opportunity");

    fn columns_of(field: &str) -> Option<&'static [opportunity::Column]> {
        use entity::opportunity::Column::{
            AccountId, Amount, CampaignId, CloseDate, CloseNote, CloseReasonId, ClosedAt, CreatedAt, Currency, Description,
            ExternalId, IsClosed, IsWon, LeadId, LostTo, LostToCompetitorId, Name, NextStep, OwnerId, PipelineId,
            PrimaryContactId, Probability, SourceId, StageEnteredAt, StageId, UpdatedAt, Version,
        };
        Some(match field {
            "version" => &[Version],
            "name" => &[Name],
            "account" => &[AccountId],
            "primaryContact" => &[PrimaryContactId],
            "owner" => &[OwnerId],
            "pipeline" => &[PipelineId],
            "stage" => &[StageId],
            "probability" => &[Probability],
            "forecastCategory" => &[StageId],
            "amount" => &[Amount, Currency, IsClosed, CloseDate],
            "weightedAmount" => &[Amount, Currency, IsClosed, CloseDate, Probability],
            "closeDate" => &[CloseDate],
            "isClosed" => &[IsClosed],
            "isWon" => &[IsWon],
            "closedAt" => &[ClosedAt],
            "closeReason" => &[CloseReasonId],
            "source" => &[SourceId],
            "campaign" => &[CampaignId],
            "lead" => &[LeadId],
            "nextStep" => &[NextStep],
            "description" => &[Description],
            "secondsInStage" => &[StageEnteredAt],
            "externalId" => &[ExternalId],
            "createdAt" => &[CreatedAt],
            "updatedAt" => &[UpdatedAt],
            "closeNote" => &[CloseNote],
            "lostTo" => &[LostTo],
            "lostToCompetitor" => &[LostToCompetitorId],
            "campaignInfluence" => &[CampaignId],
            "contactRoles" => &[PrimaryContactId],
            // What leads on from the id alone.
            "buyingSignals" | "lineItems" | "competitors" | "milestones" | "stageHistory" | "pipelineHistory" | "quotes"
            | "order" | "activities" | "timeline" => &[],
            _ => return None,
        })
    }

    fn reference(field: &str) -> Option<(opportunity::Column, RecordKind)> {
        match field {
            "account" => Some((opportunity::Column::AccountId, RecordKind::Account)),
            "primaryContact" => Some((opportunity::Column::PrimaryContactId, RecordKind::Contact)),
            "lead" => Some((opportunity::Column::LeadId, RecordKind::Lead)),
            _ => None,
        }
    }

    fn place(column: opportunity::Column) -> u32 {
        column as u32
    }
}
