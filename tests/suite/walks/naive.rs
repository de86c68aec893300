//! Filters as a newcomer would read their description, over rows as the API shows them.

use std::cmp::Ordering;

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// What kind of value a field has, and so how it is compared.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Text,
    Email,
    Id,
    /// A number, an enum, a day or a moment; compared as it is written.
    Plain,
    /// An amount.
    Decimal,
    /// A filter that is the value itself.
    Exactly,
    /// True where the row has a value here.
    Presence,
    /// A text that is compared as it is, with few operators.
    Exact,
    /// A list of words, of which the value is one.
    OneOf,
    /// A list of words, of which one is among the row's.
    AnyOf,
    /// Another record with fields of its own.
    Record(&'static [(&'static str, Kind)]),
}

/// Whether a row meets a filter.
pub fn meets(filter: &Value, row: &Value, fields: &[(&str, Kind)]) -> bool {
    filter.as_object().unwrap().iter().all(|(name, condition)| match name.as_str() {
        "and" => condition.as_array().unwrap().iter().all(|filter| meets(filter, row, fields)),
        "or" => {
            let filters = condition.as_array().unwrap();
            filters.is_empty() || filters.iter().any(|filter| meets(filter, row, fields))
        }
        "not" => !meets(condition, row, fields),
        _ => {
            let (_, kind) = fields.iter().find(|(field, _)| field == name).unwrap();
            has(*kind, condition, &row[name])
        }
    })
}

fn has(kind: Kind, condition: &Value, value: &Value) -> bool {
    match kind {
        Kind::Exactly => value == condition,
        Kind::Presence => *condition == !value.is_null(),
        Kind::OneOf => condition.as_array().unwrap().contains(value),
        Kind::AnyOf => condition.as_array().unwrap().iter().any(|word| value.as_array().unwrap().contains(word)),
        Kind::Record(fields) => {
            let empty = condition.as_object().unwrap().is_empty();
            empty || !value.is_null() && meets(condition, value, fields)
        }
        _ => condition.as_object().unwrap().iter().all(|(operator, operand)| holds(kind, operator, operand, value)),
    }
}

fn holds(kind: Kind, operator: &str, operand: &Value, value: &Value) -> bool {
    let among = || operand.as_array().unwrap().iter().any(|one| !value.is_null() && is(kind, value, one).is_eq());
    let compared = || (!value.is_null()).then(|| is(kind, value, operand));
    let part = |test: fn(&str, &str) -> bool| {
        value.as_str().is_some_and(|text| test(&folded(kind, text), &folded(kind, operand.as_str().unwrap())))
    };
    match operator {
        // An operator that is null says nothing.
        _ if operand.is_null() => true,
        "eq" => compared().is_some_and(Ordering::is_eq),
        "ne" => !compared().is_some_and(Ordering::is_eq),
        "in" => among(),
        "notIn" => !among(),
        "gt" => compared().is_some_and(Ordering::is_gt),
        "gte" => compared().is_some_and(Ordering::is_ge),
        "lt" => compared().is_some_and(Ordering::is_lt),
        "lte" => compared().is_some_and(Ordering::is_le),
        "isNull" => *operand == value.is_null(),
        "contains" => part(|text, part| text.contains(part)),
        "startsWith" => part(|text, part| text.starts_with(part)),
        "endsWith" => part(|text, part| text.ends_with(part)),
        _ => panic!("no operator {operator}"),
    }
}

fn is(kind: Kind, value: &Value, operand: &Value) -> Ordering {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (value, operand) = (text(value), text(operand));
    match kind {
        Kind::Decimal => value.parse::<f64>().unwrap().total_cmp(&operand.parse().unwrap()),
        Kind::Email => value.to_lowercase().cmp(&operand.nfc().collect::<String>().to_lowercase()),
        Kind::Text => value.cmp(&operand.nfc().collect()),
        _ => match (value.parse::<i64>(), operand.parse::<i64>()) {
            (Ok(value), Ok(operand)) => value.cmp(&operand),
            _ => value.cmp(&operand),
        },
    }
}

/// Without case; names without accents, too.
fn folded(kind: Kind, text: &str) -> String {
    match kind {
        Kind::Email => text.nfc().collect::<String>().to_lowercase(),
        _ => text.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).collect::<String>().to_lowercase().replace('ß', "ss"),
    }
}
