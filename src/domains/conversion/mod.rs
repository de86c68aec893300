//! The conversion of a lead into an account, a contact and (usually) an opportunity: once, completely, with nothing lost and
//! nothing overwritten, shown beforehand and undoable afterwards (`domain.md`, "Conversion").
//!
//! `rules` plans it, `service` gathers what the plan needs and carries it out, `revert` undoes it. `keep` does the same for a lead that
//! is not pursued and yet leaves an account and a contact behind.

pub mod input;
pub mod keep;
pub mod mutation;
pub mod query;
pub mod revert;
pub mod revert_rules;
pub mod rules;
pub mod service;
pub mod store;
pub mod types;
