//! One batch for each level of a query: the request's loaders. References are loaded by their typed id, whatever the table;
//! lists of a parent and other look-ups have a key type of their own beside the domain that they belong to.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::runtime::Timer;
use async_graphql::{Context, ID, QueryPathNode, QueryPathSegment};
use entity::Id;
use futures_util::task::{FutureObj, Spawn, SpawnError};
use sea_orm::{ColumnTrait, ModelTrait};
use tracing::Instrument;

use super::objects::Answered;
use super::selection::{Shown, columns};
use super::{context, ids};
use crate::app::App;
use crate::auth::Scope;
use crate::auth::scope::Visible;
use crate::data::changes::Mark;
use crate::data::database::Database;
use crate::data::page::{Columns, ReadAlong, fetch_all};
use crate::error::{Error, Result};

/// The loaders of one request.
pub type Loaders = DataLoader<Source>;

/// What loaders read from, and what they may see.
pub struct Source {
    /// The pool to read from.
    pub database: Database,
    /// What the caller sees.
    pub scope: Scope,
    /// Where rows of short lists are kept, and since when they hold.
    pub kept: Option<(App, Since)>,
    /// What pages have read along. Nothing for a mutation: what one of its fields reads may change by the next.
    pub found: Option<ReadAlong>,
}

/// Since when what is kept must hold.
#[derive(Debug, Clone, Copy)]
pub enum Since {
    /// Since a query began.
    Began(Mark),
    /// Since now, whenever it is asked for: a mutation answers what it wrote.
    Now,
}

/// Lets the scheduler run once instead of sleeping: the waiting fields put their keys in by then, and a level costs no
/// millisecond (a sleep of zero does).
struct YieldingTimer;

impl Timer for YieldingTimer {
    fn delay(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::task::yield_now())
    }
}

/// Runs batches beside the fields that wait for them. What they log names the request.
struct Beside;

impl Spawn for Beside {
    fn spawn_obj(&self, batch: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        tokio::spawn(batch.in_current_span());
        Ok(())
    }
}

/// Makes the loaders of one request that keep nothing beyond it.
pub fn new(database: Database, scope: Scope) -> Loaders {
    from(Source { database, scope, kept: None, found: None })
}

/// Makes the loaders of one request.
pub fn from(source: Source) -> Loaders {
    DataLoader::new(source, Beside, YieldingTimer)
}

impl Source {
    fn kept<E: Visible>(&self, id: Id<E>) -> Option<Arc<E::Model>> {
        let (app, _) = self.kept.as_ref()?;
        E::kept(app.kept())?.get(id, self.mark()?)
    }

    fn mark(&self) -> Option<Mark> {
        match self.kept.as_ref()? {
            (_, Since::Began(mark)) => Some(*mark),
            (app, Since::Now) => app.changes().mark(),
        }
    }
}

/// A record, and which columns are wanted of it. A batch reads those that any of its keys wants.
type Reference<E> = (Id<E>, Columns);

impl<E: Visible> Loader<Reference<E>> for Source {
    type Value = Arc<E::Model>;
    type Error = Error;

    async fn load(&self, references: &[Reference<E>]) -> Result<HashMap<Reference<E>, Self::Value>, Error> {
        let mark = self.mark();
        let columns = references.iter().fold(Columns::ID, |all, (_, columns)| all.and(*columns));
        let mut ids: Vec<Id<E>> = references.iter().map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        let condition = self.scope.condition::<E>().add(E::ID.is_in(ids));
        let rows = fetch_all::<E>(self.database.read(), condition, columns).await?;
        let loaded = rows.into_iter().map(|row| {
            let id =
                sea_orm::sea_query::ValueType::try_from(row.get(E::ID)).map_err(|_| Error::internal("an id that is no UUID"))?;
            Ok((id, Arc::new(row)))
        });
        let loaded = loaded.collect::<Result<HashMap<_, _>>>()?;
        if let (Some((app, _)), Some(mark)) = (&self.kept, mark)
            && let Some(kept) = E::kept(app.kept())
        {
            kept.keep(loaded.iter(), mark);
        }
        let of = |reference: &Reference<E>| Some((*reference, loaded.get(&reference.0)?.clone()));
        Ok(references.iter().filter_map(of).collect())
    }
}

