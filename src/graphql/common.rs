//! The small types that many records share: money and addresses.

use async_graphql::{ComplexObject, Context, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::OpportunityId;

use super::at_once::at_once;
use super::base_amount::{BaseAmount, base_amount};
use super::loaders;
use super::scalars::{CountryCode, CurrencyCode, Date, Decimal};
use crate::domains::opportunity::types::closed_on;
use crate::error::{Error, Problems, Result};
use crate::values::money;
use crate::values::text::{TextLimit, optional};

/// An exact amount in a currency.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
#[graphql(complex)]
pub struct Money {
    /// The amount with as many decimals as the currency has.
    pub amount: Decimal,
    /// The currency.
    pub currency: CurrencyCode,
    /// The day whose exchange rate counts.
    #[graphql(skip)]
    day: RateDay,
}

at_once!(Money: amount currency);

/// The day whose exchange rate counts for an amount.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum RateDay {
    #[default]
    Today,
    On(NaiveDate),
    /// The day on which the opportunity was closed; today while it is open.
    Of(OpportunityId),
}

#[ComplexObject]
impl Money {
    /// The amount in the workspace's base currency, at the exchange rate of the day that counts: the day on which a closed
    /// opportunity closed or something was written down for good, and today in the workspace's time zone for everything else.
    async fn in_base_currency(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At the rate of this day, instead of the one that counts.")] on: Option<Date>,
    ) -> Result<BaseAmount> {
        let amount = money::scale(self.amount.0).ok_or_else(|| Error::internal("an amount that is none"))?;
        let day = match (on, self.day) {
            (Some(Date(on)), _) | (None, RateDay::On(on)) => Some(on),
            (None, RateDay::Today) => None,
            (None, RateDay::Of(opportunity)) => closed_on(&*loaders::required_whole(ctx, opportunity).await?),
        };
        base_amount(ctx, amount, &self.currency.0, day).await
    }
}

impl Money {
    /// The amount and currency of two columns; null where the amount is missing.
    pub fn of(amount: Option<i64>, currency: Option<&str>) -> Option<Self> {
        Some(money::Money { amount: amount?, currency: currency?.to_owned() }.into())
    }

    /// The same, told in the base currency at the rate of this day; of today where there is none.
    #[must_use]
    pub fn on(self, day: Option<NaiveDate>) -> Self {
        Self { day: day.map_or(RateDay::Today, RateDay::On), ..self }
    }

    /// The same, told in the base currency as the opportunity's own amount is: at the rate of the day on which it was closed.
    #[must_use]
    pub fn of_opportunity(self, opportunity: OpportunityId) -> Self {
        Self { day: RateDay::Of(opportunity), ..self }
    }
}

impl From<money::Money> for Money {
    fn from(money: money::Money) -> Self {
        Self { amount: Decimal(money.decimal()), currency: CurrencyCode(money.currency), day: RateDay::Today }
    }
}

/// An amount to set.
#[derive(Debug, Clone, PartialEq, Eq, InputObject)]
pub struct MoneyInput {
    /// The amount; no more decimals than the currency has.
    pub amount: Decimal,
    /// The currency; the workspace's base currency when absent.
    pub currency: Option<CurrencyCode>,
}

/// Sets an amount and its currency, or notes the problem. Amounts are not negative.
pub fn set_money(
    problems: &mut Problems,
    field: &str,
    input: &MaybeUndefined<MoneyInput>,
    base_currency: &str,
    (amount, currency): (&mut Option<i64>, &mut Option<String>),
) {
    let given = match input {
        MaybeUndefined::Undefined => return,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(input) => {
            let parts = (input.amount.0, input.currency.as_ref().map(|currency| currency.0.as_str()));
            money::optional_money(problems, field, Some(parts), base_currency, false)
        }
    };
    *amount = given.as_ref().map(|money| money.amount);
    *currency = given.map(|money| money.currency);
}

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub struct Address {
    /// Street and house number; may have several lines.
    pub street: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State, province or region.
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country.
    pub country: Option<CountryCode>,
}

at_once!(Address: street city region postal_code country);

/// The address columns of a record.
pub struct AddressColumns<'a> {
    /// Street and house number.
    pub street: &'a mut Option<String>,
    /// City.
    pub city: &'a mut Option<String>,
    /// State, province or region.
    pub region: &'a mut Option<String>,
    /// Postal code.
    pub postal_code: &'a mut Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: &'a mut Option<String>,
}

