//! What is read of contacts for the fields that are asked for.

use entity::{RecordKind, contact};

use crate::data::page::Listed;

impl Listed for contact::Entity {
    const TYPE: Option<&'static str> = Some("Contact");

    fn columns_of(field: &str) -> Option<&'static [contact::Column]> {
        use entity::contact::Column::{
            AccountId, CampaignId, City, Country, CreatedAt, Description, Email, ExternalId, FirstName, JobTitle, LastName,
            OwnerId, Phone, PostalCode, Region, SourceId, Street, UpdatedAt, Version,
        };
        Some(match field {
            "version" => &[Version],
            "name" => &[FirstName, LastName],
            "firstName" => &[FirstName],
            "lastName" => &[LastName],
            "jobTitle" => &[JobTitle],
            "email" => &[Email],
            "phone" => &[Phone],
            "address" => &[Street, City, Region, PostalCode, Country],
            "description" => &[Description],
            "account" => &[AccountId],
            "owner" => &[OwnerId],
            "source" => &[SourceId],
            "campaign" => &[CampaignId],
            "externalId" => &[ExternalId],
            "createdAt" => &[CreatedAt],
            "updatedAt" => &[UpdatedAt],
            // What leads on from the id alone.
            "opportunities" | "activities" | "campaignMemberships" | "timeline" => &[],
            _ => return None,
        })
    }

    fn reference(field: &str) -> Option<(contact::Column, RecordKind)> {
        match field {
            "account" => Some((contact::Column::AccountId, RecordKind::Account)),
            _ => None,
        }
    }

    fn place(column: contact::Column) -> u32 {
        column as u32
    }
}
