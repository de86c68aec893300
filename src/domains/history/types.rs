//! The history as the API shows it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{RecordKind, change};
use sea_orm::{ColumnTrait, QueryFilter, Select};
use uuid::Uuid;

use crate::auth::Scope;
use crate::data::page::{Order, SortKey};
use crate::domains::user::types::User;
use crate::error::Result;
use crate::graphql::at_once::at_once;
use crate::graphql::connection::Connection;
use crate::graphql::list::{ChildList, PageArguments, children};
use crate::graphql::loaders;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::{DateTime, Json};

/// One entry of a record's history.
#[derive(Clone)]
pub struct Change(pub Arc<change::Model>);

/// One entry of a record's history: one action, with before and after of every field that it changed.
#[Object]
impl Change {
    /// The entry's id; ids grow with time.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What was done, for example `created`, `updated`, `qualified`, `converted`.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// By whom; null for the system itself.
    async fn by(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.0.by, User).await
    }

    /// The fields that changed.
    async fn fields(&self) -> Vec<FieldChange> {
        field_changes(&self.0.fields)
    }
}

at_once!(Change: id action at by);

/// What happened to one field.
#[derive(Debug, Clone, PartialEq, SimpleObject)]
pub struct FieldChange {
    /// The schema's name of the field.
    pub field: String,
    /// The value before, as the schema writes it; references as ids. Null where there was none.
    pub before: Option<Json>,
    /// The value afterwards.
    pub after: Option<Json>,
}

/// Reads the entries that `data::record::to_json` wrote.
pub fn field_changes(fields: &serde_json::Value) -> Vec<FieldChange> {
    let value = |entry: &serde_json::Value, name: &str| entry.get(name).filter(|value| !value.is_null()).cloned().map(Json);
    fields
        .as_array()
        .into_iter()
        .flatten()
        .map(|entry| FieldChange {
            field: entry["field"].as_str().unwrap_or_default().to_owned(),
            before: value(entry, "before"),
            after: value(entry, "after"),
        })
        .collect()
}

/// The history of each record of a kind, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HistoryOf(pub RecordKind);

impl ChildList for HistoryOf {
    type Entity = change::Entity;
    type Parent = change::Column;

    fn select(&self, scope: Scope) -> Result<Select<change::Entity>> {
        Ok(scope.find::<change::Entity>().filter(change::Column::RecordKind.eq(self.0)))
    }

    fn parent(&self) -> change::Column {
        change::Column::RecordId
    }

    fn order(&self) -> Order<change::Column> {
        Order::new([SortKey::descending(change::Column::Id)], change::Column::Id)
    }
}

/// A page of a record's history.
pub async fn history(
    ctx: &Context<'_>,
    kind: RecordKind,
    record: Uuid,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Connection<Change>> {
    let arguments = PageArguments { first, after, ..PageArguments::default() };
    children(ctx, record, HistoryOf(kind), arguments, |entry| Change(Arc::new(entry))).await
}
