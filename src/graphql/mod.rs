//! The kit that every domain's GraphQL uses: scalars, connections, limits, loaders, the schema root.

pub mod connection;
pub mod scalars;
