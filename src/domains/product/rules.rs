//! What a product may look like: pure decisions.

use async_graphql::MaybeUndefined;
use entity::product::Model;
use entity::{ProductId, product_price};

use super::input::ProductFields;
use crate::domains::fields::Cleaner;
use crate::error::UserErrorCode;
use crate::graphql::common::MoneyInput;
use crate::values::text::TextLimit;

/// Sets what the caller gave, and notes what is wrong with it. Whether the code is free is for the service to check.
pub fn apply(cleaner: &mut Cleaner<'_>, fields: &ProductFields, product: &mut Model) {
    cleaner.text("code", &fields.code, TextLimit::Short, &mut product.code);
    cleaner.text("family", &fields.family, TextLimit::Short, &mut product.family);
    cleaner.text("description", &fields.description, TextLimit::Long, &mut product.description);
    match fields.active {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => cleaner.problem(UserErrorCode::Required, "active", "Give true or false, or leave it out."),
        MaybeUndefined::Value(active) => product.active = active,
    }
}

/// The prices that a product is to have, by currency: one for each.
pub fn prices(
    cleaner: &mut Cleaner<'_>,
    input: &MaybeUndefined<Vec<MoneyInput>>,
    product_id: ProductId,
    known: &[product_price::Model],
) -> Vec<product_price::Model> {
    let given = match input {
        MaybeUndefined::Undefined => return known.to_vec(),
        MaybeUndefined::Null => return Vec::new(),
        MaybeUndefined::Value(given) => given,
    };
    let mut prices: Vec<product_price::Model> = Vec::with_capacity(given.len());
    for (place, price) in given.iter().enumerate() {
        let path = format!("prices.{place}");
        let (mut amount, mut currency) = (None, None);
        cleaner.money(&format!("{path}.amount"), &MaybeUndefined::Value(price.clone()), (&mut amount, &mut currency));
        let Some((amount, currency)) = amount.zip(currency) else { continue };
        if prices.iter().any(|other| other.currency == currency) {
            let sentence = format!("There are two prices in {currency}: give one price per currency.");
            cleaner.problem(UserErrorCode::Invalid, &path, sentence);
        } else {
            prices.push(product_price::Model { product_id, currency, amount });
        }
    }
    prices.sort_by(|one, other| one.currency.cmp(&other.currency));
    prices
}

/// The one price that stands for a product: that in the base currency, or the only one.
pub fn price_to_show<'a>(prices: &'a [product_price::Model], base_currency: &str) -> Option<&'a product_price::Model> {
    prices.iter().find(|price| price.currency == base_currency).or(match prices {
        [only] => Some(only),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_price_stands_for_all() {
        let product_id = ProductId::new(uuid::Uuid::nil());
        let price = |currency: &str| product_price::Model { product_id, currency: currency.to_owned(), amount: 1 };
        for (prices, shown) in [
            (vec![], None),
            (vec!["EUR"], Some("EUR")),
            (vec!["EUR", "JPY"], None),
            (vec!["EUR", "USD"], Some("USD")),
            (vec!["USD"], Some("USD")),
        ] {
            let prices: Vec<_> = prices.into_iter().map(price).collect();
            assert_eq!(price_to_show(&prices, "USD").map(|price| price.currency.as_str()), shown);
        }
    }
}
