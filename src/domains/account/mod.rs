//! Accounts.

pub mod types;
