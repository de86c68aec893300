//! The kinds of record that can be imported: their fields, and how a row becomes one by the rules of the API.

mod account;
mod activity;
mod campaign;
mod contact;
mod lead;
mod opportunity;
mod opportunity_line;
mod opportunity_stage;
mod product;

pub use account::Accounts;
pub use activity::Activities;
pub use campaign::Campaigns;
pub use contact::Contacts;
pub use lead::Leads;
pub use opportunity::Opportunities;
pub use product::Products;

use std::collections::HashMap;

use async_graphql::MaybeUndefined;
use chrono::{DateTime, Utc};
use sea_orm::EntityTrait;
use serde_json::Value as Json;
use uuid::Uuid;

use super::fields::{Field, Target};
use super::values::Values;
use crate::auth::scope::Visible;
use crate::auth::{Actor, policy};
use crate::data::record::Record;
use crate::data::write::Write;
use crate::domains::fields::Cleaner;
use crate::error::{Error, Result};

/// A kind of record that can be imported.
pub trait Importable {
    /// The table.
    type Entity: Visible + EntityTrait<Model = Self::Model, ActiveModel: Send>;
    /// The row.
    type Model: Record<Entity = Self::Entity> + Send + Sync;
    /// What else comes of a row.
    type More;
    /// The fields that columns can be imported into.
    const FIELDS: &'static [Field];
    /// The column of the external id.
    const EXTERNAL_ID: <Self::Entity as EntityTrait>::Column;
    /// The kind of related record that may come later in the same file.
    const LATER: Option<Target> = None;

    /// May this actor create such records?
    fn may_create(actor: &Actor) -> Result<()> {
        policy::may_create(actor)
    }

    /// May this actor change this record?
    fn may_change(actor: &Actor, record: &Self::Model) -> Result<()>;

    /// A new record with nothing known about it.
    fn blank(&self, write: &Write<'_>) -> Self::Model;

    /// Reads what the rows of a batch need beside the records themselves.
    async fn prepare(&mut self, _write: &Write<'_>, _rows: &[Values<'_>]) -> Result<()> {
        Ok(())
    }

    /// Sets what a row says and notes what is wrong with it.
    async fn apply(&mut self, row: &mut Reading<'_, Self::Model>, record: &mut Self::Model) -> Result<Self::More>;

    /// What the history tells of a row beside the record itself, such as its prices; null where there is nothing.
    fn beside(&self, _draft: &Draft<Self>) -> Json
    where
        Self: Sized,
    {
        Json::Null
    }

    /// Writes new records.
    async fn insert(&mut self, write: &Write<'_>, new: &[Draft<Self>]) -> Result<()>
    where
        Self: Sized,
    {
        let told: HashMap<Uuid, Json> = new.iter().map(|draft| (draft.after.uuid(), self.beside(draft))).collect();
        let more = |record: &Self::Model| told.get(&record.uuid()).cloned().unwrap_or_default();
        write.insert_all_with(new.iter().map(|draft| draft.after.clone()).collect(), "created", more).await?;
        Ok(())
    }

    /// Writes what else comes of the rows.
    async fn after_writing(&mut self, _write: &Write<'_>, _new: &[Draft<Self>], _changed: &[Draft<Self>]) -> Result<()>
    where
        Self: Sized,
    {
        Ok(())
    }
}

/// A row that is being read.
pub struct Reading<'a, M> {
    /// The transaction.
    pub write: &'a Write<'a>,
    /// What the row says.
    pub values: &'a Values<'a>,
    /// What is wrong with it.
    pub cleaner: Cleaner<'a>,
    /// The record with its external id, where there is one.
    pub before: Option<&'a M>,
}

impl<M> Reading<'_, M> {
    /// When a new record came into being; nothing where the row doesn't say.
    pub fn created_at(&mut self) -> Option<DateTime<Utc>> {
        if self.before.is_some() {
            return None;
        }
        let moment = self.values.moment(&mut self.cleaner, "createdAt").take()?;
        if moment > self.write.now {
            let sentence = "A record cannot have been created in the future: give now or an earlier moment.";
            self.cleaner.problem(crate::error::UserErrorCode::OutOfRange, "createdAt", sentence);
        }
        Some(moment)
    }

    /// A text that every record has: a new one without it says nothing instead of keeping what it has.
    pub fn required_text(&self, field: &str) -> MaybeUndefined<String> {
        match self.values.text(field) {
            MaybeUndefined::Undefined if self.before.is_none() => MaybeUndefined::Null,
            given => given,
        }
    }

    /// Notes what a rule refuses.
    pub fn keep<T>(&mut self, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Error::Refused(problems)) => {
                problems.into_iter().for_each(|problem| self.cleaner.problems.push(problem));
                Ok(None)
            }
            Err(fault) => Err(fault),
        }
    }
}

/// A good row.
pub struct Draft<K: Importable + ?Sized> {
    /// The record as it was; nothing where it is new.
    pub before: Option<K::Model>,
    /// The record as it will be.
    pub after: K::Model,
    /// What else comes of the row.
    pub more: K::More,
    /// The records that it refers to.
    pub references: Vec<Uuid>,
}
