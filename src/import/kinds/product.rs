//! Products with a price each.

use std::collections::HashMap;

use entity::product::{Column, Entity, Model};
use entity::{ProductId, product_price};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use serde_json::Value as Json;

use super::{Draft, Importable, Reading};
use crate::auth::{Actor, policy};
use crate::data::write::Write;
use crate::domains::product::input::ProductFields;
use crate::domains::product::record::price_change;
use crate::domains::product::{rules, service, store};
use crate::domains::workspace::store::take_turns;
use crate::error::{Result, UserErrorCode};
use crate::import::fields::{Field, Form, field, known_as, shared};
use crate::import::values::Values;
use crate::values::fold::fold;
use crate::values::text::TextLimit;

/// Products, with the codes that are taken and the prices of those that are there.
#[derive(Default)]
pub struct Products {
    codes: HashMap<String, ProductId>,
    prices: HashMap<ProductId, Vec<product_price::Model>>,
}

impl Importable for Products {
    type Entity = Entity;
    type Model = Model;
    /// All prices that the product is to have.
    type More = Vec<product_price::Model>;
    const EXTERNAL_ID: Option<Column> = Some(Column::ExternalId);
    const FIELDS: &'static [Field] = &[
        shared::EXTERNAL_ID,
        known_as("name", Form::Text, &["product", "productname"]),
        known_as("code", Form::Text, &["productcode", "sku"]),
        known_as("family", Form::Text, &["productfamily", "series", "category"]),
        shared::DESCRIPTION,
        known_as("unitPrice", Form::Money, &["price", "listprice", "salesprice"]),
        known_as("active", Form::Flag, &["isactive"]),
        field("createdAt", Form::Moment),
    ];

    fn may_create(actor: &Actor) -> Result<()> {
        policy::may_manage_lists(actor)
    }

    fn may_change(actor: &Actor, _: &Model) -> Result<()> {
        policy::may_manage_lists(actor)
    }

    fn blank(&self, write: &Write<'_>) -> Model {
        service::blank(write)
    }

    async fn prepare(&mut self, write: &Write<'_>, rows: &[Values<'_>]) -> Result<()> {
        take_turns(write.connection()).await?;
        let codes: Vec<String> =
            rows.iter().filter_map(|row| row.raw("code")).map(fold).filter(|code| !code.is_empty()).collect();
        let taken = store::with_codes(write.connection(), &codes).await?;
        self.codes = taken.into_iter().map(|product| (product.code_key, product.id)).collect();
        let named = rows.iter().filter_map(|row| row.raw("externalId")).map(str::trim);
        let select = write.scope().find::<Entity>().select_only().column(Column::Id).filter(Column::ExternalId.is_in(named));
        let known: Vec<ProductId> = select.into_tuple().all(write.connection()).await?;
        self.prices.clear();
        for price in store::prices(write.connection(), known).await? {
            self.prices.entry(price.product_id).or_default().push(price);
        }
        Ok(())
    }

    async fn apply(&mut self, row: &mut Reading<'_, Model>, product: &mut Model) -> Result<Self::More> {
        let values = row.values;
        let name = row.required_text("name");
        row.cleaner.required_text("name", &name, TextLimit::Name, &mut product.name);
        let fields = ProductFields {
            code: values.text("code"),
            family: values.text("family"),
            description: values.text("description"),
            ..ProductFields::default()
        };
        rules::apply(&mut row.cleaner, &fields, product);
        if let Some(code) = product.code.as_deref().map(fold).filter(|code| !code.is_empty())
            && *self.codes.entry(code).or_insert(product.id) != product.id
        {
            let sentence = "Another product has this code already: each product has a code of its own.";
            row.cleaner.problem(UserErrorCode::AlreadyExists, "code", sentence);
        }
        product.active = values.flag(&mut row.cleaner, "active").take().unwrap_or(product.active);
        product.created_at = row.created_at().unwrap_or(product.created_at);
        let mut prices = self.prices.get(&product.id).cloned().unwrap_or_default();
        let given = values.money(&mut row.cleaner, "unitPrice");
        let (mut amount, mut currency) = (None, None);
        row.cleaner.money("unitPrice", &given, (&mut amount, &mut currency));
        if let Some((amount, currency)) = amount.zip(currency) {
            prices.retain(|price| price.currency != currency);
            prices.push(product_price::Model { product_id: product.id, currency, amount });
            prices.sort_by(|one, other| one.currency.cmp(&other.currency));
        }
        Ok(prices)
    }

    fn beside(&self, draft: &Draft<Self>) -> Json {
        price_change(self.known_prices(draft.after.id), &draft.more)
    }

    async fn after_writing(&mut self, write: &Write<'_>, new: &[Draft<Self>], changed: &[Draft<Self>]) -> Result<()> {
        for draft in new.iter().chain(changed) {
            store::replace_prices(write, self.known_prices(draft.after.id), draft.more.clone()).await?;
        }
        Ok(())
    }
}

impl Products {
    fn known_prices(&self, product: ProductId) -> &[product_price::Model] {
        self.prices.get(&product).map(Vec::as_slice).unwrap_or_default()
    }
}
