//! The kit below the domains: write transactions, keyset pages.

pub mod cursor;
pub mod page;
