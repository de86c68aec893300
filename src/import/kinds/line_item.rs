//! Line items of open opportunities. An opportunity's amount follows once all rows of a batch are read.

use std::collections::HashMap;

use async_graphql::MaybeUndefined;
use entity::line_item::{Column, Entity, Model};
use entity::{LineItemId, OpportunityId, ProductId, opportunity, product};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{Draft, Importable, Reading};
use crate::auth::{Actor, policy};
use crate::data::write::Write;
use crate::domains::line_item::input::LineItemFields;
use crate::domains::line_item::rules::{self, Offer, Offers, Reader};
use crate::domains::line_item::service::{self, Sale};
use crate::domains::line_item::store;
use crate::domains::product::service as products;
use crate::error::{Result, UserErrorCode};
use crate::graphql::scalars::Decimal;
use crate::import::fields::{Field, Form, Target, field, known_as, shared};
use crate::import::values::Values;

/// Line items, with the opportunities and products that the rows of a batch name.
#[derive(Default)]
pub struct LineItems {
    sales: HashMap<OpportunityId, Changing>,
    offers: Offers,
}

/// An opportunity whose line items are imported.
struct Changing {
    sale: Sale,
    /// Its line items, as they will be with the good rows.
    lines: Vec<Model>,
}

impl Importable for LineItems {
    type Entity = Entity;
    type Model = Model;
    type More = ();
    const EXTERNAL_ID: Option<Column> = Some(Column::ExternalId);
    const FIELDS: &'static [Field] = &[
        shared::EXTERNAL_ID,
        known_as("opportunity", Form::Reference(Target::Opportunity), &["opportunityname", "dealname"]),
        known_as("product", Form::Reference(Target::Product), &["productname"]),
        shared::DESCRIPTION,
        field("quantity", Form::Decimal),
        known_as("unitPrice", Form::Money, &["price", "salesprice"]),
        known_as("discountPercent", Form::Decimal, &["discount"]),
        field("discountAmount", Form::Money),
    ];

    fn may_change(actor: &Actor, _: &Model) -> Result<()> {
        policy::may_create(actor)
    }

    fn blank(&self, write: &Write<'_>) -> Model {
        service::blank(write, OpportunityId::new(Uuid::nil()), &write.workspace().base_currency)
    }

    /// Line items are kept from others by their opportunity: it is locked first.
    async fn existing(write: &Write<'_>, rows: &[Values<'_>]) -> Result<HashMap<String, Model>> {
        let keys: Vec<&str> = rows.iter().filter_map(|row| row.raw(Self::KEY)).map(str::trim).collect();
        let own: Vec<LineItemId> = keys.iter().filter_map(|key| key.parse().ok()).collect();
        let named = Condition::any().add(Column::ExternalId.is_in(keys)).add(Column::Id.is_in(own));
        let select = write.scope().find::<Entity>().filter(named.clone()).select_only().column(Column::OpportunityId).distinct();
        let opportunities: Vec<OpportunityId> = select.into_tuple().all(write.connection()).await?;
        write.lock_all::<opportunity::Entity>(write.scope(), opportunities).await?;
        let found = write.scope().find::<Entity>().filter(named).all(write.connection()).await?;
        let key = |line: &Model| line.external_id.clone().unwrap_or_else(|| line.id.to_string());
        Ok(found.into_iter().map(|line| (key(&line), line)).collect())
    }

    async fn prepare(&mut self, write: &Write<'_>, rows: &[Values<'_>]) -> Result<()> {
        let named: Vec<OpportunityId> = rows.iter().filter_map(|row| row.referred("opportunity")).collect();
        self.sales.clear();
        self.open(write, named).await?;
        let mut products: Vec<ProductId> = rows.iter().filter_map(|row| row.referred("product")).collect();
        products.sort_unstable();
        products.dedup();
        self.offers = store::offers(write, products).await?;
        for row in rows {
            // A product that the import creates isn't there yet, and has no price.
            let Some(id) = row.referred("product").filter(|id| !self.offers.contains_key(id)) else { continue };
            let name = row.raw("product").unwrap_or_default().to_owned();
            let product = product::Model { id, name, ..products::blank(write) };
            self.offers.insert(id, Offer { product, prices: HashMap::new() });
        }
        Ok(())
    }

    async fn apply(&mut self, row: &mut Reading<'_, Model>, line: &mut Model) -> Result<()> {
        let Some(id) = opportunity_of(row) else { return Ok(()) };
        if !self.sales.contains_key(&id) {
            self.open(row.write, vec![id]).await?;
        }
        let Some(Changing { sale, lines }) = self.sales.get_mut(&id) else {
            let sentence = "There is no such opportunity; it may have been deleted.";
            row.cleaner.problem(UserErrorCode::NotFound, "opportunity", sentence);
            return Ok(());
        };
        if let Err(error) = policy::may_change(row.write.actor, sale.opportunity.owner_id) {
            row.cleaner.problem(UserErrorCode::Invalid, "opportunity", error.sentences());
        }
        let fields = fields(row, line);
        if row.before.is_none() {
            let first = lines.first().map(|line| line.currency.clone());
            let base_currency = &row.write.workspace().base_currency;
            let currency = first.unwrap_or_else(|| rules::currency(&sale.opportunity, [&fields], base_currency));
            let external_id = line.external_id.take();
            *line = Model { id: line.id, external_id, ..service::blank(row.write, id, &currency) };
        }
        let before = line.clone();
        Reader { problems: &mut row.cleaner.problems, path: String::new(), offers: &self.offers }.apply(&fields, line);
        if row.before.is_some() && *line == before {
            return Ok(());
        }
        let mut after = lines.clone();
        match after.iter_mut().find(|other| other.id == line.id) {
            Some(known) => *known = line.clone(),
            None => after.push(line.clone()),
        }
        let refusals = [rules::check_open(&sale.opportunity), rules::check_number(after.len()), rules::sum(&after).map(drop)];
        for refusal in refusals {
            row.cleaner.problems.keep(refusal);
        }
        if row.cleaner.problems.is_empty() {
            *lines = after;
        }
        Ok(())
    }

    /// They are written with their opportunity.
    async fn insert(&mut self, _write: &Write<'_>, _new: &[Draft<Self>]) -> Result<()> {
        Ok(())
    }

    async fn update(&mut self, _write: &Write<'_>, _changed: &[Draft<Self>]) -> Result<()> {
        Ok(())
    }

    async fn after_writing(&mut self, write: &Write<'_>, _new: &[Draft<Self>], _changed: &[Draft<Self>]) -> Result<()> {
        let mut sales: Vec<Changing> = self.sales.drain().map(|(_, changing)| changing).collect();
        sales.sort_by_key(|changing| changing.sale.opportunity.id);
        for Changing { sale, lines } in sales {
            service::save(write, sale, lines, "line_items_imported").await?;
        }
        Ok(())
    }
}

