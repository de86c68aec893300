//! Activities.

use async_graphql::Enum;
use entity::activity;
use sea_orm::sea_query::SelectStatement;

use crate::domains::activity::filter::ActivityFilter;
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::reports::aggregates::Aggregated;
use crate::reports::aggregates::numbers::{Figure, Number};
use crate::reports::calendar::Unit;
use crate::reports::cutting::Cutting;
use crate::reports::groups::{Cut, Group};
use crate::reports::names::Listed;
use crate::reports::subject::Reporting;

/// What activities can be cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ActivityGroupBy {
    /// Whose activity it is.
    Owner,
    /// The owner's team.
    Team,
    /// What kind of activity it is.
    Kind,
    /// What came of it.
    Outcome,
    /// Who started it.
    Direction,
    /// The day on which it was done.
    CompletedDay,
    /// The week in which it was done.
    CompletedWeek,
    /// The month in which it was done.
    CompletedMonth,
    /// The fiscal quarter in which it was done.
    CompletedQuarter,
    /// The fiscal year in which it was done.
    CompletedYear,
    /// The day on which it is, or was, due.
    DueDay,
    /// The week in which it is, or was, due.
    DueWeek,
    /// The month in which it is, or was, due.
    DueMonth,
    /// The fiscal quarter in which it is, or was, due.
    DueQuarter,
    /// The fiscal year in which it is, or was, due.
    DueYear,
    /// The day on which it was written down.
    CreatedDay,
    /// The week in which it was written down.
    CreatedWeek,
    /// The month in which it was written down.
    CreatedMonth,
    /// The fiscal quarter in which it was written down.
    CreatedQuarter,
    /// The fiscal year in which it was written down.
    CreatedYear,
}

/// The numbers that activities have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ActivityNumber {
    /// How long it took.
    DurationMinutes,
}

impl Cut for ActivityGroupBy {
    const TABLE: &'static str = "activities";

    fn group(self, cutting: Cutting<'_>) -> Group {
        match self {
            Self::Owner => cutting.reference(Listed::Users, "owner_id", "ownerId"),
            Self::Team => cutting.team(),
            Self::Kind => cutting.word("kind", "kind"),
            Self::Outcome => cutting.text("outcome", "outcome"),
            Self::Direction => cutting.text("direction", "direction"),
            Self::CompletedDay => cutting.moment(Unit::Day, "completed_at", "completedAt"),
            Self::CompletedWeek => cutting.moment(Unit::Week, "completed_at", "completedAt"),
            Self::CompletedMonth => cutting.moment(Unit::Month, "completed_at", "completedAt"),
            Self::CompletedQuarter => cutting.moment(Unit::Quarter, "completed_at", "completedAt"),
            Self::CompletedYear => cutting.moment(Unit::Year, "completed_at", "completedAt"),
            Self::DueDay => cutting.moment(Unit::Day, "due_at", "dueAt"),
            Self::DueWeek => cutting.moment(Unit::Week, "due_at", "dueAt"),
            Self::DueMonth => cutting.moment(Unit::Month, "due_at", "dueAt"),
            Self::DueQuarter => cutting.moment(Unit::Quarter, "due_at", "dueAt"),
            Self::DueYear => cutting.moment(Unit::Year, "due_at", "dueAt"),
            Self::CreatedDay => cutting.created(Unit::Day),
            Self::CreatedWeek => cutting.created(Unit::Week),
            Self::CreatedMonth => cutting.created(Unit::Month),
            Self::CreatedQuarter => cutting.created(Unit::Quarter),
            Self::CreatedYear => cutting.created(Unit::Year),
        }
    }
}

impl Number for ActivityNumber {
    fn figure(self, _reporting: &Reporting<'_>) -> Figure {
        match self {
            Self::DurationMinutes => Figure::plain("activities.duration_minutes"),
        }
    }
}

impl Aggregated for ActivityGroupBy {
    type Filter = ActivityFilter;
    type Number = ActivityNumber;

    fn rows(reporting: &Reporting<'_>, filter: &Self::Filter) -> Result<SelectStatement> {
        Ok(reporting.visible::<activity::Entity>().cond_where(filter.condition()?).take())
    }
}
