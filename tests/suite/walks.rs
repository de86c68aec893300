//! Walking lists page by page, in both directions, over missing values and ties, while rows come in; and filters against a naive
//! reading of the same rows.

mod fields;
mod filters;
mod fine_print;
mod lists;
mod naive;
mod nested;
mod related;
mod windows;

use serde_json::{Value, json};

use crate::harness::{Answer, Person, TestServer};

/// A list of the API: where it hangs, what it is called and how it is ordered.
#[derive(Debug, Clone)]
pub struct List {
    /// The field with its own arguments, as `contacts`.
    field: &'static str,
    /// The arguments besides those for the page, as `orderBy: [{ field: NAME }]`.
    arguments: String,
    /// The type and id of the record that it hangs on; the top of the query where there is none.
    parent: Option<(&'static str, String)>,
    /// Whether it goes backwards and is counted: the history does neither.
    full: bool,
}

impl List {
    /// A list at the top of the query.
    fn top(field: &'static str) -> Self {
        Self { field, arguments: String::new(), parent: None, full: true }
    }

    /// A list of a record.
    fn of(kind: &'static str, id: &str, field: &'static str) -> Self {
        Self { field, arguments: String::new(), parent: Some((kind, id.to_owned())), full: field != "history" }
    }

    /// The same list in another order, such as `LAST_NAME DESC, CREATED_AT ASC`.
    fn ordered(&self, order: &str) -> Self {
        let keys: Vec<String> = order
            .split(", ")
            .filter_map(|key| key.split_once(' '))
            .map(|(field, direction)| format!("{{ field: {field}, direction: {direction} }}"))
            .collect();
        let arguments = if keys.is_empty() { String::new() } else { format!(", orderBy: [{}]", keys.join(", ")) };
        Self { arguments, ..self.clone() }
    }

    fn query(&self) -> String {
        let Self { field, arguments, .. } = self;
        let (variables, paging, total) = if self.full {
            (
                "$first: Int, $after: String, $last: Int, $before: String",
                "first: $first, after: $after, last: $last, before: $before",
                "totalCount",
            )
        } else {
            ("$first: Int, $after: String", "first: $first, after: $after", "")
        };
        let page = format!(
            "page: {field}({paging}{arguments}) {{ edges {{ cursor node {{ id }} }} nodes {{ id }} {total}
             pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }}"
        );
        match &self.parent {
            None => format!("query({variables}) {{ {page} }}"),
            Some((kind, id)) => format!("query({variables}) {{ parent: node(id: \"{id}\") {{ ... on {kind} {{ {page} }} }} }}"),
        }
    }

    /// Asks for a page.
    async fn ask(&self, server: &TestServer, person: &Person, page: Value) -> Answer {
        server.graphql(person, &self.query(), page).await
    }

    /// Asks for a page and reads it. Its parts must agree with each other.
    async fn page(&self, server: &TestServer, person: &Person, page: Value) -> Page {
        let answer = self.ask(server, person, page.clone()).await;
        let seen = answer.data(if self.parent.is_some() { "/parent/page" } else { "/page" });
        let edges = seen["edges"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let ids: Vec<String> = edges.iter().map(|edge| text(&edge["node"]["id"])).collect();
        let cursors: Vec<String> = edges.iter().map(|edge| text(&edge["cursor"])).collect();
        let nodes: Vec<String> = seen["nodes"].as_array().unwrap().iter().map(|node| text(&node["id"])).collect();
        assert_eq!(nodes, ids, "nodes and edges differ: {page}");
        assert_eq!(seen["pageInfo"]["startCursor"].as_str(), cursors.first().map(String::as_str), "{page}");
        assert_eq!(seen["pageInfo"]["endCursor"].as_str(), cursors.last().map(String::as_str), "{page}");
        Page {
            ids,
            cursors,
            has_previous: seen["pageInfo"]["hasPreviousPage"].as_bool().unwrap(),
            has_next: seen["pageInfo"]["hasNextPage"].as_bool().unwrap(),
            total: seen["totalCount"].as_u64().and_then(|total| usize::try_from(total).ok()),
        }
    }

    /// The whole list at once; it must fit into one page.
    async fn whole(&self, server: &TestServer, person: &Person) -> Vec<String> {
        let page = self.page(server, person, json!({ "first": 200 })).await;
        assert!(!page.has_next && !page.has_previous, "the list doesn't fit into a page");
        page.ids
    }

    /// Walks the list and answers the pages in the order of the list; `between` happens before each page but the first.
    async fn walk(
        &self,
        server: &TestServer,
        person: &Person,
        size: usize,
        backward: bool,
        mut between: impl AsyncFnMut(usize),
    ) -> Vec<Page> {
        let mut pages: Vec<Page> = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            assert!(pages.len() < 500, "the walk doesn't end");
            if !pages.is_empty() {
                between(pages.len()).await;
            }
            let (count, from) = if backward { ("last", "before") } else { ("first", "after") };
            let page = self.page(server, person, json!({ count: size, from: cursor })).await;
            let goes_on = if backward { page.has_previous } else { page.has_next };
            let edge = if backward { page.cursors.first() } else { page.cursors.last() };
            cursor = edge.cloned();
            pages.push(page);
            if !goes_on {
                break;
            }
        }
        if backward {
            pages.reverse();
        }
        pages
    }

    /// Walks the list while nothing happens: every page must be exactly its part of the list, and say so.
    async fn check_still(&self, server: &TestServer, person: &Person, sizes: &[usize]) {
        let whole = self.whole(server, person).await;
        for (size, backward) in sizes.iter().flat_map(|size| [(*size, false), (*size, true)]) {
            if backward && !self.full {
                continue;
            }
            let context = format!("{} {} {size} {backward}", self.field, self.arguments);
            let pages = self.walk(server, person, size, backward, async |_| {}).await;
            let mut start = 0;
            for page in &pages {
                let end = start + page.ids.len();
                assert_eq!(page.ids, whole[start..end], "{context}");
                assert_eq!((page.has_previous, page.has_next), (start > 0, end < whole.len()), "{context}");
                assert_eq!(page.total, self.full.then_some(whole.len()), "{context}");
                start = end;
            }
            assert_eq!((start, pages.len()), (whole.len(), whole.len().div_ceil(size).max(1)), "{context}");
        }
    }

    /// Walks the list while rows come in: each row that was there before must come exactly once, in its order.
    async fn check_moving(&self, server: &TestServer, person: &Person, size: usize, insert: impl AsyncFn(usize)) {
        for backward in [false, true] {
            if backward && !self.full {
                continue;
            }
            let there = self.whole(server, person).await;
            let few = async |number: usize| {
                if number <= 4 {
                    insert(number).await;
                }
            };
            let pages = self.walk(server, person, size, backward, few).await;
            let mut met: Vec<String> = pages.iter().flat_map(|page| page.ids.clone()).collect();
            let count = met.len();
            met.retain(|id| there.contains(id));
            assert_eq!(met, there, "{} {} {size} {backward}: a row was lost, repeated or moved", self.field, self.arguments);
            let mut all: Vec<String> = pages.into_iter().flat_map(|page| page.ids).collect();
            all.sort();
            all.dedup();
            assert_eq!(all.len(), count, "{} {}: a new row was met twice", self.field, self.arguments);
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    ids: Vec<String>,
    cursors: Vec<String>,
    has_previous: bool,
    has_next: bool,
    total: Option<usize>,
}

/// One of these, in turn.
pub fn pick<T: Clone>(list: &[T], number: usize) -> T {
    list[number % list.len()].clone()
}
