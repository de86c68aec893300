//! Money: exact amounts with an ISO 4217 currency.
//!
//! Amounts are whole ten-thousandths of the currency's main unit, one scale for every currency (none has more than four decimals), so
//! that the database compares, sorts and sums them as integers.

use iso_currency::Currency;
use rust_decimal::Decimal;
use serde_json::json;

use crate::error::{Problems, UserError, UserErrorCode};
use crate::values::label;

/// Decimals of the scale that amounts are kept in.
pub const SCALE: u32 = 4;
/// The largest amount, up or down: 99 999 999 999 999.9999.
pub const LARGEST: i64 = 999_999_999_999_999_999;

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Money {
    /// In ten-thousandths of the currency's main unit: 12.50 is 125 000.
    pub amount: i64,
    /// The ISO 4217 code.
    pub currency: String,
}

/// Why an amount of money is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MoneyProblem {
    /// ISO 4217 has no such currency in circulation.
    UnknownCurrency(String),
    /// The amount is finer than the currency's smallest unit.
    TooManyDecimals {
        /// The ISO 4217 code.
        currency: String,
        /// How many decimals it has.
        decimals: u32,
    },
    /// The amount is beyond 99 999 999 999 999.9999.
    OutOfRange,
    /// The amount is below zero where that makes no sense.
    Negative,
}

impl MoneyProblem {
    /// The problem's code in `userErrors`.
    pub fn code(&self) -> UserErrorCode {
        match self {
            Self::UnknownCurrency(_) | Self::TooManyDecimals { .. } => UserErrorCode::Invalid,
            Self::OutOfRange | Self::Negative => UserErrorCode::OutOfRange,
        }
    }

    /// The problem as a sentence about the field with this label.
    pub fn message(&self, label: &str) -> String {
        match self {
            Self::UnknownCurrency(code) => format!("{label} is in {code:?}, which is no ISO 4217 currency code such as EUR."),
            Self::TooManyDecimals { currency, decimals: 0 } => format!("{label} must be a whole number in {currency}."),
            Self::TooManyDecimals { currency, decimals } => {
                format!("{label} may have at most {decimals} decimals in {currency}.")
            }
            Self::OutOfRange => format!("{label} must be between -99999999999999.9999 and 99999999999999.9999."),
            Self::Negative => format!("{label} must not be negative."),
        }
    }
}

impl Money {
    /// An exact amount in a currency; refused when the currency is unknown or the amount too fine or too large for it.
    pub fn from_decimal(amount: Decimal, currency: &str) -> Result<Self, MoneyProblem> {
        let decimals = currency_decimals(currency).ok_or_else(|| MoneyProblem::UnknownCurrency(currency.to_owned()))?;
        if amount.normalize().scale() > decimals {
            return Err(MoneyProblem::TooManyDecimals { currency: currency.to_owned(), decimals });
        }
        let amount = scale(amount).filter(|amount| (-LARGEST..=LARGEST).contains(amount)).ok_or(MoneyProblem::OutOfRange)?;
        Ok(Self { amount, currency: currency.to_owned() })
    }

    /// The amount with exactly the decimals of its currency: 1234.50 EUR, 1234 JPY, 1.234 KWD.
    pub fn decimal(&self) -> Decimal {
        let mut decimal = Decimal::new(self.amount, SCALE);
        decimal.rescale(self.decimals());
        decimal
    }

    /// This many percent of the amount, rounded to the currency's smallest unit, halves to the even neighbour.
    pub fn weighted(&self, percent: i32) -> Self {
        let unit = 10_i128.pow(SCALE - self.decimals());
        let units = divide_half_even(i128::from(self.amount) * i128::from(percent), 100 * unit);
        let amount = (units * unit).clamp(i64::MIN.into(), i64::MAX.into());
        Self { amount: i64::try_from(amount).unwrap_or_default(), currency: self.currency.clone() }
    }

    /// As histories and conversion plans write it: `{"amount": "1234.50", "currency": "EUR"}`.
    pub fn to_json(&self) -> serde_json::Value {
        json!({ "amount": self.decimal().to_string(), "currency": self.currency })
    }

    fn decimals(&self) -> u32 {
        currency_decimals(&self.currency).unwrap_or(SCALE)
    }
}

/// How many decimals a currency has; nothing for what is no currency that amounts are kept in.
pub fn currency_decimals(currency: &str) -> Option<u32> {
    let decimals = u32::from(Currency::from_code(currency)?.exponent()?);
    (decimals <= SCALE).then_some(decimals)
}

