//! Opportunities: possible sales that have a real chance, from need to win or loss.

pub mod filter;
pub mod parts;
pub mod record;
pub mod store;
pub mod types;
