//! What the operators of the API's filters mean, as conditions. The same on SQLite and PostgreSQL.

mod related;

use async_graphql::{ID, InputObject};
use entity::{Id, Identified};
use sea_orm::sea_query::{BinOper, Expr, ExprTrait, IntoIden, Keyword, LikeExpr, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, Value};
use unicode_normalization::UnicodeNormalization;

use super::ids;
use super::scalars::{Date, DateTime, Decimal};
use crate::error::{Error, Result};
use crate::values::{email::email_key, fold::fold, money};

pub use related::{common, looked_up, reached, refers_to, related};

/// How many values `in` and `notIn` take.
pub const MOST_VALUES: usize = 500;

/// What a filter of records means.
pub trait Filter {
    /// The condition that the matching rows meet.
    fn condition(&self) -> Result<Condition>;

    /// Whether it names what few records have, so that it's best to begin with those records.
    fn finds_few(&self) -> bool {
        false
    }
}

/// Adds `and`, `or` and `not` to a filter's own conditions.
pub fn combine<F: Filter>(own: Condition, and: Option<&Vec<F>>, or: Option<&Vec<F>>, not: Option<&F>) -> Result<Condition> {
    let mut all = own;
    if let Some(filters) = and.filter(|filters| !filters.is_empty()) {
        all = all.add(joined(filters, Condition::all)?);
    }
    if let Some(filters) = or.filter(|filters| !filters.is_empty()) {
        all = all.add(joined(filters, Condition::any)?);
    }
    if let Some(filter) = not {
        all = all.add(complement(filter.condition()?));
    }
    Ok(all)
}

/// The filters in groups, and these in groups again: SQLite takes at most a thousand levels, and in a row each filter would be one.
fn joined<F: Filter>(filters: &[F], join: fn() -> Condition) -> Result<Condition> {
    const MOST_IN_A_ROW: usize = 32;
    let mut parts = filters.iter().map(|filter| Ok(expression(filter.condition()?))).collect::<Result<Vec<_>>>()?;
    while parts.len() > MOST_IN_A_ROW {
        let group = |parts: &[SimpleExpr]| expression(parts.iter().cloned().fold(join(), Condition::add));
        parts = parts.chunks(MOST_IN_A_ROW).map(group).collect();
    }
    Ok(parts.into_iter().fold(join(), Condition::add))
}

/// Whatever the condition doesn't match, rows without a value included: SQL's NOT alone would leave those out of both.
fn complement(condition: Condition) -> SimpleExpr {
    // A keyword: anything else would be written in parentheses, which PostgreSQL doesn't take there.
    expression(condition).binary(BinOper::IsNot, Expr::Keyword(Keyword::Custom("TRUE".into_iden())))
}

fn expression(condition: Condition) -> SimpleExpr {
    if condition.is_empty() { Expr::cust("1 = 1") } else { SimpleExpr::from(condition) }
}

fn at_most<T>(values: &[T]) -> Result<()> {
    if values.len() > MOST_VALUES {
        return Err(Error::bad_input(format!("`in` and `notIn` take at most {MOST_VALUES} values, not {}.", values.len())));
    }
    Ok(())
}

fn is_null(column: impl ColumnTrait, wanted: Option<bool>) -> Option<SimpleExpr> {
    wanted.map(|null| if null { column.is_null() } else { column.is_not_null() })
}

fn not_among<C: ColumnTrait, V: Into<Value>>(column: C, values: impl IntoIterator<Item = V>) -> Condition {
    Condition::any().add(column.is_not_in(values)).add(column.is_null())
}

/// Equality operators, which most filters share.
///
/// # Errors
/// `BAD_USER_INPUT` for more than 500 values.
pub fn equality<C: ColumnTrait, V: Into<Value>>(
    column: C,
    eq: Option<V>,
    ne: Option<V>,
    among: Option<Vec<V>>,
    not_in: Option<Vec<V>>,
) -> Result<Condition> {
    let mut all = Condition::all().add_option(eq.map(|value| column.eq(value)));
    if let Some(value) = ne {
        all = all.add(not_among(column, [value]));
    }
    if let Some(values) = among {
        at_most(&values)?;
        all = all.add(column.is_in(values));
    }
    if let Some(values) = not_in {
        at_most(&values)?;
        all = all.add(not_among(column, values));
    }
    Ok(all)
}

