//! What a list of contacts reads for the fields that are asked for.

use entity::contact;

use crate::data::page::Listed;

impl Listed for contact::Entity {
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
            _ => return None,
        })
    }

    fn blank() -> Option<contact::Model> {
        Some(contact::Model::default())
    }
}
