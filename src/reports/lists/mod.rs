//! The lists that can be grouped and aggregated, one a file: what their records can be cut by, and which numbers they have.

pub mod account;
pub mod activity;
pub mod campaign;
pub mod contact;
pub mod exchange_rate;
pub mod lead;
pub mod opportunity;
pub mod order;
pub mod product;
pub mod quote;
