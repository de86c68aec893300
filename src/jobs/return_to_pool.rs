//! Puts leads back into the pool that nobody has touched for as many days as the workspace's settings say.
//!
//! A lead is touched when it is changed or when an activity about it is recorded, changed or took place. One with something still to be
//! done about it, due today or later, is not left alone either.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{LeadStatus, activity, activity_subject, lead, workspace};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Progress;
use crate::data::write::Write;
use crate::error::Result;

/// How many leads one transaction puts back: so many that other writers don't wait long.
const BATCH: usize = 200;

/// Puts some leads back.
pub fn run<'w>(write: &'w Write<'_>) -> BoxFuture<'w, Result<Progress>> {
    async move {
        let settings = workspace::Entity::find_by_id(1).one(write.connection()).await?;
        let Some(days) = settings.and_then(|settings| settings.leads_return_to_pool_after_days) else {
            return Ok(Progress::Done);
        };
        let leads = untouched(write, write.now - TimeDelta::days(days.into())).await?;
        let progress = if leads.len() < BATCH { Progress::Done } else { Progress::More };
        for before in leads {
            let lead = lead::Model { owner_id: None, ..before.clone() };
            write.update(&before, lead, "returned_to_pool").await?;
        }
        Ok(progress)
    }
    .boxed()
}

/// Open leads with an owner that nobody has touched since. Those that somebody is changing right now are left out.
async fn untouched(write: &Write<'_>, since: DateTime<Utc>) -> Result<Vec<lead::Model>> {
    use LeadStatus::{OpenNotContacted, Qualified, WorkingContacted};
    let no_activity = Condition::any().add(lead::Column::LastActivityAt.is_null()).add(lead::Column::LastActivityAt.lt(since));
    let leads = write
        .scope()
        .find::<lead::Entity>()
        .filter(lead::Column::OwnerId.is_not_null())
        .filter(lead::Column::Status.is_in([OpenNotContacted, WorkingContacted, Qualified]))
        .filter(lead::Column::UpdatedAt.lt(since))
        .filter(no_activity)
        .filter(Expr::exists(activities(since, write.now)).not())
        .order_by_asc(lead::Column::Id)
        .limit(BATCH as u64)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    Ok(leads.all(write.connection()).await?)
}

/// The activities about a lead that were recorded or changed since, or that are still to come.
fn activities(since: DateTime<Utc>, now: DateTime<Utc>) -> SelectStatement {
    use activity::Column::{CompletedAt, DeletedAt, DueAt, Id, UpdatedAt};
    let column = |column: activity::Column| Expr::col((activity::Entity, column));
    let to_come =
        Condition::all().add(column(CompletedAt).is_null()).add(column(DueAt).gte(now)).add(column(DeletedAt).is_null());
    Query::select()
        .expr(Expr::val(1))
        .from(activity_subject::Entity)
        .inner_join(activity::Entity, column(Id).equals((activity_subject::Entity, activity_subject::Column::ActivityId)))
        .and_where(
            Expr::col((activity_subject::Entity, activity_subject::Column::RecordId)).equals((lead::Entity, lead::Column::Id)),
        )
        .cond_where(Condition::any().add(column(UpdatedAt).gte(since)).add(to_come))
        .take()
}
