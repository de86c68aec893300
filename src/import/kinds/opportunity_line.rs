//! The line item that the product of an imported opportunity makes: one unit at the opportunity's amount.

use std::collections::HashMap;

use entity::opportunity::Model;
use entity::{OpportunityId, ProductId, line_item, opportunity};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use super::Reading;
use crate::data::write::Write;
use crate::domains::line_item::rules::{Offer, Offers, check_open};
use crate::domains::line_item::{service, store};
use crate::error::{Result, UserErrorCode};
use crate::import::values::Values;

/// The products that rows of a batch name, and the line items of the opportunities that are there.
#[derive(Default)]
pub struct Lines {
    offers: Offers,
    known: HashMap<OpportunityId, Vec<line_item::Model>>,
}

impl Lines {
    /// Reads what the rows of a batch need.
    pub async fn read(&mut self, write: &Write<'_>, rows: &[Values<'_>]) -> Result<()> {
        let mut products: Vec<ProductId> = rows.iter().filter_map(|row| row.referred("product")).collect();
        products.sort_unstable();
        products.dedup();
        self.offers = store::offers(write, products).await?;
        self.known.clear();
        let named: Vec<&str> = rows.iter().filter_map(|row| row.raw("externalId")).map(str::trim).collect();
        if named.is_empty() {
            return Ok(());
        }
        let select = write.scope().find::<opportunity::Entity>().filter(opportunity::Column::ExternalId.is_in(named));
        let known: Vec<OpportunityId> =
            select.select_only().column(opportunity::Column::Id).into_tuple().all(write.connection()).await?;
        if known.is_empty() {
            return Ok(());
        }
        for line in store::lines(write.connection(), known).await? {
            self.known.entry(line.opportunity_id).or_default().push(line);
        }
        Ok(())
    }

    /// The line items that an opportunity has.
    pub fn of(&self, opportunity: OpportunityId) -> &[line_item::Model] {
        self.known.get(&opportunity).map(Vec::as_slice).unwrap_or_default()
    }

    /// The line item that the row makes or changes. It is made once the amount of the row is set, which it takes, or sets from the
    /// product's price where the row has none.
    pub fn apply(&self, row: &mut Reading<'_, Model>, opportunity: &mut Model) -> Option<line_item::Model> {
        let product = row.values.referred("product");
        let known = self.of(opportunity.id);
        if !known.is_empty() {
            return self.follow(row, opportunity, product);
        }
        // A product that the import creates is not there yet, and has no price.
        let offer = self.offers.get(&product?);
        if let Some(gone) = offer.filter(|offer| !offer.product.active) {
            let sentence = format!("{} is no longer offered: activate the product, or name another one.", gone.product.name);
            row.cleaner.problem(UserErrorCode::Invalid, "product", sentence);
        }
        if let Some(before) = row.before {
            row.cleaner.problems.keep(check_open(before));
        }
        let (amount, currency) = price(row, opportunity, offer)?;
        opportunity.amount = Some(amount);
        opportunity.currency = Some(currency.clone());
        let blank = service::blank(row.write, opportunity.id, &currency);
        Some(line_item::Model { product_id: product, position: 1, unit_price: amount, total: amount, ..blank })
    }

    /// An opportunity that has line items: its amount follows from them. A single one of the row's product, as an import makes it,
    /// follows the amount.
    fn follow(
        &self,
        row: &mut Reading<'_, Model>,
        opportunity: &mut Model,
        product: Option<ProductId>,
    ) -> Option<line_item::Model> {
        let known = self.of(opportunity.id);
        let before = row.before?;
        if product.is_some() && known.iter().all(|line| line.product_id != product) {
            let sentence = "The opportunity has line items already, and none of this product: change them instead.";
            row.cleaner.problem(UserErrorCode::Invalid, "product", sentence);
        }
        if (opportunity.amount, &opportunity.currency) == (before.amount, &before.currency) {
            return None;
        }
        let imported = |line: &&line_item::Model| {
            let undiscounted = line.discount_percent.is_none() && line.discount_amount.is_none();
            line.product_id == product && line.quantity == 1_000 && undiscounted && !before.is_closed
        };
        match (known, opportunity.amount, &opportunity.currency) {
            ([only], Some(amount), Some(currency)) if imported(&only) && *currency == only.currency => Some(line_item::Model {
                unit_price: amount,
                total: amount,
                version: only.version + 1,
                updated_at: row.write.now,
                ..only.clone()
            }),
            _ => {
                let ids: Vec<_> = known.iter().map(|line| line.id).collect();
                row.cleaner.problems.push(service::amount_follows(&ids));
                None
            }
        }
    }
}

/// What the one unit costs: the opportunity's amount, or the product's price in the currency that amounts of the file are in.
fn price(row: &mut Reading<'_, Model>, opportunity: &Model, offer: Option<&Offer>) -> Option<(i64, String)> {
    if let Some(known) = opportunity.amount.zip(opportunity.currency.clone()) {
        return Some(known);
    }
    let currency = row.values.currency("amount").unwrap_or_else(|| row.write.app.workspace().base_currency.clone());
    let price = offer.and_then(|offer| offer.prices.get(&currency)).map(|price| (*price, currency.clone()));
    if price.is_none() && row.cleaner.fine_so_far(&["amount"]) {
        let sentence = format!("The row has no amount, and its product has no price in {currency}: give one of both.");
        row.cleaner.problem(UserErrorCode::Required, "amount", sentence);
    }
    price
}
