//! The kit below the domains: the database, write transactions, history, idempotency, keyset pages.

pub mod batch;
mod behind;
pub mod beside;
pub mod changes;
pub mod cursor;
pub mod database;
pub mod exchange;
pub mod group_commit;
pub mod idempotency;
pub mod kept;
mod listed;
pub mod page;
pub mod record;
mod words;
pub mod write;
