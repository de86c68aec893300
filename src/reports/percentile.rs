//! Percentiles and averages, exact, from how often each value occurs.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::graphql::scalars;

/// How often each value occurs.
pub type Histogram = BTreeMap<i64, i64>;

/// Decimals that rates, averages and percentiles are shown with.
pub const DECIMALS: u32 = 6;

/// The value below which this many percent of the values lie; between two values it lies in proportion (as PostgreSQL's
/// `percentile_cont` and spreadsheets have it). Nothing where there are none.
pub fn percentile(histogram: &Histogram, percent: i64) -> Option<Decimal> {
    let count: i64 = histogram.values().sum();
    let last = count.checked_sub(1).filter(|last| *last >= 0)?;
    let (place, rest) = ((last * percent) / 100, (last * percent) % 100);
    let (lower, upper) = (value_at(histogram, place)?, value_at(histogram, (place + 1).min(last))?);
    Some(ratio(i128::from(lower) * 100 + i128::from(upper - lower) * i128::from(rest), 100)?.normalize())
}

/// The average; nothing where there are no values.
pub fn average(histogram: &Histogram) -> Option<Decimal> {
    let count: i64 = histogram.values().sum();
    let sum: i128 = histogram.iter().map(|(value, times)| i128::from(*value) * i128::from(*times)).sum();
    ratio(sum, count.into()).map(|average| average.normalize())
}

/// One number divided by another, with six decimals, halves to the even neighbour; nothing where the divisor is zero.
pub fn ratio(dividend: i128, divisor: i128) -> Option<Decimal> {
    rounded(dividend, divisor, DECIMALS)
}

/// One number divided by another, with so many decimals, halves to the even neighbour; nothing where the divisor is zero.
pub fn rounded(dividend: i128, divisor: i128, decimals: u32) -> Option<Decimal> {
    if divisor == 0 {
        return None;
    }
    let common = greatest_common_divisor(dividend, divisor) * divisor.signum();
    let (dividend, divisor) = (dividend / common, divisor / common);
    let scaled = dividend.checked_mul(10_i128.pow(decimals))?;
    Decimal::try_from_i128_with_scale(crate::values::money::divide_half_even(scaled, divisor), decimals).ok()
}

/// One number divided by another as the API shows it.
pub fn rate(dividend: i128, divisor: i128) -> Option<scalars::Decimal> {
    ratio(dividend, divisor).map(scalars::Decimal)
}

/// The largest number that divides both; at least 1.
pub fn greatest_common_divisor(one: i128, other: i128) -> i128 {
    let (mut one, mut other) = (one.abs(), other.abs());
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one.max(1)
}

fn value_at(histogram: &Histogram, place: i64) -> Option<i64> {
    let mut passed = 0;
    histogram
        .iter()
        .find(|(_, times)| {
            passed += **times;
            passed > place
        })
        .map(|(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_lie_in_proportion() {
        let of = |values: &[i64]| {
            let mut histogram = Histogram::new();
            values.iter().for_each(|value| *histogram.entry(*value).or_default() += 1);
            let shown = |number: Option<Decimal>| number.map(|number| number.to_string());
            (shown(percentile(&histogram, 50)), shown(percentile(&histogram, 90)), shown(average(&histogram)))
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(of(&[]), (None, None, None));
        assert_eq!(of(&[7]), (some("7"), some("7"), some("7")));
        assert_eq!(of(&[1, 2]), (some("1.5"), some("1.9"), some("1.5")));
        assert_eq!(of(&[5, 1, 3, 3]), (some("3"), some("4.4"), some("3")));
        assert_eq!(of(&[0, 0, 1]), (some("0"), some("0.8"), some("0.333333")));
        assert_eq!(of(&[-3, -1]), (some("-2"), some("-1.2"), some("-2")));
    }

    #[test]
    fn ratios_round_half_to_even() {
        for (dividend, divisor, expected) in [
            (4_238, 6_711, Some("0.631501")),
            (1, 3, Some("0.333333")),
            (2, 3, Some("0.666667")),
            (-1, 3, Some("-0.333333")),
            (1, -3, Some("-0.333333")),
            (5, 10_000_000, Some("0.000000")),
            (15, 10_000_000, Some("0.000002")),
            (0, 7, Some("0.000000")),
            (7, 0, None),
        ] {
            assert_eq!(ratio(dividend, divisor).map(|ratio| ratio.to_string()).as_deref(), expected, "{dividend}/{divisor}");
        }
    }
}
