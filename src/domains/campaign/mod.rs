//! Campaigns: marketing efforts that leads answer, with what they cost.

pub mod types;
