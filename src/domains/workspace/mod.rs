//! The workspace: its settings, and its lists: lead sources and the reasons for disqualifying and closing.

pub mod input;
pub mod mutation;
pub mod query;
pub mod record;
pub mod service;
pub mod settings;
pub mod source_cost;
pub mod store;
pub mod types;
