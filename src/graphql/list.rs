//! Lists in the API: from the arguments of a connection field to its page, at the top of a query and below a parent.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::pin::Pin;
use std::sync::Arc;

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use entity::Id;
use sea_orm::{ColumnTrait, EntityTrait, PrimaryKeyTrait, QueryFilter, Select};
use uuid::Uuid;

use super::connection::{Connection, wanted};
use super::context;
use super::loaders::{Source, stands_alone};
use super::selection::{Shown, along_nodes, columns};
use crate::auth::Scope;
use crate::auth::scope::Visible;
use crate::data::page::{Columns, Listed, Order, Page, PageRequest, ReadAlong, fetch, fetch_by_parent};
use crate::error::{Error, Result};

/// The paging arguments of a connection field.
#[derive(Debug, Default)]
pub struct PageArguments {
    /// How many from the start.
    pub first: Option<i32>,
    /// After this cursor.
    pub after: Option<String>,
    /// How many from the end.
    pub last: Option<i32>,
    /// Before this cursor.
    pub before: Option<String>,
}

impl PageArguments {
    /// The page that the field asks for, of a list in the order of this name.
    pub fn request(self, ctx: &Context<'_>, order: &str) -> Result<PageRequest> {
        Ok(wanted(ctx).of(PageRequest::new(self.first, self.after, self.last, self.before, order)?))
    }
}

/// How many rows a connection field may answer, for its complexity.
pub fn page_size(first: Option<i32>, last: Option<i32>) -> usize {
    usize::try_from(first.or(last).unwrap_or(50)).unwrap_or(1).clamp(1, 200)
}

/// A page of the rows that the caller sees and that meet the condition.
pub async fn connection<E, T>(
    ctx: &Context<'_>,
    select: Select<E>,
    order: &Order<E::Column>,
    arguments: PageArguments,
    node: impl FnMut(E::Model) -> T,
) -> Result<Connection<T>>
where
    E: Listed,
    E::Model: Send + Sync,
{
    let request = arguments.request(ctx, order.name())?;
    Ok(Connection::from_page(page(ctx, select, order, &request, 0).await?, node))
}

/// The page that the current field asks for, with what its fields need. `harmless` as `fetch` has it.
async fn page<E>(
    ctx: &Context<'_>,
    select: Select<E>,
    order: &Order<E::Column>,
    request: &PageRequest,
    harmless: usize,
) -> Result<Page<E::Model>>
where
    E: Listed,
    E::Model: Send + Sync,
{
    let (database, columns) = (context::database(ctx)?.read(), columns::<E>(ctx, Shown::AsNodes));
    let Source { scope, found, .. } = context::loaders(ctx)?.loader();
    let (along, nowhere) = (found.as_ref().map(|_| along_nodes::<E>(ctx, *scope)).unwrap_or_default(), ReadAlong::default());
    let along = (along.as_slice(), found.as_ref().unwrap_or(&nowhere));
    fetch(database, select, columns, along, order, request, harmless).await
}

/// A list that every parent record has one of, such as the contacts of an account. It is the key of a batch: the same page
/// of the same list of many parents is read together.
pub trait ChildList: Clone + Eq + Hash + Send + Sync + 'static {
    /// The table of the rows.
    type Entity: Listed + Visible<PrimaryKey: PrimaryKeyTrait<ValueType = Id<Self::Entity>>, Model: Clone + Send + Sync>;
    /// The column with the parent's id, of the same or of a joined table.
    type Parent: ColumnTrait;

    /// The rows of all parents that the caller sees.
    fn select(&self, scope: Scope) -> Result<Select<Self::Entity>>;
    /// The column with the parent's id.
    fn parent(&self) -> Self::Parent;
    /// The order of the list.
    fn order(&self) -> Order<<Self::Entity as EntityTrait>::Column>;
}

/// One parent's page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildPage<L> {
    parent: Uuid,
    /// Shared, since it has a whole filter in it, and the library makes several copies of each key.
    list: Arc<L>,
    columns: Columns,
    request: PageRequest,
}

impl<L> Hash for ChildPage<L> {
    /// The list's filter is left out: it is large, and mostly the same for all.
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.parent, self.columns, &self.request).hash(state);
    }
}

impl<L: ChildList> Loader<ChildPage<L>> for Source {
    // Shared, since the library makes a copy for each field that waits for it: mostly one, which then takes the page as it is.
    type Value = Arc<Page<<L::Entity as EntityTrait>::Model>>;
    type Error = Error;

    async fn load(&self, keys: &[ChildPage<L>]) -> Result<HashMap<ChildPage<L>, Self::Value>> {
        let mut batches = HashMap::<_, Vec<&ChildPage<L>>>::new();
        for key in keys {
            batches.entry((&key.list, key.columns, &key.request)).or_default().push(key);
        }
        let mut pages = HashMap::with_capacity(keys.len());
        for ((list, columns, request), keys) in batches {
            let parents: Vec<Uuid> = keys.iter().map(|key| key.parent).collect();
            let select = list.select(self.scope)?;
            let (database, order) = (self.database.read(), list.order());
            let mut found = fetch_by_parent(database, select, columns, list.parent(), &parents, &order, request).await?;
            pages.extend(keys.into_iter().filter_map(|key| Some((key.clone(), Arc::new(found.remove(&key.parent)?)))));
        }
        Ok(pages)
    }
}

/// A parent's page of a list, read together with those of its siblings where there may be some. On the heap, because a record's fields share one function and
/// lists nest: in an unoptimised build their states would be more than a thread's stack holds.
pub fn children<'a, L: ChildList, T>(
    ctx: &'a Context<'a>,
    parent: Uuid,
    list: L,
    arguments: PageArguments,
    node: impl FnMut(<L::Entity as EntityTrait>::Model) -> T + Send + 'a,
) -> Pin<Box<dyn Future<Output = Result<Connection<T>>> + Send + 'a>> {
    let list = Arc::new(list);
    Box::pin(async move {
        let order = list.order();
        let request = arguments.request(ctx, order.name())?;
        // On SQLite there is no round trip to save, and statements of one kind in a row, as the batches of several requests come, are quicker
        // than those of one request in turn.
        if stands_alone(ctx) && context::database(ctx)?.is_postgres() {
            let select = list.select(context::loaders(ctx)?.loader().scope)?.filter(list.parent().eq(parent));
            return Ok(Connection::from_page(page(ctx, select, &order, &request, 1).await?, node));
        }
        let columns = columns::<L::Entity>(ctx, Shown::AsNodes);
        let page = context::loaders(ctx)?.load_one(ChildPage { parent, list, columns, request }).await?;
        let page = page.map(Arc::unwrap_or_clone);
        page.map(|page| Connection::from_page(page, node)).ok_or_else(|| crate::error::Error::internal("a parent without a page"))
    })
}

/// Tables whose rows are few or short: they are always read whole.
macro_rules! read_whole {
    ($($table:ident)*) => { $(impl Listed for entity::$table::Entity {})* };
}

read_whole! {
    assignment_rule_set campaign campaign_member change close_reason competitor disqualification_reason exchange_rate intake_form
    lead_source line_item order pipeline product quote stage team user
}
