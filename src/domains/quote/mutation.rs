//! Changing quotes.

use async_graphql::{Context, Object};
use entity::quote;
use futures_util::FutureExt;

use super::input::{
    AcceptQuoteInput, AcceptQuotePayload, CreateQuoteInput, QuoteIdInput, QuotePayload, ReviseQuoteInput, UpdateQuoteInput,
};
use super::{answers, service};
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};

/// Changing quotes.
#[derive(Default)]
pub struct QuoteMutation;

fn answer(answer: Result<quote::Model>) -> Result<QuotePayload> {
    payload(answer, |row, user_errors| QuotePayload { quote: row.map(Into::into), user_errors })
}

/// Each step that the quote's status doesn't allow is refused with ILLEGAL_TRANSITION; `details.allowed` lists the statuses
/// that it may move to. A REP may do all this with the quotes of their own opportunities.
#[Object]
impl QuoteMutation {
    /// Creates a quote for an open opportunity, as a draft with the next number. It offers the lines that are given, or a copy
    /// of the opportunity's line items.
    async fn create_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quote to create.")] input: CreateQuoteInput,
    ) -> Result<QuotePayload> {
        answer(in_transaction(ctx, |write| service::create(write, input).boxed()).await)
    }

    /// Changes a draft: an absent field stays, null clears it; lines replace all lines so far. A quote that was sent never
    /// changes: reviseQuote makes a new version of it.
    async fn update_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateQuoteInput,
    ) -> Result<QuotePayload> {
        answer(in_transaction(ctx, |write| service::update(write, input).boxed()).await)
    }

    /// Discards a draft. It can't be deleted, since numbers have no gaps: it stays with its number as DISCARDED, and
    /// reviseQuote can take it up again.
    async fn discard_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft to discard.")] input: QuoteIdInput,
    ) -> Result<QuotePayload> {
        answer(in_transaction(ctx, |write| service::discard(write, input).boxed()).await)
    }

    /// Makes a new version of a quote, as a draft with the same number and the same lines. A sent or expired quote is
    /// SUPERSEDED from then on; one that was rejected or discarded stays what it is.
    async fn revise_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quote to revise, in its latest version.")] input: ReviseQuoteInput,
    ) -> Result<QuotePayload> {
        answer(in_transaction(ctx, |write| service::revise(write, input).boxed()).await)
    }

    /// Marks a draft as sent to the customer. It needs lines and an expiry date that has not passed, and never changes from
    /// then on.
    async fn send_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft that is sent.")] input: QuoteIdInput,
    ) -> Result<QuotePayload> {
        answer(in_transaction(ctx, |write| answers::send(write, input).boxed()).await)
    }

    /// Marks a sent quote as accepted. Its lines become the opportunity's line items, and their sum its amount; with `win` the
    /// opportunity is won in the same call, which leaves an order. At most one quote of an opportunity is accepted.
    async fn accept_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quote that the customer accepts.")] input: AcceptQuoteInput,
    ) -> Result<AcceptQuotePayload> {
        payload(in_transaction(ctx, |write| answers::accept(write, input).boxed()).await, |accepted, user_errors| {
            let (quote, opportunity, order) = match accepted {
                Some(accepted) => (Some(accepted.quote), Some(accepted.opportunity), accepted.order),
                None => (None, None, None),
            };
            AcceptQuotePayload {
                quote: quote.map(Into::into),
                opportunity: opportunity.map(Into::into),
                order: order.map(Into::into),
                user_errors,
            }
        })
    }

    /// Marks a sent or expired quote as rejected by the customer, or takes back that a quote was accepted, as long as it has
    /// left no order or a cancelled one. The opportunity keeps its line items.
    async fn reject_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quote that the customer rejects.")] input: QuoteIdInput,
    ) -> Result<QuotePayload> {
        answer(in_transaction(ctx, |write| answers::reject(write, input).boxed()).await)
    }
}
