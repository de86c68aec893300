//! Objects as values: the nodes of a page, and what a field leads to.
//!
//! The library puts each field of each object on the heap as a future of its own, large enough for the largest resolver of its type, and
//! a page has a thousand of them. Nearly all answer at once: they are asked here on the stack first, and only those that have to wait
//! for a batch go the library's way, all of them together, so that a level still makes one batch.

use std::borrow::Cow;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::resolve_list;
use async_graphql::{ContainerType, ContextSelectionSet, Name, OutputType, Positioned, ServerError, ServerResult, Value};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, try_join_all};

use super::connection::Edge;
use super::written::{Row, Unmerged, write, write_name, written};
use crate::error::Error;

/// The nodes of a page.
pub struct Nodes<'a, T>(pub &'a [Edge<T>]);

/// The object that a field leads to.
#[derive(Debug, Clone)]
pub struct Answered<T> {
    object: T,
    /// The row that it is made of, where many records lead to the same few.
    row: Option<Row>,
}

impl<T> Answered<T> {
    /// An object, and the row that it is made of if many records lead to the same few.
    pub fn new(object: T, row: Option<Row>) -> Self {
        Self { object, row }
    }
}

impl<T: ContainerType> OutputType for Nodes<'_, T> {
    fn type_name() -> Cow<'static, str> {
        Vec::<T>::type_name()
    }

    fn qualified_type_name() -> String {
        Vec::<T>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Vec::<T>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let Some(fields) = plain_fields(ctx) else {
            return resolve_list(ctx, field, self.0.iter().map(Edge::entry), Some(self.0.len())).await;
        };
        let objects = self.0.iter().enumerate().map(|(row, edge)| (ctx.with_index(row), edge.entry())).collect::<Vec<_>>();
        let values = resolve_all(&objects, &fields).await?;
        if ctx.data_opt::<Unmerged>().is_none() {
            return Ok(Value::List(tree(&fields, values).collect()));
        }
        json(&fields, &values, true).map_err(|error| internal(ctx, error))
    }
}

impl<T: ContainerType> OutputType for Answered<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let unmerged = ctx.data_opt::<Unmerged>();
        let again = unmerged.zip(self.row.as_ref()).filter(|_| has_only_leaves(&ctx.item.node));
        if let Some(value) = again.and_then(|(unmerged, row)| unmerged.written_before(row, ctx.item)) {
            return Ok(value);
        }
        let Some(fields) = plain_fields(ctx) else { return self.object.resolve(ctx, field).await };
        let values = resolve_all(&[(ctx.clone(), &self.object)], &fields).await?;
        if unmerged.is_none() {
            return Ok(tree(&fields, values).next().unwrap_or_default());
        }
        let value = json(&fields, &values, false).map_err(|error| internal(ctx, error))?;
        if let Some((unmerged, row)) = again {
            unmerged.keep(row, ctx.item, &value);
        }
        Ok(value)
    }
}

fn internal(ctx: &ContextSelectionSet<'_>, error: serde_json::Error) -> ServerError {
    async_graphql::Error::from(Error::internal(error)).into_server_error(ctx.item.pos)
}

/// The fields, if there are no fragments, no directives, no `__typename` and no two of one name. Everything else is left to the library.
fn plain_fields<'a>(ctx: &ContextSelectionSet<'a>) -> Option<Vec<&'a Positioned<Field>>> {
    let mut fields: Vec<&Positioned<Field>> = Vec::with_capacity(ctx.item.node.items.len());
    for selection in &ctx.item.node.items {
        let Selection::Field(field) = &selection.node else { return None };
        let name = &field.node.response_key().node;
        let is_plain = field.node.directives.is_empty() && field.node.name.node != "__typename";
        if !is_plain || fields.iter().any(|other| other.node.response_key().node == *name) {
            return None;
        }
        fields.push(field);
    }
    Some(fields)
}

