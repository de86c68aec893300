//! Activities: calls, e-mails, meetings, tasks and notes, each about one or more leads, contacts, accounts and opportunities.

pub mod bulk;
mod columns;
pub mod filter;
pub mod input;
pub mod mutation;
pub mod query;
pub mod record;
pub mod rules;
pub mod service;
pub mod store;
pub mod subjects;
pub mod types;

#[cfg(test)]
mod tests;
