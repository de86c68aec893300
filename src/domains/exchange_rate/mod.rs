//! Exchange rates: what one unit of a currency is worth in the workspace's base currency, from a day on until the next rate.

pub mod filter;
pub mod input;
pub mod mutation;
pub mod query;
pub mod record;
pub mod rules;
pub mod service;
pub mod store;
pub mod types;
