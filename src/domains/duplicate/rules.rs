//! How alike two records are: pure decisions.

use std::cmp::Reverse;

/// From this score on, a match is strong: it refuses a call that allows no duplicates.
pub const STRONG: i32 = 90;

/// What persons and companies are matched by, in the form that is compared. An empty text matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Traits {
    /// The e-mail address.
    pub email: String,
    /// The phone number in E.164.
    pub phone: String,
    /// The company's name without its legal form.
    pub company: String,
    /// The web domain.
    pub domain: String,
}

impl Traits {
    /// Whether there is nothing to match by.
    pub fn is_empty(&self) -> bool {
        self.email.is_empty() && self.phone.is_empty() && self.company.is_empty() && self.domain.is_empty()
    }
}

/// Whether the two records are compared as persons (a lead, a contact) or as companies (a lead, an account).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// The same e-mail address says that it is the same person; a shared company says little.
    Person,
    /// The same name says that it is the same company.
    Company,
}

/// The score from 0 to 100 and the reasons; null where the two share nothing.
pub fn compare(a: &Traits, b: &Traits, likeness: Likeness) -> Option<(i32, Vec<String>)> {
    let shared = |a: &str, b: &str| !a.is_empty() && a == b;
    let weights = match likeness {
        Likeness::Person => [95, 75, 40, 30],
        Likeness::Company => [60, 70, 90, 80],
    };
    let signs = [
        (shared(&a.email, &b.email), "same e-mail address"),
        (shared(&a.phone, &b.phone), "same phone number"),
        (shared(&a.company, &b.company), "same company name"),
        (shared(&a.domain, &b.domain), "same web domain"),
    ];
    let found: Vec<(i32, &str)> =
        signs.iter().zip(weights).filter(|((shared, _), _)| *shared).map(|((_, reason), weight)| (weight, *reason)).collect();
    let best = found.iter().map(|(weight, _)| *weight).max()?;
    // Each further sign makes it likelier, but never certain by itself.
    let more = i32::try_from(found.len()).unwrap_or(1) - 1;
    let mut reasons = found;
    reasons.sort_by_key(|(weight, _)| Reverse(*weight));
    Some(((best + 5 * more).min(100), reasons.into_iter().map(|(_, reason)| reason.to_owned()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traits(email: &str, phone: &str, company: &str, domain: &str) -> Traits {
        let [email, phone, company, domain] = [email, phone, company, domain].map(str::to_owned);
        Traits { email, phone, company, domain }
    }

    #[test]
    fn scores_and_reasons() {
        let one = traits("a@acme.com", "+4712345678", "acme", "acme.com");
        let cases = [
            (traits("a@acme.com", "", "", ""), Likeness::Person, Some((95, 1))),
            (traits("", "+4712345678", "", ""), Likeness::Person, Some((75, 1))),
            (traits("", "", "acme", "acme.com"), Likeness::Person, Some((45, 2))),
            (traits("a@acme.com", "+4712345678", "acme", "acme.com"), Likeness::Person, Some((100, 4))),
            (traits("", "", "acme", ""), Likeness::Company, Some((90, 1))),
            (traits("", "", "acme", "acme.com"), Likeness::Company, Some((95, 2))),
            (traits("b@acme.com", "", "other", "else.com"), Likeness::Person, None),
            (Traits::default(), Likeness::Company, None),
        ];
        for (other, likeness, expected) in cases {
            assert_eq!(compare(&one, &other, likeness).map(|(score, reasons)| (score, reasons.len())), expected, "{other:?}");
        }
        assert_eq!(compare(&Traits::default(), &Traits::default(), Likeness::Person), None);
    }
}
