//! What campaigns are asked of the database, and nothing else.

use entity::campaign::Column;
use entity::{CampaignId, campaign};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::auth::Scope;
use crate::data::page::{Order, SortKey};
use crate::error::Result;
use crate::graphql::list::ChildList;

/// Which campaigns are listed: all, or the active ones.
pub fn listed(active_only: bool) -> Condition {
    Condition::all().add_option(active_only.then(|| Column::Active.eq(true)))
}

/// The campaigns that meet a condition, by name.
pub async fn campaigns(connection: &impl ConnectionTrait, scope: Scope, which: Condition) -> Result<Vec<campaign::Model>> {
    let select = scope.find::<campaign::Entity>().filter(which);
    Ok(select.order_by_asc(campaign::Column::NameKey).order_by_asc(campaign::Column::Id).all(connection).await?)
}

/// The campaign and those that it is part of, from below; at most so many.
pub async fn with_parents(
    connection: &impl ConnectionTrait,
    scope: Scope,
    campaign: CampaignId,
    most: usize,
) -> Result<Vec<CampaignId>> {
    let mut chain = Vec::new();
    let mut next = Some(campaign);
    while let Some(id) = next.filter(|_| chain.len() < most) {
        chain.push(id);
        let parent = scope.find::<campaign::Entity>().select_only().column(Column::ParentId).filter(Column::Id.eq(id));
        next = parent.into_tuple::<Option<CampaignId>>().one(connection).await?.flatten();
    }
    Ok(chain)
}

/// The campaigns that are part of each campaign, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChildrenOf;

impl ChildList for ChildrenOf {
    type Entity = campaign::Entity;
    type Parent = Column;

    fn select(&self, scope: Scope) -> Result<Select<campaign::Entity>> {
        Ok(scope.find::<campaign::Entity>())
    }

    fn parent(&self) -> Column {
        Column::ParentId
    }

    fn order(&self) -> Order<Column> {
        Order::new([SortKey::ascending(Column::NameKey)], Column::Id)
    }
}
