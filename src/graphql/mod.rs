//! The kit that every domain's GraphQL uses: scalars, connections, filters, loaders, the schema root.

pub mod at_once;
pub mod base_amount;
pub mod bulk;
pub mod common;
pub mod connection;
pub mod context;
pub mod enums;
pub mod filter;
pub mod ids;
pub mod inputs;
pub mod list;
pub mod loaders;
pub mod node;
pub mod objects;
pub mod omitted;
pub mod scalars;
pub mod schema;
pub mod selection;
#[cfg(test)]
pub mod testing;
pub mod written;
