//! Leaving orders, and what may be changed on them afterwards.

use entity::{OrderStatus, opportunity, order, quote};

use super::input::UpdateOrderInput;
use super::{rules, store};
use crate::auth::policy;
use crate::data::write::{Write, check_version, not_found};
use crate::domains::fields::Cleaner;
use crate::domains::quote::store as quotes;
use crate::domains::quote::store::Numbered;
use crate::error::Result;
use crate::graphql::ids;

/// What the win of an opportunity leaves: an order, where one of its quotes is accepted. An accepted quote leaves one order at
/// most: won again after it was reopened, the opportunity keeps the order that it has. The opportunity must be locked.
pub async fn leave(write: &Write<'_>, won: &opportunity::Model) -> Result<Option<order::Model>> {
    let (connection, scope) = (write.connection(), write.scope());
    let Some(quote) = quotes::accepted(connection, scope, won.id).await? else { return Ok(None) };
    if let Some(order) = store::of_quote(connection, scope, quote.id).await? {
        return Ok(Some(order));
    }
    let number = quotes::next_number(write, Numbered::Order).await?;
    write.insert(of(write, won, quote, number), "created").await.map(Some)
}

fn of(write: &Write<'_>, won: &opportunity::Model, quote: quote::Model, number: i32) -> order::Model {
    order::Model {
        id: write.new_id(),
        version: 1,
        number,
        quote_id: quote.id,
        opportunity_id: won.id,
        account_id: won.account_id,
        status: OrderStatus::Open,
        contract_number: None,
        currency: quote.currency,
        total: quote.total,
        payment_terms: quote.payment_terms,
        ordered_on: won.close_date,
        created_at: write.now,
        updated_at: write.now,
    }
}

/// Changes the status and the number of the contract, and nothing else. Whoever may change the opportunity may do it.
pub async fn update(write: &Write<'_>, input: UpdateOrderInput) -> Result<order::Model> {
    policy::may_create(write.actor)?;
    let scope = write.scope();
    let id = ids::subject::<order::Entity>(&input.id, "id")?;
    // The opportunity is locked first, as by those who reject the quote or win the opportunity.
    let found = store::find(write.connection(), scope, id).await?.ok_or_else(|| not_found::<order::Entity>("id"))?;
    let opportunity = write.lock::<opportunity::Entity>(scope, found.opportunity_id, "id").await?;
    policy::may_change(write.actor, opportunity.owner_id)?;
    let before = write.lock::<order::Entity>(scope, id, "id").await?;
    check_version(before.version, input.expected_version)?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut order = before.clone();
    rules::apply(&mut cleaner, &input, &mut order);
    cleaner.problems.check()?;
    write.update(&before, order, "updated").await
}
