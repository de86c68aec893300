//! Creating, changing and deleting products.

use async_graphql::MaybeUndefined;
use entity::{ProductId, product};
use serde_json::{Value as Json, json};

use super::input::{CreateProductInput, UpdateProductInput};
use super::record::price_change;
use super::{rules, store};
use crate::auth::policy;
use crate::data::write::{Write, check_version};
use crate::domains::fields::Cleaner;
use crate::domains::lead::input::DeleteInput;
use crate::domains::workspace::store::take_turns;
use crate::error::{Result, UserErrorCode};
use crate::graphql::ids;
use crate::values::fold::fold;
use crate::values::text::TextLimit;

/// Creates a product with its prices. Names need not be unique, codes are.
pub async fn create(write: &Write<'_>, input: CreateProductInput) -> Result<product::Model> {
    policy::may_manage_lists(write.actor)?;
    take_turns(write.connection()).await?;
    let key = input.idempotency_key.as_deref();
    if let Some(answer) = write.first_answer(key, "createProduct", &input).await? {
        return write.made_before::<product::Entity>(&answer).await;
    }
    let mut cleaner = Cleaner::new(&write.app.workspace().base_currency);
    let mut product = blank(write);
    cleaner.required_text("name", &MaybeUndefined::Value(input.name), TextLimit::Name, &mut product.name);
    rules::apply(&mut cleaner, &input.fields, &mut product);
    check_code(write, &mut cleaner, &product).await?;
    let prices = rules::prices(&mut cleaner, &input.fields.prices, product.id, &[]);
    cleaner.problems.check()?;
    let product = write.insert_with(product, "created", price_change(&[], &prices)).await?;
    store::replace_prices(write, &[], prices).await?;
    write.remember_answer(key, json!({ "product": product.id.uuid() })).await?;
    Ok(product)
}

/// Changes a product and its prices. What names it already keeps the price that it has.
pub async fn update(write: &Write<'_>, input: UpdateProductInput) -> Result<product::Model> {
    policy::may_manage_lists(write.actor)?;
    take_turns(write.connection()).await?;
    let before = write.lock::<product::Entity>(write.scope(), ids::subject(&input.id, "id")?, "id").await?;
    check_version(before.version, input.expected_version)?;
    let mut cleaner = Cleaner::new(&write.app.workspace().base_currency);
    let mut product = before.clone();
    cleaner.required_text("name", &input.name, TextLimit::Name, &mut product.name);
    rules::apply(&mut cleaner, &input.fields, &mut product);
    if product.code != before.code {
        check_code(write, &mut cleaner, &product).await?;
    }
    let known = store::prices(write.connection(), [before.id]).await?;
    let prices = rules::prices(&mut cleaner, &input.fields.prices, before.id, &known);
    cleaner.problems.check()?;
    let change = price_change(&known, &prices);
    store::replace_prices(write, &known, prices).await?;
    match change {
        Json::Null => write.update(&before, product, "updated").await,
        change => write.update_with(&before, product, "updated", change).await,
    }
}

/// Deletes a product that was never used. One that was can only be deactivated.
pub async fn delete(write: &Write<'_>, input: DeleteInput) -> Result<ProductId> {
    policy::may_manage_lists(write.actor)?;
    let before = write.lock::<product::Entity>(write.scope(), ids::subject(&input.id, "id")?, "id").await?;
    check_version(before.version, input.expected_version)?;
    store::uses(write.connection(), write.scope(), before.id).await?.check("id", |names| {
        format!("The product is sold on {names}: `details` names them. Set `active` to false instead, so that it is no longer offered.")
    })?;
    let prices = store::prices(write.connection(), [before.id]).await?;
    store::replace_prices(write, &prices, Vec::new()).await?;
    write.delete(&before, "deleted", price_change(&prices, &[])).await?;
    Ok(before.id)
}

/// Notes a problem where another product has this code.
async fn check_code(write: &Write<'_>, cleaner: &mut Cleaner<'_>, product: &product::Model) -> Result<()> {
    let Some(code) = product.code.as_deref().map(fold).filter(|code| !code.is_empty()) else { return Ok(()) };
    let same = store::with_codes(write.connection(), &[code]).await?;
    if let Some(other) = same.iter().find(|other| other.id != product.id) {
        cleaner.problem(UserErrorCode::AlreadyExists, "code", code_taken(other));
    }
    Ok(())
}

/// Says which product has a code already.
pub fn code_taken(other: &product::Model) -> String {
    let name = &other.name;
    format!("The product {name:?} has this code already; it may be inactive. Use that product, or give another code.")
}

/// A new product that is offered and has no prices, with nothing known about it.
pub fn blank(write: &Write<'_>) -> product::Model {
    product::Model {
        id: write.new_id(),
        version: 1,
        name: String::new(),
        name_key: String::new(),
        code: None,
        code_key: String::new(),
        family: None,
        family_key: String::new(),
        description: None,
        active: true,
        external_id: None,
        created_at: write.now,
        updated_at: write.now,
    }
}