/// Conditions on a reference or an id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
#[graphql(name = "IDFilter")]
pub struct IDFilter {
    /// Is this one.
    pub eq: Option<ID>,
    /// Is not this one, or is missing.
    pub ne: Option<ID>,
    /// Is one of these; at most 500. An empty list matches nothing.
    #[graphql(name = "in")]
    pub among: Option<Vec<ID>>,
    /// Is none of these, or is missing; at most 500.
    pub not_in: Option<Vec<ID>>,
    /// True: is missing. False: is there.
    pub is_null: Option<bool>,
}

impl IDFilter {
    /// Whether it names the records that are wanted, and not those that aren't.
    pub fn finds_few(&self) -> bool {
        self.eq.is_some() || self.among.is_some()
    }

    /// The condition on a column that holds ids of `E`.
    pub fn condition<E: Identified>(&self, column: impl ColumnTrait) -> Result<Condition> {
        let one = |id: &ID| ids::argument::<E>(id);
        let many = |ids: &Vec<ID>| ids.iter().map(one).collect::<Result<Vec<Id<E>>>>();
        let all = equality(
            column,
            self.eq.as_ref().map(one).transpose()?,
            self.ne.as_ref().map(one).transpose()?,
            self.among.as_ref().map(many).transpose()?,
            self.not_in.as_ref().map(many).transpose()?,
        )?;
        Ok(all.add_option(is_null(column, self.is_null)))
    }
}

/// How a text is compared: which derived column `contains` and its like look at, and whether `eq` ignores case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// `eq` is exact; the others ignore case and accents.
    Text,
    /// Everything ignores case.
    Email,
}

/// Conditions on a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct StringFilter {
    /// Is exactly this; e-mail addresses ignore case.
    pub eq: Option<String>,
    /// Is not this, or is missing.
    pub ne: Option<String>,
    /// Is one of these; at most 500. An empty list matches nothing.
    #[graphql(name = "in")]
    pub among: Option<Vec<String>>,
    /// Is none of these, or is missing; at most 500.
    pub not_in: Option<Vec<String>>,
    /// Has this in it, ignoring case and accents. `%`, `_` and `\` are just characters.
    pub contains: Option<String>,
    /// Starts with this, ignoring case and accents.
    pub starts_with: Option<String>,
    /// Ends with this, ignoring case and accents.
    pub ends_with: Option<String>,
    /// True: is missing. False: is there.
    pub is_null: Option<bool>,
}

impl StringFilter {
    /// Whether it says what the text has, and not what it hasn't.
    pub fn finds_few(&self) -> bool {
        let positive = [&self.eq, &self.contains, &self.starts_with, &self.ends_with];
        self.among.is_some() || positive.iter().any(|text| text.is_some())
    }

    /// The condition on a text column and the derived column that ignores case.
    pub fn condition<C: ColumnTrait>(&self, column: C, key: C, kind: TextKind) -> Result<Condition> {
        let (compared, write): (C, fn(&str) -> String) = match kind {
            TextKind::Text => (column, |text| comparable(text).nfc().collect()),
            TextKind::Email => (key, |text| email_key(&comparable(text))),
        };
        let needle: fn(&str) -> String = match kind {
            TextKind::Text => |text| fold(&comparable(text)),
            TextKind::Email => write,
        };
        // Nothing is kept as an empty text, and the key of a missing value, which is empty, must not pass as one.
        let one = |text: &Option<String>| text.as_deref().map(write);
        let some = |text: &String| !text.is_empty();
        let many = |texts: &Option<Vec<String>>| {
            texts.as_ref().map(|texts| texts.iter().map(|text| write(text)).filter(some).collect::<Vec<_>>())
        };
        let (eq, ne) = (one(&self.eq), one(&self.ne).filter(some));
        let among = if eq.as_ref().is_some_and(String::is_empty) { Some(Vec::new()) } else { many(&self.among) };
        // Only the derived column has an index. What is equal has the same key.
        let keys = eq.iter().chain(among.iter().flatten()).map(|text| needle(text)).collect::<Vec<_>>();
        let indexed = kind == TextKind::Text && (eq.is_some() || among.is_some());
        let indexed = indexed.then(|| key.is_in(keys));
        let mut all = equality(compared, eq.filter(some), ne, among, many(&self.not_in))?.add_option(indexed);
        // A missing value has an empty key: it must not pass as a text that has or starts with nothing.
        let mut add = |condition: SimpleExpr| all = all.clone().add(column.is_not_null()).add(condition);
        if let Some(text) = &self.contains {
            add(like(key, &format!("%{}%", escaped(&needle(text)))));
        }
        if let Some(text) = &self.starts_with {
            add(starts_with(key, &needle(text)));
        }
        if let Some(text) = &self.ends_with {
            add(like(key, &format!("%{}", escaped(&needle(text)))));
        }
        Ok(all.add_option(is_null(column, self.is_null)))
    }
}

