//! The lines of quotes: read from what a caller gives, copied from an opportunity's line items, and copied back to them.

use entity::{ProductId, QuoteId, line_item, opportunity, quote, quote_line};
use rust_decimal::Decimal;

use super::input::QuoteLineInput;
use super::store;
use crate::data::write::Write;
use crate::domains::line_item::rules::{self, Offers, Reader};
use crate::domains::line_item::{service as line_items, store as line_item_store};
use crate::error::{Error, Problems, Result, UserError, UserErrorCode};

/// How many lines a quote usually has, for the complexity of a list without pages.
pub const USUAL_NUMBER: usize = 10;

/// What a quote offers.
pub struct Offer {
    /// The lines, in order.
    pub lines: Vec<quote_line::Model>,
    /// The currency of all of them.
    pub currency: String,
    /// Their sum.
    pub total: i64,
}

/// A quantity of thousandths as a number.
pub fn quantity(thousandths: i64) -> Decimal {
    rules::quantity_decimal(thousandths)
}

/// A percentage of ten-thousandths as a number.
pub fn percent(ten_thousandths: i64) -> Decimal {
    rules::percent_decimal(ten_thousandths)
}

/// Reads the lines that a caller gives, as line items of the opportunity would be, and notes what is wrong with them.
pub async fn read(
    write: &Write<'_>,
    problems: &mut Problems,
    opportunity: &opportunity::Model,
    quote: QuoteId,
    given: &[QuoteLineInput],
) -> Result<Offer> {
    if given.len() > rules::MOST_LINES {
        let sentence = format!("A quote has at most {} lines, not {}: put several into one.", rules::MOST_LINES, given.len());
        problems.push(UserError::at(UserErrorCode::OutOfRange, "lines", sentence));
    }
    let products = given.iter().filter_map(|line| line.fields.product_id.value()?.parse().ok()).collect();
    let products = line_item_store::offers(write, products).await?;
    let base_currency = &write.workspace().base_currency;
    let currency = rules::currency(opportunity, given.iter().map(|line| &line.fields), base_currency);
    let mut lines = Vec::with_capacity(given.len());
    for (place, line) in given.iter().enumerate() {
        let mut read = line_items::blank(write, opportunity.id, &currency);
        Reader { problems: &mut *problems, path: format!("lines.{place}."), offers: &products }.apply(&line.fields, &mut read);
        lines.push(read);
    }
    // Where a line is wrong, so is the sum: then it isn't needed.
    let total = if problems.is_empty() { problems.keep(rules::sum(&lines)) } else { None };
    Ok(Offer { lines: snapshots(quote, &lines, &products), currency, total: total.unwrap_or_default() })
}

/// A copy of an opportunity's line items as they are now.
pub async fn of_opportunity(write: &Write<'_>, opportunity: &opportunity::Model, quote: QuoteId) -> Result<Offer> {
    let lines = line_item_store::lines(write.connection(), [opportunity.id]).await?;
    let products: Vec<ProductId> = lines.iter().filter_map(|line| line.product_id).collect();
    let products = line_item_store::offers(write, products).await?;
    let base_currency = &write.workspace().base_currency;
    let currency = lines.first().map_or_else(|| rules::currency(opportunity, [], base_currency), |line| line.currency.clone());
    let total = rules::sum(&lines).map_err(Error::refused)?;
    Ok(Offer { lines: snapshots(quote, &lines, &products), currency, total })
}

fn snapshots(quote: QuoteId, lines: &[line_item::Model], products: &Offers) -> Vec<quote_line::Model> {
    let snapshot = |(line, position): (&line_item::Model, i32)| {
        let product = line.product_id.and_then(|id| products.get(&id)).map(|offer| &offer.product);
        quote_line::Model {
            quote_id: quote,
            position,
            product_id: line.product_id,
            product_code: product.and_then(|product| product.code.clone()),
            product_name: product.map(|product| product.name.clone()),
            description: line.description.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            discount_percent: line.discount_percent,
            discount_amount: line.discount_amount,
            total: line.total,
        }
    };
    lines.iter().zip(1..).map(snapshot).collect()
}

/// Makes a quote's lines the opportunity's line items, from which its amount follows. A line item that says the same stays.
pub async fn to_opportunity(
    write: &Write<'_>,
    opportunity: opportunity::Model,
    quote: &quote::Model,
) -> Result<opportunity::Model> {
    let known = line_item_store::lines(write.connection(), [opportunity.id]).await?;
    let offered = store::lines(write.connection(), quote.id).await?;
    let lines = offered.into_iter().enumerate().map(|(place, line)| {
        let same = known.get(place).filter(|item| says_the_same(item, &line, &quote.currency));
        same.cloned().unwrap_or_else(|| line_item::Model {
            product_id: line.product_id,
            description: line.description,
            quantity: line.quantity,
            unit_price: line.unit_price,
            discount_percent: line.discount_percent,
            discount_amount: line.discount_amount,
            total: line.total,
            ..line_items::blank(write, opportunity.id, &quote.currency)
        })
    });
    let lines = lines.collect();
    line_items::save(write, line_items::Sale { opportunity, lines: known }, lines, "quote_accepted").await
}

fn says_the_same(item: &line_item::Model, line: &quote_line::Model, currency: &str) -> bool {
    item.currency == currency
        && (item.product_id, &item.description, item.quantity) == (line.product_id, &line.description, line.quantity)
        && (item.unit_price, item.discount_percent) == (line.unit_price, line.discount_percent)
        && item.discount_amount == line.discount_amount
}
