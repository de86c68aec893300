//! Exchange rates, to the workspace's base currency.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::exchange_rate::{Column, Entity, Model};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use super::{Importable, Reading};
use crate::auth::{Actor, policy};
use crate::data::write::Write;
use crate::domains::exchange_rate::{rules, service};
use crate::domains::fields::Cleaner;
use crate::domains::workspace::store::take_turns;
use crate::error::{Problems, Result, UserErrorCode};
use crate::import::fields::{Field, Form, known_as};
use crate::import::values::Values;
use crate::values::money::currency_decimals;

/// Exchange rates. A row is recognised by its currency and its first day.
pub struct ExchangeRates;

impl Importable for ExchangeRates {
    type Entity = Entity;
    type Model = Model;
    type More = ();
    const EXTERNAL_ID: Option<Column> = None;
    const KEY: &'static str = "validFrom";
    const FIELDS: &'static [Field] = &[
        known_as("currency", Form::Text, &["currencycode", "code"]),
        known_as("validFrom", Form::Date, &["date", "day", "startdate"]),
        known_as("rate", Form::Decimal, &["exchangerate", "conversionrate"]),
    ];

    fn may_create(actor: &Actor) -> Result<()> {
        policy::may_manage_lists(actor)
    }

    fn may_change(actor: &Actor, _: &Model) -> Result<()> {
        policy::may_manage_lists(actor)
    }

    fn blank(&self, write: &Write<'_>) -> Model {
        service::blank(write, write.app.workspace().base_currency.clone(), String::new(), NaiveDate::MIN)
    }

    fn key(values: &Values<'_>, _: &mut Problems) -> Option<String> {
        let (currency, valid_from) = currency_and_day(values)?;
        Some(key(&currency, valid_from))
    }

    fn key_name(key: &str) -> String {
        format!("The rate of {key}")
    }

    async fn existing(write: &Write<'_>, rows: &[Values<'_>]) -> Result<HashMap<String, Model>> {
        take_turns(write.connection()).await?;
        let (currencies, days): (Vec<String>, Vec<NaiveDate>) = rows.iter().filter_map(currency_and_day).unzip();
        let select = write
            .scope()
            .find::<Entity>()
            .filter(Column::BaseCurrency.eq(&write.app.workspace().base_currency))
            .filter(Column::Currency.is_in(currencies))
            .filter(Column::ValidFrom.is_in(days));
        let found = select.lock_exclusive().all(write.connection()).await?;
        Ok(found.into_iter().map(|rate| (key(&rate.currency, rate.valid_from), rate)).collect())
    }

    async fn apply(&mut self, row: &mut Reading<'_, Model>, rate: &mut Model) -> Result<()> {
        let values = row.values;
        let cleaner = &mut row.cleaner;
        // What is missing is told; what can't be read has been told by then.
        let currency = currency(values);
        match (&currency, values.raw("currency")) {
            (None, Some(given)) => {
                let sentence = format!("Currency is {given:?}, which is no ISO 4217 currency code such as EUR.");
                cleaner.problem(UserErrorCode::Invalid, "currency", sentence);
            }
            (None, None) => cleaner.problem(UserErrorCode::Required, "currency", "A rate needs its currency, such as EUR."),
            _ => {}
        }
        let valid_from = values.date(cleaner, "validFrom").take().map(|day| day.0);
        if valid_from.is_none() && cleaner.fine_so_far(&["validFrom"]) {
            cleaner.problem(UserErrorCode::Required, "validFrom", "A rate needs the first day of its validity.");
        }
        if let (Some(currency), Some(valid_from)) = (currency, valid_from) {
            rules::check_key(&mut cleaner.problems, &currency, &row.write.app.workspace().base_currency, valid_from);
            (rate.currency, rate.valid_from) = (currency, valid_from);
        }
        match values.decimal(cleaner, "rate").take() {
            Some(number) => rules::set_rate(&mut cleaner.problems, number, rate),
            None if row.before.is_none() && cleaner.fine_so_far(&["rate"]) => {
                cleaner.problem(UserErrorCode::Required, "rate", "A rate needs its number.");
            }
            None => {}
        }
        Ok(())
    }
}

fn key(currency: &str, valid_from: NaiveDate) -> String {
    format!("{currency} from {valid_from}")
}

fn currency(values: &Values<'_>) -> Option<String> {
    let code = values.raw("currency")?.trim().to_uppercase();
    currency_decimals(&code).map(|_| code)
}

/// What a row is recognised by, if it can be read; what is wrong with it is told later.
fn currency_and_day(values: &Values<'_>) -> Option<(String, NaiveDate)> {
    let valid_from = values.date(&mut Cleaner::new(""), "validFrom").take()?;
    Some((currency(values)?, valid_from.0))
}
