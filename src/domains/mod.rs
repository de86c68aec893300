//! The domains, all of one shape: `types` (the API's objects), `input` (arguments and payloads), `filter`, `query` and
//! `mutation` (thin), `rules` (pure decisions), `service` (a use case: policy, one transaction, the order of steps),
//! `store` (SQL and nothing else), `record` (how a row enters the history). A file that a domain has no use for is left out.

pub mod account;
pub mod activity;
pub mod campaign;
pub mod campaign_member;
pub mod contact;
pub mod conversion;
pub mod duplicate;
pub mod exchange_rate;
pub mod fields;
pub mod history;
pub mod lead;
pub mod line_item;
pub mod opportunity;
pub mod pipeline;
pub mod product;
pub mod references;
pub mod timeline;
pub mod user;
pub mod uses;
pub mod workspace;
