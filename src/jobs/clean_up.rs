//! Deletes what nobody asks for any more: sign-ins that have expired, and idempotency keys that are no longer kept.

use chrono::TimeDelta;
use entity::{idempotency_key, session};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::Progress;
use crate::data::idempotency::KEPT_HOURS;
use crate::data::write::Write;
use crate::error::Result;

/// Deletes all of it.
pub fn run<'w>(write: &'w Write<'_>) -> BoxFuture<'w, Result<Progress>> {
    async move {
        let expired = session::Column::ExpiresAt.lte(write.now);
        session::Entity::delete_many().filter(expired).exec(write.connection()).await?;
        let forgotten = idempotency_key::Column::CreatedAt.lt(write.now - TimeDelta::hours(KEPT_HOURS));
        idempotency_key::Entity::delete_many().filter(forgotten).exec(write.connection()).await?;
        Ok(Progress::Done)
    }
    .boxed()
}
