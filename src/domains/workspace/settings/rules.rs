//! What the settings may be: pure decisions.

use async_graphql::MaybeUndefined;
use entity::workspace::Model;
use icu_locale_core::LanguageIdentifier;

use super::input::UpdateWorkspaceInput;
use crate::domains::fields::Cleaner;
use crate::error::UserErrorCode;

/// The longest time after which leads may return to the pool, in days.
const MOST_DAYS: i32 = 3650;

/// Sets what the caller gave, and notes what is wrong with it.
pub fn apply(cleaner: &mut Cleaner<'_>, input: UpdateWorkspaceInput, settings: &mut Model) {
    if let Some(currency) = needed(cleaner, "baseCurrency", input.base_currency) {
        settings.base_currency = currency.0;
    }
    if let Some(name) = needed(cleaner, "timeZone", input.time_zone) {
        match name.trim().parse::<chrono_tz::Tz>() {
            Ok(zone) => zone.name().clone_into(&mut settings.time_zone),
            Err(_) => {
                let sentence = format!("There is no time zone {name:?}: give an IANA name such as Europe/Oslo or UTC.");
                cleaner.problem(UserErrorCode::Invalid, "timeZone", sentence);
            }
        }
    }
    if let Some(month) = needed(cleaner, "fiscalYearStartMonth", input.fiscal_year_start_month) {
        settings.fiscal_year_start_month = month;
        if !(1..=12).contains(&month) {
            let sentence = format!("The fiscal year starts in a month from 1 (January) to 12, not {month}.");
            cleaner.problem(UserErrorCode::OutOfRange, "fiscalYearStartMonth", sentence);
        }
    }
    if let Some(required) = needed(cleaner, "conversionRequiresQualified", input.conversion_requires_qualified) {
        settings.conversion_requires_qualified = required;
    }
    cleaner.value(&input.default_country, &mut settings.default_country);
    cleaner.value(&input.leads_return_to_pool_after_days, &mut settings.leads_return_to_pool_after_days);
    if let Some(days) = settings.leads_return_to_pool_after_days.filter(|days| !(1..=MOST_DAYS).contains(days)) {
        let sentence = format!("Leads return to the pool after 1 to {MOST_DAYS} days, not {days}; give null for never.");
        cleaner.problem(UserErrorCode::OutOfRange, "leadsReturnToPoolAfterDays", sentence);
    }
    if let Some(tag) = needed(cleaner, "locale", input.locale) {
        match locale(&tag) {
            Some(tag) => settings.locale = tag,
            None => {
                let sentence = format!("{tag:?} is no locale: give a BCP 47 tag such as en, nb-NO, hi or zh-Hant.");
                cleaner.problem(UserErrorCode::Invalid, "locale", sentence);
            }
        }
    }
}

/// A language tag in its usual form; nothing where it names no language.
pub fn locale(tag: &str) -> Option<String> {
    let tag = tag.trim().replace('_', "-").parse::<LanguageIdentifier>().ok()?;
    (!tag.language.is_unknown()).then(|| tag.to_string())
}

/// What was given for a setting that can't be cleared.
fn needed<T>(cleaner: &mut Cleaner<'_>, field: &str, input: MaybeUndefined<T>) -> Option<T> {
    if input.is_null() {
        cleaner.problem(UserErrorCode::Required, field, "This setting can't be cleared: give a value, or leave it out.");
    }
    match input {
        MaybeUndefined::Value(value) => Some(value),
        MaybeUndefined::Undefined | MaybeUndefined::Null => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales() {
        for (given, expected) in [
            ("en", Some("en")),
            (" NB-no ", Some("nb-NO")),
            ("ZH-hant-tw", Some("zh-Hant-TW")),
            ("hi", Some("hi")),
            ("vi", Some("vi")),
            ("es-419", Some("es-419")),
            ("de_AT", Some("de-AT")),
            ("english", None),
            ("und", None),
            ("e", None),
            ("en-", None),
            ("en-US-", None),
            ("en US", None),
            ("C", None),
            ("", None),
        ] {
            assert_eq!(locale(given).as_deref(), expected, "{given}");
        }
    }
}
