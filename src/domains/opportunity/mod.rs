//! Opportunities: possible sales that have a real chance, from need to win or loss.

pub mod as_of;
pub mod changes;
pub mod filter;
pub mod input;
pub mod moves;
pub mod mutation;
pub mod parts;
pub mod query;
pub mod record;
pub mod roles;
pub mod rules;
pub mod service;
pub mod store;
pub mod types;
