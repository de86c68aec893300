//! Phone numbers: kept as typed, matched in E.164.

use std::borrow::Cow;

use phonenumber::PhoneNumber;
use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;
use unicode_normalization::UnicodeNormalization;

use crate::error::{Problems, UserError, UserErrorCode};
use crate::values::label;
use crate::values::text::{TextLimit, is_zero_width, optional};

/// Where the digits of a script begin: each has its ten in a row.
const ZEROS: &[char] = &['0', '٠', '۰', '߀', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '๐', '໐', '༠', '၀', '០', '０'];

/// The words that may stand in a phone number, before the number or the extension.
const WORDS: &[&str] = &["x", "ext", "extn", "extension", "tel", "phone"];

/// The fewest digits of anything that can be called.
const FEWEST_DIGITS: usize = 3;

/// The number's key for matching: `+` and digits, without the extension.
///
/// A number in the international form needs no country; for others the countries (ISO 3166-1 alpha-2) are tried in turn, and the
/// first in which the number is valid counts. Nothing when the number can't be told.
pub fn e164(phone: &str, countries: &[&str]) -> Option<String> {
    let plain = plain(phone);
    if plain.starts_with('+') {
        return parse(None, &plain).map(|number| key(&number));
    }
    let national = countries.iter().filter_map(|country| country.to_ascii_uppercase().parse::<Id>().ok());
    let valid = |number: &PhoneNumber| phonenumber::is_valid(number);
    let with_country = national.filter_map(|country| parse(Some(country), &plain)).find(valid);
    // 00 is how most of the world dials what is written +.
    let international = || plain.strip_prefix("00").and_then(|rest| parse(None, &format!("+{rest}"))).filter(valid);
    with_country.or_else(international).map(|number| key(&number))
}

/// A phone number that may be absent: kept as typed but for blanks around it and invisible characters.
///
/// Refused when it has fewer than three digits, other characters than phone numbers have, or more than 255 of them.
pub fn optional_phone(problems: &mut Problems, field: &str, phone: Option<&str>) -> Option<String> {
    let visible: String = phone?.chars().filter(|c| !is_zero_width(*c)).collect();
    let phone = optional(problems, field, Some(&visible), TextLimit::Short)?;
    let digits = phone.chars().filter(|c| digit(*c).is_some()).count();
    if digits >= FEWEST_DIGITS && has_phone_characters(&phone) {
        return Some(phone);
    }
    let sentence = format!("{} must be a phone number such as +47 22 12 34 56.", label(field));
    problems.push(UserError::at(UserErrorCode::Invalid, field, sentence));
    None
}

/// The digits of what is written like a phone number, in groups as typed and without the extension; nothing for other text.
pub(super) fn digit_groups(text: &str) -> Option<Vec<String>> {
    if !has_phone_characters(text) {
        return None;
    }
    let plain = plain(text);
    let number = plain.trim_start_matches(|c: char| !c.is_ascii_digit());
    let number = number.split(|c: char| c.is_ascii_alphabetic() || matches!(c, '#' | ';')).next()?;
    let groups = number.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
    Some(groups.map(str::to_owned).collect())
}

/// The number in ASCII, without the `(0)` that some write between country and area.
fn plain(phone: &str) -> String {
    let visible = || phone.chars().filter(|c| !is_zero_width(*c)).map(|c| digit(c).unwrap_or(c));
    let ascii: Cow<'_, str> = if phone.is_ascii() { phone.into() } else { visible().nfkc().collect() };
    let ascii = ascii.trim();
    let international = ascii.starts_with('+') || ascii.starts_with("00");
    if international { ascii.replacen("(0)", " ", 1) } else { ascii.to_owned() }
}

/// The library's reading of a number, if its country code exists.
fn parse(country: Option<Id>, phone: &str) -> Option<PhoneNumber> {
    let number = phonenumber::parse(country, phone).ok()?;
    DATABASE.by_code(&number.country().code()).is_some().then_some(number)
}

/// The number as E.164 writes it.
fn key(number: &PhoneNumber) -> String {
    format!("+{}{}", number.country().code(), number.national())
}

/// The ASCII digit that a decimal digit of any script means.
fn digit(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c).filter(char::is_ascii_digit);
    }
    let value = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

