//! Setting and deleting exchange rates.

use chrono::NaiveDate;
use entity::ExchangeRateId;
use entity::exchange_rate::{Entity, Model};
use sea_orm::{ModelTrait, QueryFilter};
use serde_json::{Value as Json, json};

use super::input::SetExchangeRateInput;
use super::{rules, store};
use crate::auth::policy;
use crate::data::record::Record;
use crate::data::write::{Write, check_version};
use crate::domains::lead::input::DeleteInput;
use crate::domains::workspace::store::take_turns;
use crate::error::{Problems, Result};
use crate::graphql::ids;

/// Sets the rate of a currency from a day on: a new one, or in place of the one from that day.
pub async fn set(write: &Write<'_>, input: SetExchangeRateInput) -> Result<Model> {
    policy::may_manage_lists(write.actor)?;
    take_turns(write.connection()).await?;
    let base_currency = write.app.workspace().base_currency.clone();
    let valid_from = input.valid_from.map_or_else(|| write.today(), |day| day.0);
    let mut problems = Problems::default();
    rules::check_key(&mut problems, &input.currency.0, &base_currency, valid_from);
    let select = write.scope().find::<Entity>().filter(store::is_rate(&base_currency, &input.currency.0, valid_from));
    let before = select.one(write.connection()).await?;
    check_version(before.as_ref().map_or(0, |before| before.version), input.expected_version)?;
    let mut rate = before.clone().unwrap_or_else(|| blank(write, base_currency, input.currency.0, valid_from));
    rules::set_rate(&mut problems, input.rate.0, &mut rate);
    problems.check()?;
    match before {
        Some(before) => write.update(&before, rate, "updated").await,
        None => write.insert(rate, "created").await,
    }
}

/// Deletes a rate for good. The history keeps what it was.
pub async fn delete(write: &Write<'_>, input: DeleteInput) -> Result<ExchangeRateId> {
    policy::may_manage_lists(write.actor)?;
    let rate = write.lock::<Entity>(write.scope(), ids::subject(&input.id, "id")?, "id").await?;
    check_version(rate.version, input.expected_version)?;
    let fields = rate.fields().into_iter().map(|(field, before)| json!({ "field": field, "before": before, "after": null }));
    write.note(Model::KIND, rate.uuid(), "deleted", Json::Array(fields.collect())).await?;
    let id = rate.id;
    rate.delete(write.connection()).await?;
    Ok(id)
}

/// A new rate of a currency, which is still to be set.
pub fn blank(write: &Write<'_>, base_currency: String, currency: String, valid_from: NaiveDate) -> Model {
    Model {
        id: write.new_id(),
        version: 1,
        base_currency,
        currency,
        valid_from,
        rate: 0,
        created_at: write.now,
        updated_at: write.now,
    }
}
