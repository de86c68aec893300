//! The words under which a record is found by prefix, and those that a search asks for.

use unicode_normalization::char::is_combining_mark;

use super::fold;
use crate::values::phone::digit_groups;

/// The longest word that is indexed, in characters. What is asked for is cut the same way, so longer words are still found.
const LONGEST_WORD: usize = 40;
/// The longest piece of a run in a script without spaces, in characters.
const LONGEST_PIECE: usize = 20;
/// The most words of one record. The first ones count.
const MOST_WORDS: usize = 60;
/// The most words of one search. The first ones count.
const MOST_QUERY_WORDS: usize = 8;
/// The fewest digits that are indexed as one number.
const FEWEST_DIGITS: usize = 4;
/// From here on digits alone are taken for a phone number; with a leading `+`, `0` or `(`, from `FEWEST_DIGITS` on.
const PHONE_DIGITS: usize = 7;

/// The folded words under which a record with these texts is found by prefix, each once, at most 60 of at most 40 characters.
///
/// Texts are split at whatever is neither letter, digit nor mark. E-mail addresses are there whole as well, phone numbers as digits from
/// each of their groups on, and runs in scripts without spaces from each of their characters on, so that any piece of a name is found.
/// A word that another one begins with is left out, as the longer one is found by it.
pub fn search_words(texts: &[Option<&str>]) -> Vec<String> {
    let mut words = Vec::new();
    let mut pieces = Vec::new();
    for text in texts.iter().copied().flatten() {
        let folded = fold(text);
        words.extend(tokens(&folded).filter(|token| is_address(token)).map(|token| cut(token, LONGEST_WORD)));
        words.extend(phone_words(text));
        for run in runs(&folded) {
            if run.starts_with(is_spaceless) {
                words.push(cut(run, LONGEST_PIECE));
                pieces.extend(pieces_of(run));
            } else {
                words.push(cut(run, LONGEST_WORD));
            }
        }
    }
    words.append(&mut pieces);
    distinct(words, MOST_WORDS)
}

/// The folded words that a search asks for, all of them as prefixes of a record's words; at most 8.
///
/// An e-mail address, also one half typed, is one word, and so are the digits of a phone number without leading zeros.
pub fn query_words(query: &str) -> Vec<String> {
    if let Some(digits) = phone_query(query) {
        return vec![digits];
    }
    let folded = fold(query);
    let mut words = Vec::new();
    for token in tokens(&folded) {
        if is_address(token) {
            words.push(cut(token, LONGEST_WORD));
            continue;
        }
        for run in runs(token) {
            if run.starts_with(is_spaceless) {
                let letters: Vec<char> = run.chars().collect();
                words.extend(letters.chunks(LONGEST_PIECE).map(String::from_iter));
            } else {
                words.push(cut(run, LONGEST_WORD));
            }
        }
    }
    distinct(words, MOST_QUERY_WORDS)
}

/// What blanks and brackets separate.
fn tokens(folded: &str) -> impl Iterator<Item = &str> {
    let separators = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '(' | ')' | '"');
    folded.split(separators).map(|token| token.trim_matches('.')).filter(|token| !token.is_empty())
}

/// Whether a token is an e-mail address, maybe one half typed.
fn is_address(token: &str) -> bool {
    token.find('@').is_some_and(|at| at > 0)
}

/// The runs of letters, digits and marks, divided where a script without spaces begins or ends.
fn runs(folded: &str) -> impl Iterator<Item = &str> {
    let words = folded.split(|c: char| !(c.is_alphanumeric() || is_combining_mark(c))).filter(|word| !word.is_empty());
    words.flat_map(|word| {
        let mut rest = word;
        std::iter::from_fn(move || {
            let spaceless = rest.chars().next().map(is_spaceless)?;
            let end = rest.find(|c| is_spaceless(c) != spaceless).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            rest = after;
            Some(run)
        })
    })
}

/// The run from each of its later characters on, except in the middle of a letter and its marks.
fn pieces_of(run: &str) -> impl Iterator<Item = String> {
    let starts = run.char_indices().skip(1).filter(|(_, c)| !is_combining_mark(*c));
    starts.take(MOST_WORDS).map(|(start, _)| cut(&run[start..], LONGEST_PIECE))
}

/// The digits of a phone number from each group on, and without a country code of one to three digits.
fn phone_words(text: &str) -> Vec<String> {
    let Some(groups) = digit_groups(text) else { return Vec::new() };
    let digits = groups.concat();
    let ends = groups.iter().scan(0, |end, group| {
        *end += group.len();
        Some(*end)
    });
    let mut starts: Vec<usize> = std::iter::once(0).chain(ends).collect();
    if text.trim_start().starts_with(['+', '＋']) {
        starts.extend(1..=3);
    }
    let numbers = starts.into_iter().filter_map(|start| digits.get(start..)).map(|rest| rest.trim_start_matches('0'));
    numbers.filter(|number| number.len() >= FEWEST_DIGITS).map(|number| cut(number, LONGEST_WORD)).collect()
}

