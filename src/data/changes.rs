//! Whether what was read a moment ago still holds: what lets sign-ins and rows of short lists (users, stages, sources) be kept in
//! memory and yet be exact, also where several processes work on one database.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use entity::RecordKind;
use sea_orm::sqlx::PgPool;
use sea_orm::sqlx::postgres::{PgListener, PgPoolOptions};

use super::database::Database;

/// What triggers on PostgreSQL notify when a sign-in ends, or a user, a short list or the settings change.
const CHANNEL: &str = "leadgraph_changes";
/// How long to wait before listening again after the connection was lost.
const PAUSE: Duration = Duration::from_secs(1);

/// A moment in the life of the database. While the mark is the same, nothing has changed of what is kept in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    ours: u64,
    others: (u64, u64),
}

/// Tells when something changes that is kept in memory.
#[derive(Debug)]
pub struct Changes {
    ours: AtomicU64,
    others: Others,
}

/// How we learn what other processes do.
#[derive(Debug)]
enum Others {
    /// SQLite writes each transaction to this file first: its length and time of change say whether anything was written at all.
    /// Times come in ticks of a few milliseconds, so whatever is kept must be read anew after some seconds.
    WriteAheadLog(PathBuf),
    /// PostgreSQL tells us.
    Heard(Arc<Heard>),
}

#[derive(Debug, Default)]
struct Heard {
    listening: AtomicBool,
    changes: AtomicU64,
}

impl Changes {
    /// For this database. On PostgreSQL nothing is known before somebody listens.
    pub fn of(database: &Database) -> Self {
        let others = match database.write_ahead_log() {
            Some(file) => Others::WriteAheadLog(file),
            None => Others::Heard(Arc::default()),
        };
        Self { ours: AtomicU64::new(0), others }
    }

    /// The mark of this moment, to be taken before something is read that is to be kept. Nothing where changes by others would stay
    /// unnoticed: then nothing can be kept.
    pub fn mark(&self) -> Option<Mark> {
        let ours = self.ours.load(Ordering::Acquire);
        let others = match &self.others {
            Others::WriteAheadLog(file) => {
                let log = std::fs::metadata(file).ok()?;
                let time = log.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
                (log.len(), u64::try_from(time.as_nanos()).ok()?)
            }
            Others::Heard(heard) => {
                let changes = heard.changes.load(Ordering::Acquire);
                heard.listening.load(Ordering::Acquire).then_some((changes, 0))?
            }
        };
        Some(Mark { ours, others })
    }

    /// This process has changed something that is kept: from now on everything is read anew.
    pub fn note(&self) {
        self.ours.fetch_add(1, Ordering::Release);
    }

    /// Listens to what others change, for ever. There is nothing to hear on SQLite.
    pub fn listen(&self, database: &Database) -> impl Future<Output = ()> + Send + 'static {
        let heard = match &self.others {
            Others::Heard(heard) => Some((heard.clone(), database.read().pool().get_postgres_connection_pool().clone())),
            Others::WriteAheadLog(_) => None,
        };
        async move {
            let Some((heard, pool)) = heard else { return };
            loop {
                if let Err(error) = heard.follow(&pool).await {
                    tracing::warn!(%error, "changes by other processes can't be heard at the moment: sign-ins are looked up each time");
                }
                heard.listening.store(false, Ordering::Release);
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

impl Heard {
    /// Listens on a connection of its own until that is lost.
    async fn follow(&self, pool: &PgPool) -> Result<(), sea_orm::sqlx::Error> {
        let own = PgPoolOptions::new().max_connections(1).connect_lazy_with((*pool.connect_options()).clone());
        let mut listener = PgListener::connect_with(&own).await?;
        listener.listen(CHANNEL).await?;
        self.changes.fetch_add(1, Ordering::Release);
        self.listening.store(true, Ordering::Release);
        while listener.try_recv().await?.is_some() {
            self.changes.fetch_add(1, Ordering::Release);
        }
        Ok(())
    }
}

/// Whether records of this kind, or what is written along with them, are kept in memory.
pub fn are_kept(kind: RecordKind) -> bool {
    use RecordKind::{CloseReason, DisqualificationReason, LeadSource, Pipeline, Stage, Team, User, Workspace};
    matches!(kind, CloseReason | DisqualificationReason | LeadSource | Pipeline | Stage | Team | User | Workspace)
}
