//! Cells of CSV files that are opened in spreadsheets, which take some texts for formulas.
//!
//! Such a text gets an apostrophe before it, which spreadsheets take as the sign of a text. So does one that begins with apostrophes
//! and would be one without them: what is read back is exactly what was written.

use std::borrow::Cow;

/// The signs that formulas begin with, also in the width of East Asian signs, and those that lead to them.
const BEGINNINGS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(BEGINNINGS)
}

/// The text as it can do no harm in a spreadsheet.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that a cell was made of.
pub fn original(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_formula(text) => text,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_become_texts() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+47 22 33 44 55", "'+47 22 33 44 55"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("'=1", "''=1"),
            ("＝1", "'＝1"),
            ("\t=1", "'\t=1"),
            ("'quoted'", "'quoted'"),
            ("O'Brien", "O'Brien"),
            ("1-2", "1-2"),
            ("", ""),
        ] {
            assert_eq!(harmless(text), cell);
            assert_eq!(original(cell), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_read_back_is_what_was_written(text in "['=+@a\t-]{0,6}|\\PC*") {
            let cell = harmless(&text);
            prop_assert_eq!(original(&cell), &text);
            prop_assert!(!cell.starts_with(BEGINNINGS));
        }
    }
}
