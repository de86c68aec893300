//! One write, one transaction. Every mutation opens a `Write`, passes it down and commits it; dropping it undoes everything.
//! Records are written through it, which keeps version, history, events and search in step with them.

use std::mem::take;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{Id, RecordKind, UserId, change, outbox, search_word, workspace};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Iterable, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, SqlErr, Statement,
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::behind::Behind;
use super::beside::Beside;
use super::changes;
use super::database::{Transaction, WriteTransaction};
use super::record::{Record, differences, last_fields, to_json};
use super::words;
use crate::app::{App, day_of};
use crate::auth::scope::Visible;
use crate::auth::{Actor, Scope};
use crate::error::{Error, Result, UserError, UserErrorCode};

/// An open write transaction on behalf of an actor.
pub struct Write<'a> {
    /// What the request may use.
    pub app: &'a App,
    /// On whose behalf.
    pub actor: &'a Actor,
    /// The moment at which all of it happens.
    pub now: DateTime<Utc>,
    /// Whom the history names.
    by: Option<UserId>,
    workspace: Arc<workspace::Model>,
    /// Whether something is written that is kept in memory.
    changes_kept: AtomicBool,
    transaction: Arc<WriteTransaction>,
    /// What is being written in the background.
    behind: Behind,
    /// Words of new records that are written when there are enough of them to touch the pages of their index once each.
    words: Mutex<Vec<search_word::Model>>,
}

impl<'a> Write<'a> {
    /// Opens the transaction. On SQLite it holds the write lock from here on.
    pub async fn begin(app: &'a App, actor: &'a Actor) -> Result<Self> {
        Ok(Self::within(app, actor, app.database().begin_shared().await?))
    }

    /// The same for much at once: in a transaction that nobody shares, with a commit of its own.
    pub async fn begin_alone(app: &'a App, actor: &'a Actor) -> Result<Self> {
        Ok(Self::within(app, actor, WriteTransaction::Own(app.database().begin_much().await?)))
    }

    fn within(app: &'a App, actor: &'a Actor, transaction: WriteTransaction) -> Self {
        Self {
            app,
            actor,
            now: app.now(),
            by: Some(actor.id()),
            workspace: app.workspace(),
            changes_kept: AtomicBool::new(false),
            transaction: Arc::new(transaction),
            behind: Behind::default(),
            words: Mutex::default(),
        }
    }

    /// Lets the history name nobody: for what the command line does.
    #[must_use]
    pub fn by_nobody(self) -> Self {
        Self { by: None, ..self }
    }

    /// Whom the history names: nobody for what the program does by itself.
    pub fn by(&self) -> Option<UserId> {
        self.by
    }

    /// Makes everything that was written last.
    pub async fn commit(self) -> Result<()> {
        self.write_collected_words().await?;
        self.settle().await?;
        let transaction = Arc::into_inner(self.transaction);
        let transaction =
            transaction.ok_or_else(|| Error::internal("a transaction that is still written in cannot be committed"))?;
        transaction.commit().await?;
        if self.changes_kept.into_inner() {
            self.app.changes().note();
        }
        Ok(())
    }

    /// Carries statements out in the background, one after the other, while the caller makes the next ones. Until `settle` nobody may
    /// count on anything that the transaction reads or writes.
    pub(super) async fn carry_out_behind(&self, statements: Vec<Statement>) {
        self.behind.carry_out(&self.transaction, statements).await;
    }

    /// Waits for what is written in the background. Search words may still wait for more of them.
    ///
    /// # Errors
    /// Those of the statements.
    pub async fn settle(&self) -> Result<()> {
        self.behind.settle().await
    }

    /// Keeps search words of new records to be written with others, and answers all of them once they are enough.
    pub(super) fn collect_words(&self, new: Vec<search_word::Model>, enough: usize) -> Vec<search_word::Model> {
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        words.extend(new);
        if words.len() >= enough { take(&mut *words) } else { Vec::new() }
    }

    /// Writes the search words that wait.
    async fn write_collected_words(&self) -> Result<()> {
        let words = self.collect_words(Vec::new(), 0);
        if words.is_empty() {
            return Ok(());
        }
        self.settle().await?;
        self.insert_words(words).await
    }

    /// The connection to pass down.
    pub fn connection(&self) -> &Transaction {
        self.transaction.connection()
    }

    /// What the actor sees.
    pub fn scope(&self) -> Scope {
        self.actor.scope()
    }

