//! HTTP: identity in, response out.

pub mod playground;
