//! Search over leads, contacts, accounts and opportunities as one types: every word of the query begins a word of the record.
//!
//! The hits stand in the order of the index, so the first page costs the same however many follow: those that have the leading word
//! itself, the newest first, then those with longer words, by these. The leading word is the rarest one of the query.

pub mod query;
pub mod store;
pub mod types;

#[cfg(test)]
mod tests;
