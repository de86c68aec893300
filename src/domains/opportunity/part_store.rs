//! What competitors and milestones are asked of the database, and nothing else.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{CompetitorId, MilestoneKind, OpportunityId, competitor, milestone};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use crate::data::write::Write;
use crate::error::{Error, Result};
use crate::graphql::loaders::Source;

/// The competitors of this opportunity, the oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CompetitorsOf(pub OpportunityId);

impl Loader<CompetitorsOf> for Source {
    type Value = Vec<competitor::Model>;
    type Error = Error;

    async fn load(&self, keys: &[CompetitorsOf]) -> Result<HashMap<CompetitorsOf, Self::Value>> {
        let mut competitors: HashMap<CompetitorsOf, Self::Value> = HashMap::new();
        for row in competitors_of_all(self.database.read(), keys.iter().map(|key| key.0)).await? {
            competitors.entry(CompetitorsOf(row.opportunity_id)).or_default().push(row);
        }
        Ok(competitors)
    }
}

/// The milestones that this opportunity has reached, in no order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MilestonesOf(pub OpportunityId);

impl Loader<MilestonesOf> for Source {
    type Value = Vec<milestone::Model>;
    type Error = Error;

    async fn load(&self, keys: &[MilestonesOf]) -> Result<HashMap<MilestonesOf, Self::Value>> {
        let mut milestones: HashMap<MilestonesOf, Self::Value> = HashMap::new();
        for row in milestones_of_all(self.database.read(), keys.iter().map(|key| key.0)).await? {
            milestones.entry(MilestonesOf(row.opportunity_id)).or_default().push(row);
        }
        Ok(milestones)
    }
}

/// The competitors of these opportunities, the oldest first.
pub async fn competitors_of_all(
    connection: &impl ConnectionTrait,
    opportunities: impl IntoIterator<Item = OpportunityId>,
) -> Result<Vec<competitor::Model>> {
    let select = competitor::Entity::find()
        .filter(competitor::Column::OpportunityId.is_in(opportunities))
        .order_by_asc(competitor::Column::CreatedAt)
        .order_by_asc(competitor::Column::Id);
    Ok(select.all(connection).await?)
}

/// The competitors of an opportunity, the oldest first.
pub async fn competitors_of(connection: &impl ConnectionTrait, opportunity: OpportunityId) -> Result<Vec<competitor::Model>> {
    competitors_of_all(connection, [opportunity]).await
}

/// A competitor.
pub async fn competitor(connection: &impl ConnectionTrait, id: CompetitorId) -> Result<Option<competitor::Model>> {
    Ok(competitor::Entity::find_by_id(id).one(connection).await?)
}

/// Writes a competitor, a new one or what has become of a known one.
pub async fn save_competitor(write: &Write<'_>, row: competitor::Model) -> Result<()> {
    use competitor::Column;
    let changeable = [Column::Name, Column::NameKey, Column::Incumbent, Column::Dismissed, Column::Strengths, Column::Weaknesses];
    let insert = competitor::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::column(Column::Id).update_columns(changeable).to_owned());
    insert.exec_without_returning(write.connection()).await?;
    Ok(())
}

/// Takes a competitor away.
pub async fn remove_competitor(connection: &impl ConnectionTrait, id: CompetitorId) -> Result<()> {
    competitor::Entity::delete_by_id(id).exec(connection).await?;
    Ok(())
}

/// The milestones that these opportunities have reached.
pub async fn milestones_of_all(
    connection: &impl ConnectionTrait,
    opportunities: impl IntoIterator<Item = OpportunityId>,
) -> Result<Vec<milestone::Model>> {
    Ok(milestone::Entity::find().filter(milestone::Column::OpportunityId.is_in(opportunities)).all(connection).await?)
}

/// A milestone, where the opportunity has reached it.
pub async fn milestone(
    connection: &impl ConnectionTrait,
    opportunity: OpportunityId,
    kind: MilestoneKind,
) -> Result<Option<milestone::Model>> {
    Ok(milestone::Entity::find_by_id((opportunity, kind)).one(connection).await?)
}

/// Writes that a milestone was reached, for the first time or anew.
pub async fn save_milestone(write: &Write<'_>, row: milestone::Model) -> Result<()> {
    use milestone::Column;
    let changed = OnConflict::columns([Column::OpportunityId, Column::Kind])
        .update_columns([Column::ReachedOn, Column::ReachedBy, Column::Note, Column::CreatedAt])
        .to_owned();
    let insert = milestone::Entity::insert(row.into_active_model().reset_all()).on_conflict(changed);
    insert.exec_without_returning(write.connection()).await?;
    Ok(())
}

/// Makes a milestone an open one again.
pub async fn remove_milestone(connection: &impl ConnectionTrait, opportunity: OpportunityId, kind: MilestoneKind) -> Result<()> {
    milestone::Entity::delete_by_id((opportunity, kind)).exec(connection).await?;
    Ok(())
}
