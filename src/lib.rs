//! leadgraph: the headless CRM. Leads, contacts, accounts and opportunities behind one typed GraphQL API.
//!
//! A request goes one way: `http -> graphql -> domains/*/{query,mutation} -> service -> rules, store -> entity`.

pub mod app;
pub mod auth;
pub mod command;
pub mod config;
pub mod data;
pub mod demo;
pub mod domains;
pub mod error;
pub mod export;
pub mod graphql;
pub mod http;
pub mod import;
pub mod jobs;
pub mod reports;
pub mod search;
pub mod values;
