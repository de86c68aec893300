//! The mapping file: which column goes where, and how its cells are read. TOML; `examples/` has some with comments.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use chrono::format::{Item, StrftimeItems};
use rust_decimal::Decimal;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::fields::{Field, Form};
use crate::error::{Error, Result};

/// A mapping file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// What separates the columns of a CSV file; found out where it isn't given.
    pub delimiter: Option<char>,
    /// The IANA name of the time zone of points in time without an offset; the workspace's where it isn't given.
    pub time_zone: Option<String>,
    /// What an empty cell does to a record that is there already.
    #[serde(default)]
    pub empty_cells: EmptyCells,
    /// What happens where a related record isn't there and its field doesn't say; the row is rejected where this isn't given, either.
    /// A record that can't be created isn't.
    pub missing: Option<Missing>,
    /// Where each field comes from, by the API's name of the field. Without any, columns go to the fields of the same name.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldMapping>,
}

/// What an empty cell does to a record that is there already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmptyCells {
    /// The field stays as it is.
    #[default]
    Keep,
    /// The field is emptied.
    Clear,
}

/// Where a field comes from and how its cells are read. In the file either a table, or just the name of a column.
#[derive(Debug, Clone, Default)]
pub struct FieldMapping(pub FieldRules);

/// The table of a field.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRules {
    /// The column.
    pub column: Option<String>,
    /// Several columns, joined in this order; empty ones are left out.
    pub columns: Option<Vec<String>>,
    /// What stands between joined columns; a blank where it isn't given.
    pub separator: Option<String>,
    /// Whether each of the joined columns begins with its name: `Fax: 22 33 44`.
    #[serde(default)]
    pub labels: bool,
    /// The same value for every row, instead of a column.
    pub constant: Option<String>,
    /// What stands in for an empty cell.
    pub default: Option<String>,
    /// Translations of cells, without regard to case and accents. A translation to nothing empties the cell.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// How dates are written, in strftime's letters: `%d.%m.%Y`. ISO 8601 where it isn't given.
    pub format: Option<String>,
    /// What separates the decimals of a number; a point where it isn't given.
    pub decimal: Option<char>,
    /// What separates its thousands; nothing where it isn't given.
    pub thousands: Option<char>,
    /// What the number counts: 1_000_000 for millions, "0.01" for cents.
    pub multiplier: Option<Multiplier>,
    /// The ISO 4217 currency of every amount; the workspace's base currency where neither it nor a column is given.
    pub currency: Option<String>,
    /// The column of the amount's currency.
    pub currency_column: Option<String>,
    /// By what a related record is found.
    pub find_by: Option<FindBy>,
    /// What happens where there is no such record.
    pub missing: Option<Missing>,
    /// The domain of the e-mail addresses of users that are created by their name.
    pub email_domain: Option<String>,
    /// The teams that users belong to who are created.
    #[serde(default)]
    pub teams: Vec<TeamMapping>,
}

/// By what a related record is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindBy {
    /// Its name, without regard to case and accents.
    Name,
    /// Its e-mail address.
    Email,
    /// Its code, without regard to case and accents.
    Code,
    /// What it is called where it was imported from.
    ExternalId,
}

/// What happens where a related record isn't there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// It is created.
    Create,
    /// The row goes in without it.
    LeaveEmpty,
    /// The row is rejected.
    Reject,
}

/// A team of users who are created.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamMapping {
    /// The team's name; it is created where there is none.
    pub name: String,
    /// The manager's name: found or created, as a MANAGER.
    pub manager: Option<String>,
    /// The members' names.
    pub members: Vec<String>,
}

/// A factor: an integer, or a decimal number as a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Multiplier(pub Decimal);

impl<'de> Deserialize<'de> for Multiplier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Multiplier;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an integer, or a decimal number in quotes such as \"0.01\"")
            }

            fn visit_i64<E: serde::de::Error>(self, whole: i64) -> Result<Multiplier, E> {
                Ok(Multiplier(whole.into()))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Multiplier, E> {
                let invalid = |_| E::invalid_value(serde::de::Unexpected::Str(text), &self);
                Decimal::from_str_exact(text).map(Multiplier).map_err(invalid)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl<'de> Deserialize<'de> for FieldMapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ColumnOrTable;
        impl<'de> Visitor<'de> for ColumnOrTable {
            type Value = FieldMapping;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("the name of a column, or a table such as { column = \"Country\", default = \"NO\" }")
            }

            fn visit_str<E: serde::de::Error>(self, column: &str) -> Result<FieldMapping, E> {
                Ok(FieldMapping(FieldRules { column: Some(column.to_owned()), ..FieldRules::default() }))
            }

            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<FieldMapping, A::Error> {
                FieldRules::deserialize(MapAccessDeserializer::new(table)).map(FieldMapping)
            }
        }
        deserializer.deserialize_any(ColumnOrTable)
    }
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// When it can't be read, or says something that a mapping doesn't know; the sentence names the place.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|cause| Error::bad_input(format!("The mapping {} cannot be read: {cause}.", path.display())))?;
        Self::parse(&text).map_err(|cause| Error::bad_input(format!("The mapping {} is wrong: {cause}", path.display())))
    }

    /// Reads the text of a mapping.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

