//! Assignment: rules by which leads without an owner are handed out, to somebody, to a team's members in turn, or not at all.

pub mod apply;
pub mod dry_run;
pub mod input;
pub mod mutation;
pub mod query;
pub mod record;
pub mod rules;
pub mod service;
pub mod store;
pub mod types;