    /// The workspace's settings, the same for the whole transaction. Another process may have changed them a moment ago: what must
    /// not be decided by earlier ones reads the row itself.
    pub fn workspace(&self) -> &workspace::Model {
        &self.workspace
    }

    /// Today in the workspace's time zone.
    pub fn today(&self) -> NaiveDate {
        day_of(self.now, &self.workspace)
    }

    /// A new id.
    pub fn new_id<E>(&self) -> Id<E> {
        self.app.new_id()
    }

    /// Reads a record and keeps others from changing it until the end of the transaction. `path` is the input field that
    /// named it: a record that the actor doesn't see is NOT_FOUND there.
    pub async fn lock<E: Visible>(&self, scope: Scope, id: Id<E>, path: &str) -> Result<E::Model> {
        let select = scope.find::<E>().filter(E::ID.eq(id)).lock_exclusive();
        select.one(self.connection()).await?.ok_or_else(|| not_found::<E>(path))
    }

    /// The same for many records, always in the order of their ids, so that two calls never wait for each other. Those that the
    /// scope doesn't show are left out.
    pub async fn lock_all<E: Visible>(&self, scope: Scope, ids: Vec<Id<E>>) -> Result<Vec<E::Model>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let select = scope.find::<E>().filter(E::ID.is_in(ids)).order_by_asc(E::ID).lock_exclusive();
        Ok(select.all(self.connection()).await?)
    }

    /// Reads a record that the input refers to, if the actor sees it, and keeps it from being deleted until the end of the
    /// transaction (on PostgreSQL; on SQLite nobody else writes meanwhile).
    pub async fn find<E: Visible>(&self, id: Id<E>) -> Result<Option<E::Model>> {
        let select = self.scope().find::<E>().filter(E::ID.eq(id)).lock(LockType::KeyShare);
        Ok(select.one(self.connection()).await?)
    }

    /// Writes a new record.
    pub async fn insert<M: Record>(&self, record: M, action: &str) -> Result<M> {
        self.insert_with(record, action, Json::Null).await
    }

    /// The same where something beside the row is written, too: `more` tells the history of it.
    pub async fn insert_with<M: Record>(&self, record: M, action: &str, more: Json) -> Result<M> {
        self.insert_along(record, action, more, Beside::default()).await
    }

    /// The same with what is written beside the row.
    pub async fn insert_along<M: Record>(&self, mut record: M, action: &str, more: Json, mut beside: Beside) -> Result<M> {
        record.derive();
        self.tell(&mut beside, M::KIND, record.uuid(), action, joined(to_json(differences(None, &record)), more));
        let database = self.connection().get_database_backend();
        words::keep(&mut beside, database, (M::KIND, record.uuid()), &[], &record.words())?;
        M::keep_beside(self, None, &record, &mut beside).await?;
        let row = M::Entity::insert(record.clone().into_active_model().reset_all());
        beside.write_with(self.connection(), row.into_query().into()).await?;
        Ok(record)
    }

    /// Writes what changed between two states of a record: nothing at all where nothing did.
    pub async fn update<M: Record>(&self, before: &M, mut after: M, action: &str) -> Result<M> {
        after.derive();
        if after == *before {
            return Ok(after);
        }
        self.update_with(before, after, action, Json::Null).await
    }

    /// The same where something beside the row changed, too: `more` tells the history of it.
    pub async fn update_with<M: Record>(&self, before: &M, after: M, action: &str, more: Json) -> Result<M> {
        self.update_along(before, after, action, more, Beside::default()).await
    }

    /// The same with what is written beside the row.
    pub async fn update_along<M: Record>(
        &self,
        before: &M,
        mut after: M,
        action: &str,
        more: Json,
        mut beside: Beside,
    ) -> Result<M> {
        after.derive();
        after.touch(self.now);
        let mut row = before.clone().into_active_model();
        for column in <M::Entity as EntityTrait>::Column::iter() {
            let value = after.get(column);
            if value != before.get(column) {
                row.set(column, value);
            }
        }
        self.tell(&mut beside, M::KIND, after.uuid(), action, joined(to_json(differences(Some(before), &after)), more));
        self.write_collected_words().await?;
        let database = self.connection().get_database_backend();
        words::keep(&mut beside, database, (M::KIND, after.uuid()), &before.words(), &after.words())?;
        M::keep_beside(self, Some(before), &after, &mut beside).await?;
        let row = M::Entity::update(row).validate()?;
        match beside.write_with(self.connection(), row.into_query().into()).await? {
            0 => Err(DbErr::RecordNotUpdated.into()),
            _ => Ok(after),
        }
    }

    /// Takes a record away for good: its history stays and tells what it was. `path` is the input field that named it, for the
    /// refusal where other records still refer to it, among them deleted ones that could be restored.
    pub async fn delete<M: Record<Entity: Visible>>(&self, record: &M, path: &str) -> Result<()> {
        self.delete_with(record, path, Json::Null).await
    }

    /// The same where rows beside the record go with it, and went before it: `more` tells the history of them.
    pub async fn delete_with<M: Record<Entity: Visible>>(&self, record: &M, path: &str, more: Json) -> Result<()> {
        let id = <M::Entity as Visible>::ID;
        let deleted = M::Entity::delete_many().filter(id.eq(record.uuid())).exec(self.connection()).await;
        deleted.map_err(|error| match error.sql_err() {
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => still_in_use::<M::Entity>(path),
            _ => error.into(),
        })?;
        self.note(M::KIND, record.uuid(), "deleted", joined(to_json(last_fields(record)), more)).await?;
        self.write_words(M::KIND, record.uuid(), record.words(), Vec::new()).await
    }

    /// Writes one entry of the history, and the event that others hear of.
    pub async fn note(&self, record_kind: RecordKind, record_id: Uuid, action: &str, fields: Json) -> Result<()> {
        let mut beside = Beside::default();
        self.tell(&mut beside, record_kind, record_id, action, fields);
        Ok(beside.write(self.connection()).await?)
    }

    /// The same along with something else.
    fn tell(&self, beside: &mut Beside, record_kind: RecordKind, record_id: Uuid, action: &str, fields: Json) {
        self.will_change(record_kind);
        let (action, at) = (action.to_owned(), self.now);
        let id = self.new_id();
        beside.insert::<change::Entity>(change::Model {
            id,
            record_kind,
            record_id,
            action: action.clone(),
            at,
            by: self.by,
            fields,
        });
        beside.insert::<outbox::Entity>(outbox::Model { id: self.new_id(), action, record_kind, record_id, at });
    }

    /// Notes that records of this kind are written.
    pub(super) fn will_change(&self, record_kind: RecordKind) {
        if changes::are_kept(record_kind) {
            self.changes_kept.store(true, Ordering::Relaxed);
        }
    }

    /// Keeps the words under which a record is found in step with it.
    pub(super) async fn write_words(
        &self,
        record_kind: RecordKind,
        record_id: Uuid,
        before: Vec<String>,
        after: Vec<String>,
    ) -> Result<()> {
        if before == after {
            return Ok(());
        }
        self.write_collected_words().await?;
        let mut beside = Beside::default();
        words::keep(&mut beside, self.connection().get_database_backend(), (record_kind, record_id), &before, &after)?;
        Ok(beside.write(self.connection()).await?)
    }
}

