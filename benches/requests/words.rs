//! Made-up names: always the same for the same number.

const SYLLABLES: [&str; 20] = [
    "ba", "cor", "del", "fin", "gra", "hol", "jen", "kal", "lum", "mar", "nor", "pel", "rin", "sol", "tam", "ver", "win", "xen",
    "yor", "zel",
];
const FIRST_NAMES: [&str; 24] = [
    "Ada", "Bruno", "Chloé", "David", "Elif", "Farid", "Grete", "Hugo", "Ines", "Jonas", "Karin", "Luca", "Mina", "Nils", "Olga",
    "Pavel", "Quinn", "Rosa", "Sven", "Tara", "Uwe", "Vera", "Wang", "Zoë",
];

/// How many words companies are named with.
pub const WORDS: usize = 400;

/// A word of companies, such as `Corfin`.
pub fn word(number: usize) -> String {
    let number = number % WORDS;
    let word = format!("{}{}", SYLLABLES[number / SYLLABLES.len() % SYLLABLES.len()], SYLLABLES[number % SYLLABLES.len()]);
    word[..1].to_uppercase() + &word[1..]
}

/// A company's name of two words and a legal form.
pub fn company(number: usize) -> String {
    format!("{} {} {}", word(number), word(number / WORDS + number / 3), ["AG", "Ltd", "SARL"][number % 3])
}

/// A family name, one of 2 000, that is no word of companies.
pub fn family_name(number: usize) -> String {
    let name = format!("{}{}", word(number), ["sen", "er", "ova", "ini", "ez"][number / WORDS % 5]);
    name
}

/// A first name.
pub fn first_name(number: usize) -> String {
    FIRST_NAMES[number % FIRST_NAMES.len()].to_owned()
}
