//! What activities are asked of the database, and nothing else.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{ActivityId, RecordKind, activity, activity_subject};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, UpdateStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::filter::ActivityFilter;
use crate::auth::Scope;
use crate::data::page::{Order, SortKey};
use crate::error::{Error, Result};
use crate::graphql::filter::Filter;
use crate::graphql::list::ChildList;
use crate::graphql::loaders::Source;

/// The order of every list of activities: what is due first, then the newest. What is done, or has no due date, is due at the end of time.
pub fn order() -> Order<activity::Column> {
    let [due_order, id] = keys();
    Order::new([due_order, id], activity::Column::Id)
}

fn keys() -> [SortKey<activity::Column>; 2] {
    [SortKey::ascending(activity::Column::DueOrder), SortKey::descending(activity::Column::Id)]
}

/// The activities about each record, as far as they meet the filter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ActivitiesOf {
    /// Which of their activities.
    pub filter: ActivityFilter,
}

impl ChildList for ActivitiesOf {
    type Entity = activity::Entity;
    type Parent = activity_subject::Column;

    fn select(&self, scope: Scope) -> Result<Select<activity::Entity>> {
        let subjects = activity::Entity::belongs_to(activity_subject::Entity)
            .from(activity::Column::Id)
            .to(activity_subject::Column::ActivityId)
            .into();
        Ok(scope.find::<activity::Entity>().join(JoinType::InnerJoin, subjects).filter(self.filter.condition()?))
    }

    fn parent(&self) -> activity_subject::Column {
        activity_subject::Column::RecordId
    }

    fn order(&self) -> Order<activity::Column> {
        let [due_order, id] = keys();
        let keys = [due_order.copied_to(activity_subject::Column::DueOrder), id.copied_to(activity_subject::Column::ActivityId)];
        Order::new(keys, activity::Column::Id)
    }
}

/// What these activities are about, in the order of their activities' and then their own ids.
pub async fn subjects(
    connection: &impl ConnectionTrait,
    activities: impl IntoIterator<Item = ActivityId>,
) -> Result<Vec<activity_subject::Model>> {
    Ok(activity_subject::Entity::find()
        .filter(activity_subject::Column::ActivityId.is_in(activities))
        .order_by_asc(activity_subject::Column::ActivityId)
        .order_by_asc(activity_subject::Column::RecordId)
        .all(connection)
        .await?)
}

/// What this activity is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SubjectsOf(pub ActivityId);

impl Loader<SubjectsOf> for Source {
    type Value = Vec<(RecordKind, Uuid)>;
    type Error = Error;

    async fn load(&self, keys: &[SubjectsOf]) -> Result<HashMap<SubjectsOf, Self::Value>> {
        let mut found: HashMap<SubjectsOf, Self::Value> = HashMap::new();
        for row in subjects(self.database.read(), keys.iter().map(|key| key.0)).await? {
            found.entry(SubjectsOf(row.activity_id)).or_default().push((row.record_kind, row.record_id));
        }
        Ok(found)
    }
}

/// Says what an activity is about.
pub async fn link(
    connection: &impl ConnectionTrait,
    activity: &activity::Model,
    records: impl IntoIterator<Item = (RecordKind, Uuid)>,
) -> Result<()> {
    let rows = records.into_iter().map(|(record_kind, record_id)| activity_subject::ActiveModel {
        activity_id: Set(activity.id),
        record_id: Set(record_id),
        record_kind: Set(record_kind),
        carried_from: Set(None),
        due_order: Set(activity.due_order),
    });
    activity_subject::Entity::insert_many(rows).exec_without_returning(connection).await?;
    Ok(())
}

/// What gives an activity another place in the lists of the records that it is about.
pub fn moved(activity: &activity::Model) -> UpdateStatement {
    activity_subject::Entity::update_many()
        .col_expr(activity_subject::Column::DueOrder, Expr::value(activity.due_order))
        .filter(activity_subject::Column::ActivityId.eq(activity.id))
        .into_query()
}

/// Says that an activity is not about these records.
pub async fn unlink(
    connection: &impl ConnectionTrait,
    activity: ActivityId,
    records: impl IntoIterator<Item = Uuid>,
) -> Result<()> {
    activity_subject::Entity::delete_many()
        .filter(activity_subject::Column::ActivityId.eq(activity))
        .filter(activity_subject::Column::RecordId.is_in(records))
        .exec(connection)
        .await?;
    Ok(())
}
