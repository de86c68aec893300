//! What line items may look like and what they come to: pure decisions, exact from end to end.

use std::collections::HashMap;

use async_graphql::{ID, MaybeUndefined};
use entity::line_item::Model;
use entity::{LineItemId, ProductId, opportunity, product};
use rust_decimal::Decimal;

use super::input::LineItemFields;
use crate::error::{Problems, UserError, UserErrorCode};
use crate::graphql::common::{MoneyInput, set_text};
use crate::graphql::ids;
use crate::values::money::{LARGEST, divide_half_even, optional_money, smallest_unit};
use crate::values::text::TextLimit;

/// How many line items an opportunity may have.
pub const MOST_LINES: usize = 200;
/// Decimals of a quantity.
pub const QUANTITY_SCALE: u32 = 3;
/// The largest quantity, in thousandths.
const LARGEST_QUANTITY: i64 = 999_999_999_999;
/// Decimals of a discount in percent.
const PERCENT_SCALE: u32 = 4;
/// All of it, in ten-thousandths of a percent.
const WHOLE: i64 = 1_000_000;

/// A product that a line item may name, with its prices by currency.
pub struct Offer {
    /// The product.
    pub product: product::Model,
    /// What one unit costs, in ten-thousandths of each currency's main unit.
    pub prices: HashMap<String, i64>,
}

/// The products that a call names, as far as they are there.
pub type Offers = HashMap<ProductId, Offer>;

/// A quantity as a number, without superfluous zeros.
pub fn quantity_decimal(thousandths: i64) -> Decimal {
    Decimal::new(thousandths, QUANTITY_SCALE).normalize()
}

/// A discount in percent as a number, without superfluous zeros.
pub fn percent_decimal(ten_thousandths: i64) -> Decimal {
    Decimal::new(ten_thousandths, PERCENT_SCALE).normalize()
}

/// What a line comes to before rounding and discount, in ten-millionths: thousandths of a unit times ten-thousandths of the price.
fn value(line: &Model) -> i128 {
    i128::from(line.quantity) * i128::from(line.unit_price)
}

/// Quantity times unit price less the discount, rounded once to the currency's smallest unit, halves to the even neighbour. Nothing
/// where that is beyond the largest amount.
pub fn total(line: &Model) -> Option<i64> {
    let thousand = 10_i128.pow(QUANTITY_SCALE);
    let whole = i128::from(WHOLE);
    let off = i128::from(line.discount_amount.unwrap_or_default()) * thousand * whole;
    let kept = whole - i128::from(line.discount_percent.unwrap_or_default());
    let unit = i128::from(smallest_unit(&line.currency));
    let units = divide_half_even(value(line) * kept - off, thousand * whole * unit);
    i64::try_from(units * unit).ok().filter(|total| *total <= LARGEST)
}

/// What the lines come to together.
pub fn sum(lines: &[Model]) -> Result<i64, UserError> {
    let sum: i128 = lines.iter().map(|line| i128::from(line.total)).sum();
    i64::try_from(sum).ok().filter(|sum| *sum <= LARGEST).ok_or_else(|| {
        let sentence = "Together the line items come to more than 99999999999999.9999: split them over several opportunities.";
        UserError::new(UserErrorCode::OutOfRange, sentence)
    })
}

/// Line items are changed while the opportunity is open.
pub fn check_open(opportunity: &opportunity::Model) -> Result<(), UserError> {
    if opportunity.is_closed {
        let sentence =
            "This opportunity is closed, and its line items stay as they are: use reopenOpportunity to take it up again first.";
        return Err(UserError::new(UserErrorCode::IllegalTransition, sentence));
    }
    Ok(())
}

/// An opportunity has a bounded number of line items.
pub fn check_number(number: usize) -> Result<(), UserError> {
    if number > MOST_LINES {
        let sentence = format!("An opportunity has at most {MOST_LINES} line items, not {number}: put several into one.");
        return Err(UserError::at(UserErrorCode::OutOfRange, "lineItems", sentence));
    }
    Ok(())
}

