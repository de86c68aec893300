//! Changing exchange rates: for managers and administrators.

use std::sync::Arc;

use async_graphql::{Context, Object};
use futures_util::FutureExt;

use super::input::{ExchangeRatePayload, SetExchangeRateInput};
use super::service;
use super::types::ExchangeRate;
use crate::domains::lead::input::{DeleteInput, DeletePayload};
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};

/// Changing exchange rates.
#[derive(Default)]
pub struct ExchangeRateMutation;

#[Object]
impl ExchangeRateMutation {
    /// Sets what one unit of a currency is worth in the base currency from a day on, until the next rate. For managers and
    /// administrators.
    async fn set_exchange_rate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The exchange rate to set.")] input: SetExchangeRateInput,
    ) -> Result<ExchangeRatePayload> {
        let answer = in_transaction(ctx, |write| service::set(write, input).boxed()).await;
        payload(answer, |row, user_errors| ExchangeRatePayload {
            exchange_rate: row.map(|row| ExchangeRate(Arc::new(row))),
            user_errors,
        })
    }

    /// Deletes an exchange rate for good: from its day on, the rate before it is valid. For managers and administrators.
    async fn delete_exchange_rate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The exchange rate to delete.")] input: DeleteInput,
    ) -> Result<DeletePayload> {
        payload(in_transaction(ctx, |write| service::delete(write, input).boxed()).await, DeletePayload::new)
    }
}
