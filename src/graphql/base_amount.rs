//! Amounts in the workspace's base currency, at the exchange rate of the day that counts.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, SimpleObject};
use chrono::NaiveDate;

use super::context;
use super::loaders::Source;
use super::scalars::{CurrencyCode, Date, Decimal};
use crate::data::exchange::{Rate, Rates};
use crate::error::{Error, Result, UserError};
use crate::values::exchange_rate;

/// An amount in the workspace's base currency. Where it can't be told, `problem` says why, and nothing is guessed.
#[derive(Debug, Clone, SimpleObject)]
pub struct BaseAmount {
    /// The amount, rounded to the base currency's smallest unit, halves to the even neighbour. Null where there is a problem.
    pub amount: Option<Decimal>,
    /// The workspace's base currency.
    pub currency: CurrencyCode,
    /// The day whose exchange rate counts.
    pub day: Date,
    /// What one unit of the amount's currency is worth in the base currency on that day: 1 for the base currency itself. Null where
    /// no rate is known.
    pub rate: Option<Decimal>,
    /// The day from which the rate is valid. Null for the base currency itself, and where no rate is known.
    pub rate_valid_from: Option<Date>,
    /// Why the amount can't be told: MISSING_EXCHANGE_RATE, or OUT_OF_RANGE where it is larger than an amount can be.
    pub problem: Option<UserError>,
}

/// The rate of this currency to this base currency that is in force on this day.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RateOn {
    /// The base currency.
    pub base_currency: String,
    /// The currency.
    pub currency: String,
    /// The day.
    pub day: NaiveDate,
}

/// All rates that a level of a query needs are read with one statement for each base currency, of which there is one.
impl Loader<RateOn> for Source {
    type Value = Rate;
    type Error = Error;

    async fn load(&self, keys: &[RateOn]) -> Result<HashMap<RateOn, Rate>> {
        let mut by_base: HashMap<&str, Vec<&RateOn>> = HashMap::new();
        for key in keys {
            by_base.entry(&key.base_currency).or_default().push(key);
        }
        let mut found = HashMap::with_capacity(keys.len());
        for (base_currency, keys) in by_base {
            let days = keys.iter().map(|key| key.day);
            let (Some(first), Some(last)) = (days.clone().min(), days.max()) else { continue };
            let mut currencies: Vec<String> = keys.iter().map(|key| key.currency.clone()).collect();
            currencies.sort_unstable();
            currencies.dedup();
            let rates = Rates::load(self.database.read(), base_currency, Some(currencies), first..=last).await?;
            found.extend(keys.into_iter().filter_map(|key| Some((key.clone(), rates.on(&key.currency, key.day)?))));
        }
        Ok(found)
    }
}

/// What an amount (in ten-thousandths) is worth in the workspace's base currency at the rate of a day: the day on which it was
/// closed for what is closed, and today (which `None` stands for) for everything else.
pub async fn base_amount(ctx: &Context<'_>, amount: i64, currency: &str, day: Option<NaiveDate>) -> Result<BaseAmount> {
    let app = context::app(ctx)?;
    let base_currency = app.workspace().base_currency.clone();
    let day = day.unwrap_or_else(|| app.today());
    let mut rates = Rates::new(&base_currency, []);
    if currency != base_currency {
        let key = RateOn { base_currency: base_currency.clone(), currency: currency.to_owned(), day };
        if let Some(Rate { rate, valid_from }) = context::loaders(ctx)?.load_one(key).await? {
            rates = Rates::new(&base_currency, [(currency.to_owned(), valid_from.unwrap_or(day), rate)]);
        }
    }
    let rate = rates.on(currency, day);
    let (amount, problem) = match rates.worth(amount, currency, day) {
        Ok((money, _)) => (Some(Decimal(money.decimal())), None),
        Err(problem) => (None, Some(UserError::from(problem))),
    };
    Ok(BaseAmount {
        amount,
        currency: CurrencyCode(base_currency),
        day: Date(day),
        rate: rate.map(|rate| Decimal(exchange_rate::decimal(rate.rate))),
        rate_valid_from: rate.and_then(|rate| rate.valid_from).map(Date),
        problem,
    })
}
