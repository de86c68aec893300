//! Text as it is kept: NFC, trimmed, without control characters, and never cut.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::error::{Problems, UserError, UserErrorCode};
use crate::values::label;

/// How long a text may be, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextLimit {
    /// Names of people, companies and things: 200.
    Name,
    /// Other texts of one line: 255.
    Short,
    /// Descriptions and notes, of many lines: 10 000.
    Long,
}

impl TextLimit {
    /// The limit in characters.
    pub fn characters(self) -> usize {
        match self {
            Self::Name => 200,
            Self::Short => 255,
            Self::Long => 10_000,
        }
    }
}

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextProblem {
    /// It has more characters than allowed.
    TooLong {
        /// How many characters are allowed.
        limit: usize,
        /// How many it has.
        length: usize,
    },
    /// It holds a line break or a tab, which only long texts may.
    SeveralLines,
    /// It holds this control character.
    Control(char),
}

impl TextProblem {
    /// The problem's code in `userErrors`.
    pub fn code(self) -> UserErrorCode {
        match self {
            Self::TooLong { .. } => UserErrorCode::TooLong,
            Self::SeveralLines | Self::Control(_) => UserErrorCode::Invalid,
        }
    }

    /// The problem as a sentence about the field with this label.
    pub fn message(self, label: &str) -> String {
        match self {
            Self::TooLong { limit, length } => format!("{label} may have at most {limit} characters; this one has {length}."),
            Self::SeveralLines => format!("{label} must be a single line without tabs."),
            Self::Control(control) => {
                format!("{label} must not contain control characters; remove U+{:04X}.", u32::from(control))
            }
        }
    }
}

/// The text as it is kept: NFC, trimmed, line breaks as LF; nothing where nothing can be seen.
///
/// Control characters are refused (long texts may have line breaks and tabs), and so is what is longer than the limit.
pub fn clean(text: &str, limit: TextLimit) -> Result<Option<String>, TextProblem> {
    let composed = compose(text);
    let trimmed = composed.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}'));
    if trimmed.chars().all(is_invisible) {
        return Ok(None);
    }
    let text = if limit == TextLimit::Long && trimmed.contains('\r') {
        trimmed.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        trimmed.to_owned()
    };
    for control in text.chars().filter(|c| c.is_control()) {
        match (control, limit) {
            ('\n' | '\t', TextLimit::Long) => {}
            ('\n' | '\t' | '\r', _) => return Err(TextProblem::SeveralLines),
            _ => return Err(TextProblem::Control(control)),
        }
    }
    let length = text.chars().count();
    let limit = limit.characters();
    if length > limit { Err(TextProblem::TooLong { limit, length }) } else { Ok(Some(text)) }
}

/// A text that may be absent, cleaned. A problem is reported at the field, and answers nothing.
pub fn optional(problems: &mut Problems, field: &str, text: Option<&str>, limit: TextLimit) -> Option<String> {
    let cleaned = clean(text?, limit).map_err(|problem| UserError::at(problem.code(), field, problem.message(&label(field))));
    problems.keep(cleaned).flatten()
}

/// A text that must be given, cleaned. Absent, blank or unusable text is reported at the field, and answers nothing.
pub fn required(problems: &mut Problems, field: &str, text: Option<&str>, limit: TextLimit) -> Option<String> {
    let cleaned = match clean(text.unwrap_or_default(), limit) {
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(UserError::at(UserErrorCode::Required, field, format!("{} must be given.", label(field)))),
        Err(problem) => Err(UserError::at(problem.code(), field, problem.message(&label(field)))),
    };
    problems.keep(cleaned)
}

/// NFC, without copying what is NFC already.
pub(super) fn compose(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        IsNormalized::No | IsNormalized::Maybe => Cow::Owned(text.nfc().collect()),
    }
}

