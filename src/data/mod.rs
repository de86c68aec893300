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
pub mod page;
pub mod record;
pub mod words;
pub mod write;
