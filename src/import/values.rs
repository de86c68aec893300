//! Reading a row's texts into the values of the API's inputs, so that the rules of the API say what is wrong with them.

use async_graphql::MaybeUndefined;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;
use csv::StringRecord;
use entity::Id;
use rust_decimal::Decimal;
use sea_orm::Iterable;
use serde::Serialize;
use uuid::Uuid;

use super::country::country;
use super::mapping::{EmptyCells, Missing};
use super::plan::{Plan, PlannedField};
use crate::domains::fields::Cleaner;
use crate::error::UserErrorCode;
use crate::graphql::common::{AddressInput, MoneyInput};
use crate::graphql::scalars::{self, CurrencyCode};
pub use crate::values::calendar::beginning_of;
use crate::values::calendar::{DATE_RANGE, in_zone, parse_date};
use crate::values::fold::fold;
use crate::values::label;

/// What a row says, with the records that it refers to.
pub struct Values<'a> {
    /// Where the values stand.
    pub plan: &'a Plan,
    /// What the row says about each planned field.
    pub texts: Vec<Option<String>>,
    /// The currency of each amount that has a column for it.
    pub currencies: Vec<Option<String>>,
    /// The record that each reference names, where there is one.
    pub references: Vec<Option<Uuid>>,
}

/// What a field says: nothing where it isn't imported, `Null` where its cell is to empty the field.
enum Said<'a> {
    Nothing,
    Empty,
    Text(&'a PlannedField, usize, &'a str),
}

impl<'a> Values<'a> {
    /// What the cells of a row say. References aren't looked up yet.
    pub fn new(plan: &'a Plan, cells: &StringRecord) -> Self {
        let texts = plan.texts(cells);
        let currency = |planned: &PlannedField| Some(cells.get(planned.currency_column?)?.trim()).filter(|code| !code.is_empty());
        let currencies = plan.fields.iter().map(|planned| currency(planned).map(str::to_owned)).collect();
        let references = vec![None; texts.len()];
        Self { plan, texts, currencies, references }
    }

