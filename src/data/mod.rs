//! The kit below the domains: write transactions, keyset pages.
