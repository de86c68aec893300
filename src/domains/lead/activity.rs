//! How leads follow the activities about them, in the same transaction.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{LeadId, LeadStatus, activity, activity_subject, lead};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::rules;
use crate::auth::Scope;
use crate::data::write::Write;
use crate::error::Result;

/// Reads leads and keeps others from changing them until the end of the transaction; always in the order of their ids, so that two
/// calls never wait for each other. Leads that the scope doesn't show are left out.
pub async fn lock(write: &Write<'_>, scope: Scope, ids: impl IntoIterator<Item = LeadId>) -> Result<Vec<lead::Model>> {
    write.lock_all(scope, ids.into_iter().collect()).await
}

/// Keeps `lastActivityAt` in step with what was done about these locked leads. Where somebody has `reached_out` to them, those
/// that nobody had contacted move to WORKING_CONTACTED. Else the leads' versions stay: an activity is no change of the lead.
pub async fn follow(write: &Write<'_>, leads: Vec<lead::Model>, reached_out: bool) -> Result<()> {
    if leads.is_empty() {
        return Ok(());
    }
    let latest = latest_completed(write, leads.iter().map(|lead| lead.id.uuid())).await?;
    for lead in leads {
        let last_activity_at = latest.get(&lead.id.uuid()).copied();
        if reached_out && lead.status == LeadStatus::OpenNotContacted && lead.deleted_at.is_none() {
            let mut contacted = lead::Model { last_activity_at, ..lead.clone() };
            rules::set_status(&mut contacted, LeadStatus::WorkingContacted);
            write.update(&lead, contacted, "status_changed").await?;
        } else if last_activity_at != lead.last_activity_at {
            lead::Entity::update_many()
                .col_expr(lead::Column::LastActivityAt, Expr::value(last_activity_at))
                .filter(lead::Column::Id.eq(lead.id))
                .exec(write.connection())
                .await?;
        }
    }
    Ok(())
}

/// When the latest completed activity about each of these leads took place.
async fn latest_completed(write: &Write<'_>, leads: impl IntoIterator<Item = Uuid>) -> Result<HashMap<Uuid, DateTime<Utc>>> {
    let activities = activity_subject::Entity::belongs_to(activity::Entity)
        .from(activity_subject::Column::ActivityId)
        .to(activity::Column::Id)
        .into();
    let rows: Vec<(Uuid, DateTime<Utc>)> = activity_subject::Entity::find()
        .select_only()
        .column(activity_subject::Column::RecordId)
        .column_as(activity::Column::CompletedAt.max(), "latest")
        .join(JoinType::InnerJoin, activities)
        .filter(activity_subject::Column::RecordId.is_in(leads))
        .filter(activity::Column::CompletedAt.is_not_null())
        .filter(write.scope().condition::<activity::Entity>())
        .group_by(activity_subject::Column::RecordId)
        .into_tuple()
        .all(write.connection())
        .await?;
    Ok(rows.into_iter().collect())
}