    fn said(&self, field: &str) -> Said<'_> {
        let Some(place) = self.plan.place(field) else { return Said::Nothing };
        match (&self.texts[place], self.plan.empty_cells) {
            (Some(text), _) => Said::Text(&self.plan.fields[place], place, text),
            (None, EmptyCells::Keep) => Said::Nothing,
            (None, EmptyCells::Clear) => Said::Empty,
        }
    }

    /// Reads a field; what can't be read is noted with what it should look like.
    fn read<T>(
        &self,
        cleaner: &mut Cleaner<'_>,
        field: &str,
        form: &str,
        read: impl FnOnce(&PlannedField, usize, &str) -> Option<T>,
    ) -> MaybeUndefined<T> {
        match self.said(field) {
            Said::Nothing => MaybeUndefined::Undefined,
            Said::Empty => MaybeUndefined::Null,
            Said::Text(planned, place, text) => match read(planned, place, text) {
                Some(value) => MaybeUndefined::Value(value),
                None => {
                    cleaner.problem(UserErrorCode::Invalid, field, format!("{} is {text:?}, which is no {form}.", label(field)));
                    MaybeUndefined::Undefined
                }
            },
        }
    }

    /// The text of a field as it stands in the row.
    pub fn raw(&self, field: &str) -> Option<&str> {
        self.texts[self.plan.place(field)?].as_deref()
    }

    /// What happens where the entry that a field names isn't there.
    pub fn missing(&self, field: &str) -> Missing {
        let planned = self.plan.place(field).map(|place| &self.plan.fields[place]);
        planned.and_then(|planned| planned.rules.missing).unwrap_or(Missing::Reject)
    }

    /// A text.
    pub fn text(&self, field: &str) -> MaybeUndefined<String> {
        match self.said(field) {
            Said::Nothing => MaybeUndefined::Undefined,
            Said::Empty => MaybeUndefined::Null,
            Said::Text(_, _, text) => MaybeUndefined::Value(text.to_owned()),
        }
    }

    /// One of the API's words, also in another case or with other signs between: `Working - Contacted`.
    pub fn word<T: Iterable + Serialize>(&self, cleaner: &mut Cleaner<'_>, field: &str) -> MaybeUndefined<T> {
        let words = || T::iter().filter_map(|value| Some((serde_json::to_value(&value).ok()?.as_str()?.to_owned(), value)));
        let allowed = || words().map(|(word, _)| word).collect::<Vec<_>>().join(", ");
        match self.said(field) {
            Said::Nothing => MaybeUndefined::Undefined,
            Said::Empty => MaybeUndefined::Null,
            Said::Text(_, _, text) => {
                let wanted = as_word(text);
                if let Some((_, value)) = words().find(|(word, _)| *word == wanted) {
                    return MaybeUndefined::Value(value);
                }
                let sentence = format!("{} is {text:?}; it must be one of {}.", label(field), allowed());
                cleaner.problem(UserErrorCode::Invalid, field, sentence);
                MaybeUndefined::Undefined
            }
        }
    }

    /// A whole number.
    pub fn integer(&self, cleaner: &mut Cleaner<'_>, field: &str) -> MaybeUndefined<i32> {
        self.read(cleaner, field, "whole number", |planned, _, text| {
            let number = number(planned, text)?;
            number.fract().is_zero().then(|| i32::try_from(number).ok()).flatten()
        })
    }

    /// An exact number.
    pub fn decimal(&self, cleaner: &mut Cleaner<'_>, field: &str) -> MaybeUndefined<Decimal> {
        self.read(cleaner, field, "number", |planned, _, text| number(planned, text))
    }

    /// An amount with its currency.
    pub fn money(&self, cleaner: &mut Cleaner<'_>, field: &str) -> MaybeUndefined<MoneyInput> {
        self.read(cleaner, field, "amount", |planned, place, text| {
            let currency = self.currencies[place].as_ref().or(planned.rules.currency.as_ref());
            let currency = currency.map(|code| CurrencyCode(code.trim().to_uppercase()));
            Some(MoneyInput { amount: scalars::Decimal(number(planned, text)?), currency })
        })
    }

    /// The currency that amounts of a field are in, whether or not this row has one; nothing where the file doesn't say.
    pub fn currency(&self, field: &str) -> Option<String> {
        let place = self.plan.place(field)?;
        let code = self.currencies[place].as_ref().or(self.plan.fields[place].rules.currency.as_ref())?;
        CurrencyCode::read(&code.trim().to_uppercase()).map(|code| code.0)
    }

    /// A day.
    pub fn date(&self, cleaner: &mut Cleaner<'_>, field: &str) -> MaybeUndefined<scalars::Date> {
        let zone = self.plan.zone;
        self.read(cleaner, field, "date of the form that was expected", |planned, _, text| {
            date(planned, text)
                .or_else(|| Some(moment(planned, text, zone)?.with_timezone(&zone).date_naive()))
                .map(scalars::Date)
        })
    }

    /// A point in time; a day stands for its beginning.
    pub fn moment(&self, cleaner: &mut Cleaner<'_>, field: &str) -> MaybeUndefined<DateTime<Utc>> {
        let zone = self.plan.zone;
        let read = self.read(cleaner, field, "date or point in time of the form that was expected", |planned, _, text| {
            moment(planned, text, zone).or_else(|| beginning_of(date(planned, text)?, zone))
        });
        if let MaybeUndefined::Value(moment) = read
            && !DATE_RANGE.contains(&moment.date_naive())
        {
            let (first, last) = (DATE_RANGE.start(), DATE_RANGE.end());
            cleaner.problem(UserErrorCode::OutOfRange, field, format!("{} must be between {first} and {last}.", label(field)));
            return MaybeUndefined::Undefined;
        }
        read
    }

    /// Yes or no.
    pub fn flag(&self, cleaner: &mut Cleaner<'_>, field: &str) -> MaybeUndefined<bool> {
        self.read(cleaner, field, "yes or no", |_, _, text| match fold(text).as_str() {
            "yes" | "y" | "true" | "t" | "1" => Some(true),
            "no" | "n" | "false" | "f" | "0" => Some(false),
            _ => None,
        })
    }

    /// An address, of the parts that are imported.
    pub fn address(&self, cleaner: &mut Cleaner<'_>) -> MaybeUndefined<AddressInput> {
        const PARTS: [&str; 5] = ["street", "city", "region", "postalCode", "country"];
        if PARTS.iter().all(|part| matches!(self.said(part), Said::Nothing)) {
            return MaybeUndefined::Undefined;
        }
        MaybeUndefined::Value(AddressInput {
            street: self.text("street"),
            city: self.text("city"),
            region: self.text("region"),
            postal_code: self.text("postalCode"),
            country: self
                .read(cleaner, "country", "country: give an ISO 3166-1 code or a name in English", |_, _, text| country(text)),
        })
    }

    /// Sets a reference to the record that the row names. An empty cell empties it where empty cells do, or on a new record.
    pub fn reference<E>(&self, field: &str, target: &mut Option<Id<E>>) {
        let Some(place) = self.plan.place(field) else { return };
        match self.references[place] {
            Some(id) => *target = Some(Id::new(id)),
            None if self.plan.empty_cells == EmptyCells::Clear => *target = None,
            None => {}
        }
    }

    /// The id of the record that a reference names.
    pub fn referred<E>(&self, field: &str) -> Option<Id<E>> {
        self.references[self.plan.place(field)?].map(Id::new)
    }
}

fn number(planned: &PlannedField, text: &str) -> Option<Decimal> {
    let rules = &planned.rules;
    let point = rules.decimal.unwrap_or('.');
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && Some(*c) != rules.thousands)
        .map(|c| if c == point { '.' } else { c })
        .collect();
    // A point that neither separates decimals nor thousands makes the number unclear.
    let unclear = point != '.' && rules.thousands != Some('.') && text.contains('.');
    let number = scalars::Decimal::read(&plain).filter(|_| !unclear)?.0;
    rules.multiplier.map_or(Some(number), |multiplier| number.checked_mul(multiplier.0))
}

fn date(planned: &PlannedField, text: &str) -> Option<NaiveDate> {
    match &planned.rules.format {
        Some(format) => NaiveDate::parse_from_str(text, format).ok(),
        None => parse_date(text),
    }
}

fn moment(planned: &PlannedField, text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let with_offset = |format: &str| Some(DateTime::parse_from_str(text, format).ok()?.to_utc());
    let without = |format: &str| in_zone(NaiveDateTime::parse_from_str(text, format).ok()?, zone);
    let moment = match &planned.rules.format {
        Some(format) => with_offset(format).or_else(|| without(format)),
        None => DateTime::parse_from_rfc3339(text)
            .map(|moment| moment.to_utc())
            .ok()
            .or_else(|| with_offset("%Y-%m-%dT%H:%M:%S%.f%z"))
            .or_else(|| without("%Y-%m-%dT%H:%M:%S%.f"))
            .or_else(|| without("%Y-%m-%d %H:%M:%S%.f"))
            .or_else(|| without("%Y-%m-%d %H:%M")),
    }?;
    DateTime::from_timestamp_micros(moment.timestamp_micros())
}

/// A text as the API writes its words: capital letters, and one underscore for whatever else stands between.
fn as_word(text: &str) -> String {
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_uppercase).collect::<Vec<_>>().join("_")
}
