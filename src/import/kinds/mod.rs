//! The kinds of record that can be imported: their fields, and how a row becomes one by the rules of the API.

mod account;
mod activity;
mod campaign;
mod campaign_member;
mod contact;
mod exchange_rate;
mod lead;
mod line_item;
mod opportunity;
mod opportunity_line;
mod opportunity_stage;
mod product;

pub use account::Accounts;
pub use activity::Activities;
pub use campaign::Campaigns;
pub use campaign_member::CampaignMembers;
pub use contact::Contacts;
pub use exchange_rate::ExchangeRates;
pub use lead::Leads;
pub use line_item::LineItems;
pub use opportunity::Opportunities;
pub use product::Products;

use std::collections::HashMap;

use async_graphql::MaybeUndefined;
use chrono::{DateTime, Utc};
use entity::Id;
use sea_orm::{ColumnTrait, Condition, EntityTrait, ModelTrait, QueryFilter, QuerySelect, Statement, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use super::fields::{Field, Target};
use super::values::Values;
use crate::auth::scope::Visible;
use crate::auth::{Actor, policy};
use crate::data::record::Record;
use crate::data::write::Write;
use crate::domains::fields::Cleaner;
use crate::error::{Error, Problems, Result};
use crate::values::text::{self, TextLimit};

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
    /// The column of the external id, where there is one.
    const EXTERNAL_ID: Option<<Self::Entity as EntityTrait>::Column>;
    /// The field that a row is recognised by when it is imported again.
    const KEY: &'static str = "externalId";
    /// The kind of related record that may come later in the same file.
    const LATER: Option<Target> = None;

    /// Whether rows become records, and new records are written, without another look at the database: then both are done at once.
    /// What looks there all the same waits for `Write::settle`.
    const ALONE: bool = false;

    /// May this actor create such records?
    fn may_create(actor: &Actor) -> Result<()> {
        policy::may_create(actor)
    }

    /// May this actor change this record?
    fn may_change(actor: &Actor, record: &Self::Model) -> Result<()>;

    /// A new record with nothing known about it.
    fn blank(&self, write: &Write<'_>) -> Self::Model;

    /// What a row is recognised by when it is imported again. A file may have it once.
    fn key(values: &Values<'_>, problems: &mut Problems) -> Option<String> {
        text::optional(problems, Self::KEY, values.raw(Self::KEY), TextLimit::Short)
    }

    /// What sentences call the key.
    fn key_name(key: &str) -> String {
        format!("The external id {key:?}")
    }

    /// Locks what has to be locked before the records that are there already, those that meet the condition.
    async fn lock_before(_write: &Write<'_>, _named: &Condition) -> Result<()> {
        Ok(())
    }

    /// The records that are there already, by their keys, deleted ones included; kept from others until they are written.
    async fn existing(write: &Write<'_>, rows: &[Values<'_>]) -> Result<HashMap<String, Self::Model>> {
        let ids: Vec<&str> = rows.iter().filter_map(|row| row.raw(Self::KEY)).map(str::trim).collect();
        let Some(column) = Self::EXTERNAL_ID.filter(|_| !ids.is_empty()) else { return Ok(HashMap::new()) };
        // What has no external id is exported with its id here.
        let own: Vec<Id<Self::Entity>> = ids.iter().filter_map(|id| id.parse().ok()).collect();
        let has_own_id = (!own.is_empty()).then(|| Self::Entity::ID.is_in(own));
        let has_id = Condition::any().add(column.is_in(ids)).add_option(has_own_id);
        Self::lock_before(write, &has_id).await?;
        let found = write.scope().with_deleted().find::<Self::Entity>().filter(has_id).lock_exclusive().all(write.connection());
        let id = |record: &Self::Model| match record.get(column) {
            Value::String(Some(text)) => text,
            _ => Id::<Self::Entity>::new(record.uuid()).to_string(),
        };
        Ok(found.await?.into_iter().map(|record| (id(&record), record)).collect())
    }

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

    /// Writes new records, whose derived columns are there already; maybe in the background.
    async fn insert(&mut self, write: &Write<'_>, new: &[Draft<Self>]) -> Result<()>
    where
        Self: Sized,
    {
        let also = self.also(write, new);
        write.insert_behind(new.iter().map(|draft| (&draft.after, self.beside(draft))), "created", also).await;
        Ok(())
    }

    /// The statements that write rows that belong to new records and have no history of their own.
    fn also(&self, _write: &Write<'_>, _new: &[Draft<Self>]) -> Vec<Statement>
    where
        Self: Sized,
    {
        Vec::new()
    }

    /// Writes what changed on records that were there.
    async fn update(&mut self, write: &Write<'_>, changed: &[Draft<Self>]) -> Result<()>
    where
        Self: Sized,
    {
        for draft in changed {
            if let Some(before) = &draft.before {
                match self.beside(draft) {
                    Json::Null => write.update(before, draft.after.clone(), "updated").await?,
                    more => write.update_with(before, draft.after.clone(), "updated", more).await?,
                };
            }
        }
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
