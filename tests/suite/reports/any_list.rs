//! Any list aggregated: against a plain recomputation from the list itself, and every row's filter leads to its records.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use chrono_tz::Tz;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value as Json, json};

use super::Office;
use super::lists::{LISTS, List, Number};

/// What the recomputation knows beside the records.
pub struct World {
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
    zone: Tz,
    fiscal_start: u32,
    /// Currency, first day, rate: the base currency is USD.
    rates: Vec<(String, NaiveDate, Decimal)>,
    /// Thousandths of units by product, of won opportunities.
    pub sold: BTreeMap<String, Decimal>,
}

pub fn date(text: &Json) -> Option<NaiveDate> {
    text.as_str().map(|text| text.parse().unwrap())
}

pub fn decimal(number: &Json) -> Option<Decimal> {
    match number {
        Json::Null => None,
        Json::String(text) => Some(text.parse().unwrap()),
        other => Some(other.to_string().parse().unwrap()),
    }
}

impl World {
    async fn of(office: &Office) -> Self {
        let settings = office.ask("{ workspace { timeZone fiscalYearStartMonth baseCurrency } }", json!({})).await;
        let settings = &settings["workspace"];
        assert_eq!(settings["baseCurrency"], "USD");
        let zone: Tz = settings["timeZone"].as_str().unwrap().parse().unwrap();
        let rates = nodes(office, "exchangeRates", "", "currency validFrom rate").await;
        let rates = rates.iter().map(|rate| {
            let currency = rate["currency"].as_str().unwrap().to_owned();
            (currency, date(&rate["validFrom"]).unwrap(), decimal(&rate["rate"]).unwrap())
        });
        let lines = "isWon lineItems { quantity product { id } }";
        let mut sold = BTreeMap::new();
        for deal in nodes(office, "opportunities", "", lines).await.iter().filter(|deal| deal["isWon"] == true) {
            for line in deal["lineItems"].as_array().unwrap() {
                if let Some(product) = line["product"]["id"].as_str() {
                    *sold.entry(product.to_owned()).or_default() += decimal(&line["quantity"]).unwrap();
                }
            }
        }
        let now = office.now();
        Self {
            now,
            today: now.with_timezone(&zone).date_naive(),
            zone,
            fiscal_start: u32::try_from(settings["fiscalYearStartMonth"].as_i64().unwrap()).unwrap(),
            rates: rates.collect(),
            sold,
        }
    }

    fn rate(&self, currency: &str, day: NaiveDate) -> Option<Decimal> {
        if currency == "USD" {
            return Some(Decimal::ONE);
        }
        let known = self.rates.iter().filter(|(other, from, _)| other == currency && *from <= day);
        known.max_by_key(|(_, from, _)| *from).map(|(_, _, rate)| *rate)
    }

    /// The first day of the piece of the calendar that a day or a moment lies in.
    fn piece(&self, unit: &str, value: &Json) -> String {
        let Some(text) = value.as_str() else { return String::new() };
        let mut day = match text.parse::<DateTime<Utc>>() {
            Ok(moment) => moment.with_timezone(&self.zone).date_naive(),
            Err(_) => text.parse().unwrap(),
        };
        let starts = |month: u32, every: u32| (month + 12 - self.fiscal_start).is_multiple_of(every);
        match unit {
            "WEEK" => day = day - Days::new(day.weekday().num_days_from_monday().into()),
            "DAY" => {}
            unit => {
                day = day.with_day(1).unwrap();
                let every = match unit {
                    "MONTH" => 1,
                    "QUARTER" => 3,
                    _ => 12,
                };
                while !starts(day.month(), every) {
                    day = day - Months::new(1);
                }
            }
        }
        day.to_string()
    }
}

