//! Creating, changing, revising and discarding quotes.
//!
//! A quote's opportunity is locked before the quote: whoever changes quotes of an opportunity, or wins it, takes turns.

use async_graphql::ID;
use chrono::TimeDelta;
use entity::{QuoteStatus, opportunity, quote, quote_line};
use serde_json::json;

use super::input::{CreateQuoteInput, QuoteIdInput, ReviseQuoteInput, UpdateQuoteInput};
use super::lines::{self, Offer};
use super::record::lines_change;
use super::rules::{self, Standing, Step};
use super::store::{self, Numbered};
use crate::auth::policy;
use crate::data::write::{Write, check_version, not_found};
use crate::domains::fields::Cleaner;
use crate::domains::opportunity::service as opportunities;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::graphql::ids;

/// A quote that is about to be changed.
pub struct Opened {
    /// The quote's opportunity, locked.
    pub opportunity: opportunity::Model,
    /// The quote, locked.
    pub quote: quote::Model,
    /// What may happen to it.
    pub standing: Standing,
}

/// Creates a quote, as a draft.
pub async fn create(write: &Write<'_>, input: CreateQuoteInput) -> Result<quote::Model> {
    policy::may_create(write.actor)?;
    let key = input.idempotency_key.as_deref();
    if let Some(answer) = write.first_answer(key, "createQuote", &input).await? {
        return write.made_before::<quote::Entity>(&answer).await;
    }
    let opportunity = opportunities::for_change(write, &input.opportunity_id, "opportunityId", None).await?;
    check_open(&opportunity)?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut quote = blank(write, &opportunity);
    rules::apply(&mut cleaner, &input.fields, &mut quote, write.today());
    let offer = match &input.lines {
        Some(given) => lines::read(write, &mut cleaner.problems, &opportunity, quote.id, given).await?,
        None => lines::of_opportunity(write, &opportunity, quote.id).await?,
    };
    cleaner.problems.check()?;
    let quote = insert(write, quote, offer, "created").await?;
    write.remember_answer(key, json!({ "quote": quote.id.uuid() })).await?;
    Ok(quote)
}

/// Changes a draft.
pub async fn update(write: &Write<'_>, input: UpdateQuoteInput) -> Result<quote::Model> {
    let Opened { opportunity, quote: before, standing } = for_change(write, &input.id, input.expected_version).await?;
    standing.check(Step::Update).map_err(Error::refused)?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut quote = before.clone();
    rules::apply(&mut cleaner, &input.fields, &mut quote, write.today());
    let offer = match &input.lines {
        Some(given) => Some(lines::read(write, &mut cleaner.problems, &opportunity, quote.id, given).await?),
        None => None,
    };
    cleaner.problems.check()?;
    let Some(Offer { lines, currency, total }) = offer else { return write.update(&before, quote, "updated").await };
    let old = store::lines(write.connection(), quote.id).await?;
    let change = lines_change((&old, &before.currency), (&lines, &currency));
    if change.is_null() && old == lines {
        return write.update(&before, quote, "updated").await;
    }
    store::remove_lines(write.connection(), quote.id).await?;
    write.insert_rows::<quote_line::Entity>(lines.into_iter()).await?;
    write.update_with(&before, quote::Model { currency, total, ..quote }, "updated", change).await
}

/// Lets a draft come to nothing. It keeps its number.
pub async fn discard(write: &Write<'_>, input: QuoteIdInput) -> Result<quote::Model> {
    let Opened { quote: before, standing, .. } = for_change(write, &input.id, input.expected_version).await?;
    standing.check(Step::Discard).map_err(Error::refused)?;
    let quote = quote::Model { status: QuoteStatus::Discarded, ..before.clone() };
    write.update(&before, quote, "discarded").await
}