/// The entries of both lists; `more` may be null.
pub(super) fn joined(mut fields: Json, more: Json) -> Json {
    if let (Json::Array(fields), Json::Array(more)) = (&mut fields, more) {
        fields.extend(more);
    }
    fields
}

/// There is no such record, or the actor doesn't see it.
pub fn not_found<E: entity::Identified>(path: &str) -> Error {
    let kind = E::PREFIX.replace('_', " ");
    Error::refused(UserError::at(
        UserErrorCode::NotFound,
        path,
        format!("There is no such {kind}; it may have been deleted. Check the id."),
    ))
}

fn still_in_use<E: entity::Identified>(path: &str) -> Error {
    let kind = E::PREFIX.replace('_', " ");
    let sentence = format!("Other records, some of them perhaps deleted, still name this {kind}: deactivate it instead.");
    Error::refused(UserError::at(UserErrorCode::InUse, path, sentence))
}

/// Refuses a change of a record that somebody else has changed since the caller read it.
pub fn check_version(version: i32, expected: Option<i32>) -> Result<()> {
    match expected {
        Some(expected) if expected != version => Err(Error::refused(
            UserError::at(
                UserErrorCode::VersionConflict,
                "expectedVersion",
                format!("The record has version {version} by now, not {expected}: read it again and decide anew."),
            )
            .with_details(serde_json::json!({ "version": version })),
        )),
        _ => Ok(()),
    }
}
