//! Pipelines, their stages, and the reasons for closing.

pub mod input;
pub mod mutation;
pub mod query;
pub mod record;
pub mod rules;
pub mod service;
pub mod stages;
pub mod store;
pub mod types;
