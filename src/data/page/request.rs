//! Which page of a list is asked for.

use crate::data::cursor::Cursor;
use crate::error::{Error, Result};

/// How many rows a page has when nothing is said.
pub const DEFAULT_SIZE: u64 = 50;
/// How many rows a page may have.
pub const MAX_SIZE: u64 = 200;

/// Which page of a list is asked for, and what is to be known about it. Equal requests give equal pages, so it can be part of
/// a loader's key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageRequest {
    /// How many rows at most, 1 to 200.
    pub size: u64,
    /// Whether the page is filled from its end: the rows just before `cursor`, or the last of the list.
    pub backward: bool,
    /// Where the page begins (ends, if `backward`). The row there isn't part of it.
    pub cursor: Option<Cursor>,
    /// What the page must not reach: `before` in a forward page, `after` in a backward one.
    pub bound: Option<Cursor>,
    /// Whether to count the whole list, which takes the longer the more rows it has.
    pub want_total: bool,
    /// Whether to look for rows beyond the cursor, which the page itself does not tell.
    pub want_other_side: bool,
    /// Whether each row's cursor is wanted, and not only those of the first and the last.
    pub want_each_cursor: bool,
}

impl PageRequest {
    /// Reads the arguments of a Relay connection. `first` gives the first rows after `after`, `last` the last rows before
    /// `before`, and the other cursor, if given, is respected too. `before` alone gives the rows just before it.
    /// The page info will be exact in both directions and the total isn't counted; `knowing` changes that.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` if `first` and `last` are given together, if one lies outside 1 to 200, or if a cursor is
    /// malformed or was made for an order of another name.
    pub fn new(
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
        order_name: &str,
    ) -> Result<Self> {
        let (size, backward) = match (first, last) {
            (Some(_), Some(_)) => return Err(Error::bad_input("Give either first or last, not both.")),
            (Some(first), None) => (size("first", first)?, false),
            (None, Some(last)) => (size("last", last)?, true),
            (None, None) => (DEFAULT_SIZE, before.is_some() && after.is_none()),
        };
        let read = |text: Option<String>| text.map(|text| Cursor::decode(&text, order_name)).transpose();
        let (after, before) = (read(after)?, read(before)?);
        let (cursor, bound) = if backward { (before, after) } else { (after, before) };
        let want_other_side = cursor.is_some() || bound.is_some();
        Ok(Self { size, backward, cursor, bound, want_total: false, want_other_side, want_each_cursor: true })
    }

    /// Says what of the page's surroundings matters: the total of the list, and whether rows come before and after the page.
    /// What costs nothing is told anyway; the rest is left out unless it is wanted.
    #[must_use]
    pub fn knowing(mut self, total: bool, has_previous: bool, has_next: bool) -> Self {
        let (beyond_cursor, beyond_bound) = if self.backward { (has_next, has_previous) } else { (has_previous, has_next) };
        self.want_total = total;
        self.want_other_side = (beyond_cursor && self.cursor.is_some()) || (beyond_bound && self.bound.is_some());
        self
    }
}

fn size(argument: &str, wanted: i32) -> Result<u64> {
    match u64::try_from(wanted) {
        Ok(size @ 1..=MAX_SIZE) => Ok(size),
        _ => Err(Error::bad_input(format!("The argument {argument} must be from 1 to {MAX_SIZE}, not {wanted}."))),
    }
}
