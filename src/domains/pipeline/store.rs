//! What pipelines are asked of the database, and nothing else.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::{PipelineId, StageCategory, close_reason, pipeline, stage};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder};

use crate::auth::Scope;
use crate::error::{Error, Result};
use crate::graphql::loaders::Source;

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

/// A pipeline's first stage of a category.
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
        .order_by_asc(stage::Column::Position);
    Ok(select.one(connection).await?)
}

/// The open stages of all pipelines, pipeline by pipeline, each in its order.
pub async fn open_stages(connection: &impl ConnectionTrait, scope: Scope) -> Result<Vec<stage::Model>> {
    let select = scope
        .find::<stage::Entity>()
        .filter(stage::Column::Category.eq(StageCategory::Open))
        .order_by_asc(stage::Column::PipelineId)
        .order_by_asc(stage::Column::Position);
    Ok(select.all(connection).await?)
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