fn has_phone_characters(phone: &str) -> bool {
    let plain: Cow<'_, str> =
        if phone.is_ascii() { phone.into() } else { phone.nfkc().collect::<String>().to_lowercase().into() };
    let sign = |c: char| {
        c.is_whitespace()
            || digit(c).is_some()
            || matches!(c, '+' | '-' | '(' | ')' | '.' | '/' | ',' | ';' | ':' | '#' | '*' | '~')
            || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}')
    };
    plain.split(sign).all(|word| word.is_empty() || WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// The form in which a record's phone number is matched; empty where there is none or it can't be read. `country` is that of
/// the record's address.
pub fn match_key(phone: Option<&str>, country: Option<&str>) -> String {
    let countries: Vec<&str> = country.into_iter().collect();
    phone.and_then(|phone| e164(phone, &countries)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_match_however_they_are_written() {
        for (phone, countries, expected) in [
            ("+47 22 12 34 56", &[][..], Some("+4722123456")),
            ("0047 22 12 34 56", &[], Some("+4722123456")),
            ("22 12 34 56", &["NO"], Some("+4722123456")),
            ("22 12 34 56", &[], None),
            ("030 1234567", &["DE"], Some("+49301234567")),
            ("+49 (0)30 1234567", &[], Some("+49301234567")),
            ("+49 30 1234567", &["US"], Some("+49301234567")),
            ("(785) 241-6200", &["US"], Some("+17852416200")),
            ("(785) 241-6200", &["NO", "us"], Some("+17852416200")),
            ("(785) 241-6200", &["XX"], None),
            ("011 49 30 1234567", &["US"], Some("+49301234567")),
            ("(785) 241-6200 ext. 12", &["US"], Some("+17852416200")),
            ("+33 (0) 1 42 68 53 00", &["FR"], Some("+33142685300")),
            ("+39 06 6982", &[], Some("+39066982")),
            ("06 6982 1234", &["IT"], Some("+390669821234")),
            ("+1 555 010 0000", &[], Some("+15550100000")),
            ("０３－３２１２－２３２３", &["JP"], Some("+81332122323")),
            ("+٩٦٦ ١١ ٤٦٥ ٠٠٠٠", &[], Some("+966114650000")),
            ("\u{202a}+47 22 12 34 56\u{202c}", &[], Some("+4722123456")),
            ("112", &["NO"], None),
            ("call me", &["NO"], None),
            ("", &["NO"], None),
            ("+999 12345678", &[], None),
        ] {
            assert_eq!(e164(phone, countries).as_deref(), expected, "{phone} in {countries:?}");
        }
    }

    #[test]
    fn numbers_are_kept_as_typed() {
        for (phone, expected) in [
            (Some(" (785) 241-6200 "), Some("(785) 241-6200")),
            (Some("+1 785.241.6200 x12"), Some("+1 785.241.6200 x12")),
            (Some("+49/30/123 Ext. 4 #5"), Some("+49/30/123 Ext. 4 #5")),
            (Some("０３－３２１２－２３２３"), Some("０３－３２１２－２３２３")),
            (Some("०११ २३४५"), Some("०११ २३४५")),
            (Some("\u{202d}112\u{202c}"), Some("112")),
            (Some(" "), None),
            (None, None),
        ] {
            let mut problems = Problems::default();
            assert_eq!(optional_phone(&mut problems, "phone", phone).as_deref(), expected);
            assert!(problems.is_empty(), "{phone:?}");
        }
    }

    #[test]
    fn other_text_is_refused() {
        for phone in ["12", "n/a", "call 12345", "12345@example.com", "1234 <script>", "12\n345", "½½½", "+()-"] {
            let mut problems = Problems::default();
            assert_eq!(optional_phone(&mut problems, "phone", Some(phone)), None, "{phone}");
            let problems = problems.into_vec();
            assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), [UserErrorCode::Invalid], "{phone}");
        }
    }

    #[test]
    fn groups_leave_the_extension_out() {
        for (text, expected) in [
            ("+49 (0)30 123-4567 ext 8", Some(&["49", "30", "123", "4567"][..])),
            ("tel: 112", Some(&["112"])),
            ("12 Baker Street", None),
        ] {
            let groups = digit_groups(text);
            assert_eq!(
                groups.as_ref().map(|groups| groups.iter().map(String::as_str).collect::<Vec<_>>()),
                expected.map(<[_]>::to_vec)
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reading(text in any::<String>(), dialled in "[+0-9() .x/\u{ff0b}０-９٠-٩#*-]{0,24}") {
            for phone in [text, dialled] {
                for key in [e164(&phone, &[]), e164(&phone, &["US", "DE", "IT", "NO", "JP"])].into_iter().flatten() {
                    prop_assert!(key.starts_with('+') && key[1..].bytes().all(|byte| byte.is_ascii_digit()), "{}", key);
                    prop_assert!(key.len() <= 21);
                }
            }
        }
    }
}
