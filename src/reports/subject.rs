//! What reports read from, and who asks: the caller's scope, the workspace's calendar and currency.

use async_graphql::Context;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{activity, lead, opportunity};
use sea_orm::sea_query::{Alias, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryResult};

use super::calendar::{Calendar, Period};
use crate::app::App;
use crate::auth::Scope;
use crate::auth::scope::Visible;
use crate::data::database::{Connections, Database};
use crate::domains::opportunity::as_of::{line_items_at, open_at, opportunities_at};
use crate::error::Result;
use crate::graphql::context;

/// How PostgreSQL is to carry out a report: planned for the period that is asked for, not for any; and with the memory to hold
/// some hundred thousand groups, where its own setting is made for small statements.
const AS_A_REPORT: &str = "SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL work_mem = '64MB'";

/// What a report needs to know of the request.
pub struct Reporting<'a> {
    /// What the request may use.
    pub app: &'a App,
    /// What the caller sees.
    pub scope: Scope,
    /// The workspace's calendar.
    pub calendar: Calendar,
    /// The currency that amounts are converted to.
    pub base_currency: String,
    /// The moment of the request.
    pub now: DateTime<Utc>,
}

impl<'a> Reporting<'a> {
    /// What a report needs to know of this request.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` where nobody is signed in.
    pub fn of(ctx: &Context<'a>) -> Result<Self> {
        let (app, actor) = context::caller(ctx)?;
        Ok(Self::new(app, actor.scope()))
    }

    /// The same beside GraphQL.
    pub fn new(app: &'a App, scope: Scope) -> Self {
        let base_currency = app.workspace().base_currency.clone();
        Self { app, scope, calendar: Calendar::of(app), base_currency, now: app.now() }
    }

    /// The database.
    pub fn database(&self) -> &Database {
        self.app.database()
    }

    /// The connection to read from.
    pub fn connection(&self) -> &Connections {
        self.database().read()
    }

    /// What the database answers.
    pub async fn rows(&self, select: &SelectStatement) -> Result<Vec<QueryResult>> {
        if !self.database().is_postgres() {
            return Ok(self.connection().query_all(select).await?);
        }
        let transaction = self.connection().begin().await?;
        transaction.execute_unprepared(AS_A_REPORT).await?;
        let rows = transaction.query_all(select).await?;
        transaction.commit().await?;
        Ok(rows)
    }

    /// All bits that are set in any row of a group, by a column that has one bit or none in each.
    pub fn any_bits(&self, column: &str) -> String {
        if self.database().is_postgres() { format!("bit_or({column})") } else { format!("SUM(DISTINCT {column})") }
    }

    /// The rows of a table that the caller sees.
    pub fn visible<E: Visible>(&self) -> SelectStatement {
        Query::select().from(E::default()).cond_where(self.scope.condition::<E>()).take()
    }

    /// The opportunities that the caller sees.
    pub fn opportunities(&self) -> SelectStatement {
        self.visible::<opportunity::Entity>()
    }

    /// The opportunities as they stood at a moment, those that were deleted since included. Filters and groups read them as they
    /// read those of today.
    pub fn opportunities_at(&self, moment: DateTime<Utc>) -> SelectStatement {
        self.then(opportunities_at(moment), moment)
    }

    /// Those of them that were open then.
    pub fn open_at(&self, moment: DateTime<Utc>) -> SelectStatement {
        self.then(open_at(moment), moment)
    }

    fn then(&self, opportunities: SelectStatement, moment: DateTime<Utc>) -> SelectStatement {
        let mut select = Query::select();
        select.with_cte(line_items_at(moment)).from_subquery(opportunities, Alias::new("opportunities"));
        select
    }

    /// A day that is missing, as the database takes it.
    pub fn no_day(&self) -> &'static str {
        if self.database().is_postgres() { "CAST(NULL AS date)" } else { "NULL" }
    }

    /// The leads that the caller sees.
    pub fn leads(&self) -> SelectStatement {
        self.visible::<lead::Entity>()
    }

    /// The activities that the caller sees.
    pub fn activities(&self) -> SelectStatement {
        self.visible::<activity::Entity>()
    }

    /// What lies within a period by a column of moments.
    pub fn within(&self, column: impl ColumnTrait, period: Period) -> Condition {
        Condition::all().add(column.gte(self.calendar.start_of(period.first))).add(column.lt(self.calendar.start_of(period.end)))
    }

    /// The day that it is in the workspace at a moment of this column, as the database computes it.
    pub fn local_day(&self, column: &str, period: Option<Period>) -> String {
        if self.database().is_postgres() {
            return format!("CAST({column} AT TIME ZONE '{}' AS date)", self.calendar.zone.name());
        }
        let (from, until) = period.map_or_else(
            || (DateTime::UNIX_EPOCH, self.now + TimeDelta::days(3_660)),
            |period| (self.calendar.start_of(period.first), self.calendar.start_of(period.end)),
        );
        // SQLite knows no time zones: it is told when the clock was changed.
        let (first, changes) =
            self.calendar.offsets(from.max(DateTime::UNIX_EPOCH), until.min(self.now + TimeDelta::days(3_660)));
        let mut offset = first;
        let mut cases = String::new();
        for (moment, next) in changes {
            cases.push_str(&format!(" WHEN {column} < '{}' THEN '{offset} seconds'", moment.format("%Y-%m-%dT%H:%M:%S")));
            offset = next;
        }
        match cases.as_str() {
            "" => format!("date({column}, '{offset} seconds')"),
            _ => format!("date({column}, CASE{cases} ELSE '{offset} seconds' END)"),
        }
    }

    /// A column of moments in whole seconds since 1970.
    pub fn seconds(&self, column: &str) -> String {
        if self.database().is_postgres() {
            format!("CAST(FLOOR(EXTRACT(EPOCH FROM {column})) AS bigint)")
        } else {
            format!("unixepoch({column})")
        }
    }

    /// The whole days from a moment of this column to now.
    pub fn days_since(&self, column: &str) -> String {
        format!("({} - {}) / 86400", self.now.timestamp(), self.seconds(column))
    }

    /// The whole days from one day to another.
    pub fn days_between(&self, from: &str, to: &str) -> String {
        if self.database().is_postgres() {
            format!("CAST({to} - {from} AS bigint)")
        } else {
            format!("CAST(julianday({to}) - julianday({from}) AS bigint)")
        }
    }
}
