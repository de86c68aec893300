//! What the write transaction needs to know of a record, so that version, history, search and events are written in one
//! place and no domain can forget them.

use chrono::{DateTime, Utc};
use entity::RecordKind;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, ModelTrait};
use serde_json::Value as Json;
use uuid::Uuid;

use super::beside::Beside;
use super::write::Write;
use crate::error::Result;

/// A row that users create and change.
pub trait Record:
    ModelTrait<Entity: EntityTrait<Model = Self, ActiveModel: ActiveModelTrait + Send>>
    + IntoActiveModel<<Self::Entity as EntityTrait>::ActiveModel>
    + Clone
    + PartialEq
    + Sync
{
    /// What it is, in the history and in search.
    const KIND: RecordKind;

    /// Its id.
    fn uuid(&self) -> Uuid;

    /// Counts the version up and notes the time.
    fn touch(&mut self, now: DateTime<Utc>);

    /// Computes the derived columns anew from the others.
    fn derive(&mut self);

    /// The fields as the schema names and writes them; what the history is made of. Null for what is missing.
    fn fields(&self) -> Vec<(&'static str, Json)>;

    /// The words under which it is found; empty where it can't be searched for.
    fn words(&self) -> Vec<String> {
        Vec::new()
    }

    /// Adds what is kept beside the row whenever the row is written, such as the states of an opportunity. `before` is nothing
    /// where the record is new. Records that are written many at once (`insert_all`) don't come by here.
    fn keep_beside(
        _write: &Write<'_>,
        _before: Option<&Self>,
        _after: &Self,
        _beside: &mut Beside,
    ) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// The same for many records that are changed at once (`update_all`), each with its state before and afterwards.
    fn keep_all_beside(write: &Write<'_>, changed: &[(Self, Self)]) -> impl Future<Output = Result<()>> + Send {
        async move {
            for (before, after) in changed {
                let mut beside = Beside::default();
                Self::keep_beside(write, Some(before), after, &mut beside).await?;
                beside.write(write.connection()).await?;
            }
            Ok(())
        }
    }
}

/// One field's change, as the history and conversion plans hold it.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldDifference {
    /// The schema's name of the field.
    pub field: &'static str,
    /// The value before, as the schema writes it.
    pub before: Json,
    /// The value afterwards.
    pub after: Json,
}

/// What differs between two states of a record. Without an earlier state: all that is there.
pub fn differences<M: Record>(before: Option<&M>, after: &M) -> Vec<FieldDifference> {
    let mut earlier = before.map(Record::fields).unwrap_or_default().into_iter();
    let fields = after.fields().into_iter().map(|(field, after)| {
        let before = earlier.next().map_or(Json::Null, |(_, before)| before);
        FieldDifference { field, before, after }
    });
    fields.filter(|difference| difference.before != difference.after).collect()
}

/// What a record was that is there no more.
pub fn last_fields<M: Record>(record: &M) -> Vec<FieldDifference> {
    let fields = record.fields().into_iter().filter(|(_, before)| !before.is_null());
    fields.map(|(field, before)| FieldDifference { field, before, after: Json::Null }).collect()
}

/// Differences as the history keeps them.
pub fn to_json(differences: Vec<FieldDifference>) -> Json {
    let entries = differences.into_iter().map(|FieldDifference { field, before, after }| {
        let parts = [("field", Json::from(field)), ("before", before), ("after", after)];
        Json::Object(parts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    });
    entries.collect()
}
