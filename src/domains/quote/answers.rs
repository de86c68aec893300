//! Sending a quote to the customer, and what the customer answers.

use entity::{QuoteStatus, opportunity, order, quote};

use super::input::{AcceptQuoteInput, AcceptQuoteWinInput, QuoteIdInput};
use super::rules::{self, Step};
use super::service::{Opened, for_change};
use super::{lines, store};
use crate::data::write::Write;
use crate::domains::opportunity::input::WinOpportunityInput;
use crate::domains::opportunity::moves;
use crate::domains::order::store as orders;
use crate::error::{Error, Problems, Result};

/// What became of an accepted quote.
pub struct Accepted {
    /// The quote.
    pub quote: quote::Model,
    /// Its opportunity.
    pub opportunity: opportunity::Model,
    /// The order that the win left.
    pub order: Option<order::Model>,
}

/// Marks a draft as sent. It never changes from here on.
pub async fn send(write: &Write<'_>, input: QuoteIdInput) -> Result<quote::Model> {
    let Opened { quote: before, standing, .. } = for_change(write, &input.id, input.expected_version).await?;
    standing.check(Step::Send).map_err(Error::refused)?;
    let lines = store::lines(write.connection(), before.id).await?;
    let mut problems = Problems::default();
    rules::check_complete(&before, lines.len(), write.today()).into_iter().for_each(|problem| problems.push(problem));
    problems.check()?;
    let quote = quote::Model { status: QuoteStatus::Sent, sent_at: Some(write.now), ..before.clone() };
    write.update(&before, quote, "sent").await
}

/// Marks a sent quote as accepted: its lines become the opportunity's. With `win`, the opportunity is won besides.
pub async fn accept(write: &Write<'_>, input: AcceptQuoteInput) -> Result<Accepted> {
    let Opened { opportunity, quote: before, standing } = for_change(write, &input.id, input.expected_version).await?;
    standing.check(Step::Accept).map_err(Error::refused)?;
    let quote = quote::Model { status: QuoteStatus::Accepted, accepted_at: Some(write.now), ..before.clone() };
    let quote = write.update(&before, quote, "accepted").await?;
    let opportunity = lines::to_opportunity(write, opportunity, &quote).await?;
    let Some(win) = input.win else { return Ok(Accepted { quote, opportunity, order: None }) };
    let opportunity = moves::win(write, win.of(&opportunity)).await.map_err(|error| error.within("win"))?;
    let order = orders::of_quote(write.connection(), write.scope(), quote.id).await?;
    Ok(Accepted { quote, opportunity, order })
}

/// Marks a quote as rejected, or takes back that it was accepted.
pub async fn reject(write: &Write<'_>, input: QuoteIdInput) -> Result<quote::Model> {
    let Opened { quote: before, standing, .. } = for_change(write, &input.id, input.expected_version).await?;
    standing.check(Step::Reject).map_err(Error::refused)?;
    let quote = quote::Model { status: QuoteStatus::Rejected, rejected_at: Some(write.now), ..before.clone() };
    write.update(&before, quote, "rejected").await
}

impl AcceptQuoteWinInput {
    fn of(self, opportunity: &opportunity::Model) -> WinOpportunityInput {
        WinOpportunityInput {
            id: opportunity.id.to_string().into(),
            reason_id: self.reason_id,
            note: self.note,
            closed_on: self.closed_on,
            amount: None,
            expected_version: None,
        }
    }
}
