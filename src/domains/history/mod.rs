//! The history of records: who changed what, when, from what to what.

pub mod types;
