//! Which activities a query asks for. Their order is always the same: what is due first, then the newest.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entity::activity::Column;
use entity::{team, user};
use sea_orm::{ColumnTrait, Condition};

use super::record::end_of_time;
use crate::app::App;
use crate::auth::Actor;
use crate::error::Result;
use crate::graphql::enums::ActivityKind;
use crate::graphql::filter::{DateTimeFilter, ExactFilter, Filter, IDFilter, OwnerFilter, combine, refers_to};

/// Which activities: all conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct ActivityFilter {
    /// All of these hold.
    pub and: Option<Vec<ActivityFilter>>,
    /// At least one of these holds.
    pub or: Option<Vec<ActivityFilter>>,
    /// This does not hold: matches every other activity, those without a value included.
    pub not: Option<Box<ActivityFilter>>,
    /// What kind of activity it is.
    pub kind: Option<ActivityKind>,
    /// Whose activity it is.
    pub owner_id: Option<IDFilter>,
    /// The team of its owner.
    pub owner_team_id: Option<IDFilter>,
    /// True: it was done. False: it is still to be done, or was never meant to be (a note).
    pub completed: Option<bool>,
    /// When it is, or was, due.
    pub due_at: Option<DateTimeFilter>,
    /// When it was done.
    pub completed_at: Option<DateTimeFilter>,
    /// What came of it.
    pub outcome: Option<ExactFilter>,
    /// Who started it: INBOUND or OUTBOUND.
    pub direction: Option<ExactFilter>,
    /// Conditions on the owner.
    pub owner: Option<OwnerFilter>,
    /// When it was written down.
    pub created_at: Option<DateTimeFilter>,
}

impl Filter for ActivityFilter {
    fn condition(&self) -> Result<Condition> {
        let completed = |done: bool| if done { Column::CompletedAt.is_not_null() } else { Column::CompletedAt.is_null() };
        let team =
            self.owner_team_id.as_ref().map(|filter| filter.condition::<team::Entity>(user::Column::TeamId)).transpose()?;
        let own = Condition::all()
            .add_option(self.kind.map(|kind| Column::Kind.eq(entity::ActivityKind::from(kind))))
            .add_option(self.owner_id.as_ref().map(|filter| filter.condition::<user::Entity>(Column::OwnerId)).transpose()?)
            .add_option(team.map(|team| refers_to::<user::Entity, _>(Column::OwnerId, user::Column::Id, team)))
            .add_option(self.completed.map(completed))
            .add_option(self.completed_at.as_ref().map(|filter| filter.condition(Column::CompletedAt)))
            .add_option(self.outcome.as_ref().map(|filter| filter.condition(Column::Outcome)).transpose()?)
            .add_option(self.direction.as_ref().map(|filter| filter.condition(Column::Direction)).transpose()?)
            .add_option(self.owner.as_ref().map(|owner| owner.condition(Column::OwnerId)).transpose()?.flatten())
            .add_option(self.due_at.as_ref().map(|filter| filter.condition(Column::DueAt)))
            .add_option(self.created_at.as_ref().map(|filter| filter.condition(Column::CreatedAt)));
        combine(own, self.and.as_ref(), self.or.as_ref(), self.not.as_deref())
    }
}

/// Which of the viewer's tasks, by when they are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum TasksDue {
    /// Due before this moment.
    Overdue,
    /// Due on this day in the workspace's time zone, whether the moment has passed or not.
    Today,
    /// Due on a later day.
    Upcoming,
    /// Without a due date.
    Anytime,
}

/// What is still to be done: open, and no note, which nobody does.
pub fn to_do() -> Condition {
    Condition::all().add(Column::CompletedAt.is_null()).add(Column::Kind.ne(entity::ActivityKind::Note))
}

/// What was to be done before this moment and wasn't.
pub fn overdue(now: DateTime<Utc>) -> Condition {
    to_do().add(Column::DueOrder.lt(now))
}

/// What this user has to do by then; all of it where nothing is said.
pub fn tasks(app: &App, actor: &Actor, by: Option<TasksDue>) -> Condition {
    let day = app.today();
    let today = (app.beginning_of(day), app.beginning_of(day.succ_opt().unwrap_or(day)));
    let when = by.map_or_else(to_do, |by| due(by, app.now(), today));
    Condition::all().add(Column::OwnerId.eq(actor.id())).add(when)
}

/// What is to be done then. `today` is the beginning of this day and of the next.
fn due(when: TasksDue, now: DateTime<Utc>, today: (DateTime<Utc>, DateTime<Utc>)) -> Condition {
    match when {
        TasksDue::Overdue => overdue(now),
        TasksDue::Today => to_do().add(Column::DueOrder.gte(today.0)).add(Column::DueOrder.lt(today.1)),
        TasksDue::Upcoming => to_do().add(Column::DueOrder.gte(today.1)).add(Column::DueOrder.lt(end_of_time())),
        TasksDue::Anytime => to_do().add(Column::DueOrder.gte(end_of_time())),
    }
}
