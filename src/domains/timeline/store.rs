//! What timelines are asked of the database, and nothing else.

use entity::timeline_entry::{Column, Entity};
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};

use super::types::TimelineKind;
use crate::auth::Scope;
use crate::data::page::{Listed, Order, SortKey};
use crate::error::Result;
use crate::graphql::list::ChildList;

/// The story of each record, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TimelineOf {
    /// Whether that of an account tells of its contacts and opportunities, too.
    pub related: bool,
    /// What it tells of; everything where nothing is named.
    pub kinds: Vec<TimelineKind>,
}

impl Listed for Entity {
    const IS_VIEW: bool = true;
}

impl ChildList for TimelineOf {
    type Entity = Entity;
    type Parent = Column;

    fn select(&self, scope: Scope) -> Result<Select<Entity>> {
        let select = scope.find::<Entity>().filter(Column::Related.eq(self.related));
        if self.kinds.is_empty() {
            return Ok(select);
        }
        let of_kind = |kind: &TimelineKind| match kind {
            TimelineKind::Other => Column::Action.is_not_in(TimelineKind::all_actions()),
            kind => Column::Action.is_in(kind.actions().iter().copied()),
        };
        Ok(select.filter(self.kinds.iter().map(of_kind).fold(Condition::any(), Condition::add)))
    }

    fn parent(&self) -> Column {
        Column::RecordId
    }

    fn order(&self) -> Order<Column> {
        Order::new([SortKey::descending(Column::At)], Column::Id)
    }
}