/// Whether a field may answer at once: it has no arguments, and nothing but leaves below it. Asking others in vain would cost more.
fn is_simple(field: &Field) -> bool {
    field.arguments.is_empty() && has_only_leaves(&field.selection_set.node)
}

/// Whether there is nothing below any of the fields. Fragments are not looked into.
fn has_only_leaves(set: &SelectionSet) -> bool {
    set.items.iter().all(|selection| match &selection.node {
        Selection::Field(field) => field.node.selection_set.node.items.is_empty(),
        _ => false,
    })
}

/// The values of these fields of these objects, object by object.
async fn resolve_all<T: ContainerType>(
    objects: &[(ContextSelectionSet<'_>, &T)],
    fields: &[&Positioned<Field>],
) -> ServerResult<Vec<Value>> {
    let mut simple: Vec<bool> = fields.iter().map(|field| is_simple(&field.node)).collect();
    let mut values: Vec<Value> = Vec::with_capacity(objects.len() * fields.len());
    let mut waiting: Vec<BoxFuture<'_, ServerResult<(usize, Value)>>> = Vec::new();
    for (ctx, object) in objects {
        for (field, simple) in fields.iter().copied().zip(&mut simple) {
            let answer = if *simple { at_once(ctx, field, *object) } else { None };
            let value = match answer {
                Some(value) => value?,
                None => {
                    // What waits in one object waits in all.
                    *simple = false;
                    let place = values.len();
                    waiting.push(async move { Ok((place, resolve(ctx, field, *object).await?)) }.boxed());
                    Value::Null
                }
            };
            values.push(value);
        }
    }
    for (place, value) in try_join_all(waiting).await? {
        values[place] = value;
    }
    Ok(values)
}

/// Objects with these fields as values, from their values one after the other.
fn tree(fields: &[&Positioned<Field>], values: Vec<Value>) -> impl Iterator<Item = Value> {
    let names: Vec<Name> = fields.iter().map(|field| field.node.response_key().node.clone()).collect();
    let mut values = values.into_iter();
    std::iter::from_fn(move || {
        let object: IndexMap<Name, Value> = names.iter().cloned().zip(values.by_ref()).collect();
        (!object.is_empty()).then_some(Value::Object(object))
    })
}

/// Objects with these fields as JSON, from their values one after the other: a list of them, or the only one.
fn json(fields: &[&Positioned<Field>], values: &[Value], is_list: bool) -> Result<Value, serde_json::Error> {
    /// What a value usually takes with its name.
    const BYTES_OF_A_VALUE: usize = 40;
    let mut json = Vec::with_capacity(values.len() * BYTES_OF_A_VALUE + 2);
    let mut before: &[u8] = if is_list { b"[{" } else { b"{" };
    for values in values.chunks(fields.len().max(1)) {
        for (field, value) in fields.iter().zip(values) {
            json.extend_from_slice(before);
            write_name(&field.node.response_key().node, &mut json);
            write(value, &mut json)?;
            before = b",";
        }
        json.push(b'}');
        before = b",{";
    }
    if is_list {
        json.extend_from_slice(if values.is_empty() { b"[]" } else { b"]" });
    }
    Ok(written(json))
}

/// The answer of a field, if it needs to wait for nothing.
fn at_once<T: ContainerType>(
    ctx: &ContextSelectionSet<'_>,
    field: &Positioned<Field>,
    object: &T,
) -> Option<ServerResult<Value>> {
    // In an unoptimised build the stack has no room for it.
    #[cfg(debug_assertions)]
    let answer = super::context::on_heap(|| resolve(ctx, field, object));
    #[cfg(not(debug_assertions))]
    let answer = resolve(ctx, field, object);
    answer.now_or_never()
}

async fn resolve<T: ContainerType>(ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>, object: &T) -> ServerResult<Value> {
    let value = object.resolve_field(&ctx.with_field(field)).await;
    value.map(Option::unwrap_or_default).map_err(|error| ctx.set_error_path(error))
}