/// The lines in the order of these ids, which name each of them once.
pub fn reordered(lines: &[Model], wanted: &[LineItemId]) -> Result<Vec<Model>, UserError> {
    let found: Vec<Model> = wanted.iter().filter_map(|id| lines.iter().find(|line| line.id == *id)).cloned().collect();
    let all = lines.iter().all(|line| wanted.contains(&line.id));
    if all && found.len() == wanted.len() && wanted.len() == lines.len() {
        return Ok(found);
    }
    let sentence = "Name each of the opportunity's line items once, in their new order, and no others.";
    let ids: Vec<String> = lines.iter().map(|line| line.id.to_string()).collect();
    Err(UserError::at(UserErrorCode::Invalid, "lineItemIds", sentence).with_details(serde_json::json!({ "lineItems": ids })))
}

/// The currency that the lines are in: the opportunity's, otherwise the first that a line names, otherwise the base currency.
pub fn currency<'a>(
    opportunity: &opportunity::Model,
    lines: impl IntoIterator<Item = &'a LineItemFields>,
    base_currency: &str,
) -> String {
    let named = |fields: &'a LineItemFields| {
        let amounts = [&fields.unit_price, &fields.discount_amount].into_iter();
        amounts.filter_map(|input| input.value()?.currency.as_ref()).map(|code| code.0.clone()).next()
    };
    let of_opportunity = opportunity.currency.clone();
    of_opportunity.or_else(|| lines.into_iter().find_map(named)).unwrap_or_else(|| base_currency.to_owned())
}

/// Reads what a caller says about a line, and notes what is wrong with it.
pub struct Reader<'a> {
    /// What is wrong so far.
    pub problems: &'a mut Problems,
    /// What stands before the names of the fields: nothing, or `lineItems.2.`.
    pub path: String,
    /// The products that the call names.
    pub offers: &'a Offers,
}

