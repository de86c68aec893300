//! Quotes: numbered, versioned offers with a snapshot of what is sold, on what terms and until when.

pub mod answers;
pub mod document;
pub mod filter;
pub mod input;
pub mod lines;
pub mod mutation;
pub mod printing;
pub mod query;
pub mod record;
pub mod rules;
pub mod service;
pub mod store;
pub mod types;
