//! Line items: what an opportunity is about. Where there are any, the opportunity's amount is their sum.

pub mod input;
pub mod mutation;
pub mod record;
pub mod rules;
pub mod service;
pub mod store;
pub mod types;
