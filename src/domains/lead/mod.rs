//! Leads: first-hand information about a person or business that might buy one day, and the work on them.

pub mod activity;
pub mod bulk;
mod columns;
pub mod filter;
pub mod input;
pub mod mutation;
pub mod qualification;
pub mod query;
pub mod record;
pub mod rules;
pub mod service;
pub mod store;
pub mod types;
pub mod work;
