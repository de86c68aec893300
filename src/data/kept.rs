//! Rows of short lists that were read lately, such as users and stages. Most records refer to some of them.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use entity::{Id, close_reason, disqualification_reason, lead_source, pipeline, stage, team, user};
use sea_orm::EntityTrait;

use super::changes::Mark;

/// How many rows of each table are kept: more than such a table usually has.
const MOST_ROWS: usize = 1_000;

/// The rows that are kept, by their table.
#[derive(Debug, Default)]
pub struct Kept {
    /// Close reasons.
    pub close_reasons: KeptRows<close_reason::Entity>,
    /// Disqualification reasons.
    pub disqualification_reasons: KeptRows<disqualification_reason::Entity>,
    /// Lead sources.
    pub lead_sources: KeptRows<lead_source::Entity>,
    /// Pipelines.
    pub pipelines: KeptRows<pipeline::Entity>,
    /// Stages.
    pub stages: KeptRows<stage::Entity>,
    /// Teams.
    pub teams: KeptRows<team::Entity>,
    /// Users.
    pub users: KeptRows<user::Entity>,
}

/// Rows of one table, all of them read since the same mark.
#[derive(Debug)]
pub struct KeptRows<E: EntityTrait>(RwLock<Rows<E>>);

#[derive(Debug)]
struct Rows<E: EntityTrait> {
    mark: Option<Mark>,
    rows: HashMap<Id<E>, Arc<E::Model>>,
}

impl<E: EntityTrait> Default for KeptRows<E> {
    fn default() -> Self {
        Self(RwLock::new(Rows { mark: None, rows: HashMap::new() }))
    }
}

impl<E: EntityTrait> KeptRows<E> {
    /// The row with this id, if it was read since the mark.
    pub fn get(&self, id: Id<E>, mark: Mark) -> Option<Arc<E::Model>> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if kept.mark == Some(mark) { kept.rows.get(&id).cloned() } else { None }
    }

    /// Keeps rows that were read after the mark was taken.
    pub fn keep<'a>(&self, rows: impl Iterator<Item = (&'a Id<E>, &'a Arc<E::Model>)>, mark: Mark)
    where
        E::Model: 'a,
    {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.mark != Some(mark) {
            kept.rows.clear();
            kept.mark = Some(mark);
        }
        for (id, row) in rows {
            if kept.rows.len() >= MOST_ROWS {
                kept.rows.clear();
            }
            kept.rows.insert(*id, row.clone());
        }
    }
}
