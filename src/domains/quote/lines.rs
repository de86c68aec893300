//! The lines of quotes: read from what a caller gives, copied from an opportunity, and copied to it.

use entity::{QuoteId, line_item, product, product_price, quote, quote_line};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::input::QuoteLineInput;
use crate::data::write::Write;
use crate::domains::fields::Cleaner;
use crate::domains::references;
use crate::error::{Result, UserErrorCode};
use crate::graphql::ids;
use crate::values::money::{self, Money};
use crate::values::text::TextLimit;

/// How many lines a quote usually has, for the complexity of a list without pages.
pub const USUAL_NUMBER: usize = 10;

/// The most lines of a quote.
const MOST_LINES: usize = 200;
