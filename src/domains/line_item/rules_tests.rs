use proptest::prelude::*;

use super::*;

fn line(quantity: i64, unit_price: i64, currency: &str) -> Model {
    let now = chrono::DateTime::UNIX_EPOCH;
    Model {
        id: LineItemId::new(uuid::Uuid::nil()),
        version: 1,
        opportunity_id: entity::OpportunityId::new(uuid::Uuid::nil()),
        position: 1,
        product_id: None,
        description: Some("Something".to_owned()),
        quantity,
        currency: currency.to_owned(),
        unit_price,
        discount_percent: None,
        discount_amount: None,
        total: 0,
        external_id: None,
        created_at: now,
        updated_at: now,
    }
}

fn number(text: &str) -> crate::graphql::scalars::Decimal {
    crate::graphql::scalars::Decimal::read(text).expect("a number")
}

fn amount(text: &str, currency: Option<&str>) -> MoneyInput {
    let currency = currency.map(|code| crate::graphql::scalars::CurrencyCode(code.to_owned()));
    MoneyInput { amount: number(text), currency }
}

/// Reads a new line of something at a price; answers its total, or the first problem.
fn read(currency: &str, quantity: &str, price: &str, percent: Option<&str>, off: Option<&str>) -> Result<String, String> {
    let given = |text: Option<&str>| text.map_or(MaybeUndefined::Undefined, |text| MaybeUndefined::Value(number(text)));
    let fields = LineItemFields {
        quantity: MaybeUndefined::Value(number(quantity)),
        unit_price: MaybeUndefined::Value(amount(price, None)),
        discount_percent: given(percent),
        discount_amount: off.map_or(MaybeUndefined::Undefined, |off| MaybeUndefined::Value(amount(off, None))),
        ..LineItemFields::default()
    };
    let mut line = line(1_000, -1, currency);
    let (mut problems, offers) = (Problems::default(), Offers::new());
    Reader { problems: &mut problems, path: String::new(), offers: &offers }.apply(&fields, &mut line);
    match problems.into_vec().first() {
        Some(problem) => Err(problem.message.clone()),
        None => Ok(crate::values::money::Money { amount: line.total, currency: line.currency }.decimal().to_string()),
    }
}

#[test]
fn totals_round_half_to_even_in_the_currency_s_own_unit() {
    for (currency, quantity, price, percent, off, total) in [
        ("EUR", "1", "10.00", None, None, "10.00"),
        ("EUR", "0.5", "0.01", None, None, "0.00"),
        ("EUR", "1.5", "0.01", None, None, "0.02"),
        ("EUR", "2.5", "0.01", None, None, "0.02"),
        ("EUR", "3.5", "0.01", None, None, "0.04"),
        ("EUR", "2.501", "0.01", None, None, "0.03"),
        ("EUR", "0.001", "4.99", None, None, "0.00"),
        ("EUR", "0.001", "5.01", None, None, "0.01"),
        ("EUR", "3", "33.33", Some("33.3333"), None, "66.66"),
        ("EUR", "1", "0.05", Some("50"), None, "0.02"),
        ("EUR", "1", "0.15", Some("50"), None, "0.08"),
        ("EUR", "1", "99.99", Some("100"), None, "0.00"),
        ("EUR", "1", "100.00", Some("0.0001"), None, "100.00"),
        ("EUR", "1", "100000.00", Some("0.0001"), None, "99999.90"),
        ("EUR", "2", "10.00", None, Some("0.01"), "19.99"),
        ("EUR", "2", "10.00", None, Some("20.00"), "0.00"),
        ("EUR", "2.5", "0.01", None, Some("0.01"), "0.02"),
        ("JPY", "0.5", "1", None, None, "0"),
        ("JPY", "1.5", "1", None, None, "2"),
        ("JPY", "2.5", "1", None, None, "2"),
        ("JPY", "1", "1999", Some("15"), None, "1699"),
        ("JPY", "1", "1990", Some("15"), None, "1692"),
        ("JPY", "3", "1000", None, Some("1"), "2999"),
        ("KWD", "0.5", "0.001", None, None, "0.000"),
        ("KWD", "1.5", "0.001", None, None, "0.002"),
        ("KWD", "2.5", "0.001", None, None, "0.002"),
        ("KWD", "7", "1.250", Some("12.5"), None, "7.656"),
        ("KWD", "1", "1.005", Some("10"), None, "0.904"),
        ("EUR", "1", "99999999999999.99", None, None, "99999999999999.99"),
        ("JPY", "1", "99999999999999", None, None, "99999999999999"),
        ("EUR", "999999999.999", "99999999999999.99", Some("100"), None, "0.00"),
        ("EUR", "2", "99999999999999.99", Some("50"), None, "99999999999999.99"),
    ] {
        let case = format!("{quantity} x {price} {currency} less {percent:?} % or {off:?}");
        assert_eq!(read(currency, quantity, price, percent, off).as_deref(), Ok(total), "{case}");
    }
}

