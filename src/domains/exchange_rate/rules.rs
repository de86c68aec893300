//! What an exchange rate may look like: pure decisions.

use chrono::NaiveDate;
use entity::exchange_rate::Model;
use rust_decimal::Decimal;

use crate::error::{Problems, UserError, UserErrorCode};
use crate::values::calendar::check_date;
use crate::values::exchange_rate::{RateProblem, scaled};

/// Notes what is wrong with the currency and the day that a rate is for.
pub fn check_key(problems: &mut Problems, currency: &str, base_currency: &str, valid_from: NaiveDate) {
    if currency == base_currency {
        let sentence = format!("{currency} is the base currency, which is always worth 1: give another currency.");
        problems.push(UserError::at(UserErrorCode::Invalid, "currency", sentence));
    }
    check_date(problems, "validFrom", valid_from);
}

/// Sets the rate, or notes what is wrong with it.
pub fn set_rate(problems: &mut Problems, rate: Decimal, target: &mut Model) {
    match scaled(rate) {
        Ok(rate) => target.rate = rate,
        Err(problem) => {
            let code = match problem {
                RateProblem::TooManyDecimals => UserErrorCode::Invalid,
                RateProblem::NotPositive | RateProblem::TooLarge => UserErrorCode::OutOfRange,
            };
            problems.push(UserError::at(code, "rate", problem.message()));
        }
    }
}
