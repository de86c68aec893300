//! The story of a record: what was done about it and what happened to it, in one list.

pub mod store;
pub mod types;