/// Gives a record's address columns by name.
#[macro_export]
macro_rules! address_columns {
    ($record:expr) => {
        $crate::graphql::common::AddressColumns {
            street: &mut $record.street,
            city: &mut $record.city,
            region: &mut $record.region,
            postal_code: &mut $record.postal_code,
            country: &mut $record.country,
        }
    };
}

/// Reads a record's address; null where no part of it is there.
#[macro_export]
macro_rules! address {
    ($record:expr) => {
        $crate::graphql::common::Address {
            street: $record.street.clone(),
            city: $record.city.clone(),
            region: $record.region.clone(),
            postal_code: $record.postal_code.clone(),
            country: $record.country.clone().map($crate::graphql::scalars::CountryCode),
        }
        .unless_empty()
    };
}

impl Address {
    /// The address, where any part of it is there.
    pub fn unless_empty(self) -> Option<Self> {
        let empty = self.street.is_none()
            && self.city.is_none()
            && self.region.is_none()
            && self.postal_code.is_none()
            && self.country.is_none();
        (!empty).then_some(self)
    }
}

/// An address to set. In an update an absent part stays as it is, and null clears it.
#[derive(Debug, Clone, PartialEq, Eq, InputObject)]
pub struct AddressInput {
    /// Street and house number; at most 255 characters.
    pub street: MaybeUndefined<String>,
    /// City; at most 255 characters.
    pub city: MaybeUndefined<String>,
    /// State, province or region; at most 255 characters.
    pub region: MaybeUndefined<String>,
    /// Postal code; at most 255 characters.
    pub postal_code: MaybeUndefined<String>,
    /// Country.
    pub country: MaybeUndefined<CountryCode>,
}

/// Sets the parts of an address, or notes the problems.
pub fn set_address(problems: &mut Problems, input: &MaybeUndefined<AddressInput>, columns: AddressColumns<'_>) {
    match input {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => {
            for column in [columns.street, columns.city, columns.region, columns.postal_code, columns.country] {
                *column = None;
            }
        }
        MaybeUndefined::Value(input) => {
            // A street may have several lines, so it is read as a long text that is held to the short one's length.
            set_street(problems, &input.street, columns.street);
            set_text(problems, "address.city", &input.city, TextLimit::Short, columns.city);
            set_text(problems, "address.region", &input.region, TextLimit::Short, columns.region);
            set_text(problems, "address.postalCode", &input.postal_code, TextLimit::Short, columns.postal_code);
            match &input.country {
                MaybeUndefined::Undefined => {}
                MaybeUndefined::Null => *columns.country = None,
                MaybeUndefined::Value(country) => *columns.country = Some(country.0.clone()),
            }
        }
    }
}

fn set_street(problems: &mut Problems, input: &MaybeUndefined<String>, target: &mut Option<String>) {
    use crate::error::{UserError, UserErrorCode};
    set_text(problems, "address.street", input, TextLimit::Long, target);
    if let Some(length) = target.as_ref().map(|street| street.chars().count()).filter(|length| *length > 255) {
        let sentence = format!("The street has {length} characters; at most 255 are allowed.");
        problems.push(UserError::at(UserErrorCode::TooLong, "address.street", sentence));
    }
}

/// A value that is absent where there is none, instead of null.
pub fn given<T>(value: Option<T>) -> MaybeUndefined<T> {
    value.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value)
}

/// Sets a text: absent stays, null and blank clear, and what is wrong is noted.
pub fn set_text(
    problems: &mut Problems,
    field: &str,
    input: &MaybeUndefined<String>,
    limit: TextLimit,
    target: &mut Option<String>,
) {
    set_with(input, target, |text| optional(problems, field, Some(text), limit));
}

/// Sets a text through a reader of its own, such as that for e-mail addresses.
pub fn set_with(input: &MaybeUndefined<String>, target: &mut Option<String>, read: impl FnOnce(&str) -> Option<String>) {
    match input {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *target = None,
        MaybeUndefined::Value(text) => *target = read(text),
    }
}

/// Sets a plain value: absent stays, null clears.
pub fn set_value<I: Clone + Into<T>, T>(input: &MaybeUndefined<I>, target: &mut Option<T>) {
    match input {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *target = None,
        MaybeUndefined::Value(value) => *target = Some(value.clone().into()),
    }
}
