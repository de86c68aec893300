//! What a request may use: the databases, the clock, the source of ids, the workspace's settings.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use entity::{Id, workspace};
use sea_orm::EntityTrait;
use uuid::timestamp::context::ContextV7;
use uuid::{Timestamp, Uuid};

use crate::auth::session::Sessions;
use crate::data::changes::Changes;
use crate::data::database::Database;
use crate::data::kept::Kept;
use crate::error::{Error, Result};
use crate::values::calendar;

/// Where the time comes from. Tests bring a clock of their own.
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// What a request may use. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    changes: Changes,
    sessions: Sessions,
    kept: Kept,
    workspace: RwLock<Arc<workspace::Model>>,
    clock: Arc<dyn Clock>,
    ids: std::sync::Mutex<ContextV7>,
    session_hours: i64,
}

impl App {
    /// Reads the workspace's settings from a migrated database and stands ready.
    pub async fn start(database: Database, clock: Arc<dyn Clock>, session_hours: i64) -> Result<Self> {
        let workspace = RwLock::new(Arc::new(read_workspace(&database).await?));
        let ids = std::sync::Mutex::new(ContextV7::new());
        let (changes, sessions, kept) = (Changes::of(&database), Sessions::default(), Kept::default());
        Ok(Self { inner: Arc::new(Inner { database, changes, sessions, kept, workspace, clock, ids, session_hours }) })
    }

    /// The database pools.
    pub fn database(&self) -> &Database {
        &self.inner.database
    }

    /// Tells when something changes that is kept in memory.
    pub fn changes(&self) -> &Changes {
        &self.inner.changes
    }

    /// The sign-ins that were looked up lately.
    pub fn sessions(&self) -> &Sessions {
        &self.inner.sessions
    }

    /// The rows of short lists that were read lately.
    pub fn kept(&self) -> &Kept {
        &self.inner.kept
    }

    /// The workspace's settings, as they were when the request that is being answered came in, or later.
    pub fn workspace(&self) -> Arc<workspace::Model> {
        self.inner.workspace.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes over settings that were read or written, unless later ones are known already.
    pub fn learn_workspace(&self, settings: workspace::Model) {
        let mut known = self.inner.workspace.write().unwrap_or_else(PoisonError::into_inner);
        if settings.version > known.version {
            *known = Arc::new(settings);
        }
    }

    /// Reads the settings anew where the database has a later version of them. Whoever looks up a sign-in asks for the version in
    /// the same statement: so what one process changes holds in every other from its next request on, and costs no statement.
    pub async fn keep_up(&self, version: i32) -> Result<()> {
        if version > self.workspace().version {
            self.learn_workspace(read_workspace(self.database()).await?);
        }
        Ok(())
    }

    /// How long a sign-in lasts, in hours.
    pub fn session_hours(&self) -> i64 {
        self.inner.session_hours
    }

    /// The time now, to the microsecond: PostgreSQL keeps no more, and a cursor must find what was written.
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.clock.now().trunc_subsecs(6)
    }

    /// Today in the workspace's time zone.
    pub fn today(&self) -> NaiveDate {
        self.day_of(self.now())
    }

    /// The day of a moment in the workspace's time zone.
    pub fn day_of(&self, moment: DateTime<Utc>) -> NaiveDate {
        day_of(moment, &self.workspace())
    }

    /// When a day begins in the workspace's time zone.
    pub fn beginning_of(&self, day: chrono::NaiveDate) -> DateTime<Utc> {
        let zone: chrono_tz::Tz = self.workspace().time_zone.parse().unwrap_or(chrono_tz::UTC);
        calendar::beginning_of(day, zone).unwrap_or_else(|| day.and_time(chrono::NaiveTime::MIN).and_utc())
    }

    /// A new id: unique, and later than all ids that this process has made for the same or an earlier millisecond.
    pub fn new_id<E>(&self) -> Id<E> {
        let now = self.inner.clock.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let context = self.inner.ids.lock().unwrap_or_else(PoisonError::into_inner);
        Id::new(Uuid::new_v7(Timestamp::from_unix(&*context, seconds, now.timestamp_subsec_nanos())))
    }
}

/// The day in the workspace's time zone.
pub fn day_of(moment: DateTime<Utc>, workspace: &workspace::Model) -> NaiveDate {
    let zone: chrono_tz::Tz = workspace.time_zone.parse().unwrap_or(chrono_tz::UTC);
    moment.with_timezone(&zone).date_naive()
}

async fn read_workspace(database: &Database) -> Result<workspace::Model> {
    let row = workspace::Entity::find_by_id(1).one(database.read()).await?;
    row.ok_or_else(|| Error::internal("the workspace's row is missing: was the database migrated?"))
}