/// Makes a new version of a quote, as a draft. What the customer had in hand is superseded from here on. An expiry date that has
/// passed is not taken along.
pub async fn revise(write: &Write<'_>, input: ReviseQuoteInput) -> Result<quote::Model> {
    policy::may_create(write.actor)?;
    let key = input.idempotency_key.as_deref();
    if let Some(answer) = write.first_answer(key, "reviseQuote", &input).await? {
        return write.made_before::<quote::Entity>(&answer).await;
    }
    let Opened { opportunity, quote: before, standing } = for_change(write, &input.id, input.expected_version).await?;
    standing.check(Step::Revise).map_err(Error::refused)?;
    if before.status == QuoteStatus::Sent {
        let superseded = quote::Model { status: QuoteStatus::Superseded, ..before.clone() };
        write.update(&before, superseded, "superseded").await?;
    }
    let quote = quote::Model {
        number: before.number,
        revision: before.revision + 1,
        previous_id: Some(before.id),
        payment_terms: before.payment_terms.clone(),
        expires_on: before.expires_on.filter(|day| *day >= write.today()),
        notes: before.notes.clone(),
        ..blank(write, &opportunity)
    };
    let old = store::lines(write.connection(), before.id).await?;
    let lines = old.into_iter().map(|line| quote_line::Model { quote_id: quote.id, ..line }).collect();
    let offer = Offer { lines, currency: before.currency.clone(), total: before.total };
    let quote = insert(write, quote, offer, "revised").await?;
    write.remember_answer(key, json!({ "quote": quote.id.uuid() })).await?;
    Ok(quote)
}

/// Reads a quote for a change: visible, permitted by its opportunity's owner, of the expected version.
pub async fn for_change(write: &Write<'_>, id: &ID, expected_version: Option<i32>) -> Result<Opened> {
    policy::may_create(write.actor)?;
    let (connection, scope) = (write.connection(), write.scope());
    let id = ids::subject::<quote::Entity>(id, "id")?;
    let found = store::find(connection, scope, id).await?.ok_or_else(|| not_found::<quote::Entity>("id"))?;
    let opportunity = write.lock::<opportunity::Entity>(scope, found.opportunity_id, "id").await?;
    policy::may_change(write.actor, opportunity.owner_id)?;
    let quote = write.lock::<quote::Entity>(scope, id, "id").await?;
    check_version(quote.version, expected_version)?;
    let accepted = store::accepted(connection, scope, opportunity.id).await?;
    let standing = Standing {
        reference: rules::reference(quote.number, quote.revision),
        status: rules::status(&quote, write.today()),
        latest: !store::has_next(connection, scope, quote.id).await?,
        opportunity_open: !opportunity.is_closed,
        accepted: accepted.map(|accepted| accepted.id).filter(|accepted| *accepted != quote.id),
        order: store::order_status(connection, scope, quote.id).await?,
    };
    Ok(Opened { opportunity, quote, standing })
}

fn check_open(opportunity: &opportunity::Model) -> Result<()> {
    if !opportunity.is_closed {
        return Ok(());
    }
    let sentence = "This opportunity is closed: take it up again with reopenOpportunity before you make an offer.";
    let problem = UserError::at(UserErrorCode::IllegalTransition, "opportunityId", sentence);
    Err(Error::refused(problem.with_details(json!({ "allowed": [] }))))
}

/// Writes a new quote with its lines. Without a number yet it gets the next one: last, since everybody else waits for it.
async fn insert(write: &Write<'_>, quote: quote::Model, offer: Offer, action: &str) -> Result<quote::Model> {
    let Offer { lines, currency, total } = offer;
    let number = if quote.number == 0 { store::next_number(write, Numbered::Quote).await? } else { quote.number };
    let change = lines_change((&[], &currency), (&lines, &currency));
    let quote = write.insert_with(quote::Model { number, currency, total, ..quote }, action, change).await?;
    if !lines.is_empty() {
        write.insert_rows::<quote_line::Entity>(lines.into_iter()).await?;
    }
    Ok(quote)
}

/// How long a new quote holds unless said otherwise.
const USUAL_DAYS: i64 = 30;

/// The first version of a draft without a number and without lines.
fn blank(write: &Write<'_>, opportunity: &opportunity::Model) -> quote::Model {
    quote::Model {
        id: write.new_id(),
        version: 1,
        number: 0,
        revision: 1,
        previous_id: None,
        opportunity_id: opportunity.id,
        status: QuoteStatus::Draft,
        currency: opportunity.currency.clone().unwrap_or_else(|| write.workspace().base_currency.clone()),
        total: 0,
        payment_terms: None,
        expires_on: Some(write.today() + TimeDelta::days(USUAL_DAYS)),
        notes: None,
        sent_at: None,
        accepted_at: None,
        rejected_at: None,
        created_at: write.now,
        updated_at: write.now,
    }
}