impl FieldRules {
    /// The columns that the value is made of.
    pub fn columns(&self) -> Vec<&str> {
        self.column.iter().chain(self.columns.iter().flatten()).map(String::as_str).collect()
    }

    /// What is wrong with the rules for this field: a sentence.
    pub fn check(&self, field: &Field) -> Result<(), String> {
        let sources =
            [self.column.is_some(), self.columns.is_some(), self.constant.is_some()].into_iter().filter(|given| *given).count();
        if sources != 1 {
            return Err("give exactly one of `column`, `columns` and `constant`".to_owned());
        }
        if self.columns.is_none() && (self.separator.is_some() || self.labels) {
            return Err("`separator` and `labels` are for several `columns`".to_owned());
        }
        self.check_form(field.form)?;
        if let Some(format) = &self.format
            && StrftimeItems::new(format).any(|item| item == Item::Error)
        {
            return Err(format!("`format` {format:?} is none that strftime knows, such as \"%d.%m.%Y\""));
        }
        Ok(())
    }

    /// Refuses rules that the field's form has no use for.
    fn check_form(&self, form: Form) -> Result<(), String> {
        let is_number = matches!(form, Form::Integer | Form::Decimal | Form::Money);
        let is_date = matches!(form, Form::Date | Form::Moment);
        let is_related = matches!(form, Form::Reference(_));
        let is_owner = form == Form::Reference(super::fields::Target::Owner);
        for (key, given, fits, what) in [
            ("format", self.format.is_some(), is_date, "dates and points in time"),
            ("decimal", self.decimal.is_some(), is_number, "numbers"),
            ("thousands", self.thousands.is_some(), is_number, "numbers"),
            ("multiplier", self.multiplier.is_some(), is_number, "numbers"),
            ("currency", self.currency.is_some(), form == Form::Money, "amounts"),
            ("currency_column", self.currency_column.is_some(), form == Form::Money, "amounts"),
            ("find_by", self.find_by.is_some(), is_related, "related records"),
            ("missing", self.missing.is_some(), is_related || form == Form::Listed, "related records"),
            ("email_domain", self.email_domain.is_some(), is_owner, "owners"),
            ("teams", !self.teams.is_empty(), is_owner, "owners"),
        ] {
            if given && !fits {
                return Err(format!("`{key}` is for {what} only"));
            }
        }
        match form {
            Form::Reference(target) => self.check_reference(target),
            Form::Listed if self.missing == Some(Missing::Create) => {
                Err("pipelines, stages and close reasons are not created by an import: use `leave-empty` or `reject`".to_owned())
            }
            _ => Ok(()),
        }
    }

    fn check_reference(&self, target: super::fields::Target) -> Result<(), String> {
        let noun = target.noun();
        if let Some(way) = self.find_by.filter(|way| !target.ways().contains(way)) {
            return Err(format!("a {noun} cannot be found by {}", way.word()));
        }
        if self.missing == Some(Missing::Create) && !target.can_be_created() {
            return Err(format!("a {noun} cannot be created from a cell: use `leave-empty` or `reject`"));
        }
        if let Some(way @ (FindBy::ExternalId | FindBy::Code)) = self.find_by.filter(|_| self.missing == Some(Missing::Create)) {
            return Err(format!("a {noun} cannot be created from its {}: find it by name", way.word()));
        }
        let by_name = self.find_by != Some(FindBy::Email);
        if target == super::fields::Target::Owner
            && self.missing == Some(Missing::Create)
            && by_name
            && self.email_domain.is_none()
        {
            return Err("users are created with an e-mail address: give its `email_domain`".to_owned());
        }
        Ok(())
    }
}

impl FindBy {
    /// What sentences call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "e-mail address",
            Self::Code => "code",
            Self::ExternalId => "external id",
        }
    }
}
