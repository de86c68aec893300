//! Who is asking (`Actor`), what they may do (`policy`), which rows they see (`Scope`).

pub mod actor;
pub mod password;
pub mod policy;
pub mod scope;
pub mod session;
pub mod throttle;

pub use actor::Actor;
pub use scope::Scope;
