//! One batch for each level of a query: the request's loaders. References are loaded by their typed id, whatever the table;
//! lists of a parent and other look-ups have a key type of their own beside the domain that they belong to.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::Context;
use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::runtime::{Timer, TokioSpawner};
use entity::Id;
use sea_orm::{ColumnTrait, ModelTrait, QueryFilter};

use super::context;
use crate::auth::Scope;
use crate::auth::scope::Visible;
use crate::data::database::Database;
use crate::error::{Error, Result};

/// The loaders of one request.
pub type Loaders = DataLoader<Source>;

/// What loaders read from, and what they may see.
pub struct Source {
    /// The pool to read from.
    pub database: Database,
    /// What the caller sees.
    pub scope: Scope,
}

/// A failure while loading. It is shared by all who waited for the batch, so it can be cloned.
#[derive(Clone)]
pub struct LoadError(Arc<Error>);

impl From<Error> for LoadError {
    fn from(error: Error) -> Self {
        Self(Arc::new(error))
    }
}

impl From<sea_orm::DbErr> for LoadError {
    fn from(error: sea_orm::DbErr) -> Self {
        Error::from(error).into()
    }
}

impl From<LoadError> for Error {
    fn from(error: LoadError) -> Self {
        match &*error.0 {
            Error::Fault(fault) => match &fault.cause {
                Some(cause) => Self::internal(cause.to_string()),
                None => Self::fault(fault.code, fault.message.clone()),
            },
            Error::Refused(problems) => Self::Refused(problems.clone()),
        }
    }
}

/// Lets the scheduler run once instead of sleeping: the waiting fields put their keys in by then, and a level costs no
/// millisecond (a sleep of zero does).
struct YieldingTimer;

impl Timer for YieldingTimer {
    fn delay(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::task::yield_now())
    }
}

/// Makes the loaders of one request.
pub fn new(database: Database, scope: Scope) -> Loaders {
    DataLoader::new(Source { database, scope }, TokioSpawner::current(), YieldingTimer)
}

impl<E: Visible> Loader<Id<E>> for Source {
    type Value = Arc<E::Model>;
    type Error = LoadError;

    async fn load(&self, ids: &[Id<E>]) -> Result<HashMap<Id<E>, Self::Value>, LoadError> {
        let rows = self.scope.find::<E>().filter(E::ID.is_in(ids.iter().copied())).all(self.database.read()).await?;
        rows.into_iter()
            .map(|row| {
                let id = sea_orm::sea_query::ValueType::try_from(row.get(E::ID))
                    .map_err(|_| Error::internal("an id that is no UUID"))?;
                Ok((id, Arc::new(row)))
            })
            .collect()
    }
}

/// Loads what an optional reference names; null where the caller doesn't see it.
pub async fn optional<E: Visible>(ctx: &Context<'_>, id: Option<Id<E>>) -> Result<Option<Arc<E::Model>>> {
    let Some(id) = id else { return Ok(None) };
    Ok(context::loaders(ctx)?.load_one(id).await?)
}

/// Loads what a reference names that is always there.
pub async fn required<E: Visible>(ctx: &Context<'_>, id: Id<E>) -> Result<Arc<E::Model>> {
    optional(ctx, Some(id)).await?.ok_or_else(|| Error::internal(format!("{id} is referred to and not there")))
}
