//! The plan of an import: the mapping, or the names of the columns, brought together with the columns of the file.

use std::collections::HashMap;

use chrono_tz::Tz;
use csv::StringRecord;

use super::fields::{Field, Form, Target, same_name};
use super::mapping::{EmptyCells, FieldRules, FindBy, Mapping, Missing};
use crate::error::{Error, Result};
use crate::values::fold::fold;

/// How the rows of a file become records.
#[derive(Debug)]
pub struct Plan {
    /// The fields that are imported.
    pub fields: Vec<PlannedField>,
    /// What an empty cell does to a record that is there already.
    pub empty_cells: EmptyCells,
    /// The time zone of points in time without an offset.
    pub zone: Tz,
    /// The names of the columns that go nowhere.
    pub unused: Vec<String>,
    /// The names of all columns.
    pub header: Vec<String>,
}

/// A field with the columns that it comes from.
#[derive(Debug)]
pub struct PlannedField {
    /// The field.
    pub field: &'static Field,
    /// How its cells are read.
    pub rules: FieldRules,
    /// The places of its columns.
    pub columns: Vec<usize>,
    /// The place of the currency's column.
    pub currency_column: Option<usize>,
    translations: HashMap<String, String>,
}

impl Plan {
    /// Makes the plan for the columns of a file. Without a mapping, columns go to the fields of the same name.
    ///
    /// # Errors
    /// When the mapping names fields or columns that aren't there, or no column can be used.
    pub fn new(fields: &'static [Field], mapping: Option<&Mapping>, header: &[String], workspace_zone: &str) -> Result<Self> {
        let zone = mapping.and_then(|mapping| mapping.time_zone.as_deref());
        let unknown_zone = |_| Error::bad_input(format!("There is no time zone {:?}; give one such as \"Europe/Oslo\".", zone));
        let zone: Tz = match zone {
            Some(zone) => zone.parse().map_err(unknown_zone)?,
            None => workspace_zone.parse().unwrap_or(chrono_tz::UTC),
        };
        let mut planned = match mapping {
            Some(mapping) if !mapping.fields.is_empty() => mapped(fields, mapping, header)?,
            _ => matched(fields, header),
        };
        if planned.is_empty() {
            let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
            let sentence = format!(
                "No column of the file has the name of a field, so there is nothing to import. The columns are: {}. The fields are: {}. Write a mapping.",
                header.join(", "),
                names.join(", ")
            );
            return Err(Error::bad_input(sentence));
        }
        let missing = mapping.and_then(|mapping| mapping.missing);
        for planned in planned.iter_mut().filter(|planned| planned.rules.missing.is_none()) {
            planned.rules.missing = planned.default_missing(missing);
        }
        let used: Vec<usize> =
            planned.iter().flat_map(|field| field.columns.iter().copied().chain(field.currency_column)).collect();
        // The name of a record that is found by its external id is there for people.
        let is_said = |name: &str| planned.iter().any(|planned| planned.field.name == name);
        let is_unused = |(place, name): &(usize, &String)| !used.contains(place) && !is_said(name);
        let unused = header.iter().enumerate().filter(is_unused).map(|(_, name)| name.clone()).collect();
        let empty_cells = mapping.map(|mapping| mapping.empty_cells).unwrap_or_default();
        Ok(Self { fields: planned, empty_cells, zone, unused, header: header.to_vec() })
    }

    /// A field's place among the planned ones.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|planned| planned.field.name == name)
    }

    /// The names of the columns behind a field, for the reject file.
    pub fn column_names(&self, field: &str) -> Option<String> {
        let planned = &self.fields[self.place(field)?];
        let names: Vec<&str> = planned.columns.iter().map(|place| self.header[*place].as_str()).collect();
        Some(names.join(" + "))
    }

    /// What the row says about each planned field: joined, translated, with the default where it says nothing.
    pub fn texts(&self, cells: &StringRecord) -> Vec<Option<String>> {
        self.fields.iter().map(|planned| planned.text(cells, &self.header)).collect()
    }
}

impl PlannedField {
    fn new(field: &'static Field, rules: FieldRules, columns: Vec<usize>, currency_column: Option<usize>) -> Self {
        let translations = rules.values.iter().map(|(from, to)| (fold(from), to.clone())).collect();
        Self { field, rules, columns, currency_column, translations }
    }

