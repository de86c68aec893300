//! The kit below the domains: the database, write transactions, keyset pages.

pub mod database;