/// Loads a record: with all others that are asked for meanwhile, unless there can't be any.
async fn load<E: Visible>(
    ctx: &Context<'_>,
    id: Id<E>,
    columns: impl FnOnce() -> Columns,
    is_alone: bool,
) -> Result<Option<Arc<E::Model>>> {
    let loaders = context::loaders(ctx)?;
    let source = loaders.loader();
    if let Some(row) = source.kept(id) {
        return Ok(Some(row));
    }
    let reference = (id, columns());
    if let Some(row) = source.found.as_ref().and_then(|found| found.get(id, reference.1)) {
        return Ok(row);
    }
    if is_alone {
        return Ok(source.load(&[reference]).await?.remove(&reference));
    }
    loaders.load_one(reference).await
}

/// Whether nothing else of the operation could be read together with what the current field needs: it asks for one field at its root, and no
/// list lies on the way from there.
pub fn stands_alone(ctx: &Context<'_>) -> bool {
    let is_field = |node: &QueryPathNode<'_>| matches!(node.segment, QueryPathSegment::Name(_));
    let has_no_list = ctx.path_node.is_some_and(|node| is_field(&node) && node.parents().all(is_field));
    has_no_list && ctx.query_env.operation.node.selection_set.node.items.len() == 1
}

/// Loads a whole row, for those who look at it themselves; null where the caller doesn't see it.
pub async fn whole<E: Visible>(ctx: &Context<'_>, id: Id<E>) -> Result<Option<Arc<E::Model>>> {
    load(ctx, id, || Columns::ALL, false).await
}

/// Loads of a record what the query asks for there, to be answered and not looked at; null where the caller doesn't see it.
pub async fn shown<E: Visible>(ctx: &Context<'_>, id: Id<E>, shown: Shown) -> Result<Option<Arc<E::Model>>> {
    load(ctx, id, || columns::<E>(ctx, shown), false).await
}

/// The same for what an optional reference names, as the answer of the current field.
pub async fn optional<E: Visible>(ctx: &Context<'_>, id: Option<Id<E>>) -> Result<Option<Arc<E::Model>>> {
    match id {
        Some(id) => shown(ctx, id, Shown::Here).await,
        None => Ok(None),
    }
}

/// The same as a field of the API: where it fails, the field alone is null.
pub async fn nullable<E: Visible, T>(
    ctx: &Context<'_>,
    id: Option<Id<E>>,
    make: impl FnOnce(Arc<E::Model>) -> T,
) -> Option<Result<Answered<T>>> {
    let row = optional(ctx, id).await.transpose()?;
    Some(row.map(|row| Answered(make(row))))
}

/// The same for what a reference names that is always there.
pub async fn answered<E: Visible, T>(ctx: &Context<'_>, id: Id<E>, make: impl FnOnce(Arc<E::Model>) -> T) -> Result<Answered<T>> {
    Ok(Answered(make(required(ctx, id).await?)))
}

/// The record that the argument `id` of a root field names; null where the caller doesn't see it.
///
/// # Errors
/// UNAUTHENTICATED where nobody is signed in, BAD_USER_INPUT where it is no id of such a record.
pub async fn named<M, T>(ctx: &Context<'_>, id: &ID, make: impl FnOnce(Arc<M>) -> T) -> Option<Result<Answered<T>>>
where
    M: ModelTrait<Entity: Visible<Model = M>>,
{
    match context::actor(ctx).and_then(|_| ids::argument::<M::Entity>(id)) {
        Ok(id) => {
            let row = load(ctx, id, || columns::<M::Entity>(ctx, Shown::Here), stands_alone(ctx)).await;
            Some(row.transpose()?.map(|row| Answered(make(row))))
        }
        Err(error) => Some(Err(error)),
    }
}

/// Loads what a reference names that is always there, as `optional` does.
pub async fn required<E: Visible>(ctx: &Context<'_>, id: Id<E>) -> Result<Arc<E::Model>> {
    optional(ctx, Some(id)).await?.ok_or_else(|| missing(id))
}

/// The same, as `whole` does.
pub async fn required_whole<E: Visible>(ctx: &Context<'_>, id: Id<E>) -> Result<Arc<E::Model>> {
    whole(ctx, id).await?.ok_or_else(|| missing(id))
}

fn missing<E: Visible>(id: Id<E>) -> Error {
    Error::internal(format!("{id} is referred to and not there"))
}
