//! Contacts: the persons whom we talk to, normally within an account.

pub mod bulk;
mod columns;
pub mod filter;
pub mod input;
pub mod lists;
pub mod mutation;
pub mod query;
pub mod record;
pub mod rules;
pub mod service;
pub mod store;
pub mod types;
