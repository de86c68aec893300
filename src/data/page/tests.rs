//! Pages are compared with what a naive model in memory says, on SQLite and, if `LEADGRAPH_TEST_POSTGRES` holds the URL of a
//! database, on PostgreSQL too.

mod cursors;
mod parents;
mod plans;
mod toy;
mod walks;
