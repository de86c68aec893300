//! Campaigns: marketing efforts that leads answer, with what they cost.

pub mod filter;
pub mod input;
pub mod mutation;
pub mod query;
pub mod record;
pub mod rules;
pub mod service;
pub mod store;
pub mod types;
