//! What a request may use: the databases, the clock, the source of ids, the workspace's settings.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};
use entity::{Id, workspace};
use sea_orm::EntityTrait;
use uuid::timestamp::context::ContextV7;
use uuid::{Timestamp, Uuid};

use crate::data::database::Database;
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
    workspace: workspace::Model,
    clock: Arc<dyn Clock>,
    ids: std::sync::Mutex<ContextV7>,
    session_hours: i64,
}

impl App {
    /// Reads the workspace's settings from a migrated database and stands ready.
    pub async fn start(database: Database, clock: Arc<dyn Clock>, session_hours: i64) -> Result<Self> {
        let workspace = workspace::Entity::find_by_id(1)
            .one(database.read())
            .await?
            .ok_or_else(|| Error::internal("the workspace's row is missing: was the database migrated?"))?;
        let ids = std::sync::Mutex::new(ContextV7::new());
        Ok(Self { inner: Arc::new(Inner { database, workspace, clock, ids, session_hours }) })
    }

    /// The database pools.
    pub fn database(&self) -> &Database {
        &self.inner.database
    }

    /// The workspace's settings.
    pub fn workspace(&self) -> &workspace::Model {
        &self.inner.workspace
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
    pub fn today(&self) -> chrono::NaiveDate {
        self.day_of(self.now())
    }

    /// The day of a moment in the workspace's time zone.
    pub fn day_of(&self, moment: DateTime<Utc>) -> chrono::NaiveDate {
        let zone: chrono_tz::Tz = self.workspace().time_zone.parse().unwrap_or(chrono_tz::UTC);
        moment.with_timezone(&zone).date_naive()
    }

    /// When a day begins in the workspace's time zone.
    pub fn beginning_of(&self, day: chrono::NaiveDate) -> DateTime<Utc> {
        let zone: chrono_tz::Tz = self.inner.workspace.time_zone.parse().unwrap_or(chrono_tz::UTC);
        calendar::beginning_of(day, zone).unwrap_or_else(|| day.and_time(chrono::NaiveTime::MIN).and_utc())
    }

    /// A new id: unique, and later than all ids that this process has made for the same or an earlier millisecond.
    pub fn new_id<E>(&self) -> Id<E> {
        let now = self.inner.clock.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let context = self.inner.ids.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Id::new(Uuid::new_v7(Timestamp::from_unix(&*context, seconds, now.timestamp_subsec_nanos())))
    }
}
