//! The nodes of a page as values.
//!
//! The library puts each field of each node on the heap as a future of its own, large enough for the largest resolver of its type, and
//! a page has a thousand of them. Nearly all answer at once: they are asked here on the stack first, and only those that have to wait
//! for a batch go the library's way, all of them together, so that a level still makes one batch.

use std::borrow::Cow;

use async_graphql::parser::types::{Field, Selection};
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::resolve_list;
use async_graphql::{ContainerType, ContextSelectionSet, OutputType, Positioned, ServerResult, Value};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, try_join_all};

use super::connection::Edge;
use super::written::{write, written};
use crate::error::Error;

/// The nodes of a page.
pub struct Nodes<'a, T>(pub &'a [Edge<T>]);

impl<T: OutputType> Nodes<'_, T> {
    fn iter(&self) -> impl ExactSizeIterator<Item = &T> {
        self.0.iter().map(Edge::entry)
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
        match plain_fields(ctx) {
            Some(fields) => resolve_nodes(ctx, &fields, self.iter()).await,
            None => resolve_list(ctx, field, self.iter(), Some(self.0.len())).await,
        }
    }
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
    let is_leaf = |selection: &Positioned<Selection>| match &selection.node {
        Selection::Field(field) => field.node.selection_set.node.items.is_empty(),
        _ => false,
    };
    field.arguments.is_empty() && field.selection_set.node.items.iter().all(is_leaf)
}

async fn resolve_nodes<'a, T: ContainerType + 'a>(
    ctx: &ContextSelectionSet<'_>,
    fields: &[&Positioned<Field>],
    nodes: impl ExactSizeIterator<Item = &'a T>,
) -> ServerResult<Value> {
    let mut simple: Vec<bool> = fields.iter().map(|field| is_simple(&field.node)).collect();
    let mut values: Vec<Value> = Vec::with_capacity(nodes.len() * fields.len());
    let mut waiting: Vec<BoxFuture<'_, ServerResult<(usize, Value)>>> = Vec::new();
    for (row, node) in nodes.enumerate() {
        for (field, simple) in fields.iter().copied().zip(&mut simple) {
            let answer = if *simple { at_once(ctx, row, field, node) } else { None };
            let value = match answer {
                Some(value) => value?,
                None => {
                    // What waits in one node waits in all.
                    *simple = false;
                    let place = values.len();
                    waiting.push(async move { Ok((place, resolve(ctx, row, field, node).await?)) }.boxed());
                    Value::Null
                }
            };
            values.push(value);
        }
    }
    for (place, value) in try_join_all(waiting).await? {
        values[place] = value;
    }
    let internal = |error| async_graphql::Error::from(Error::internal(error)).into_server_error(ctx.item.pos);
    list(fields, &values).map_err(internal)
}

/// The nodes as JSON, from their values one after the other.
fn list(fields: &[&Positioned<Field>], values: &[Value]) -> Result<Value, serde_json::Error> {
    /// What the values of a page usually take.
    const BYTES_OF_A_VALUE: usize = 40;
    let name = |field: &&Positioned<Field>| serde_json::to_string(field.node.response_key().node.as_str());
    let names = fields.iter().map(name).collect::<Result<Vec<_>, _>>()?;
    let mut json = Vec::with_capacity(values.len() * BYTES_OF_A_VALUE);
    json.push(b'[');
    for (row, values) in values.chunks(names.len().max(1)).enumerate() {
        json.extend_from_slice(if row == 0 { b"{" } else { b",{" });
        for (place, (name, value)) in names.iter().zip(values).enumerate() {
            if place > 0 {
                json.push(b',');
            }
            json.extend_from_slice(name.as_bytes());
            json.push(b':');
            write(value, &mut json)?;
        }
        json.push(b'}');
    }
    json.push(b']');
    // JSON from texts and JSON is UTF-8.
    String::from_utf8(json).map(written).map_err(serde::de::Error::custom)
}

/// The answer of a field, if it needs to wait for nothing.
fn at_once<T: ContainerType>(
    ctx: &ContextSelectionSet<'_>,
    row: usize,
    field: &Positioned<Field>,
    node: &T,
) -> Option<ServerResult<Value>> {
    // In an unoptimised build the stack has no room for it.
    #[cfg(debug_assertions)]
    let answer = super::context::on_heap(|| resolve(ctx, row, field, node));
    #[cfg(not(debug_assertions))]
    let answer = resolve(ctx, row, field, node);
    answer.now_or_never()
}

async fn resolve<T: ContainerType>(
    ctx: &ContextSelectionSet<'_>,
    row: usize,
    field: &Positioned<Field>,
    node: &T,
) -> ServerResult<Value> {
    let here = ctx.with_index(row);
    let value = node.resolve_field(&here.with_field(field)).await;
    value.map(Option::unwrap_or_default).map_err(|error| here.set_error_path(error))
}
