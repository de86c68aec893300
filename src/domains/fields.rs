//! Reading the fields of an input into a record's columns: every kind of field has one reader, and every problem is noted.

use async_graphql::{ID, MaybeUndefined};
use chrono::NaiveDate;
use entity::{Id, Identified};
use serde_json::{Value as Json, json};

use crate::error::{Problems, UserError, UserErrorCode};
use crate::graphql::common::{self, AddressColumns, AddressInput, MoneyInput, set_text, set_with};
use crate::graphql::ids;
use crate::graphql::scalars::Date;
use crate::values::text::{self, TextLimit};
use crate::values::{calendar, email, phone, url};

/// More than the largest employer on earth has.
const MOST_EMPLOYEES: i32 = 10_000_000;

/// Reads an input's fields and collects what is wrong with them.
pub struct Cleaner<'a> {
    /// What is wrong so far.
    pub problems: Problems,
    base_currency: &'a str,
}

impl<'a> Cleaner<'a> {
    /// Starts with no problems. Amounts without a currency are in the workspace's base currency.
    pub fn new(base_currency: &'a str) -> Self {
        Self { problems: Problems::default(), base_currency }
    }

    /// Notes a problem with a field.
    pub fn problem(&mut self, code: UserErrorCode, path: &str, sentence: impl Into<String>) {
        self.problems.push(UserError::at(code, path, sentence));
    }

    /// Whether none of these fields has a problem yet, so that a missing value isn't reported twice.
    pub fn fine_so_far(&self, fields: &[&str]) -> bool {
        !self.problems.mention(fields)
    }

    /// A text to set.
    pub fn text(&mut self, field: &str, input: &MaybeUndefined<String>, limit: TextLimit, target: &mut Option<String>) {
        set_text(&mut self.problems, field, input, limit, target);
    }

    /// A text that must be there: absent stays, null and blank are refused.
    pub fn required_text(&mut self, field: &str, input: &MaybeUndefined<String>, limit: TextLimit, target: &mut String) {
        let given = match input {
            MaybeUndefined::Undefined => return,
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(text) => Some(text.as_str()),
        };
        if let Some(text) = text::required(&mut self.problems, field, given, limit) {
            *target = text;
        }
    }

    /// A text of its own, outside a record.
    pub fn optional(&mut self, field: &str, input: Option<&str>, limit: TextLimit) -> Option<String> {
        text::optional(&mut self.problems, field, input, limit)
    }

    /// An e-mail address to set.
    pub fn email(&mut self, field: &str, input: &MaybeUndefined<String>, target: &mut Option<String>) {
        set_with(input, target, |given| email::optional_email(&mut self.problems, field, Some(given)));
    }

    /// A phone number to set.
    pub fn phone(&mut self, field: &str, input: &MaybeUndefined<String>, target: &mut Option<String>) {
        set_with(input, target, |given| phone::optional_phone(&mut self.problems, field, Some(given)));
    }

    /// A website to set.
    pub fn website(&mut self, field: &str, input: &MaybeUndefined<String>, target: &mut Option<String>) {
        set_with(input, target, |given| url::optional_website(&mut self.problems, field, Some(given)));
    }

    /// An address to set.
    pub fn address(&mut self, input: &MaybeUndefined<AddressInput>, columns: AddressColumns<'_>) {
        common::set_address(&mut self.problems, input, columns);
    }

    /// An amount and its currency to set.
    pub fn money(&mut self, field: &str, input: &MaybeUndefined<MoneyInput>, columns: (&mut Option<i64>, &mut Option<String>)) {
        common::set_money(&mut self.problems, field, input, self.base_currency, columns);
    }

    /// A day to set; within the range that the API takes.
    pub fn date(&mut self, field: &str, input: &MaybeUndefined<Date>, target: &mut Option<NaiveDate>) {
        match input {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => *target = None,
            MaybeUndefined::Value(date) => {
                calendar::check_date(&mut self.problems, field, date.0);
                *target = Some(date.0);
            }
        }
    }

    /// A company's size to set: how many people work there.
    pub fn employees(&mut self, field: &str, input: &MaybeUndefined<i32>, target: &mut Option<i32>) {
        self.value(input, target);
        if target.is_some_and(|employees| !(0..=MOST_EMPLOYEES).contains(&employees)) {
            let sentence = format!("The number of employees must lie between 0 and {MOST_EMPLOYEES}.");
            self.problem(UserErrorCode::OutOfRange, field, sentence);
        }
    }

    /// A plain value to set.
    pub fn value<I: Clone + Into<T>, T>(&mut self, input: &MaybeUndefined<I>, target: &mut Option<T>) {
        common::set_value(input, target);
    }

    /// A reference to set; whether it names something is for the service to check.
    pub fn id<E: Identified>(&mut self, field: &str, input: &MaybeUndefined<ID>, target: &mut Option<Id<E>>) {
        match input {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => *target = None,
            MaybeUndefined::Value(id) => *target = ids::reference(&mut self.problems, field, Some(id)),
        }
    }
}

/// An amount as the schema writes it, for the history.
pub fn money(amount: Option<i64>, currency: Option<&str>) -> Json {
    match (amount, currency) {
        (Some(amount), Some(currency)) => crate::values::money::Money { amount, currency: currency.to_owned() }.to_json(),
        _ => Json::Null,
    }
}

/// An address as the schema writes it, for the history; null where no part is there.
pub fn address(address: Option<common::Address>) -> Json {
    address.map_or(Json::Null, |address| {
        json!({
            "street": address.street, "city": address.city, "region": address.region,
            "postalCode": address.postal_code, "country": address.country.map(|country| country.0),
        })
    })
}
