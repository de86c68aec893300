//! What is read of leads for the fields that are asked for.

use entity::lead;

use crate::data::page::Listed;

impl Listed for lead::Entity {
    const TYPE: Option<&'static str> = Some("Lead");

    fn columns_of(field: &str) -> Option<&'static [lead::Column]> {
        use entity::lead::Column::{
            BuyingRole, CampaignId, City, Company, Country, CreatedAt, Description, Email, Employees, ExternalId, FirstName,
            JobTitle, LastActivityAt, LastName, OwnerId, Phone, PostalCode, Rating, Region, SourceId, Status, Street, UpdatedAt,
            Version, Website,
        };
        Some(match field {
            "version" => &[Version],
            "name" => &[FirstName, LastName, Company],
            "firstName" => &[FirstName],
            "lastName" => &[LastName],
            "jobTitle" => &[JobTitle],
            "company" => &[Company],
            "employees" => &[Employees],
            "email" => &[Email],
            "phone" => &[Phone],
            "website" => &[Website],
            "address" => &[Street, City, Region, PostalCode, Country],
            "description" => &[Description],
            "status" => &[Status],
            "rating" => &[Rating],
            "source" => &[SourceId],
            "campaign" => &[CampaignId],
            "buyingRole" => &[BuyingRole],
            "owner" => &[OwnerId],
            "lastActivityAt" => &[LastActivityAt],
            "externalId" => &[ExternalId],
            "createdAt" => &[CreatedAt],
            "updatedAt" => &[UpdatedAt],
            // What leads on from the id alone.
            "buyingSignals" | "keptAs" | "conversion" | "duplicates" | "activities" | "campaignMemberships" | "timeline" => &[],
            _ => return None,
        })
    }

    fn place(column: lead::Column) -> u32 {
        column as u32
    }
}
