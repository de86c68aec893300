//! What pipelines are asked of the database, and nothing else.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::{PipelineId, StageCategory, StageId, close_reason, opportunity, opportunity_change, pipeline, stage};
use sea_orm::sea_query::{Expr, ExprTrait, LockType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use crate::auth::Scope;
use crate::error::{Error, Result};
use crate::graphql::filter::related;
use crate::graphql::loaders::Source;

/// More than a pipeline has stages.
const BEHIND_ALL: i32 = 1_000;

/// The stages of this pipeline in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StagesOf(pub PipelineId);

impl Loader<StagesOf> for Source {
    type Value = Vec<Arc<stage::Model>>;
    type Error = Error;

    async fn load(&self, keys: &[StagesOf]) -> Result<HashMap<StagesOf, Self::Value>> {
        let rows = self
            .scope
            .find::<stage::Entity>()
            .filter(stage::Column::PipelineId.is_in(keys.iter().map(|key| key.0)))
            .order_by_asc(stage::Column::Position)
            .all(self.database.read())
            .await?;
        let mut stages: HashMap<StagesOf, Self::Value> = HashMap::new();
        for row in rows {
            stages.entry(StagesOf(row.pipeline_id)).or_default().push(Arc::new(row));
        }
        Ok(stages)
    }
}

/// How many opportunities are in this stage, deleted ones not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CountInStage(pub StageId);

impl Loader<CountInStage> for Source {
    type Value = i64;
    type Error = Error;

    async fn load(&self, keys: &[CountInStage]) -> Result<HashMap<CountInStage, i64>> {
        let rows: Vec<(StageId, i64)> = self
            .scope
            .find::<opportunity::Entity>()
            .select_only()
            .column(opportunity::Column::StageId)
            .column_as(opportunity::Column::Id.count(), "number")
            .filter(opportunity::Column::StageId.is_in(keys.iter().map(|key| key.0)))
            .group_by(opportunity::Column::StageId)
            .into_tuple()
            .all(self.database.read())
            .await?;
        Ok(rows.into_iter().map(|(stage, number)| (CountInStage(stage), number)).collect())
    }
}

/// How many opportunities are in this pipeline, deleted ones not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CountInPipeline(pub PipelineId);

impl Loader<CountInPipeline> for Source {
    type Value = i64;
    type Error = Error;

    async fn load(&self, keys: &[CountInPipeline]) -> Result<HashMap<CountInPipeline, i64>> {
        let rows: Vec<(PipelineId, i64)> = self
            .scope
            .find::<opportunity::Entity>()
            .select_only()
            .column(opportunity::Column::PipelineId)
            .column_as(opportunity::Column::Id.count(), "number")
            .filter(opportunity::Column::PipelineId.is_in(keys.iter().map(|key| key.0)))
            .group_by(opportunity::Column::PipelineId)
            .into_tuple()
            .all(self.database.read())
            .await?;
        Ok(rows.into_iter().map(|(pipeline, number)| (CountInPipeline(pipeline), number)).collect())
    }
}

/// Whether any opportunity was ever in this stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EverUsed(pub StageId);

impl Loader<EverUsed> for Source {
    type Value = ();
    type Error = Error;

    async fn load(&self, keys: &[EverUsed]) -> Result<HashMap<EverUsed, ()>> {
        let came = opportunity_change::Entity::find()
            .select_only()
            .column(opportunity_change::Column::Id)
            .filter(
                Expr::col((opportunity_change::Entity, opportunity_change::Column::StageId))
                    .equals((stage::Entity, stage::Column::Id)),
            )
            .into_query();
        let used: Vec<StageId> = self
            .scope
            .find::<stage::Entity>()
            .select_only()
            .column(stage::Column::Id)
            .filter(stage::Column::Id.is_in(keys.iter().map(|key| key.0)))
            .filter(Expr::exists(came))
            .into_tuple()
            .all(self.database.read())
            .await?;
        Ok(used.into_iter().map(|stage| (EverUsed(stage), ())).collect())
    }
}

/// How many opportunities a stage or a pipeline has, and ever had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Those that are in it and not deleted.
    pub now: i64,
    /// All that were ever in it.
    pub ever: i64,
}

/// How many opportunities are, and ever were, in any of these stages.
pub async fn usage(connection: &impl ConnectionTrait, scope: Scope, stages: &[stage::Model]) -> Result<Usage> {
    let ids = || stages.iter().map(|stage| stage.id);
    let now = scope.find::<opportunity::Entity>().filter(opportunity::Column::StageId.is_in(ids())).count(connection).await?;
    let ever: Option<i64> = opportunity_change::Entity::find()
        .select_only()
        .column_as(Expr::col(opportunity_change::Column::OpportunityId).count_distinct(), "number")
        .filter(
            Condition::any()
                .add(opportunity_change::Column::StageId.is_in(ids()))
                .add(opportunity_change::Column::FromStageId.is_in(ids())),
        )
        .into_tuple()
        .one(connection)
        .await?;
    Ok(Usage { now: i64::try_from(now).unwrap_or(i64::MAX), ever: ever.unwrap_or_default() })
}

/// All pipelines: the default one first, then by position.
pub async fn pipelines(connection: &impl ConnectionTrait, scope: Scope) -> Result<Vec<pipeline::Model>> {
    let rows = scope
        .find::<pipeline::Entity>()
        .order_by_desc(pipeline::Column::IsDefault)
        .order_by_asc(pipeline::Column::Position)
        .order_by_asc(pipeline::Column::Id);
    Ok(rows.all(connection).await?)
}

