//! Opportunitys.

pub mod types;
