//! The tests of the whole: a real server on a real database per test.
//!
//! They run on SQLite; with `LEADGRAPH_TEST_POSTGRES=postgres://user@host/postgres` on PostgreSQL, where that user may create
//! databases.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod access;
mod activities;
mod assignment;
mod at_once;
mod bad_input;
mod bad_sales_input;
mod bombs;
mod bulk;
mod campaign_property;
mod campaigns;
mod columns;
mod command;
mod contract;
mod conversion;
mod cross_site;
mod disqualify_keep;
mod documents;
mod exchange_rates;
mod export;
mod faults;
mod harness;
mod health;
mod import;
mod intake;
mod jobs;
mod lead_model;
mod leads;
mod line_items;
mod migrations;
mod opportunities;
mod opportunity_history;
mod opportunity_parts;
mod orders;
mod pipelines;
mod plans;
mod playground;
mod products;
mod protocol;
mod quotes;
mod reports;
mod sale_property;
mod schema;
mod settings;
mod sign_in;
mod statements;
mod walks;
mod websocket;
