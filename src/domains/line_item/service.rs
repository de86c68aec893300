//! Changing an opportunity's line items. Each use case: lock the opportunity, take its lines, make new ones of them, write the
//! difference. The opportunity's amount follows, its version counts, and its history tells of every line.

use async_graphql::{ID, MaybeUndefined};
use entity::line_item::Model;
use entity::{LineItemId, OpportunityId, ProductId, line_item, opportunity};
use serde_json::{Value as Json, json};

use super::input::{
    AddLineItemsInput, LineItemFields, RemoveLineItemInput, ReorderLineItemsInput, SetLineItemsInput, UpdateLineItemInput,
};
use super::record::line_changes;
use super::rules::{self, Reader};
use super::store;
use crate::auth::policy;
use crate::data::write::{Write, not_found};
use crate::domains::opportunity::service::for_change;
use crate::error::{Error, Problems, Result, UserError, UserErrorCode};
use crate::graphql::ids;

/// An opportunity that is locked, with its line items.
struct Sale {
    opportunity: opportunity::Model,
    lines: Vec<Model>,
}

/// Adds line items after those that are there.
pub async fn add(write: &Write<'_>, input: AddLineItemsInput) -> Result<opportunity::Model> {
    policy::may_create(write.actor)?;
    let key = input.idempotency_key.as_deref();
    if let Some(answer) = write.first_answer(key, "addLineItems", &input).await? {
        return write.made_before::<opportunity::Entity>(&answer).await;
    }
    let sale = open(write, &input.opportunity_id, "opportunityId", input.expected_version).await?;
    if input.line_items.is_empty() {
        let problem = UserError::at(UserErrorCode::Required, "lineItems", "Give at least one line item.");
        return Err(Error::refused(problem));
    }
    let mut problems = Problems::default();
    problems.keep(rules::check_number(sale.lines.len() + input.line_items.len()));
    let said: Vec<&LineItemFields> = input.line_items.iter().map(|line| &line.fields).collect();
    let offers = store::offers(write, named_products(&sale, &said)).await?;
    let currency = rules::currency(&sale.opportunity, said.iter().copied(), &write.app.workspace().base_currency);
    let mut lines = sale.lines.clone();
    for (place, fields) in said.into_iter().enumerate() {
        let mut line = blank(write, sale.opportunity.id, &currency);
        Reader { problems: &mut problems, path: format!("lineItems.{place}."), offers: &offers }.apply(fields, &mut line);
        lines.push(line);
    }
    problems.check()?;
    let opportunity = save(write, sale, lines, "line_items_added").await?;
    write.remember_answer(key, json!({ "opportunity": opportunity.id.uuid() })).await?;
    Ok(opportunity)
}

/// Changes a line item.
pub async fn update(write: &Write<'_>, input: UpdateLineItemInput) -> Result<opportunity::Model> {
    let (id, sale) = open_with(write, &input.id, input.expected_version).await?;
    let offers = store::offers(write, named_products(&sale, &[&input.fields])).await?;
    let mut lines = sale.lines.clone();
    let mut problems = Problems::default();
    for line in lines.iter_mut().filter(|line| line.id == id) {
        Reader { problems: &mut problems, path: String::new(), offers: &offers }.apply(&input.fields, line);
    }
    problems.check()?;
    save(write, sale, lines, "line_item_updated").await
}

/// Takes a line item away. The amount that the last one leaves behind stays.
pub async fn remove(write: &Write<'_>, input: RemoveLineItemInput) -> Result<opportunity::Model> {
    let (id, sale) = open_with(write, &input.id, input.expected_version).await?;
    let lines = sale.lines.iter().filter(|line| line.id != id).cloned().collect();
    save(write, sale, lines, "line_item_removed").await
}

/// Puts the line items into another order.
pub async fn reorder(write: &Write<'_>, input: ReorderLineItemsInput) -> Result<opportunity::Model> {
    let sale = open(write, &input.opportunity_id, "opportunityId", input.expected_version).await?;
    let mut problems = Problems::default();
    let named = input.line_item_ids.iter().enumerate();
    let wanted: Vec<LineItemId> =
        named.filter_map(|(place, id)| ids::reference(&mut problems, &format!("lineItemIds.{place}"), Some(id))).collect();
    problems.check()?;
    let lines = rules::reordered(&sale.lines, &wanted).map_err(Error::refused)?;
    save(write, sale, lines, "line_items_reordered").await
}

/// Replaces all line items at once: those that are named by their ids are changed, the others are new, and the rest goes.
pub async fn set(write: &Write<'_>, input: SetLineItemsInput) -> Result<opportunity::Model> {
    let sale = open(write, &input.opportunity_id, "opportunityId", input.expected_version).await?;
    let mut problems = Problems::default();
    problems.keep(rules::check_number(input.line_items.len()));
    let said: Vec<&LineItemFields> = input.line_items.iter().map(|line| &line.fields).collect();
    let offers = store::offers(write, named_products(&sale, &said)).await?;
    let currency = rules::currency(&sale.opportunity, said, &write.app.workspace().base_currency);
    let mut lines: Vec<Model> = Vec::with_capacity(input.line_items.len());
    for (place, given) in input.line_items.iter().enumerate() {
        let path = format!("lineItems.{place}.");
        let known = match &given.id {
            None => Some(blank(write, sale.opportunity.id, &currency)),
            Some(id) => named(&mut problems, &format!("{path}id"), id, &sale.lines, &lines),
        };
        let Some(mut line) = known else { continue };
        Reader { problems: &mut problems, path, offers: &offers }.apply(&given.fields, &mut line);
        lines.push(line);
    }
    problems.check()?;
    save(write, sale, lines, "line_items_set").await
}

