//! E-mail addresses: checked, kept with the local part as typed, compared case-insensitively.

use email_address::{EmailAddress, Options};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::error::{Problems, UserError, UserErrorCode};
use crate::values::label;
use crate::values::text::{TextLimit, TextProblem, clean};

/// The longest address that can be delivered to, in characters (RFC 5321).
const MOST_CHARACTERS: usize = 254;

/// Why an e-mail address is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailProblem {
    /// It isn't acceptable as a text: too long, or with control characters.
    Text(TextProblem),
    /// It doesn't have the form of an address.
    Malformed,
}

impl EmailProblem {
    /// The problem's code in `userErrors`.
    pub fn code(self) -> UserErrorCode {
        match self {
            Self::Text(problem) => problem.code(),
            Self::Malformed => UserErrorCode::Invalid,
        }
    }

    /// The problem as a sentence about the field with this label.
    pub fn message(self, label: &str) -> String {
        match self {
            Self::Text(problem) => problem.message(label),
            Self::Malformed => format!("{label} must be one e-mail address such as ada@example.com."),
        }
    }
}

/// The address as it is kept: NFC, trimmed, the domain in lower case, the local part as typed; nothing where nothing was given.
///
/// Any script may be used. The domain must have a dot. At most 254 characters.
pub fn clean_email(email: &str) -> Result<Option<String>, EmailProblem> {
    let too_long = |length| EmailProblem::Text(TextProblem::TooLong { limit: MOST_CHARACTERS, length });
    let cleaned = clean(email, TextLimit::Long).map_err(|problem| match problem {
        TextProblem::TooLong { length, .. } => too_long(length),
        other => EmailProblem::Text(other),
    });
    let Some(email) = cleaned? else { return Ok(None) };
    let length = email.chars().count();
    if length > MOST_CHARACTERS {
        return Err(too_long(length));
    }
    let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
    // The library knows letters but not the marks that are part of them in many scripts, so it is shown a letter instead.
    let shown: String = email.chars().map(|c| if is_combining_mark(c) { 'm' } else { c }).collect();
    EmailAddress::parse_with_options(&shown, options).map_err(|_| EmailProblem::Malformed)?;
    let (local, domain) = email.rsplit_once('@').ok_or(EmailProblem::Malformed)?;
    Ok(Some(format!("{local}@{}", domain.to_lowercase())))
}

/// The key under which an address is compared: lower case, NFC, trimmed.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase().nfc().collect()
}

/// An address that may be absent, cleaned. A problem is reported at the field, and answers nothing.
pub fn optional_email(problems: &mut Problems, field: &str, email: Option<&str>) -> Option<String> {
    let cleaned = clean_email(email?).map_err(|problem| UserError::at(problem.code(), field, problem.message(&label(field))));
    problems.keep(cleaned).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_kept() {
        for (email, expected) in [
            (" Ada.Lovelace@Example.COM ", Some("Ada.Lovelace@example.com")),
            ("o'brien+sales@mail.example.co.uk", Some("o'brien+sales@mail.example.co.uk")),
            ("b.levy@expressl&t.net", Some("b.levy@expressl&t.net")),
            ("用户@例子.广告", Some("用户@例子.广告")),
            ("हिन्दी@उदाहरण.भारत", Some("हिन्दी@उदाहरण.भारत")),
            ("Jo\u{308}rg@Müller.de", Some("Jörg@müller.de")),
            ("  \u{200b}", None),
        ] {
            assert_eq!(clean_email(email), Ok(expected.map(str::to_owned)), "{email}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for email in [
            "ada",
            "ada@",
            "@example.com",
            "ada@localhost",
            "ada@example.",
            "ada@.com",
            "ada@@example.com",
            "ada b@example.com",
            "ada@exa mple.com",
            "Ada <ada@example.com>",
            "ada@[127.0.0.1]",
            "a@example.com, b@example.com",
            "ada..b@example.com",
        ] {
            assert_eq!(clean_email(email), Err(EmailProblem::Malformed), "{email}");
        }
        assert_eq!(clean_email("a\0@example.com"), Err(EmailProblem::Text(TextProblem::Control('\0'))));
        assert_eq!(clean_email("a@example.com\nb@example.com"), Err(EmailProblem::Malformed));
        for labels in [40, 4000] {
            let email = format!("ada@{}com", "example.".repeat(labels));
            let problem = TextProblem::TooLong { limit: 254, length: email.len() };
            assert_eq!(clean_email(&email), Err(EmailProblem::Text(problem)));
        }
    }

    #[test]
    fn comparison_ignores_case() {
        assert_eq!(email_key("Ada@Example.com"), email_key(" aDA@eXAMPLE.COM"));
        assert_eq!(email_key("JO\u{308}RG@example.com"), "jörg@example.com");
    }

    #[test]
    fn the_field_is_named() {
        let mut problems = Problems::default();
        assert_eq!(optional_email(&mut problems, "email", Some("ada")), None);
        assert_eq!(optional_email(&mut problems, "email", None), None);
        let problems = problems.into_vec();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].message, "Email must be one e-mail address such as ada@example.com.");
        assert_eq!(problems[0].field.as_deref(), Some(&["input".to_owned(), "email".to_owned()][..]));
    }
}
