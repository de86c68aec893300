//! The tables of leadgraph, one SeaORM entity each, with typed ids. No GraphQL and no rules live here.
#![allow(missing_docs, reason = "the derives make public columns, relations and active models without descriptions")]

pub mod enums;
pub mod id;
pub mod qualification;

pub mod account;
pub mod activity;
pub mod activity_subject;
pub mod assignment_rule_set;
pub mod assignment_turn;
pub mod buying_signal;
pub mod campaign;
pub mod campaign_member;
pub mod change;
pub mod close_reason;
pub mod competitor;
pub mod contact;
pub mod contact_role;
pub mod counter;
pub mod disqualification_reason;
pub mod exchange_rate;
pub mod idempotency_key;
pub mod intake_form;
pub mod job;
pub mod kept_lead;
pub mod lead;
pub mod lead_conversion;
pub mod lead_source;
pub mod lead_status_change;
pub mod line_item;
pub mod milestone;
pub mod opportunity;
pub mod opportunity_change;
pub mod order;
pub mod outbox;
pub mod pipeline;
pub mod product;
pub mod product_price;
pub mod quote;
pub mod quote_line;
pub mod search_word;
pub mod searched_record;
pub mod session;
pub mod stage;
pub mod team;
pub mod timeline_entry;
pub mod user;
pub mod workspace;

pub use enums::*;
pub use id::*;
pub use qualification::{Criterion, QualificationFacts};
