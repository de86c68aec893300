//! Opportunities: possible sales that have a real chance, from need to win or loss.

pub mod as_of;
pub mod bulk;
pub mod changes;
mod columns;
pub mod competitors;
pub mod filter;
pub mod input;
pub mod milestones;
pub mod moves;
pub mod mutation;
pub mod part_input;
pub mod part_mutation;
pub mod part_store;
pub mod parts;
pub mod query;
pub mod record;
pub mod roles;
pub mod rules;
pub mod service;
pub mod stages_reached;
pub mod store;
pub mod types;
