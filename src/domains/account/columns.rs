//! What is read of accounts for the fields that are asked for.

use entity::{RecordKind, account};

use crate::data::page::Listed;

impl Listed for account::Entity {
    const TYPE: Option<&'static str> = Some("Account");

    fn columns_of(field: &str) -> Option<&'static [account::Column]> {
        use entity::account::Column::{
            AnnualRevenue, AnnualRevenueCurrency, City, Country, CreatedAt, Description, Employees, ExternalId, Industry, Kind,
            Lifecycle, Name, OwnerId, ParentId, Phone, PostalCode, Region, Street, UpdatedAt, Version, Website,
        };
        Some(match field {
            "version" => &[Version],
            "name" => &[Name],
            "kind" => &[Kind],
            "lifecycle" => &[Lifecycle],
            "industry" => &[Industry],
            "employees" => &[Employees],
            "annualRevenue" => &[AnnualRevenue, AnnualRevenueCurrency],
            "website" => &[Website],
            "phone" => &[Phone],
            "address" => &[Street, City, Region, PostalCode, Country],
            "description" => &[Description],
            "parent" => &[ParentId],
            "owner" => &[OwnerId],
            "externalId" => &[ExternalId],
            "createdAt" => &[CreatedAt],
            "updatedAt" => &[UpdatedAt],
            // What leads on from the id alone.
            "children" | "contacts" | "opportunities" | "orders" | "activities" | "timeline" => &[],
            _ => return None,
        })
    }

    fn reference(field: &str) -> Option<(account::Column, RecordKind)> {
        match field {
            "parent" => Some((account::Column::ParentId, RecordKind::Account)),
            _ => None,
        }
    }

    fn place(column: account::Column) -> u32 {
        column as u32
    }
}
