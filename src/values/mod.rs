//! Values that clean and check themselves: texts, e-mail addresses, phone numbers, websites, money, dates.
//!
//! Pure functions: no database, no clock. Those that read input take the `Problems` to report to and the path of the field,
//! and answer the clean value, or nothing when there was none or it was refused.

pub mod calendar;
pub mod cell;
pub mod email;
pub mod exchange_rate;
pub mod fold;
pub mod money;
pub mod phone;
pub mod text;
pub mod url;

/// What a sentence calls a field: the last step of its path in words, `["input", "lastName"]` being "Last name".
pub fn label(field: &str) -> String {
    let is_name = |step: &&str| step.starts_with(char::is_alphabetic);
    let name = field.rsplit('.').find(is_name).unwrap_or("value");
    let mut words = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if words.is_empty() {
            words.extend(letter.to_uppercase());
        } else if letter.is_uppercase() {
            words.push(' ');
            words.extend(letter.to_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn fields_become_words() {
        for (field, expected) in [
            ("lastName", "Last name"),
            ("email", "Email"),
            ("address.postalCode", "Postal code"),
            ("lineItems.0.unitPrice", "Unit price"),
            ("rows.3", "Rows"),
            ("", "Value"),
        ] {
            assert_eq!(label(field), expected, "{field}");
        }
    }
}
