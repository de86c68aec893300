//! Orders: what was sold, to whom, on what terms. A win with an accepted quote leaves one.

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
