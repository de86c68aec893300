//! Exchange rates: exact numbers with ten decimals, and what an amount is worth at one.

use rust_decimal::Decimal;

use super::money::{LARGEST, Money, SCALE, currency_decimals, divide_half_even};

/// Decimals of the scale that rates are kept in. They tell rates of the smallest currencies apart, and leave room for 900 million.
pub const DECIMALS: u32 = 10;

/// The rate of a currency to itself.
pub const ONE: i64 = 10_i64.pow(DECIMALS);

/// Why a rate is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateProblem {
    /// It is zero or less.
    NotPositive,
    /// It has more decimals than are kept.
    TooManyDecimals,
    /// It is larger than can be kept.
    TooLarge,
}

impl RateProblem {
    /// The problem as a sentence.
    pub fn message(self) -> String {
        match self {
            Self::NotPositive => "An exchange rate is more than zero.".to_owned(),
            Self::TooManyDecimals => format!("An exchange rate may have at most {DECIMALS} decimals: round it."),
            Self::TooLarge => format!("An exchange rate must be at most {}.", decimal(i64::MAX)),
        }
    }
}

/// A rate in the scale that rates are kept in.
pub fn scaled(rate: Decimal) -> Result<i64, RateProblem> {
    if rate <= Decimal::ZERO {
        return Err(RateProblem::NotPositive);
    }
    let scaled = rate.checked_mul(Decimal::from(ONE)).ok_or(RateProblem::TooLarge)?;
    if rate.normalize().scale() > DECIMALS {
        return Err(RateProblem::TooManyDecimals);
    }
    i64::try_from(scaled).map_err(|_| RateProblem::TooLarge)
}

/// A rate as it is written: with the decimals that it needs.
pub fn decimal(rate: i64) -> Decimal {
    Decimal::new(rate, DECIMALS).normalize()
}

/// What an amount (in ten-thousandths, of any currency) is worth at this rate, rounded to the smallest unit of `currency`, halves to
/// the even neighbour. Nothing where that is more than an amount can be, or where there is no such currency.
pub fn convert(amount: i64, rate: i64, currency: &str) -> Option<Money> {
    let unit = 10_i128.pow(SCALE - currency_decimals(currency)?);
    let worth = divide_half_even(i128::from(amount) * i128::from(rate), i128::from(ONE) * unit) * unit;
    let amount = i64::try_from(worth).ok().filter(|worth| (-LARGEST..=LARGEST).contains(worth))?;
    Some(Money { amount, currency: currency.to_owned() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::from_str_exact(text).expect("a number")
    }

    #[test]
    fn rates_are_exact_or_refused() {
        for (given, expected) in [
            ("1", Ok(ONE)),
            ("0.0061", Ok(61_000_000)),
            ("0.0000000001", Ok(1)),
            ("1.10000000000000", Ok(11_000_000_000)),
            ("922337203.6854775807", Ok(i64::MAX)),
            ("922337203.6854775808", Err(RateProblem::TooLarge)),
            ("79228162514264337593543950335", Err(RateProblem::TooLarge)),
            ("0.00000000001", Err(RateProblem::TooManyDecimals)),
            ("0", Err(RateProblem::NotPositive)),
            ("-1", Err(RateProblem::NotPositive)),
        ] {
            assert_eq!(scaled(number(given)), expected, "{given}");
            if let Ok(rate) = expected {
                assert_eq!(decimal(rate), number(given), "{given}");
            }
        }
        assert_eq!(decimal(11_000_000_000).to_string(), "1.1");
    }

    #[test]
    fn worth_is_rounded_half_to_even_in_the_currency_it_is_told_in() {
        for (amount, rate, currency, expected) in [
            ("100", "1.1", "EUR", Some("110.00")),
            ("0.01", "0.5", "EUR", Some("0.00")),
            ("0.03", "0.5", "EUR", Some("0.02")),
            ("0.05", "0.5", "EUR", Some("0.02")),
            ("0.05", "0.5000000001", "EUR", Some("0.03")),
            ("-0.03", "0.5", "EUR", Some("-0.02")),
            ("-0.05", "0.5", "EUR", Some("-0.02")),
            ("1", "162.5", "JPY", Some("162")),
            ("1", "163.5", "JPY", Some("164")),
            ("3", "0.5", "JPY", Some("2")),
            ("0.005", "0.5", "KWD", Some("0.002")),
            ("0.007", "0.5", "KWD", Some("0.004")),
            ("10000", "0.0061", "EUR", Some("61.00")),
            ("99999999999999.99", "1", "EUR", Some("99999999999999.99")),
            ("99999999999999.9999", "1", "EUR", None),
            ("50000000000000", "1.9999999999", "EUR", Some("99999999995000.00")),
            ("50000000000000", "2", "EUR", None),
            ("99999999999999.9999", "922337203.6854775807", "JPY", None),
            ("-99999999999999.9999", "922337203.6854775807", "KWD", None),
            ("1", "1", "XAU", None),
        ] {
            let amount = i64::try_from(number(amount) * Decimal::from(10_000)).expect("an amount");
            let rate = scaled(number(rate)).expect("a rate");
            let worth = convert(amount, rate, currency).map(|money| money.decimal().to_string());
            assert_eq!(worth.as_deref(), expected, "{amount} ten-thousandths at {rate} in {currency}");
        }
    }

    fn currencies() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["EUR", "JPY", "KWD", "CLF"])
    }

    proptest! {
        #[test]
        fn a_larger_amount_is_worth_no_less(one in -LARGEST..=LARGEST, other in -LARGEST..=LARGEST, rate in 1..=ONE, currency in currencies()) {
            let (less, more) = (convert(one.min(other), rate, currency), convert(one.max(other), rate, currency));
            if let (Some(less), Some(more)) = (less, more) {
                prop_assert!(less.amount <= more.amount);
            }
        }

        #[test]
        fn the_error_is_at_most_half_a_unit(amount in -LARGEST..=LARGEST, rate in 1..=i64::MAX, currency in currencies()) {
            if let Some(worth) = convert(amount, rate, currency) {
                let unit = 10_i128.pow(SCALE - currency_decimals(currency).expect("a currency"));
                let error = i128::from(worth.amount) * i128::from(ONE) - i128::from(amount) * i128::from(rate);
                prop_assert!(error.abs() * 2 <= unit * i128::from(ONE));
                prop_assert_eq!(i128::from(worth.amount) % unit, 0);
            } else {
                prop_assert!((i128::from(amount) * i128::from(rate)).abs() >= i128::from(LARGEST - 10_000) * i128::from(ONE));
            }
        }

        #[test]
        fn a_rate_of_one_changes_nothing(units in -99_999_999_999_999_i64..=99_999_999_999_999, currency in currencies()) {
            let amount = units * 10_000;
            prop_assert_eq!(convert(amount, ONE, currency).map(|money| money.amount), Some(amount));
        }
    }
}