/// All records of a list.
async fn nodes(office: &Office, list: &str, arguments: &str, fields: &str) -> Vec<Json> {
    if list == "campaigns" {
        return office.ask(&format!("{{ list: campaigns({arguments}) {{ {fields} }} }}"), json!({})).await["list"]
            .as_array()
            .unwrap()
            .clone();
    }
    let (mut all, mut after) = (Vec::new(), Json::Null);
    loop {
        let query = format!(
            "query($after: String) {{ list: {list}(first: 200, after: $after, {arguments}) {{
                nodes {{ {fields} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let page = office.ask(&query, json!({ "after": after })).await["list"].clone();
        all.extend(page["nodes"].as_array().unwrap().iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            return all;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Compares all lists, cut by everything that they can be cut by, with their records.
pub async fn check(office: &Office) {
    let world = World::of(office).await;
    for list in LISTS {
        let records = nodes(office, list.name, list.arguments, list.fields).await;
        let cut = |name: &str, pointer: &'static str, unit: &'static str| (name.to_owned(), pointer, unit);
        let mut cuts = vec![Vec::new()];
        cuts.extend(list.cuts.iter().map(|(name, pointer)| vec![cut(name, pointer, "")]));
        for (name, pointer) in list.pieces {
            cuts.extend(
                ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"].map(|unit| vec![cut(&format!("{name}_{unit}"), pointer, unit)]),
            );
        }
        if let ([(one, way)], Some((piece, pointer))) = (&list.cuts[..1], list.pieces.first()) {
            cuts.push(vec![cut(one, way, ""), cut(&format!("{piece}_QUARTER"), pointer, "QUARTER")]);
        }
        for cuts in cuts {
            compare(office, &world, list, &records, &cuts).await;
        }
    }
}

async fn compare(office: &Office, world: &World, list: &List, records: &[Json], cuts: &[(String, &'static str, &'static str)]) {
    let names: Vec<&str> = cuts.iter().map(|(name, ..)| name.as_str()).collect();
    let of: Vec<&str> = asked(list).map(|(name, _)| *name).collect();
    let row = "groups { id name from } count numbers { of currency count sum average minimum maximum } filter";
    let query = format!(
        "{{ report: {}Aggregate({} groupBy: [{}], of: [{}]) {{ rows {{ {row} }} total {{ {row} }} }} }}",
        list.name,
        list.arguments,
        names.join(", "),
        of.join(", ")
    );
    let report = office.ask(&query, json!({})).await["report"].clone();
    let mut expected: BTreeMap<Vec<String>, Vec<&Json>> = BTreeMap::new();
    for record in records {
        let key = |(_, pointer, unit): &(String, &str, &str)| match record.pointer(pointer).unwrap_or(&Json::Null) {
            value if !unit.is_empty() => world.piece(unit, value),
            Json::Null => String::new(),
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        expected.entry(cuts.iter().map(key).collect()).or_default().push(record);
    }
    if cuts.is_empty() {
        expected.entry(Vec::new()).or_default();
    }
    let expected: BTreeMap<Vec<String>, Json> =
        expected.into_iter().map(|(key, those)| (key, figures(world, list, &those))).collect();
    let mut found = BTreeMap::new();
    for row in report["rows"].as_array().unwrap() {
        let key =
            |group: &Json| ["id", "from", "name"].iter().find_map(|part| group[part].as_str()).unwrap_or_default().to_owned();
        let key: Vec<String> = row["groups"].as_array().unwrap().iter().map(key).collect();
        let figures = json!({ "count": row["count"], "numbers": row["numbers"] });
        assert!(found.insert(key, figures).is_none(), "a group comes twice: {query}");
        assert_eq!(reached(office, list, &row["filter"]).await, row["count"], "{query}: {}", row["filter"]);
    }
    assert_eq!(found, expected, "{query}");
    let total = &report["total"];
    let all: Vec<&Json> = records.iter().collect();
    assert_eq!(json!({ "count": total["count"], "numbers": total["numbers"] }), figures(world, list, &all), "{query}");
    assert_eq!(reached(office, list, &total["filter"]).await, total["count"], "{query}");
}

/// How many records a filter leads to.
async fn reached(office: &Office, list: &List, filter: &Json) -> Json {
    let fields = if list.name == "campaigns" { "id" } else { "totalCount" };
    let query =
        format!("query($filter: {}) {{ list: {}({} filter: $filter) {{ {fields} }} }}", list.filter, list.name, list.arguments);
    let found = office.ask(&query, json!({ "filter": filter })).await["list"].clone();
    found.as_array().map_or_else(|| found["totalCount"].clone(), |found| json!(found.len()))
}

/// The numbers of a list, the first of them twice.
fn asked(list: &List) -> impl Iterator<Item = &'static (&'static str, Number)> {
    list.numbers.iter().chain(list.numbers.first())
}

fn figures(world: &World, list: &List, records: &[&Json]) -> Json {
    let numbers = asked(list).map(|(name, number)| match number {
        Number::Plain(decimals, of) => {
            let values: Vec<Decimal> = records.iter().filter_map(|record| of(record, world)).collect();
            let edge = |value: Option<&Decimal>| value.map(|value| value.normalize().to_string());
            json!({
                "of": name, "currency": null, "count": values.len(), "sum": values.iter().sum::<Decimal>().normalize().to_string(),
                "average": average(values.iter().sum(), values.len(), *decimals),
                "minimum": edge(values.iter().min()), "maximum": edge(values.iter().max()),
            })
        }
        Number::Money(pointer, day) => {
            let there: Vec<&&Json> = records.iter().filter(|record| !record.pointer(pointer).unwrap().is_null()).collect();
            let worth = there.iter().filter_map(|record| {
                let money = record.pointer(pointer).unwrap();
                let day = day(record).filter(|day| *day < world.today).unwrap_or(world.today);
                let rate = world.rate(money["currency"].as_str().unwrap(), day)?;
                Some(decimal(&money["amount"]).unwrap() * rate)
            });
            let worth: Vec<Decimal> = worth.collect();
            json!({
                "of": name, "currency": "USD", "count": there.len(), "sum": cents(worth.iter().sum()),
                "average": average(worth.iter().sum(), worth.len(), 6),
                "minimum": worth.iter().min().copied().map(cents), "maximum": worth.iter().max().copied().map(cents),
            })
        }
    });
    json!({ "count": records.len(), "numbers": numbers.collect::<Vec<_>>() })
}

fn cents(amount: Decimal) -> String {
    fixed(amount, 2)
}

fn average(sum: Decimal, count: usize, decimals: u32) -> Option<String> {
    (count > 0).then(|| fixed(sum / Decimal::from(count), decimals))
}

fn fixed(number: Decimal, decimals: u32) -> String {
    let mut rounded = number.round_dp_with_strategy(decimals, RoundingStrategy::MidpointNearestEven);
    rounded.rescale(decimals);
    rounded.to_string()
}
