//! Duplicates: which existing records look like the same person or company, with a score and the reasons. At this stage they
//! share an e-mail address, a phone number, a company name without its legal form, or a web domain.

pub mod rules;
pub mod service;
pub mod store;
pub mod types;