impl LineItems {
    /// Locks opportunities and reads their line items.
    async fn open(&mut self, write: &Write<'_>, named: Vec<OpportunityId>) -> Result<()> {
        let opportunities = write.lock_all::<opportunity::Entity>(write.scope(), named).await?;
        if opportunities.is_empty() {
            return Ok(());
        }
        let mut known: HashMap<OpportunityId, Vec<Model>> = HashMap::new();
        for line in store::lines(write.connection(), opportunities.iter().map(|opportunity| opportunity.id)).await? {
            known.entry(line.opportunity_id).or_default().push(line);
        }
        for opportunity in opportunities {
            let lines = known.remove(&opportunity.id).unwrap_or_default();
            self.sales.insert(opportunity.id, Changing { lines: lines.clone(), sale: Sale { opportunity, lines } });
        }
        Ok(())
    }
}

/// The opportunity that a row is about: a line item stays with the one that it has.
fn opportunity_of(row: &mut Reading<'_, Model>) -> Option<OpportunityId> {
    let named = row.values.referred("opportunity");
    let known = row.before.map(|before| before.opportunity_id);
    if named.is_none() && known.is_none() && row.cleaner.fine_so_far(&["opportunity"]) {
        row.cleaner.problem(UserErrorCode::Required, "opportunity", "A line item belongs to an opportunity: name one.");
    }
    if named.is_some() && known.is_some() && named != known {
        let sentence = "The line item belongs to another opportunity, and a line item stays with its opportunity.";
        row.cleaner.problem(UserErrorCode::Invalid, "opportunity", sentence);
        return None;
    }
    known.or(named)
}

/// What a row says, as the API takes it.
fn fields(row: &mut Reading<'_, Model>, line: &Model) -> LineItemFields {
    let Reading { values, cleaner, .. } = row;
    let mut product_id = line.product_id;
    values.reference("product", &mut product_id);
    let product_id = match product_id {
        same if same == line.product_id => MaybeUndefined::Undefined,
        Some(id) => MaybeUndefined::Value(id.to_string().into()),
        None => MaybeUndefined::Null,
    };
    let number = |given: MaybeUndefined<rust_decimal::Decimal>| given.map_value(Decimal);
    LineItemFields {
        product_id,
        description: values.text("description"),
        quantity: given(number(values.decimal(cleaner, "quantity"))),
        unit_price: given(values.money(cleaner, "unitPrice")),
        discount_percent: number(values.decimal(cleaner, "discountPercent")),
        discount_amount: values.money(cleaner, "discountAmount"),
    }
}

/// An empty cell leaves quantity and price as they are: no line item is without.
fn given<T>(value: MaybeUndefined<T>) -> MaybeUndefined<T> {
    value.take().map_or(MaybeUndefined::Undefined, MaybeUndefined::Value)
}
