//! Intake: forms on websites whose posts become leads.

pub mod input;
pub mod mutation;
pub mod query;
pub mod record;
pub mod rules;
pub mod service;
pub mod store;
pub mod types;