    /// What the mapping says for all fields, as far as it is possible here: nothing is created from an external id, or from a user's
    /// name alone.
    fn default_missing(&mut self, missing: Option<Missing>) -> Option<Missing> {
        let Form::Reference(target) = self.field.form else { return None };
        if missing == Some(Missing::Create) {
            if !target.can_be_created() || self.rules.find_by == Some(FindBy::ExternalId) {
                return None;
            }
            if target == Target::Owner && self.rules.email_domain.is_none() {
                self.rules.find_by = Some(FindBy::Email);
            }
        }
        missing
    }

    fn text(&self, cells: &StringRecord, header: &[String]) -> Option<String> {
        if let Some(constant) = &self.rules.constant {
            return Some(constant.clone());
        }
        let parts = self.columns.iter().filter_map(|place| {
            let cell = self.translated(cells.get(*place).unwrap_or_default().trim());
            (!cell.is_empty()).then_some((*place, cell))
        });
        let mut text = String::new();
        for (place, part) in parts {
            if !text.is_empty() {
                text.push_str(self.rules.separator.as_deref().unwrap_or(" "));
            }
            if self.rules.labels {
                text.push_str(&header[place]);
                text.push_str(": ");
            }
            text.push_str(part);
        }
        if text.is_empty() { self.rules.default.clone() } else { Some(text) }
    }

    fn translated<'a>(&'a self, cell: &'a str) -> &'a str {
        if self.translations.is_empty() {
            return cell;
        }
        self.translations.get(&fold(cell)).map_or(cell, String::as_str)
    }
}

fn mapped(fields: &'static [Field], mapping: &Mapping, header: &[String]) -> Result<Vec<PlannedField>> {
    let mut planned = Vec::new();
    for (name, rules) in &mapping.fields {
        let rules = &rules.0;
        let Some(field) = fields.iter().find(|field| field.name == name) else {
            let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
            let sentence =
                format!("The mapping names a field `{name}`, which is not there. The fields are: {}.", names.join(", "));
            return Err(Error::bad_input(sentence));
        };
        let wrong = |what: String| Error::bad_input(format!("The mapping of the field `{name}` is wrong: {what}."));
        rules.check(field).map_err(wrong)?;
        let columns = rules.columns().into_iter().map(|column| place(name, column, header)).collect::<Result<_>>()?;
        let currency_column = rules.currency_column.as_deref().map(|column| place(name, column, header)).transpose()?;
        planned.push(PlannedField::new(field, rules.clone(), columns, currency_column));
    }
    Ok(planned)
}

fn place(field: &str, column: &str, header: &[String]) -> Result<usize> {
    let mut places = header.iter().enumerate().filter(|(_, name)| *name == column).map(|(place, _)| place);
    match (places.next(), places.next()) {
        (Some(place), None) => Ok(place),
        (None, _) => {
            let sentence = format!(
                "The mapping of the field `{field}` names a column `{column}`, which the file does not have. Its columns are: {}.",
                header.join(", ")
            );
            Err(Error::bad_input(sentence))
        }
        (Some(_), Some(_)) => Err(Error::bad_input(format!(
            "The file has the column `{column}` twice: rename one of them, so that it is clear which is meant."
        ))),
    }
}

/// Each field with the first column that has its name, or one of its other names. Another record is rather found by its external id,
/// where a column such as `accountExternalId` has it.
fn matched(fields: &'static [Field], header: &[String]) -> Vec<PlannedField> {
    let names: Vec<String> = header.iter().map(|name| same_name(name)).collect();
    let find = |wanted: &str| names.iter().position(|name| name == wanted);
    let column = |field: &Field| find(&same_name(field.name)).or_else(|| field.aliases.iter().find_map(|alias| find(alias)));
    let planned = fields.iter().filter_map(|field| {
        if let Form::Reference(target) = field.form
            && target.ways().contains(&FindBy::ExternalId)
            && let Some(place) = find(&format!("{}externalid", same_name(field.name)))
        {
            let rules = FieldRules { find_by: Some(FindBy::ExternalId), ..FieldRules::default() };
            return Some(PlannedField::new(field, rules, vec![place], None));
        }
        let place = column(field)?;
        let currency = (field.form == Form::Money)
            .then(|| find(&format!("{}currency", same_name(field.name))).or_else(|| find("currency")))
            .flatten();
        Some(PlannedField::new(field, FieldRules::default(), vec![place], currency))
    });
    planned.collect()
}