/// Is exactly this, where something is asked for.
pub fn exactly(column: impl ColumnTrait, text: Option<&str>) -> Option<SimpleExpr> {
    text.map(|text| column.eq(comparable(text)))
}

/// A text to compare with. PostgreSQL refuses U+0000. No text that is kept has that character, nor U+0001, which stands for it.
fn comparable(text: &str) -> String {
    text.replace('\0', "\u{1}")
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

fn like(column: impl ColumnTrait, pattern: &str) -> SimpleExpr {
    column.like(LikeExpr::new(pattern).escape('\\'))
}

/// A prefix as a range, which a plain index answers on both databases.
pub fn starts_with(column: impl ColumnTrait, prefix: &str) -> SimpleExpr {
    column.gte(prefix).and(column.lt(format!("{prefix}\u{10FFFF}")))
}

/// Conditions on a whole number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct IntFilter {
    /// Is this.
    pub eq: Option<i32>,
    /// Is not this, or is missing.
    pub ne: Option<i32>,
    /// Is one of these; at most 500. An empty list matches nothing.
    #[graphql(name = "in")]
    pub among: Option<Vec<i32>>,
    /// Is greater than this.
    pub gt: Option<i32>,
    /// Is this or greater.
    pub gte: Option<i32>,
    /// Is less than this.
    pub lt: Option<i32>,
    /// Is this or less.
    pub lte: Option<i32>,
    /// True: is missing. False: is there.
    pub is_null: Option<bool>,
}

impl IntFilter {
    /// The condition on a column.
    pub fn condition<C: ColumnTrait>(&self, column: C) -> Result<Condition> {
        Ok(equality(column, self.eq, self.ne, self.among.clone(), None)?
            .add_option(range(column, self.gt, self.gte, self.lt, self.lte))
            .add_option(is_null(column, self.is_null)))
    }
}

fn range<C: ColumnTrait, V: Into<Value>>(
    column: C,
    gt: Option<V>,
    gte: Option<V>,
    lt: Option<V>,
    lte: Option<V>,
) -> Option<Condition> {
    let all = Condition::all()
        .add_option(gt.map(|value| column.gt(value)))
        .add_option(gte.map(|value| column.gte(value)))
        .add_option(lt.map(|value| column.lt(value)))
        .add_option(lte.map(|value| column.lte(value)));
    (!all.is_empty()).then_some(all)
}

/// Conditions on an amount, whatever its currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct DecimalFilter {
    /// Is this.
    pub eq: Option<Decimal>,
    /// Is not this, or is missing.
    pub ne: Option<Decimal>,
    /// Is greater than this.
    pub gt: Option<Decimal>,
    /// Is this or greater.
    pub gte: Option<Decimal>,
    /// Is less than this.
    pub lt: Option<Decimal>,
    /// Is this or less.
    pub lte: Option<Decimal>,
    /// True: is missing. False: is there.
    pub is_null: Option<bool>,
}

