//! What callers say about exchange rates, and what they are answered.

use async_graphql::{InputObject, SimpleObject};

use super::types::ExchangeRate;
use crate::error::UserError;
use crate::graphql::scalars::{CurrencyCode, Date, Decimal};

/// An exchange rate to set: to the workspace's base currency, from a day on until the next rate.
#[derive(Debug, Clone, InputObject)]
pub struct SetExchangeRateInput {
    /// The currency; not the base currency itself.
    pub currency: CurrencyCode,
    /// The first day of its validity; today when absent. A rate that the currency has from that day on is replaced.
    pub valid_from: Option<Date>,
    /// What one unit of the currency is worth in the base currency: more than zero, at most 922337203.6854775807, with at most 10
    /// decimals.
    pub rate: Decimal,
    /// Refuse with VERSION_CONFLICT unless the rate that is replaced has this version.
    pub expected_version: Option<i32>,
}

/// The exchange rate as it is now, or what stood in the way.
#[derive(SimpleObject)]
pub struct ExchangeRatePayload {
    /// The exchange rate as it is now; null where the call was refused.
    pub exchange_rate: Option<ExchangeRate>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}
