//! Products, line items and members of campaigns: what they say about each field of the import.

use std::collections::HashMap;

use entity::{ProductId, campaign_member, line_item, opportunity, product, product_price};
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};

use super::{Exportable, Said};
use crate::app::App;
use crate::auth::Scope;
use crate::domains::line_item::rules::{percent_decimal, quantity_decimal};
use crate::domains::product::store;
use crate::error::Result;
use crate::graphql::filter::related;
use crate::import::kinds;

/// Products, with the price that an import takes: that in the base currency, or the first one.
#[derive(Default)]
pub(super) struct Products {
    prices: HashMap<ProductId, product_price::Model>,
}

impl Exportable for Products {
    type Import = kinds::Products;

    async fn prepare(&mut self, app: &App, _: Scope, page: &[product::Model]) -> Result<()> {
        let base_currency = app.workspace().base_currency.clone();
        let mut prices = store::prices(app.database().read(), page.iter().map(|product| product.id)).await?;
        prices.sort_by_key(|price| (price.currency != base_currency, price.currency.clone()));
        self.prices.clear();
        for price in prices {
            self.prices.entry(price.product_id).or_insert(price);
        }
        Ok(())
    }

    fn said(&self, product: &product::Model, field: &str) -> Said {
        match field {
            "externalId" => Said::external_id(&product.external_id, product.id),
            "name" => Said::Text(Some(product.name.clone())),
            "code" => Said::text(&product.code),
            "family" => Said::text(&product.family),
            "description" => Said::text(&product.description),
            "unitPrice" => {
                let price = self.prices.get(&product.id);
                Said::Money(price.map(|price| price.amount), price.map(|price| price.currency.clone()))
            }
            "active" => Said::exact(Some(product.active)),
            "createdAt" => Said::moment(Some(product.created_at)),
            _ => Said::Text(None),
        }
    }
}

/// Line items of the opportunities that aren't deleted.
#[derive(Default)]
pub(super) struct LineItems;

impl Exportable for LineItems {
    type Import = kinds::LineItems;

    fn select(_app: &App, scope: Scope) -> Select<line_item::Entity> {
        let sales = related::<opportunity::Entity, _>(
            line_item::Column::OpportunityId,
            opportunity::Column::Id,
            Condition::all().add(opportunity::Column::DeletedAt.is_null()),
        );
        scope.find::<line_item::Entity>().filter(sales)
    }

    fn said(&self, line: &line_item::Model, field: &str) -> Said {
        let currency = Some(line.currency.clone());
        match field {
            "externalId" => Said::external_id(&line.external_id, line.id),
            "opportunity" => Said::record(Some(line.opportunity_id)),
            "product" => Said::record(line.product_id),
            "description" => Said::text(&line.description),
            "quantity" => Said::exact(Some(quantity_decimal(line.quantity))),
            "unitPrice" => Said::Money(Some(line.unit_price), currency),
            "discountPercent" => Said::exact(line.discount_percent.map(percent_decimal)),
            "discountAmount" => Said::Money(line.discount_amount, currency),
            _ => Said::Text(None),
        }
    }
}

/// Members of campaigns.
#[derive(Default)]
pub(super) struct CampaignMembers;

impl Exportable for CampaignMembers {
    type Import = kinds::CampaignMembers;

    fn said(&self, member: &campaign_member::Model, field: &str) -> Said {
        match field {
            "externalId" => Said::external_id(&member.external_id, member.id),
            "campaign" => Said::record(Some(member.campaign_id)),
            "lead" => Said::record(member.lead_id),
            "contact" => Said::record(member.contact_id),
            "status" => Said::exact(Some(member.status.as_str())),
            "respondedOn" => Said::exact(member.responded_on),
            "createdAt" => Said::moment(Some(member.created_at)),
            _ => Said::Text(None),
        }
    }
}
