//! Activities: calls, e-mails, meetings, tasks and notes, each about one or more leads, contacts, accounts and opportunities.

pub mod filter;
pub mod store;
pub mod types;
