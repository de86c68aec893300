//! Searching.

use async_graphql::{Context, Object};
use entity::search_word;

use super::store::{Place, Search, rarest};
use super::types::{SearchConnection, SearchEdge, SearchResult, SearchType};
use crate::data::cursor::{Cursor, Key, malformed};
use crate::data::page::PageRequest;
use crate::domains::references::by_kind;
use crate::error::{Error, Result};
use crate::graphql::connection::{PageInfo, wanted};
use crate::graphql::context::{actor, database};
use crate::graphql::list::page_size;
use crate::graphql::selection::Shown;
use crate::values::fold::query_words;

/// How many hits are answered when nothing is said.
const USUAL_SIZE: i32 = 20;

/// Searching.
#[derive(Default)]
pub struct SearchQuery;

#[Object]
impl SearchQuery {
    /// Finds leads, contacts, accounts and opportunities as one types: every word of the query begins a word of the record, whatever the
    /// case and accents. Also part of a name in scripts without spaces, an e-mail address and a phone number. Exact words come first.
    #[graphql(complexity = "page_size(first.or(Some(USUAL_SIZE)), None) * child_complexity + 1")]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to find; at least one letter or digit. The first 8 words count.")] query: String,
        #[graphql(desc = "Which kinds of record; all when absent.")] types: Option<Vec<SearchType>>,
        #[graphql(desc = "How many from the start: 1 to 200.", default_with = "Some(USUAL_SIZE)")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<SearchConnection> {
        actor(ctx)?;
        let size = PageRequest::new(first.or(Some(USUAL_SIZE)), None, None, None, "")?.size;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let words = query_words(&query.replace(char::is_control, " "));
        if words.is_empty() {
            return Err(Error::bad_input("Search for at least one letter or digit."));
        }
        let connection = database(ctx)?.read();
        let order = format!("search {}", words.join(" "));
        let (leading, place) = match &after {
            Some(text) => read_cursor(text, &order, &words).map(|(leading, place)| (leading, Some(place)))?,
            None => (rarest(connection, &words).await?, None),
        };
        let kinds = types.map(|types| types.into_iter().map(Into::into).collect());
        let search = Search { words, leading, kinds };
        let mut hits = search.hits(connection, place.as_ref(), size + 1).await?;
        let has_next_page = hits.len() > size;
        hits.truncate(size);
        let has_previous_page = match &place {
            Some(place) if wanted(ctx).has_previous => search.any_up_to(connection, place).await?,
            _ => false,
        };
        let edges = edges(ctx, &hits, leading, &order).await?;
        let page_info = PageInfo {
            has_next_page,
            has_previous_page,
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
        };
        Ok(SearchConnection { nodes: edges.iter().map(|edge| edge.node.clone()).collect(), edges, page_info })
    }
}

/// The records of the hits, in their order; those of a kind are read together.
async fn edges(ctx: &Context<'_>, hits: &[search_word::Model], leading: usize, order: &str) -> Result<Vec<SearchEdge>> {
    let records = hits.iter().map(|hit| by_kind::<SearchResult>(ctx, Shown::AsNodes, hit.record_kind, hit.record_id));
    let records = futures_util::future::try_join_all(records).await?;
    let found = hits.iter().zip(records).filter_map(|(hit, record)| Some((hit, record?)));
    found.map(|(hit, node)| Ok(SearchEdge { cursor: write_cursor(hit, leading, order)?, node })).collect()
}

/// The leading word goes along: what is rarest may change from page to page.
fn write_cursor(hit: &search_word::Model, leading: usize, order: &str) -> Result<String> {
    let leading = i64::try_from(leading).map_err(Error::internal)?;
    Cursor { order: order.to_owned(), keys: vec![Key::Int(leading), Key::Text(hit.word.clone())], id: hit.record_id }.encode()
}

fn read_cursor(text: &str, order: &str, words: &[String]) -> Result<(usize, Place)> {
    let cursor = Cursor::decode(text, order)?;
    let [Key::Int(leading), Key::Text(word)] = cursor.keys.as_slice() else { return Err(malformed()) };
    let leading = usize::try_from(*leading).map_err(|_| malformed())?;
    let fits = words.get(leading).is_some_and(|leading| word.starts_with(leading.as_str())) && !word.contains('\0');
    if !fits {
        return Err(malformed());
    }
    Ok((leading, Place { word: word.clone(), record: cursor.id }))
}
