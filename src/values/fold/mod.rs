//! Folding: the forms of text under which people expect to find it again, whatever the case, accents and script.

mod company;
mod words;

pub use company::company_key;
pub use words::{query_words, search_words};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_compatible;

use crate::values::text::is_zero_width;

/// The key for comparing and sorting without regard to case and accents: `fold("Nguyễn") == "nguyen"`.
///
/// Latin, Greek and Cyrillic letters lose their accents; the marks of other scripts are part of their letters and stay. Full-width
/// and half-width forms become the usual ones, invisible characters go, and any run of blanks becomes one. Folding twice changes nothing.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return single_blanks(&text.to_ascii_lowercase());
    }
    let mut decomposed = String::with_capacity(text.len() * 2);
    for c in text.chars().filter(|c| !is_zero_width(*c) && !is_trade_mark(*c)) {
        if is_kept_whole(c) {
            decomposed.push(c);
        } else {
            decompose_compatible(c, |part| decomposed.push(part));
        }
    }
    let lower = decomposed.to_lowercase();
    let mut plain = String::with_capacity(lower.len());
    for c in lower.nfd().filter(|c| !is_accent(*c)) {
        match without_stroke(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(c),
        }
    }
    single_blanks(&plain.nfc().collect::<String>())
}

/// The accents of Latin, Greek and Cyrillic.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Signs that compatibility forms would turn into letters of the name.
fn is_trade_mark(c: char) -> bool {
    matches!(c, '™' | '℠')
}

/// Thai, Lao and Tibetan vowels and the Korean letters that stand alone: their compatibility forms would take words apart.
fn is_kept_whole(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{fff}' | '\u{3130}'..='\u{318f}')
}

/// The plain letters for those that differ by more than an accent.
fn without_stroke(c: char) -> Option<&'static str> {
    Some(match c {
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ł' => "l",
        'ø' => "o",
        'ŧ' => "t",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ς' => "σ",
        _ => return None,
    })
}

fn single_blanks(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !result.is_empty() {
            result.push(' ');
        }
        result.push_str(word);
    }
    result
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_and_accents_do_not_count() {
        for (text, expected) in [
            ("Nguyễn", "nguyen"),
            ("  Ada \t\n LOVELACE ", "ada lovelace"),
            ("Đặng Łukasz Ørsted", "dang lukasz orsted"),
            ("Straße STRASSE ẞ", "strasse strasse ss"),
            ("Ægir Œuvre Þór Ólafsdóttir", "aegir oeuvre thor olafsdottir"),
            ("İstanbul Iğdır", "istanbul igdir"),
            ("ΟΔΥΣΣΕΎΣ", "οδυσσευσ"),
            ("Йошкар-Ола Ёлка", "иошкар-ола елка"),
            ("ＡＢＣ１２３ ﬁnal", "abc123 final"),
            ("ｶﾞﾝﾀﾞﾑ", "ガンダム"),
            ("Acme™", "acme"),
            ("co\u{ad}op\u{200b}era\u{200d}te", "cooperate"),
        ] {
            assert_eq!(fold(text), expected, "{text}");
        }
    }

    #[test]
    fn other_scripts_stay_intact() {
        for text in ["श्री कृष्ण हिन्दी", "น้ำตาล จำกัด", "محمد أحمد", "北京华为技术", "がんばれ", "김철수", "ㄱㄴ", "བོད་ཡིག"]
        {
            assert_eq!(fold(text), text);
        }
    }

    /// Where letters fold in interesting ways: Latin, accents, Greek, Thai and Lao, letter-like signs.
    const LETTERS: &str = r"[\u{41}-\u{2af}\u{300}-\u{3ff}\u{e30}-\u{eb5}\u{1e00}-\u{1fff}\u{2100}-\u{214f} ]{0,20}";

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>(), letters in LETTERS) {
            for text in [text, letters] {
                let once = fold(&text);
                prop_assert_eq!(fold(&once), once);
            }
        }
    }
}