#[test]
fn wrong_lines_are_refused() {
    for (currency, quantity, price, percent, off, message) in [
        ("EUR", "0", "1", None, None, "Quantity must be above 0 and at most 999999999.999."),
        ("EUR", "-1", "1", None, None, "Quantity must be above 0 and at most 999999999.999."),
        ("EUR", "1000000000", "1", None, None, "Quantity must be above 0 and at most 999999999.999."),
        ("EUR", "79228162514264337593543950335", "1", None, None, "Quantity must be above 0 and at most 999999999.999."),
        ("EUR", "0.0001", "1", None, None, "Quantity may have at most 3 decimals."),
        ("EUR", "1", "-0.01", None, None, "Unit price must not be negative."),
        ("EUR", "1", "0.001", None, None, "Unit price may have at most 2 decimals in EUR."),
        ("JPY", "1", "0.5", None, None, "Unit price must be a whole number in JPY."),
        ("EUR", "1", "1", Some("100.0001"), None, "Discount percent must be from 0 to 100."),
        ("EUR", "1", "1", Some("-1"), None, "Discount percent must be from 0 to 100."),
        ("EUR", "1", "1", Some("0.00001"), None, "Discount percent may have at most 4 decimals."),
        ("EUR", "1", "1", Some("1"), Some("1"), "A discount is in percent or an amount: give one of both."),
        ("EUR", "1", "1", None, Some("-1"), "Discount amount must not be negative."),
        ("EUR", "1", "1", None, Some("1.01"), "The discount is larger than quantity times unit price: give at most that."),
        (
            "EUR",
            "1.001",
            "99999999999999.99",
            None,
            None,
            "The line item comes to more than 99999999999999.9999: give a smaller quantity or unit price.",
        ),
    ] {
        let case = format!("{quantity} x {price} {currency} less {percent:?} % or {off:?}");
        assert_eq!(read(currency, quantity, price, percent, off), Err(message.to_owned()), "{case}");
    }
}

#[test]
fn the_sum_must_fit() {
    let of = |total: i64| Model { total, ..line(1_000, 0, "EUR") };
    assert_eq!(sum(&[of(LARGEST - 100), of(100)]), Ok(LARGEST));
    assert_eq!(sum(&[of(LARGEST), of(100)]).map_err(|problem| problem.code), Err(UserErrorCode::OutOfRange));
    assert!(sum(&vec![of(LARGEST); MOST_LINES]).is_err());
}

proptest! {
    #[test]
    fn a_total_is_within_half_a_unit_of_the_exact_value(
        quantity in 1..=LARGEST_QUANTITY,
        units in 0_i64..1_000_000,
        percent in 0..=WHOLE,
        currency in prop::sample::select(vec!["JPY", "EUR", "KWD", "CLF"]),
    ) {
        let unit = smallest_unit(currency);
        let line = Model { discount_percent: Some(percent), ..line(quantity, units * unit, currency) };
        if let Some(total) = total(&line) {
            prop_assert_eq!(total % unit, 0);
            let exact = value(&line) * i128::from(WHOLE - percent);
            let scale = 1_000 * i128::from(WHOLE);
            let apart = (i128::from(total) * scale - exact).abs() * 2;
            prop_assert!(apart < i128::from(unit) * scale || (apart == i128::from(unit) * scale && total / unit % 2 == 0));
        }
    }
}
