//! Pipelines, their stages, and the reasons for closing.

pub mod query;
pub mod store;
pub mod types;