/// Characters without width that change at most how their neighbours look: joiners, direction marks, variation selectors.
pub(super) fn is_zero_width(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// What leaves no mark on the screen: blanks, zero-width characters, and the fillers that count as letters.
fn is_invisible(c: char) -> bool {
    c.is_whitespace() || is_zero_width(c) || matches!(c, '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_are_trimmed_composed_and_emptied() {
        for (text, limit, expected) in [
            ("  Ada Lovelace \n", TextLimit::Name, Some("Ada Lovelace")),
            ("Nguye\u{302}\u{303}n", TextLimit::Name, Some("Nguyễn")),
            ("\u{feff}Ada\u{200b}", TextLimit::Name, Some("Ada")),
            ("का\u{200d}", TextLimit::Name, Some("का\u{200d}")),
            ("", TextLimit::Name, None),
            (" \u{a0}\u{3000}\t\r\n", TextLimit::Short, None),
            ("\u{200b}\u{200d}\u{feff}\u{3164}", TextLimit::Short, None),
            ("one\r\ntwo\rthree\n\tfour", TextLimit::Long, Some("one\ntwo\nthree\n\tfour")),
        ] {
            assert_eq!(clean(text, limit), Ok(expected.map(str::to_owned)), "{text:?}");
        }
    }

    #[test]
    fn control_characters_are_refused() {
        for (text, limit, expected) in [
            ("a\0b", TextLimit::Long, TextProblem::Control('\0')),
            ("\0", TextLimit::Name, TextProblem::Control('\0')),
            ("a\u{7f}b", TextLimit::Long, TextProblem::Control('\u{7f}')),
            ("a\u{85}b", TextLimit::Name, TextProblem::Control('\u{85}')),
            ("a\nb", TextLimit::Short, TextProblem::SeveralLines),
            ("a\tb", TextLimit::Name, TextProblem::SeveralLines),
        ] {
            assert_eq!(clean(text, limit), Err(expected), "{text:?}");
        }
        assert_eq!(TextProblem::Control('\0').message("Name"), "Name must not contain control characters; remove U+0000.");
    }

    #[test]
    fn limits_count_characters() {
        for limit in [TextLimit::Name, TextLimit::Short, TextLimit::Long] {
            let longest = "名".repeat(limit.characters());
            assert_eq!(clean(&longest, limit), Ok(Some(longest.clone())));
            let problem = TextProblem::TooLong { limit: limit.characters(), length: limit.characters() + 1 };
            assert_eq!(clean(&format!("{longest}x"), limit), Err(problem));
        }
        let problem = TextProblem::TooLong { limit: 200, length: 201 };
        assert_eq!(problem.message("Last name"), "Last name may have at most 200 characters; this one has 201.");
    }

    #[test]
    fn problems_are_collected_with_their_field() {
        let mut problems = Problems::default();
        assert_eq!(required(&mut problems, "lastName", Some(" "), TextLimit::Name), None);
        assert_eq!(required(&mut problems, "company", None, TextLimit::Name), None);
        assert_eq!(required(&mut problems, "title", Some("a\0"), TextLimit::Name), None);
        assert_eq!(required(&mut problems, "firstName", Some(" Ada "), TextLimit::Name).as_deref(), Some("Ada"));
        assert_eq!(optional(&mut problems, "industry", None, TextLimit::Short), None);
        assert_eq!(optional(&mut problems, "address.city", Some(&"x".repeat(300)), TextLimit::Short), None);
        let found: Vec<_> = problems.into_vec().into_iter().map(|problem| (problem.code, problem.message)).collect();
        assert_eq!(
            found,
            [
                (UserErrorCode::Required, "Last name must be given.".to_owned()),
                (UserErrorCode::Required, "Company must be given.".to_owned()),
                (UserErrorCode::Invalid, "Title must not contain control characters; remove U+0000.".to_owned()),
                (UserErrorCode::TooLong, "City may have at most 255 characters; this one has 300.".to_owned()),
            ]
        );
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in any::<String>(), blank in "[ \r\n\t\u{200b}a\u{301}]{0,12}") {
            for text in [text, blank] {
                if let Ok(Some(once)) = clean(&text, TextLimit::Long) {
                    prop_assert_eq!(clean(&once, TextLimit::Long), Ok(Some(once.clone())));
                }
            }
        }
    }
}
