//! Which rows somebody sees: the one visibility rule. Every read of a record goes through it.

use entity::Identified;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PrimaryKeyTrait, QueryFilter, Select};

use super::Actor;
use crate::data::kept::{Kept, KeptRows};
use crate::data::page::Listed;

/// Which rows an actor sees. Today everybody in the workspace sees every record that isn't deleted; finer rules come in here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope {
    deleted: bool,
}

impl Scope {
    /// What this actor sees.
    pub fn of(_actor: &Actor) -> Self {
        Self { deleted: false }
    }

    /// What is seen before anybody is signed in. Resolvers refuse then, except for `signIn`, which answers with the user and
    /// what belongs to them.
    pub fn nobody() -> Self {
        Self { deleted: false }
    }

    /// The same, and deleted records too: for restoring them.
    #[must_use]
    pub fn with_deleted(self) -> Self {
        Self { deleted: true }
    }

    /// The visible rows of a table.
    pub fn find<E: Visible>(&self) -> Select<E> {
        E::find().filter(self.condition::<E>())
    }

    /// What makes a row of this table visible.
    pub fn condition<E: Visible>(&self) -> Condition {
        self.condition_of::<E>(|column| Expr::col(column.as_column_ref()))
    }

    /// The same where a statement calls the table by another name.
    pub fn condition_on<E: Visible>(&self, name: &'static str) -> Condition {
        self.condition_of::<E>(|column| Expr::col((name, column)))
    }

    fn condition_of<E: Visible>(&self, value: impl Fn(E::Column) -> Expr) -> Condition {
        match E::DELETED_AT {
            Some(column) if !self.deleted => Condition::all().add(value(column).is_null()),
            _ => Condition::all(),
        }
    }
}

/// A table whose rows are read through a `Scope` and found by their id.
pub trait Visible:
    Listed + EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = entity::Id<Self>>, Model: Send + Sync> + Identified
{
    /// The column of the id.
    const ID: Self::Column;
    /// The column that marks a row as deleted, where rows can be.
    const DELETED_AT: Option<Self::Column>;

    /// The rows that are kept in memory: only of short lists whose rows everybody sees.
    fn kept(_kept: &Kept) -> Option<&KeptRows<Self>> {
        None
    }
}

macro_rules! visible {
    ($($table:ident: $deleted_at:expr $(, kept as $kept:ident)?;)*) => {$(
        impl Visible for entity::$table::Entity {
            const ID: entity::$table::Column = entity::$table::Column::Id;
            const DELETED_AT: Option<entity::$table::Column> = $deleted_at;
            $(fn kept(kept: &Kept) -> Option<&KeptRows<Self>> {
                Some(&kept.$kept)
            })?
        }
    )*};
}

visible! {
    account: Some(entity::account::Column::DeletedAt);
    activity: Some(entity::activity::Column::DeletedAt);
    assignment_rule_set: Some(entity::assignment_rule_set::Column::DeletedAt);
    campaign: None;
    campaign_member: None;
    change: None;
    close_reason: None, kept as close_reasons;
    competitor: None;
    contact: Some(entity::contact::Column::DeletedAt);
    disqualification_reason: None, kept as disqualification_reasons;
    exchange_rate: None;
    intake_form: None;
    lead: Some(entity::lead::Column::DeletedAt);
    lead_source: None, kept as lead_sources;
    line_item: None;
    opportunity: Some(entity::opportunity::Column::DeletedAt);
    order: None;
    pipeline: None, kept as pipelines;
    quote: None;
    product: None;
    stage: None, kept as stages;
    team: None, kept as teams;
    timeline_entry: None;
    user: None, kept as users;
}
