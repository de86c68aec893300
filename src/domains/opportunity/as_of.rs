//! Opportunities as they stood at any past instant, from their history.

use chrono::{DateTime, Utc};
use entity::{opportunity, opportunity_change, stage};
use sea_orm::sea_query::{Alias, CommonTableExpression, Expr, ExprTrait, JoinType, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, Condition};

/// The opportunities as they stood at a moment: what the history keeps as it was then, all else as it is today.
pub fn opportunities_at(moment: DateTime<Utc>) -> SelectStatement {
    use opportunity::Column as Today;
    use opportunity_change::Column as Then;
    let mut select = Query::select();
    for column in [
        Today::Id,
        Today::Name,
        Today::NameKey,
        Today::AccountId,
        Today::PrimaryContactId,
        Today::CloseReasonId,
        Today::LostTo,
        Today::SourceId,
        Today::CampaignId,
        Today::LeadId,
        Today::ExternalId,
        Today::CreatedAt,
        Today::UpdatedAt,
        Today::DeletedAt,
    ] {
        select.column((opportunity::Entity, column));
    }
    for column in [Then::OwnerId, Then::StageId, Then::Amount, Then::Currency, Then::Probability, Then::CloseDate] {
        select.column((opportunity_change::Entity, column));
    }
    select
        .column((stage::Entity, stage::Column::PipelineId))
        .expr_as(Expr::cust("stages.category <> 'OPEN'"), Alias::new("is_closed"))
        .expr_as(Expr::cust("stages.category = 'WON'"), Alias::new("is_won"))
        .expr_as(Expr::cust(ENTERED), Alias::new("stage_entered_at"))
        .from(opportunity_change::Entity)
        .join(
            JoinType::InnerJoin,
            opportunity::Entity,
            Expr::col((opportunity::Entity, Today::Id)).equals((opportunity_change::Entity, Then::OpportunityId)),
        )
        .join(
            JoinType::InnerJoin,
            stage::Entity,
            Expr::col((stage::Entity, stage::Column::Id)).equals((opportunity_change::Entity, Then::StageId)),
        )
        .cond_where(held_at(moment))
        .cond_where(Then::Deleted.eq(false))
        .take()
}

/// Those of the opportunities at a moment that were open then.
///
/// What is closed now, and has been as it is since before that moment, was closed then: it needn't be looked at, however long the
/// history is.
pub fn open_at(moment: DateTime<Utc>) -> SelectStatement {
    use opportunity_change::Column::{At, OpportunityId, StageId, Until};
    let last = Alias::new("last_changes");
    let open = Query::select()
        .column(stage::Column::Id)
        .from(stage::Entity)
        .cond_where(stage::Column::Category.eq(entity::StageCategory::Open))
        .take();
    let candidates = Query::select()
        .column((last.clone(), OpportunityId))
        .from_as(opportunity_change::Entity, last.clone())
        .and_where(Expr::col((last.clone(), Until)).is_null())
        .cond_where(
            Condition::any().add(Expr::col((last.clone(), At)).gt(moment)).add(Expr::col((last, StageId)).in_subquery(open)),
        )
        .take();
    let mut select = opportunities_at(moment);
    select
        .cond_where(OpportunityId.in_subquery(candidates))
        .cond_where(stage::Column::Category.eq(entity::StageCategory::Open))
        .take()
}

/// The line items as they were at a moment, by the name of their table: what a statement with them reads of line items is of then.
///
/// What wasn't changed since is as it was. What was changed since is what the first of these changes found.
pub fn line_items_at(moment: DateTime<Utc>) -> CommonTableExpression {
    let columns = ["opportunity_id", "product_id", "total"];
    let since = Query::select()
        .columns(columns)
        .column("line_item_id")
        .expr_as(Expr::cust("ROW_NUMBER() OVER (PARTITION BY line_item_id ORDER BY at, change_id)"), "place")
        .from("line_item_changes")
        .and_where(Expr::col("at").gt(moment))
        .take();
    let touched = Query::select().column("line_item_id").from_subquery(since.clone(), "since").take();
    let changed = Query::select()
        .columns(columns)
        .from_subquery(since, "since")
        .and_where(Expr::col("place").eq(1))
        .and_where(Expr::col("total").is_not_null())
        .take();
    let kept = Query::select()
        .columns(columns)
        .from("line_items_of_now")
        .and_where(Expr::col("id").not_in_subquery(touched))
        .union(UnionType::All, changed)
        .take();
    CommonTableExpression::new().query(kept).table_name("line_items").columns(columns).to_owned()
}

/// The states that held at a moment.
fn held_at(moment: DateTime<Utc>) -> Condition {
    use opportunity_change::Column::{At, Until};
    Condition::all().add(At.lte(moment)).add(Condition::any().add(Until.is_null()).add(Until.gt(moment)))
}

/// When an opportunity came to the stage that it was in: with the row that held, where that is a move; otherwise with the latest move
/// before it.
const ENTERED: &str = "CASE WHEN opportunity_changes.from_stage_id IS NULL OR opportunity_changes.seconds_in_previous IS NOT NULL \
    THEN opportunity_changes.at \
    ELSE (SELECT max(moves.at) FROM opportunity_changes AS moves \
        WHERE moves.opportunity_id = opportunity_changes.opportunity_id AND moves.at <= opportunity_changes.at \
        AND (moves.from_stage_id IS NULL OR moves.seconds_in_previous IS NOT NULL)) END";
