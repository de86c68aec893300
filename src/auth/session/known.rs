//! Sign-ins that were looked up lately.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use lru::LruCache;

use crate::auth::Actor;
use crate::data::changes::Mark;

/// How many sign-ins are known.
const MOST: NonZeroUsize = NonZeroUsize::MIN.saturating_add(4_095);
/// For how long: nobody's sign-in outlives its end by more than this, should a change ever stay unnoticed.
const SECONDS: i64 = 5;

/// Sign-ins by the hashes of their tokens. They are known for some seconds, and no longer than until something changes.
#[derive(Debug)]
pub struct Sessions(Mutex<LruCache<String, Known>>);

#[derive(Debug)]
struct Known {
    actor: Actor,
    mark: Mark,
    since: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl Default for Sessions {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(MOST)))
    }
}

impl Sessions {
    /// Who is signed in with the token of this hash, as far as that is known.
    pub fn get(&self, token_hash: &str, mark: Mark, now: DateTime<Utc>) -> Option<Actor> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(token_hash)?;
        let is_fresh = found.mark == mark && (TimeDelta::zero()..TimeDelta::seconds(SECONDS)).contains(&(now - found.since));
        (is_fresh && now < found.expires_at).then(|| found.actor.clone())
    }

    /// Keeps a sign-in that was looked up after the mark was taken.
    pub fn keep(&self, actor: &Actor, mark: Mark, since: DateTime<Utc>, expires_at: DateTime<Utc>) {
        let Some(token_hash) = actor.session.clone() else { return };
        let known = Known { actor: actor.clone(), mark, since, expires_at };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(token_hash, known);
    }
}
