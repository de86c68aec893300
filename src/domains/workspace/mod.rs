//! The workspace's lists: lead sources and the reasons for disqualifying and closing.

pub mod store;
pub mod types;