/// The pipeline that opportunities start in when nothing else is said.
pub async fn default_pipeline(connection: &impl ConnectionTrait, scope: Scope) -> Result<Option<pipeline::Model>> {
    let select = scope.find::<pipeline::Entity>().filter(pipeline::Column::IsDefault.eq(true));
    Ok(select.one(connection).await?)
}

/// All stages of a pipeline in their order.
pub async fn stages_of(connection: &impl ConnectionTrait, scope: Scope, pipeline: PipelineId) -> Result<Vec<stage::Model>> {
    let select = scope.find::<stage::Entity>().filter(stage::Column::PipelineId.eq(pipeline));
    Ok(select.order_by_asc(stage::Column::Position).all(connection).await?)
}

/// The same, and nobody comes to any of them until the end of the transaction.
pub async fn lock_stages(connection: &impl ConnectionTrait, scope: Scope, pipeline: PipelineId) -> Result<Vec<stage::Model>> {
    let select = scope.find::<stage::Entity>().filter(stage::Column::PipelineId.eq(pipeline));
    let mut stages = select.order_by_asc(stage::Column::Id).lock_exclusive().all(connection).await?;
    stages.sort_by_key(|stage| stage.position);
    Ok(stages)
}

/// Keeps the stages of an opportunity's pipeline, and of the one that it is to come to, in their places until the end of the transaction.
/// All who need several stages take them in the order of their ids, so that nobody waits in a circle.
pub async fn keep_places(connection: &impl ConnectionTrait, scope: Scope, own: PipelineId, to: Option<StageId>) -> Result<()> {
    let named = stage::Entity::find().select_only().column(stage::Column::PipelineId).filter(stage::Column::Id.is_in(to));
    let involved =
        Condition::any().add(stage::Column::PipelineId.eq(own)).add(stage::Column::PipelineId.in_subquery(named.into_query()));
    let select = scope.find::<stage::Entity>().filter(involved).order_by_asc(stage::Column::Id).lock(LockType::KeyShare);
    select.select_only().column(stage::Column::Id).into_tuple::<StageId>().all(connection).await?;
    Ok(())
}

/// A stage that an opportunity is to come to, with its pipeline. It isn't taken out of use until the end of the transaction.
pub async fn stage_to_enter(
    connection: &impl ConnectionTrait,
    scope: Scope,
    id: StageId,
) -> Result<Option<(stage::Model, pipeline::Model)>> {
    let select = scope.find::<stage::Entity>().filter(stage::Column::Id.eq(id)).lock_shared();
    let Some(stage) = select.one(connection).await? else { return Ok(None) };
    let pipeline = scope.find::<pipeline::Entity>().filter(pipeline::Column::Id.eq(stage.pipeline_id));
    Ok(pipeline.one(connection).await?.map(|pipeline| (stage, pipeline)))
}

/// A pipeline's first active stage of a category. It isn't taken out of use until the end of the transaction.
pub async fn first_stage(
    connection: &impl ConnectionTrait,
    scope: Scope,
    pipeline: PipelineId,
    category: StageCategory,
) -> Result<Option<stage::Model>> {
    let select = scope
        .find::<stage::Entity>()
        .filter(stage::Column::PipelineId.eq(pipeline))
        .filter(stage::Column::Category.eq(category))
        .filter(stage::Column::Active.eq(true))
        .order_by_asc(stage::Column::Position)
        .lock_shared();
    Ok(select.one(connection).await?)
}

/// The open stages that an opportunity of this pipeline can come to, pipeline by pipeline, each in its order: the active ones of its
/// own and of all active pipelines.
pub async fn open_stages(connection: &impl ConnectionTrait, scope: Scope, own: PipelineId) -> Result<Vec<stage::Model>> {
    let within = Condition::any().add(pipeline::Column::Active.eq(true)).add(pipeline::Column::Id.eq(own));
    let select = scope
        .find::<stage::Entity>()
        .filter(stage::Column::Category.eq(StageCategory::Open))
        .filter(stage::Column::Active.eq(true))
        .filter(related::<pipeline::Entity, _>(stage::Column::PipelineId, pipeline::Column::Id, within))
        .order_by_asc(stage::Column::PipelineId)
        .order_by_asc(stage::Column::Position);
    Ok(select.all(connection).await?)
}

/// The number of the next stage. Administrators take turns, so that nobody else gets it.
pub async fn next_number(connection: &impl ConnectionTrait) -> Result<i32> {
    let last = stage::Entity::find().select_only().column_as(stage::Column::Number.max(), "number");
    let last: Option<Option<i32>> = last.into_tuple().one(connection).await?;
    Ok(last.flatten().unwrap_or_default() + 1)
}

/// Puts stages behind all places, where they are in nobody's way, until they get the place that is meant for them.
pub async fn step_aside(connection: &impl ConnectionTrait, stages: impl IntoIterator<Item = StageId>) -> Result<()> {
    stage::Entity::update_many()
        .col_expr(stage::Column::Position, Expr::col(stage::Column::Position).add(BEHIND_ALL))
        .filter(stage::Column::Id.is_in(stages))
        .exec(connection)
        .await?;
    Ok(())
}

/// All reasons for closing: those for winning first, each in the workspace's order.
pub async fn close_reasons(connection: &impl ConnectionTrait, scope: Scope) -> Result<Vec<close_reason::Model>> {
    let select = scope
        .find::<close_reason::Entity>()
        .order_by_desc(close_reason::Column::Category)
        .order_by_asc(close_reason::Column::Position)
        .order_by_asc(close_reason::Column::Id);
    Ok(select.all(connection).await?)
}
