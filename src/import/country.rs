//! Countries as people write them: by ISO 3166-1 code, or by a name in English.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::graphql::scalars::CountryCode;
use crate::values::fold::fold;

/// What people call countries that ISO calls otherwise.
const EVERYDAY: [(&str, &str); 16] = [
    ("united states", "US"),
    ("u.s.a.", "US"),
    ("u.s.", "US"),
    ("uk", "GB"),
    ("u.k.", "GB"),
    ("united kingdom", "GB"),
    ("great britain", "GB"),
    ("england", "GB"),
    ("russia", "RU"),
    ("south korea", "KR"),
    ("north korea", "KP"),
    ("vietnam", "VN"),
    ("czech republic", "CZ"),
    ("laos", "LA"),
    ("syria", "SY"),
    ("turkiye", "TR"),
];

/// The country that a text names: by its alpha-2 or alpha-3 code, its official name, that name without what stands behind it in
/// brackets or after a comma, or an everyday one. Nothing where that isn't clear: Korea is two.
pub fn country(text: &str) -> Option<CountryCode> {
    static NAMES: LazyLock<HashMap<String, &str>> = LazyLock::new(names);
    let code = text.to_uppercase();
    CountryCode::read(&code)
        .or_else(|| rust_iso3166::from_alpha3(&code).map(|country| CountryCode(country.alpha2.to_owned())))
        .or_else(|| NAMES.get(&fold(text)).map(|code| CountryCode((*code).to_owned())))
}

fn names() -> HashMap<String, &'static str> {
    let short = |name: &str| fold(name.split(['(', ',', '[']).next().unwrap_or_default());
    let mut shared: HashMap<String, u8> = HashMap::new();
    for country in rust_iso3166::ALL {
        *shared.entry(short(country.name)).or_default() += 1;
    }
    let mut names: HashMap<String, &str> = HashMap::new();
    for country in rust_iso3166::ALL {
        let short = short(country.name);
        if shared.get(&short) == Some(&1) {
            names.insert(short, country.alpha2);
        }
    }
    names.extend(EVERYDAY.map(|(name, code)| (name.to_owned(), code)));
    names.extend(rust_iso3166::ALL.iter().map(|country| (fold(country.name), country.alpha2)));
    names
}

#[cfg(test)]
mod tests {
    use super::country;

    #[test]
    fn countries_by_code_and_name() {
        for (text, code) in [
            ("NO", Some("NO")),
            ("usa", Some("US")),
            ("United States", Some("US")),
            ("united states of america", Some("US")),
            ("Taiwan", Some("TW")),
            ("Taiwan, Province of China", Some("TW")),
            ("Cote d'Ivoire", Some("CI")),
            ("UK", Some("GB")),
            ("Congo", Some("CG")),
            ("Korea", None),
            ("Philipines", None),
            ("", None),
        ] {
            assert_eq!(country(text).map(|code| code.0).as_deref(), code, "{text}");
        }
    }
}
