//! The key under which two spellings of a company's name meet.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::char::is_combining_mark;

use super::fold;

/// Legal forms at the end of a name, folded, without dots and blanks: `S. A.`, `S.A.` and `SA` are all `sa` here.
static TRAILING_FORMS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let latin = "ab abp ag aps as asa bhd bv bvba co company corp corporation cv decv doo eg ehf ek eood epe eurl ev gbr gesmbh ggmbh \
        gmbh hf inc incorporated kft kg kgaa kk ks lc lda limitada limited llc llp lp ltd ltda mbh nv nyrt ohg ood ou oy oyj plc pllc \
        private proprietary pte pty pvt sa sab sabdecv sadecv sapi sapidecv sarl sas sasu sca sce sci sderl sderldecv sdn sdnbhd se sl \
        sll slu snc spa spzoo srl srls sro sti tbk ug unlimited vof zrt";
    let others = "ао зао оао ооо пао тоо 株 有 株式会社 有限会社 合同会社 주 주식회사 유한회사 จำกัด มหาชน";
    latin.split_whitespace().chain(others.split_whitespace()).collect()
});

/// Legal forms and articles before a name, written the same way.
static LEADING_FORMS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let forms = "the pt congtycophan congtycp congtytnhh ао зао оао ооо пао тоо 株 有 株式会社 有限会社 合同会社 주 주식회사 유한회사 \
        บริษัท หจก";
    forms.split_whitespace().collect()
});

/// Legal forms that are written without a blank between them and the name, the longer before those that they end with.
const ATTACHED_FORMS: [&str; 13] = [
    "股份有限公司",
    "有限责任公司",
    "有限責任公司",
    "有限公司",
    "公司",
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "주식회사",
    "유한회사",
    "จำกัด",
    "บริษัท",
];

/// The most words that one legal form is written in: "S. de R. L. de C. V." without its dots has five or more.
const LONGEST_FORM: usize = 7;

/// The key for matching company names: folded, without punctuation, legal forms and a leading "the".
///
/// `company_key("The Müller-Lüdenscheidt GmbH & Co. KG") == "muller ludenscheidt"`. Something always remains: a name that
/// consists of legal forms keeps one, and a name without letters and digits is only folded.
pub fn company_key(name: &str) -> String {
    let folded = fold(name);
    let spaced = folded.replace('&', " and ").replace(['.', '\'', '’', '`'], "");
    let plain = |c: char| !(c.is_alphanumeric() || is_combining_mark(c));
    let mut words: Vec<&str> = spaced.split(plain).filter(|word| !word.is_empty()).collect();
    while let Some(count) = leading_form(&words) {
        words.drain(..count);
    }
    while let Some(count) = trailing_form(&words) {
        words.truncate(words.len() - count);
    }
    if let [first, .., last] = words.as_mut_slice() {
        *first = without_attached_start(first);
        *last = without_attached_end(last);
    } else if let [only] = words.as_mut_slice() {
        *only = without_attached_end(without_attached_start(only));
    }
    if words.is_empty() { folded } else { words.join(" ") }
}

/// How many words at the start are a legal form or an article, if others follow.
fn leading_form(words: &[&str]) -> Option<usize> {
    (1..words.len().min(LONGEST_FORM + 1)).rev().find(|count| LEADING_FORMS.contains(words[..*count].concat().as_str()))
}

/// How many words at the end are a legal form, with the "and" before it, if others precede.
fn trailing_form(words: &[&str]) -> Option<usize> {
    let is_form = |count: &usize| TRAILING_FORMS.contains(words[words.len() - count..].concat().as_str());
    let count = (1..words.len().min(LONGEST_FORM + 1)).rev().find(is_form)?;
    let before = &words[..words.len() - count];
    let joined = before.len() > 1 && before.last() == Some(&"and");
    Some(if joined { count + 1 } else { count })
}

fn without_attached_start(word: &str) -> &str {
    let rest = ATTACHED_FORMS.iter().find_map(|form| word.strip_prefix(form));
    rest.filter(|rest| !rest.is_empty()).unwrap_or(word)
}

fn without_attached_end(word: &str) -> &str {
    let rest = ATTACHED_FORMS.iter().find_map(|form| word.strip_suffix(form));
    rest.filter(|rest| !rest.is_empty()).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn legal_forms_and_punctuation_do_not_count() {
        for (name, expected) in [
            ("Acme, Inc.", "acme"),
            ("ACME Incorporated", "acme"),
            ("The Acme Company", "acme"),
            ("Müller-Lüdenscheidt GmbH & Co. KG", "muller ludenscheidt"),
            ("Total S.A.", "total"),
            ("Total S. A.", "total"),
            ("Novo Nordisk A/S", "novo nordisk"),
            ("Ferrari S.p.A.", "ferrari"),
            ("Grupo Bimbo, S.A.B. de C.V.", "grupo bimbo"),
            ("Cemex S. de R.L. de C.V.", "cemex"),
            ("Budimex Sp. z o.o.", "budimex"),
            ("Infosys Pvt. Ltd.", "infosys"),
            ("BHP Pty Ltd", "bhp"),
            ("Tiffany & Co.", "tiffany"),
            ("Johnson & Johnson", "johnson and johnson"),
            ("Johnson and Johnson", "johnson and johnson"),
            ("O'Reilly Media", "oreilly media"),
            ("Türk Hava Yolları A.Ş.", "turk hava yollari"),
            ("腾讯控股有限公司", "腾讯控股"),
            ("比亚迪股份有限公司", "比亚迪"),
            ("株式会社トヨタ", "トヨタ"),
            ("トヨタ自動車株式会社", "トヨタ自動車"),
            ("㈱トヨタ", "トヨタ"),
            ("삼성전자 주식회사", "삼성전자"),
            ("(주)삼성전자", "삼성전자"),
            ("ООО «Ромашка»", "ромашка"),
            ("บริษัท กสิกร จำกัด (มหาชน)", "กสิกร"),
            ("บริษัทกสิกรจำกัด", "กสิกร"),
            ("Công ty TNHH Hoa Sen", "hoa sen"),
            ("Burlington Textiles Corp of America", "burlington textiles corp of america"),
        ] {
            assert_eq!(company_key(name), expected, "{name}");
        }
    }

    #[test]
    fn something_always_remains() {
        for (name, expected) in [
            ("The Company", "company"),
            ("Limited", "limited"),
            ("The The", "the"),
            ("& Co.", "and"),
            ("有限公司", "有限公司"),
            ("???", "???"),
            ("", ""),
        ] {
            assert_eq!(company_key(name), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_key_is_never_empty(name in any::<String>()) {
            prop_assert_eq!(company_key(&name).is_empty(), fold(&name).is_empty());
        }
    }
}
