//! Relay connections: how a page of a list looks in the API.

use std::borrow::Cow;

use async_graphql::{ContainerType, Context, Object, OutputType, SimpleObject, TypeName};

use super::at_once::{Answer, Ask, AtOnce, write_object};
use super::objects::{Answered, Objects};
use crate::data::page::{Page, PageRequest};
use crate::error::{Error, Result};

/// A page of a list whose nodes are of type `T`, called `LeadConnection` for `Lead`.
#[derive(Debug, Clone)]
pub struct Connection<T> {
    edges: Vec<Edge<T>>,
    has_previous: bool,
    has_next: bool,
    total: Option<u64>,
}

/// A node and its place in the list, called `LeadEdge` for `Lead`.
#[derive(Debug, Clone)]
pub struct Edge<T> {
    cursor: String,
    node: T,
}

/// Where a page lies in its list, and where to go on from it.
#[derive(Debug, Clone, SimpleObject)]
pub struct PageInfo {
    /// Whether the list has entries after this page.
    pub has_next_page: bool,
    /// Whether the list has entries before this page.
    pub has_previous_page: bool,
    /// The cursor of the page's first entry: give it as `before`, with `last`, to read backwards. Null for an empty page.
    pub start_cursor: Option<String>,
    /// The cursor of the page's last entry: give it as `after`, with `first`, to read on. Null for an empty page.
    pub end_cursor: Option<String>,
}

impl<T> Connection<T> {
    /// The page with each row made into a node.
    pub fn from_page<M>(page: Page<M>, mut node: impl FnMut(M) -> T) -> Self {
        let Page { rows, cursors, has_previous, has_next, total } = page;
        let edges = rows.into_iter().zip(cursors).map(|(row, cursor)| Edge { cursor, node: node(row) }).collect();
        Self { edges, has_previous, has_next, total }
    }
}

/// One page of a list.
#[Object(name_type)]
impl<T: ContainerType + AtOnce + Clone> Connection<T> {
    /// The page's entries with their cursors.
    async fn edges(&self) -> Objects<'_, Edge<T>> {
        Objects(self.edges.iter().collect())
    }

    /// The page's entries without their cursors.
    async fn nodes(&self) -> Objects<'_, T> {
        Objects(self.edges.iter().map(|edge| &edge.node).collect())
    }

    /// Where the page lies in the list, and where to go on from it.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: self.edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: self.edges.last().map(|edge| edge.cursor.clone()),
        }
    }

    /// How many entries the whole list has, of those that you may see. Counted only when asked for.
    async fn total_count(&self) -> Result<i32, async_graphql::Error> {
        let total =
            self.total.ok_or_else(|| Error::internal("the list was not counted: ask `wanted` before fetching the page"))?;
        Ok(i32::try_from(total).unwrap_or(i32::MAX))
    }
}

/// An entry of a list.
#[Object(name_type)]
impl<T: ContainerType + AtOnce + Clone> Edge<T> {
    /// The entry's place in the list: give it as `after` or `before`. It holds for this list in this order only.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The entry itself.
    async fn node(&self) -> Answered<T> {
        Answered(self.node.clone())
    }
}

impl<T: ContainerType + AtOnce + Clone> AtOnce for Edge<T> {
    fn ask(field: &str) -> Option<Ask<Self>> {
        match field {
            "cursor" => Some(|edge, ctx, json| edge.cursor.write(ctx, json)),
            "node" => Some(|edge, ctx, json| write_object(&edge.node, ctx, json)),
            _ => None,
        }
    }
}

impl<T: OutputType> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

impl<T: OutputType> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}

/// What a query asks of a connection beyond its rows: what costs a statement of its own, or something for each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Whether `totalCount` is asked for.
    pub total: bool,
    /// Whether `pageInfo.hasPreviousPage` is asked for.
    pub has_previous: bool,
    /// Whether `pageInfo.hasNextPage` is asked for.
    pub has_next: bool,
    /// Whether `edges` is asked for, whose entries have a cursor each.
    pub each_cursor: bool,
}

/// What the query asks of the connection that the current field resolves to.
pub fn wanted(ctx: &Context<'_>) -> Wanted {
    let connection = ctx.look_ahead();
    let page_info = connection.field("pageInfo");
    Wanted {
        total: connection.field("totalCount").exists(),
        has_previous: page_info.field("hasPreviousPage").exists(),
        has_next: page_info.field("hasNextPage").exists(),
        each_cursor: connection.field("edges").exists(),
    }
}

impl Wanted {
    /// The request for a page that knows this much, and nothing that costs more.
    pub fn of(self, request: PageRequest) -> PageRequest {
        let request = request.knowing(self.total, self.has_previous, self.has_next);
        PageRequest { want_each_cursor: self.each_cursor, ..request }
    }
}

#[cfg(test)]
mod tests;