impl Reader<'_> {
    /// Sets what the caller gave, and works out the total.
    pub fn apply(&mut self, fields: &LineItemFields, line: &mut Model) {
        let problems_before = self.problems.len();
        let product = self.product(&fields.product_id, line);
        set_text(self.problems, &self.at("description"), &fields.description, TextLimit::Short, &mut line.description);
        self.quantity(&fields.quantity, line);
        self.unit_price(fields, product, line);
        self.discount(fields, line);
        if self.problems.len() == problems_before {
            self.check(line);
        }
    }

    fn at(&self, field: &str) -> String {
        format!("{}{field}", self.path)
    }

    fn problem(&mut self, code: UserErrorCode, field: &str, sentence: impl Into<String>) {
        let path = self.at(field);
        self.problems.push(UserError::at(code, &path, sentence));
    }

    /// Sets the product; answers it where it is new to the line.
    fn product(&mut self, input: &MaybeUndefined<ID>, line: &mut Model) -> Option<ProductId> {
        let before = line.product_id;
        match input {
            MaybeUndefined::Undefined => return None,
            MaybeUndefined::Null => line.product_id = None,
            MaybeUndefined::Value(id) => line.product_id = ids::reference(self.problems, &self.at("productId"), Some(id)),
        }
        let id = line.product_id.filter(|id| before != Some(*id))?;
        let Some(offer) = self.offers.get(&id) else {
            self.problem(UserErrorCode::NotFound, "productId", "There is no such product. Check the id.");
            return None;
        };
        if !offer.product.active {
            let sentence = format!("{} is no longer offered: name an active product.", offer.product.name);
            self.problem(UserErrorCode::Invalid, "productId", sentence);
        }
        Some(id)
    }

    fn quantity(&mut self, input: &MaybeUndefined<crate::graphql::scalars::Decimal>, line: &mut Model) {
        let number = match input {
            MaybeUndefined::Undefined => return,
            MaybeUndefined::Null => {
                return self.problem(
                    UserErrorCode::Required,
                    "quantity",
                    "A line item needs a quantity: give a number, or leave it out.",
                );
            }
            MaybeUndefined::Value(number) => number.0,
        };
        match scaled(number, QUANTITY_SCALE) {
            Some(quantity @ 1..=LARGEST_QUANTITY) => line.quantity = quantity,
            None if number.normalize().scale() > QUANTITY_SCALE => {
                self.problem(UserErrorCode::Invalid, "quantity", "Quantity may have at most 3 decimals.");
            }
            _ => {
                let sentence = "Quantity must be above 0 and at most 999999999.999.";
                self.problem(UserErrorCode::OutOfRange, "quantity", sentence);
            }
        }
    }

    /// Sets the unit price: what is given, or the product's where the product is new or the price is taken back.
    fn unit_price(&mut self, fields: &LineItemFields, new: Option<ProductId>, line: &mut Model) {
        let product = match &fields.unit_price {
            MaybeUndefined::Value(price) => {
                if let Some(amount) = self.amount("unitPrice", price, &line.currency) {
                    line.unit_price = amount;
                }
                return;
            }
            MaybeUndefined::Undefined if new.is_none() && line.unit_price >= 0 => return,
            _ => line.product_id,
        };
        let Some(product) = product else {
            if fields.product_id.is_value() {
                return; // Its id can't be read, which was noted.
            }
            let sentence = "Give what one unit costs: without a product there is no price to take.";
            return self.problem(UserErrorCode::Required, "unitPrice", sentence);
        };
        let Some(offer) = self.offers.get(&product) else { return };
        match offer.prices.get(&line.currency) {
            Some(price) => line.unit_price = *price,
            None => {
                let (name, currency) = (&offer.product.name, &line.currency);
                let sentence = format!("{name} has no price in {currency}, the opportunity's currency: give a unit price.");
                self.problem(UserErrorCode::Required, "unitPrice", sentence);
            }
        }
    }

    /// Sets the discount: in percent or as an amount, each in place of the other.
    fn discount(&mut self, fields: &LineItemFields, line: &mut Model) {
        let (percent, amount) = (fields.discount_percent.value(), fields.discount_amount.value());
        if percent.is_some() && amount.is_some() {
            let sentence = "A discount is in percent or an amount: give one of both.";
            return self.problem(UserErrorCode::Invalid, "discountAmount", sentence);
        }
        if fields.discount_percent.is_null() || amount.is_some() {
            line.discount_percent = None;
        }
        if fields.discount_amount.is_null() || percent.is_some() {
            line.discount_amount = None;
        }
        if let Some(percent) = percent {
            match scaled(percent.0, PERCENT_SCALE) {
                Some(percent @ 0..=WHOLE) => line.discount_percent = Some(percent).filter(|percent| *percent > 0),
                None if percent.0.normalize().scale() > PERCENT_SCALE => {
                    let sentence = "Discount percent may have at most 4 decimals.";
                    self.problem(UserErrorCode::Invalid, "discountPercent", sentence);
                }
                _ => self.problem(UserErrorCode::OutOfRange, "discountPercent", "Discount percent must be from 0 to 100."),
            }
        }
        if let Some(amount) = amount.and_then(|amount| self.amount("discountAmount", amount, &line.currency)) {
            line.discount_amount = Some(amount).filter(|amount| *amount > 0);
        }
    }

    /// An amount in the currency of the lines.
    fn amount(&mut self, field: &str, input: &MoneyInput, currency: &str) -> Option<i64> {
        if let Some(other) = input.currency.as_ref().filter(|other| other.0 != currency) {
            let sentence = format!("The opportunity is in {currency}, not in {}: give all amounts in {currency}.", other.0);
            self.problem(UserErrorCode::Invalid, field, sentence);
            return None;
        }
        let path = self.at(field);
        optional_money(self.problems, &path, Some((input.amount.0, Some(currency))), currency, false).map(|money| money.amount)
    }

    /// What must hold for a line as a whole.
    fn check(&mut self, line: &mut Model) {
        if line.product_id.is_none() && line.description.is_none() {
            let sentence = "A line item needs a product or a description: say what is sold.";
            self.problem(UserErrorCode::Required, "productId", sentence);
        }
        let off = i128::from(line.discount_amount.unwrap_or_default()) * 10_i128.pow(QUANTITY_SCALE);
        if off > value(line) {
            let sentence = "The discount is larger than quantity times unit price: give at most that.";
            return self.problem(UserErrorCode::OutOfRange, "discountAmount", sentence);
        }
        match total(line) {
            Some(total) => line.total = total,
            None => {
                let sentence = "The line item comes to more than 99999999999999.9999: give a smaller quantity or unit price.";
                self.problem(UserErrorCode::OutOfRange, "quantity", sentence);
            }
        }
    }
}

/// A number in units of this many decimals; nothing where it is finer, or beyond 64 bits.
fn scaled(number: Decimal, scale: u32) -> Option<i64> {
    let scaled = number.checked_mul(Decimal::from(10_i64.pow(scale)))?;
    if scaled.fract().is_zero() { i64::try_from(scaled).ok() } else { None }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
