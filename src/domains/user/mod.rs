//! Users and teams: who works here, and who may do what.

pub mod loaders;
pub mod types;
