//! Campaign members: the leads and contacts whom campaigns are meant for, and how they responded.
//!
//! A lead or contact that names a campaign has answered it: it is a member from then on, and has responded. Whoever changes a
//! membership holds the lead or the contact: so nobody becomes a member twice.

pub mod filter;
pub mod input;
pub mod mutation;
pub mod record;
pub mod rules;
pub mod service;
pub mod store;
pub mod types;
