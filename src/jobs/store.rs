//! The rows of jobs, and nothing else.

use chrono::{DateTime, Utc};
use entity::job::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::app::App;
use crate::data::write::Write;
use crate::error::Result;

/// Whether a job is due. One that has never run is due at once.
pub async fn is_due(app: &App, name: &str) -> Result<bool> {
    if let Some(job) = Entity::find_by_id(name).one(app.database().read()).await? {
        return Ok(job.next_run_at <= app.now());
    }
    let row = ActiveModel { name: Set(name.to_owned()), next_run_at: Set(app.now()), last_run_at: Set(None), runs: Set(0) };
    let transaction = app.database().begin().await?;
    Entity::insert_many([row]).on_conflict_do_nothing_on([Column::Name]).exec_without_returning(&transaction).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Keeps a job for this transaction; nothing where another process has it, or has just done it.
pub async fn lock_due(write: &Write<'_>, name: &str) -> Result<Option<Model>> {
    let due = Entity::find_by_id(name).filter(Column::NextRunAt.lte(write.now));
    Ok(due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).one(write.connection()).await?)
}

/// Notes a run, and when the next one is due.
pub async fn note_run(write: &Write<'_>, job: Model, next_run_at: DateTime<Utc>) -> Result<()> {
    let runs = job.runs + 1;
    let mut row = ActiveModel::from(job);
    (row.next_run_at, row.last_run_at, row.runs) = (Set(next_run_at), Set(Some(write.now)), Set(runs));
    row.update(write.connection()).await?;
    Ok(())
}
