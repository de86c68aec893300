//! Users and teams: who works here, and who may do what.

pub mod administration;
pub mod input;
pub mod loaders;
pub mod mutation;
pub mod query;
pub mod record;
pub mod rules;
pub mod service;
pub mod sign_in;
pub mod store;
pub mod team;
pub mod types;

#[cfg(test)]
mod tests;
