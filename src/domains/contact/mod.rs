//! Contacts.

pub mod types;
