//! Numbers and dates as a locale writes them. The data is CLDR's, by way of ICU4X.

use chrono::{Datelike, NaiveDate};
use icu_calendar::Gregorian;
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::YMD;
use icu_datetime::input::Date;
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal as Digits;
use icu_locale_core::{Locale, locale};
use rust_decimal::Decimal;

use super::wording::Wording;
use crate::error::{Error, Result};
use crate::values::money::Money;

/// Writes numbers and dates in a locale.
pub struct Writing {
    locale: Locale,
    numbers: DecimalFormatter,
    dates: FixedCalendarDateTimeFormatter<Gregorian, YMD>,
}

impl Writing {
    /// The writing of a locale, by its BCP 47 tag; of English where the tag makes no sense.
    pub fn of(tag: &str) -> Result<Self> {
        let locale = Locale::try_from_str(tag).unwrap_or(locale!("en"));
        let numbers = DecimalFormatter::try_new((&locale).into(), Default::default()).map_err(Error::internal)?;
        let dates = FixedCalendarDateTimeFormatter::try_new((&locale).into(), YMD::long()).map_err(Error::internal)?;
        Ok(Self { locale, numbers, dates })
    }

    /// The locale.
    pub fn locale(&self) -> &Locale {
        &self.locale
    }

    /// The language of the page, as HTML's `lang` takes it: the locale's, or that of the words where they lack the locale's.
    pub fn language_of(&self, words: &Wording) -> String {
        if words.language == self.locale.id.language.as_str() { self.locale.id.to_string() } else { words.language.to_owned() }
    }

    /// A number, with the decimals that it has.
    pub fn number(&self, number: Decimal) -> Result<String> {
        let digits = Digits::try_from_str(&number.to_string()).map_err(|error| Error::internal(error.to_string()))?;
        Ok(self.numbers.format(&digits).to_string())
    }

    /// An amount in ten-thousandths, with the currency's decimals and without the currency.
    pub fn money(&self, amount: i64, currency: &str) -> Result<String> {
        self.number(Money { amount, currency: currency.to_owned() }.decimal())
    }

    /// A day, with the month in words.
    pub fn date(&self, day: NaiveDate) -> Result<String> {
        let (month, of_month) = (u8::try_from(day.month()), u8::try_from(day.day()));
        let (Ok(month), Ok(of_month)) = (month, of_month) else { return Err(Error::internal("a day beyond the calendar")) };
        let date = Date::try_new_gregorian(day.year(), month, of_month).map_err(|error| Error::internal(error.to_string()))?;
        Ok(self.dates.format(&date).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_locale_writes_in_its_own_way() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
        for (tag, amount, date) in [
            ("en-US", "1,234,567.50", "November 22, 2026"),
            ("en-GB", "1,234,567.50", "22 November 2026"),
            ("en-IN", "12,34,567.50", "22 November 2026"),
            ("de-DE", "1.234.567,50", "22. November 2026"),
            ("de-CH", "1'234'567.50", "22. November 2026"),
            ("fr-FR", "1\u{202f}234\u{202f}567,50", "22 novembre 2026"),
            ("nb-NO", "1\u{a0}234\u{a0}567,50", "22. november 2026"),
            ("hi-IN", "12,34,567.50", "22 नवंबर, 2026"),
            ("vi-VN", "1.234.567,50", "22 tháng 11 2026"),
            ("zh-CN", "1,234,567.50", "2026年11月22日"),
            ("ja-JP", "1,234,567.50", "2026年11月22日"),
            ("no such tag", "1,234,567.50", "November 22, 2026"),
        ] {
            let writing = Writing::of(tag).expect("a writing");
            assert_eq!(writing.money(12_345_675_000, "EUR").expect("an amount"), amount, "{tag}");
            assert_eq!(writing.date(day).expect("a date"), date, "{tag}");
        }
    }

    #[test]
    fn decimals_are_the_currencys_or_the_numbers_own() {
        let writing = Writing::of("de").expect("a writing");
        for (amount, currency, expected) in [(12_340_000, "JPY", "1.234"), (12_340, "KWD", "1,234"), (-100, "EUR", "-0,01")] {
            assert_eq!(writing.money(amount, currency).expect("an amount"), expected);
        }
        assert_eq!(writing.number(Decimal::new(1_500, 3).normalize()).expect("a number"), "1,5");
        assert_eq!(writing.money(999_999_999_999_999_900, "EUR").expect("an amount"), "99.999.999.999.999,99");
    }
}