impl DecimalFilter {
    /// The condition on a column of ten-thousandths. A number with more decimals than the column has lies between two of
    /// its values: nothing equals it.
    pub fn condition<C: ColumnTrait>(&self, column: C) -> Result<Condition> {
        let scaled = |number: &Option<Decimal>| number.as_ref().map(|number| money::scale_for_filter(number.0));
        let exactly =
            |number: &Option<Decimal>| scaled(number).map(|number| if number.exact { vec![number.floor] } else { Vec::new() });
        let above = |number: money::Scaled| if number.exact { column.gte(number.floor) } else { column.gt(number.floor) };
        let below = |number: money::Scaled| if number.exact { column.lt(number.floor) } else { column.lte(number.floor) };
        Ok(equality(column, None, None, exactly(&self.eq), exactly(&self.ne))?
            .add_option(scaled(&self.gt).map(|number| column.gt(number.floor)))
            .add_option(scaled(&self.gte).map(above))
            .add_option(scaled(&self.lt).map(below))
            .add_option(scaled(&self.lte).map(|number| column.lte(number.floor)))
            .add_option(is_null(column, self.is_null)))
    }
}

/// Conditions on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct DateFilter {
    /// Is this day.
    pub eq: Option<Date>,
    /// Is after this day.
    pub gt: Option<Date>,
    /// Is this day or after it.
    pub gte: Option<Date>,
    /// Is before this day.
    pub lt: Option<Date>,
    /// Is this day or before it.
    pub lte: Option<Date>,
    /// True: is missing. False: is there.
    pub is_null: Option<bool>,
}

impl DateFilter {
    /// The condition on a column.
    pub fn condition<C: ColumnTrait>(&self, column: C) -> Condition {
        let day = |date: &Option<Date>| date.as_ref().map(|date| date.0);
        Condition::all()
            .add_option(day(&self.eq).map(|value| column.eq(value)))
            .add_option(range(column, day(&self.gt), day(&self.gte), day(&self.lt), day(&self.lte)))
            .add_option(is_null(column, self.is_null))
    }
}

/// Conditions on a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct DateTimeFilter {
    /// Is after this moment.
    pub gt: Option<DateTime>,
    /// Is this moment or after it.
    pub gte: Option<DateTime>,
    /// Is before this moment.
    pub lt: Option<DateTime>,
    /// Is this moment or before it.
    pub lte: Option<DateTime>,
    /// True: is missing. False: is there.
    pub is_null: Option<bool>,
}

impl DateTimeFilter {
    /// Whether it says from when or until when.
    pub fn is_range(&self) -> bool {
        [&self.gt, &self.gte, &self.lt, &self.lte].iter().any(|end| end.is_some())
    }

    /// The condition on a column.
    pub fn condition<C: ColumnTrait>(&self, column: C) -> Condition {
        let moment = |time: &Option<DateTime>| time.as_ref().map(|time| time.0);
        Condition::all()
            .add_option(range(column, moment(&self.gt), moment(&self.gte), moment(&self.lt), moment(&self.lte)))
            .add_option(is_null(column, self.is_null))
    }
}

/// Conditions on a word or text that is compared as it is: a currency, a country, an outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct ExactFilter {
    /// Is exactly this.
    pub eq: Option<String>,
    /// Is one of these; at most 500. An empty list matches nothing.
    #[graphql(name = "in")]
    pub among: Option<Vec<String>>,
    /// True: is missing. False: is there.
    pub is_null: Option<bool>,
}

impl ExactFilter {
    /// The condition on a column.
    pub fn condition<C: ColumnTrait>(&self, column: C) -> Result<Condition> {
        Ok(equality(column, self.eq.clone(), None, self.among.clone(), None)?.add_option(is_null(column, self.is_null)))
    }
}

/// Conditions on the owner of a record. A record without an owner meets none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct OwnerFilter {
    /// The owner's team.
    pub team_id: Option<IDFilter>,
}

impl OwnerFilter {
    /// The condition on a column of users.
    pub fn condition<C: ColumnTrait>(&self, column: C) -> Result<Option<SimpleExpr>> {
        use entity::user::{Column, Entity};
        let team = self.team_id.as_ref().map(|filter| filter.condition::<entity::team::Entity>(Column::TeamId)).transpose()?;
        Ok(team.map(|team| refers_to::<Entity, _>(column, Column::Id, team)))
    }
}
