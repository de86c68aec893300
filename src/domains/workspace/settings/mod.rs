//! The workspace's settings: one row, which everybody reads and administrators change.

pub mod input;
pub mod record;
pub mod rules;
pub mod service;
pub mod types;