/// The currency's smallest unit in ten-thousandths of its main one: 100 for EUR, 10 000 for JPY, 10 for KWD.
pub fn smallest_unit(currency: &str) -> i64 {
    10_i64.pow(SCALE - currency_decimals(currency).unwrap_or(SCALE))
}

/// The number in ten-thousandths, if it is one: at most four decimals, within 64 bits.
pub fn scale(number: Decimal) -> Option<i64> {
    let scaled = scale_for_filter(number);
    scaled.exact.then_some(scaled.floor)
}

/// A number of any size and fineness against which amounts in ten-thousandths are compared.
///
/// With `floor` and `exact`: `amount > number` is `amount > floor`; `amount <= number` is `amount <= floor`; `amount >= number` is
/// `amount >= floor` if exact, otherwise `amount > floor`; `amount < number` is `amount < floor` if exact, otherwise
/// `amount <= floor`; and no amount equals what is not exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scaled {
    /// The largest ten-thousandth that is not above the number, or the end of 64 bits where it lies beyond.
    pub floor: i64,
    /// Whether the number is that ten-thousandth.
    pub exact: bool,
}

/// The number in ten-thousandths, for filters.
pub fn scale_for_filter(number: Decimal) -> Scaled {
    let beyond = if number.is_sign_negative() { i64::MIN } else { i64::MAX };
    let Some(scaled) = number.checked_mul(Decimal::from(10_i64.pow(SCALE))) else {
        return Scaled { floor: beyond, exact: false };
    };
    let floor = scaled.floor();
    match i64::try_from(floor) {
        Ok(whole) => Scaled { floor: whole, exact: floor == scaled },
        Err(_) => Scaled { floor: beyond, exact: false },
    }
}

/// An amount that may be absent, in its own currency or in the workspace's. A problem is reported at the field, and answers nothing.
pub fn optional_money(
    problems: &mut Problems,
    field: &str,
    money: Option<(Decimal, Option<&str>)>,
    default_currency: &str,
    allow_negative: bool,
) -> Option<Money> {
    let (amount, currency) = money?;
    let checked = Money::from_decimal(amount, currency.unwrap_or(default_currency))
        .and_then(|money| if money.amount < 0 && !allow_negative { Err(MoneyProblem::Negative) } else { Ok(money) })
        .map_err(|problem| UserError::at(problem.code(), field, problem.message(&label(field))));
    problems.keep(checked)
}

