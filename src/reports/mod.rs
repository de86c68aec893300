//! Reports: which channel pays, where deals stand, what will come in. The definitions are those of `domain.md`.
//!
//! A report is a `cube`: a subject (opportunities, leads, activities, changes) that is cut by groups and measured, by one statement
//! that aggregates in the database. What a database can't do the same way as the other one is done here: converting money, folding
//! days into quarters, naming the groups. Sums are exact; they are rounded once, when they are shown.

pub mod activity;
pub mod aggregates;
pub mod calendar;
pub mod channel;
pub mod chart;
pub mod conversion;
pub mod cube;
pub mod cutting;
pub mod cycle;
pub mod export;
pub mod forecast;
pub mod funnel;
pub mod groups;
pub mod leaderboard;
pub mod lists;
pub mod measures;
pub mod money;
pub mod names;
pub mod percentile;
pub mod periods;
pub mod pipeline;
pub mod query;
pub mod report;
pub mod subject;
pub mod summaries;
pub mod velocity;
pub mod win_loss;
