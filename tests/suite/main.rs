//! The tests of the whole: a real server on a real database per test.
//!
//! They run on SQLite; with `LEADGRAPH_TEST_POSTGRES=postgres://user@host/postgres` on PostgreSQL, where that user may create
//! databases.

mod conversion;
mod harness;
mod health;