/// The quotient of a positive divisor, rounded, halves to the even neighbour.
pub fn divide_half_even(dividend: i128, divisor: i128) -> i128 {
    let floor = dividend.div_euclid(divisor);
    let rest = dividend.rem_euclid(divisor);
    match (rest * 2).cmp(&divisor) {
        std::cmp::Ordering::Less => floor,
        std::cmp::Ordering::Greater => floor + 1,
        std::cmp::Ordering::Equal => floor + floor.rem_euclid(2),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::from_str_exact(text).expect("a number")
    }

    fn money(text: &str, currency: &str) -> Money {
        Money::from_decimal(number(text), currency).expect("money")
    }

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        for (given, currency, amount, shown) in [
            ("1234.5", "EUR", 12_345_000, "1234.50"),
            ("1234.500", "EUR", 12_345_000, "1234.50"),
            ("1234", "JPY", 12_340_000, "1234"),
            ("1234.00", "JPY", 12_340_000, "1234"),
            ("1.234", "KWD", 12_340, "1.234"),
            ("1.2345", "CLF", 12_345, "1.2345"),
            ("-0.01", "USD", -100, "-0.01"),
            ("0", "USD", 0, "0.00"),
            ("99999999999999.99", "USD", 999_999_999_999_999_900, "99999999999999.99"),
        ] {
            let money = money(given, currency);
            assert_eq!(money.amount, amount, "{given} {currency}");
            assert_eq!(money.decimal().to_string(), shown);
        }
        assert_eq!(money("1234.5", "EUR").to_json(), json!({ "amount": "1234.50", "currency": "EUR" }));
    }

    #[test]
    fn wrong_amounts_are_refused() {
        for (given, currency, code, message) in [
            ("1", "eur", UserErrorCode::Invalid, "Amount is in \"eur\", which is no ISO 4217 currency code such as EUR."),
            ("1", "XAU", UserErrorCode::Invalid, "Amount is in \"XAU\", which is no ISO 4217 currency code such as EUR."),
            ("1.005", "EUR", UserErrorCode::Invalid, "Amount may have at most 2 decimals in EUR."),
            ("1.5", "JPY", UserErrorCode::Invalid, "Amount must be a whole number in JPY."),
            (
                "100000000000000",
                "EUR",
                UserErrorCode::OutOfRange,
                "Amount must be between -99999999999999.9999 and 99999999999999.9999.",
            ),
            (
                "79228162514264337593543950335",
                "EUR",
                UserErrorCode::OutOfRange,
                "Amount must be between -99999999999999.9999 and 99999999999999.9999.",
            ),
            ("-5", "EUR", UserErrorCode::OutOfRange, "Amount must not be negative."),
        ] {
            let mut problems = Problems::default();
            assert_eq!(optional_money(&mut problems, "amount", Some((number(given), Some(currency))), "EUR", false), None);
            let problems = problems.into_vec();
            assert_eq!((problems[0].code, problems[0].message.as_str()), (code, message));
        }
    }

    #[test]
    fn the_default_currency_fills_in() {
        let mut problems = Problems::default();
        assert_eq!(optional_money(&mut problems, "amount", None, "EUR", false), None);
        assert_eq!(optional_money(&mut problems, "amount", Some((number("5"), None)), "NOK", false), Some(money("5", "NOK")));
        assert_eq!(optional_money(&mut problems, "amount", Some((number("-5"), None)), "NOK", true), Some(money("-5", "NOK")));
        assert!(problems.is_empty());
    }

    #[test]
    fn weights_round_half_to_even() {
        for (given, currency, percent, expected) in [
            ("1000", "EUR", 75, "750.00"),
            ("0.05", "EUR", 50, "0.02"),
            ("0.07", "EUR", 50, "0.04"),
            ("-0.05", "EUR", 50, "-0.02"),
            ("5", "JPY", 50, "2"),
            ("7", "JPY", 50, "4"),
            ("0.005", "KWD", 10, "0.000"),
            ("99999999999999.99", "EUR", 100, "99999999999999.99"),
            ("10", "EUR", 0, "0.00"),
        ] {
            assert_eq!(
                money(given, currency).weighted(percent).decimal().to_string(),
                expected,
                "{percent} % of {given} {currency}"
            );
        }
    }

    #[test]
    fn filters_know_what_lies_between_amounts() {
        for (given, floor, exact) in [
            ("1.5", 15_000, true),
            ("1.23456", 12_345, false),
            ("-1.23456", -12_346, false),
            ("0.0000000001", 0, false),
            ("79228162514264337593543950335", i64::MAX, false),
            ("-79228162514264337593543950335", i64::MIN, false),
            ("999999999999999999", i64::MAX, false),
        ] {
            assert_eq!(scale_for_filter(number(given)), Scaled { floor, exact }, "{given}");
            assert_eq!(scale(number(given)), exact.then_some(floor), "{given}");
        }
    }

    fn any_money() -> impl Strategy<Value = Money> {
        let currency = prop::sample::select(vec!["EUR", "JPY", "KWD", "CLF", "USD"]);
        (currency, -LARGEST..=LARGEST).prop_map(|(currency, amount)| {
            let unit = 10_i64.pow(SCALE - currency_decimals(currency).expect("a currency"));
            Money { amount: amount / unit * unit, currency: currency.to_owned() }
        })
    }

    proptest! {
        #[test]
        fn decimals_go_round(money in any_money()) {
            prop_assert_eq!(Money::from_decimal(money.decimal(), &money.currency), Ok(money.clone()));
            let written = money.decimal().to_string();
            prop_assert_eq!(Money::from_decimal(number(&written), &money.currency), Ok(money));
        }

        #[test]
        fn a_weighted_amount_lies_between_nothing_and_the_whole(money in any_money(), percent in 0..=100) {
            let weighted = money.weighted(percent);
            prop_assert!(weighted.amount.abs() <= money.amount.abs());
            prop_assert!(weighted.amount.signum() * money.amount.signum() >= 0);
            prop_assert!(Money::from_decimal(weighted.decimal(), &weighted.currency) == Ok(weighted.clone()));
            let exact = i128::from(money.amount) * i128::from(percent);
            prop_assert!((i128::from(weighted.amount) * 100 - exact).abs() <= 50 * 10_000);
        }
    }
}