/// The line item that is named, which is one of the opportunity's and wasn't named before.
fn named(problems: &mut Problems, path: &str, id: &ID, known: &[Model], before: &[Model]) -> Option<Model> {
    let id: LineItemId = ids::reference(problems, path, Some(id))?;
    if before.iter().any(|line| line.id == id) {
        problems.push(UserError::at(UserErrorCode::Invalid, path, "This line item is named twice: name it once."));
        return None;
    }
    let found = known.iter().find(|line| line.id == id).cloned();
    let sentence = "The opportunity has no such line item; it may have been taken away. Check the id.";
    problems.keep(found.ok_or_else(|| UserError::at(UserErrorCode::NotFound, path, sentence)))
}

/// Locks an opportunity whose line items are to change, and reads them.
async fn open(write: &Write<'_>, id: &ID, path: &str, expected_version: Option<i32>) -> Result<Sale> {
    let opportunity = for_change(write, id, path, expected_version).await?;
    rules::check_open(&opportunity).map_err(Error::refused)?;
    let lines = store::lines(write.connection(), [opportunity.id]).await?;
    Ok(Sale { opportunity, lines })
}

/// The same where a line item names the opportunity. The line item is among those that are read.
async fn open_with(write: &Write<'_>, id: &ID, expected_version: Option<i32>) -> Result<(LineItemId, Sale)> {
    policy::may_create(write.actor)?;
    let line: LineItemId = ids::subject(id, "id")?;
    let missing = || not_found::<line_item::Entity>("id");
    let opportunity = store::opportunity_of(write.connection(), line).await?.ok_or_else(missing)?;
    let sale = open(write, &opportunity.to_string().into(), "id", expected_version).await?;
    // Somebody may have taken it away before the opportunity was locked.
    if sale.lines.iter().all(|other| other.id != line) {
        return Err(missing());
    }
    Ok((line, sale))
}

/// The products that a call names, and those of the lines that are there, whose prices may be asked for.
fn named_products(sale: &Sale, said: &[&LineItemFields]) -> Vec<ProductId> {
    let named = said.iter().filter_map(|fields| fields.product_id.value()?.parse::<ProductId>().ok());
    let wants_price = said.iter().any(|fields| fields.unit_price == MaybeUndefined::Null);
    let known = sale.lines.iter().filter(|_| wants_price).filter_map(|line| line.product_id);
    named.chain(known).collect()
}

/// Writes what became of an opportunity's line items, with the amount that follows from them.
async fn save(write: &Write<'_>, sale: Sale, mut lines: Vec<Model>, action: &str) -> Result<opportunity::Model> {
    let Sale { opportunity: before, lines: known } = sale;
    for (line, position) in lines.iter_mut().zip(1..) {
        line.position = position;
        if let Some(was) = known.iter().find(|was| was.id == line.id && *was != line) {
            line.version = was.version + 1;
            line.updated_at = write.now;
        }
    }
    let changes = line_changes(&known, &lines);
    if changes.is_empty() {
        return Ok(before);
    }
    let opportunity = following(&before, &lines).map_err(Error::refused)?;
    store::replace(write, &known, &lines).await?;
    write.update_with(&before, opportunity, action, Json::Array(changes)).await
}

/// The opportunity with the amount that its lines come to; without lines it keeps the one that it has.
pub fn following(opportunity: &opportunity::Model, lines: &[Model]) -> Result<opportunity::Model, UserError> {
    let mut opportunity = opportunity.clone();
    if let Some(line) = lines.first() {
        opportunity.amount = Some(rules::sum(lines)?);
        opportunity.currency = Some(line.currency.clone());
    }
    Ok(opportunity)
}

/// Notes a problem where an amount was changed by hand on an opportunity whose line items say what it is.
pub async fn check_amount_by_hand(
    write: &Write<'_>,
    problems: &mut Problems,
    before: &opportunity::Model,
    after: &opportunity::Model,
) -> Result<()> {
    if (before.amount, &before.currency) == (after.amount, &after.currency) {
        return Ok(());
    }
    let lines = store::ids(write.connection(), before.id).await?;
    if !lines.is_empty() {
        problems.push(amount_follows(&lines));
    }
    Ok(())
}

/// Refuses an amount by hand.
pub fn amount_follows(lines: &[LineItemId]) -> UserError {
    let sentence = "The amount is the sum of the opportunity's line items: change those, or remove them all to set it by hand.";
    let ids: Vec<String> = lines.iter().map(ToString::to_string).collect();
    UserError::at(UserErrorCode::Invalid, "amount", sentence).with_details(json!({ "lineItems": ids }))
}

/// A new line item with a quantity of 1 and no price yet, which is -1 until it is read.
pub fn blank(write: &Write<'_>, opportunity_id: OpportunityId, currency: &str) -> Model {
    Model {
        id: write.new_id(),
        version: 1,
        opportunity_id,
        position: 0,
        product_id: None,
        description: None,
        quantity: 1_000,
        currency: currency.to_owned(),
        unit_price: -1,
        discount_percent: None,
        discount_amount: None,
        total: 0,
        external_id: None,
        created_at: write.now,
        updated_at: write.now,
    }
}