/// The digits of a search for a phone number.
fn phone_query(query: &str) -> Option<String> {
    let digits = digit_groups(query)?.concat();
    let fewest = if query.trim_start().starts_with(['+', '＋', '0', '(']) { FEWEST_DIGITS } else { PHONE_DIGITS };
    let number = digits.trim_start_matches('0');
    (digits.len() >= fewest && !number.is_empty()).then(|| cut(number, LONGEST_WORD))
}

/// The first of the words, each once and none that is the beginning of another.
fn distinct(words: Vec<String>, most: usize) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for word in words {
        if kept.iter().any(|longer| longer.starts_with(&word)) {
            continue;
        }
        kept.retain(|shorter| !word.starts_with(shorter.as_str()));
        kept.push(word);
        if kept.len() == most {
            break;
        }
    }
    kept
}

fn cut(word: &str, most: usize) -> String {
    word.chars().take(most).collect()
}

/// Scripts that are written without spaces: Thai, Lao, Myanmar, Khmer, Hiragana, Katakana, Han.
fn is_spaceless(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}'
        | '\u{3021}'..='\u{3029}' | '\u{3038}'..='\u{303b}' | '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{a9e0}'..='\u{a9ff}' | '\u{aa60}'..='\u{aa7f}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether a record with the text is found by the query.
    fn finds(text: &str, query: &str) -> bool {
        let words = search_words(&[Some(text)]);
        let asked = query_words(query);
        !asked.is_empty() && asked.iter().all(|prefix| words.iter().any(|word| word.starts_with(prefix)))
    }

    #[test]
    fn records_are_found() {
        for (text, query) in [
            ("Nguyễn Văn An", "nguyen"),
            ("Nguyễn Văn An", "văn NG"),
            ("O'Brien & Sons", "brien"),
            ("北京华为技术有限公司", "华为"),
            ("北京华为技术有限公司", "北京 技术"),
            ("東京ABC株式会社", "東京abc"),
            ("東京ABC株式会社", "abc"),
            ("トヨタ自動車", "自動"),
            ("บริษัทกสิกรไทย", "กสิกร"),
            ("श्री कृष्ण", "कृष्ण"),
            ("김철수", "김철"),
            ("anna.berg@acme.com", "anna.berg@ac"),
            ("anna.berg@acme.com", "anna.berg@"),
            ("anna.berg@acme.com", "berg acme"),
            ("anna.berg@acme.com", "@acme.com"),
            ("Anna <anna@acme.com>", "anna@acme.com"),
            ("+49 30 1234567", "030 1234567"),
            ("+49 30 1234567", "0301234"),
            ("+49 30 1234567", "+49301234567"),
            ("+49301234567", "030 1234567"),
            ("+49 (0)30 1234567", "+49 30 123"),
            ("(785) 241-6200", "785 241 6200"),
            ("(785) 241-6200", "2416200"),
            ("+17852416200", "(785) 241"),
            ("०११ २३४५६७", "11 234567"),
            ("Studio 54", "54"),
            (&"x".repeat(60), &"x".repeat(50)),
            (&"漢字仮名交".repeat(8), &"字仮名交漢".repeat(6)),
        ] {
            assert!(finds(text, query), "{query} in {text}: {:?} in {:?}", query_words(query), search_words(&[Some(text)]));
        }
    }

    #[test]
    fn others_are_not() {
        for (text, query) in
            [("Nguyễn", "guyen"), ("Anna", "annabel"), ("김철수", "철수"), ("北京", "京北"), ("Anna", ""), ("Anna", "!?")]
        {
            assert!(!finds(text, query), "{query} in {text}");
        }
    }

    #[test]
    fn words_are_listed_once_and_limited() {
        assert_eq!(search_words(&[Some("Ada Lovelace"), None, Some("ada"), Some("Ada's")]), ["ada", "lovelace", "s"]);
        assert_eq!(search_words(&[Some("华为"), Some("ann@a.no")]), ["华为", "ann@a.no", "no", "为"]);
        let many: String = (0..200).map(|number| format!("word{number:03} ")).collect();
        assert_eq!(search_words(&[Some(&many)]).len(), MOST_WORDS);
        assert_eq!(query_words(&many).len(), MOST_QUERY_WORDS);
        assert_eq!(query_words("Ada, ADA love"), ["ada", "love"]);
    }

    proptest! {
        #[test]
        fn limits_hold(texts in prop::collection::vec(prop::option::of(any::<String>()), 0..4)) {
            let given: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
            let words = search_words(&given);
            prop_assert!(words.len() <= MOST_WORDS);
            prop_assert!(words.iter().all(|word| !word.is_empty() && word.chars().count() <= LONGEST_WORD));
            for text in given.into_iter().flatten() {
                prop_assert!(query_words(text).len() <= MOST_QUERY_WORDS);
            }
        }

        #[test]
        fn any_piece_of_a_chinese_name_is_found(name in "[\u{4e00}-\u{4e40}]{1,30}", start in 0usize..30, length in 1usize..30) {
            let letters: Vec<char> = name.chars().collect();
            let start = start % letters.len();
            let piece: String = letters[start..].iter().take(length).collect();
            prop_assert!(finds(&name, &piece));
        }
    }
}
