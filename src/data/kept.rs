//! Rows of short lists that were read lately, such as users and stages. Most records refer to some of them.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use entity::{Id, close_reason, disqualification_reason, lead_source, pipeline, stage, team, user};
use lru::LruCache;
use sea_orm::EntityTrait;

use super::changes::Mark;

/// How many rows of each table are kept.
const MOST_ROWS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(999);

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
pub struct KeptRows<E: EntityTrait>(Mutex<Rows<E>>);

#[derive(Debug)]
struct Rows<E: EntityTrait> {
    mark: Option<Mark>,
    rows: LruCache<Id<E>, Arc<E::Model>>,
}

impl<E: EntityTrait> Default for KeptRows<E> {
    fn default() -> Self {
        Self(Mutex::new(Rows { mark: None, rows: LruCache::new(MOST_ROWS) }))
    }
}

impl<E: EntityTrait> KeptRows<E> {
    /// The row with this id, if it was read since the mark.
    pub fn get(&self, id: Id<E>, mark: Mark) -> Option<Arc<E::Model>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.mark == Some(mark) { kept.rows.get(&id).cloned() } else { None }
    }

    /// Keeps rows that were read after the mark was taken.
    pub fn keep<'a>(&self, rows: impl Iterator<Item = (&'a Id<E>, &'a Arc<E::Model>)>, mark: Mark)
    where
        E::Model: 'a,
    {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.mark != Some(mark) {
            kept.rows.clear();
            kept.mark = Some(mark);
        }
        for (id, row) in rows {
            kept.rows.put(*id, row.clone());
        }
    }
}
