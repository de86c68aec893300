//! Objects as answers: the entries of a page, and what a field leads to.
//!
//! Fields that are answered at once are written one after the other (`at_once`). What has to wait for a batch goes the library's way, all of
//! it together, so that a level still makes one batch, and is put in where it belongs.

use std::borrow::Cow;
use std::ops::Range;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::resolve_list;
use async_graphql::{ContainerType, Context, ContextSelectionSet, OutputType, Positioned, ServerResult, Value};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, try_join_all};
use uuid::Uuid;

use super::at_once::{Answer, Ask, AtOnce, Shared, asked, plain_fields, write_object};
use super::written::{Unmerged, write, write_name, written};
use crate::error::Error;

/// The entries of a page.
pub struct Objects<'a, T>(pub Vec<&'a T>);

/// The object that a field leads to.
#[derive(Debug, Clone)]
pub struct Answered<T>(pub T);

impl<T: ContainerType + AtOnce> OutputType for Objects<'_, T> {
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
        let Self(objects) = self;
        match fields::<T>(ctx) {
            Some(fields) => write_all(ctx, &fields, objects, true).await,
            None => resolve_list(ctx, field, objects.iter().copied(), Some(objects.len())).await,
        }
    }
}

impl<T: ContainerType + AtOnce> OutputType for Answered<T> {
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
        match fields::<T>(ctx) {
            Some(fields) => write_all(ctx, &fields, &[&self.0], false).await,
            None => self.0.resolve(ctx, field).await,
        }
    }
}

impl<T: AtOnce> Answer for Answered<T> {
    fn write(&self, ctx: &Context<'_>, json: &mut Vec<u8>) -> bool {
        write_object(&self.0, ctx, json)
    }
}

/// The fields that are asked for, where they may be written as JSON one by one. Everything else is left to the library.
fn fields<'a, T: OutputType>(ctx: &ContextSelectionSet<'a>) -> Option<Vec<&'a Positioned<Field>>> {
    ctx.data_opt::<Unmerged>()?;
    plain_fields::<T>(ctx)
}

/// Writes these fields of these objects: of a list of them, or of the only one.
async fn write_all<'a, T: ContainerType + AtOnce>(
    ctx: &'a ContextSelectionSet<'a>,
    fields: &[&'a Positioned<Field>],
    objects: &[&'a T],
    is_list: bool,
) -> ServerResult<Value> {
    /// What a value usually takes with its name.
    const BYTES_OF_A_VALUE: usize = 40;
    let mut fields: Vec<Asked<'_, T>> = fields.iter().map(|field| Asked::new(ctx.with_field(field))).collect();
    let mut json = Vec::with_capacity(objects.len() * fields.len() * BYTES_OF_A_VALUE + 2);
    let mut waiting: Vec<BoxFuture<'_, ServerResult<(usize, Value)>>> = Vec::new();
    let mut before: &[u8] = if is_list { b"[{" } else { b"{" };
    for (row, object) in objects.iter().copied().enumerate() {
        for field in &mut fields {
            json.extend_from_slice(before);
            write_name(&field.ctx.item.node.response_key().node, &mut json);
            before = b",";
            if !field.write(object, &mut json) {
                let (place, row, field) = (json.len(), is_list.then_some(row), field.ctx.item);
                waiting.push(async move { Ok((place, resolve(ctx, row, field, object).await?)) }.boxed());
            }
        }
        json.push(b'}');
        before = b",{";
    }
    if is_list {
        json.extend_from_slice(if objects.is_empty() { b"[]" } else { b"]" });
    }
    if waiting.is_empty() {
        return Ok(written(json));
    }
    let values = try_join_all(waiting).await?;
    filled(&json, &values).map_err(|error| async_graphql::Error::from(Error::internal(error)).into_server_error(ctx.item.pos))
}

/// A field that is asked of objects, one after the other.
struct Asked<'a, T> {
    ctx: Context<'a>,
    ask: Option<Ask<T>>,
    shared: Option<Shared<T>>,
    /// Where the answers of what objects share stand.
    written: Vec<(Uuid, Range<usize>)>,
}

impl<'a, T: AtOnce> Asked<'a, T> {
    fn new(ctx: Context<'a>) -> Self {
        let field = &ctx.item.node;
        let (ask, shared) = (asked::<T>(field), T::shared(&field.name.node));
        Self { ctx, ask, shared, written: Vec::new() }
    }

    /// Writes the field of an object, if it is answered at once. If it isn't, nothing is written.
    fn write(&mut self, object: &T, json: &mut Vec<u8>) -> bool {
        let Some(ask) = self.ask else { return false };
        let place = json.len();
        let shared = self.shared.and_then(|shared| shared(object));
        if let Some((_, before)) = shared.and_then(|id| self.written.iter().find(|(other, _)| *other == id)) {
            json.extend_from_within(before.clone());
            return true;
        }
        if !ask(object, &self.ctx, json) {
            json.truncate(place);
            // What waits in one object waits in all.
            self.ask = None;
            return false;
        }
        if let Some(id) = shared {
            self.written.push((id, place..json.len()));
        }
        true
    }
}

/// JSON with these values put in at their places.
fn filled(json: &[u8], values: &[(usize, Value)]) -> Result<Value, serde_json::Error> {
    let mut whole = Vec::with_capacity(json.len() * 2);
    let mut rest = 0;
    for (place, value) in values {
        whole.extend_from_slice(&json[rest..*place]);
        write(value, &mut whole)?;
        rest = *place;
    }
    whole.extend_from_slice(&json[rest..]);
    Ok(written(whole))
}

async fn resolve<T: ContainerType>(
    ctx: &ContextSelectionSet<'_>,
    row: Option<usize>,
    field: &Positioned<Field>,
    object: &T,
) -> ServerResult<Value> {
    let ctx = row.map_or_else(|| ctx.clone(), |row| ctx.with_index(row));
    // The error knows its path: nobody here knows it better.
    object.resolve_field(&ctx.with_field(field)).await.map(Option::unwrap_or_default)
}
