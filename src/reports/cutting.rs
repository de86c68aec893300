//! How the columns of a table become cuts.

use async_graphql::InputType;

use super::calendar::{Period, Unit};
use super::groups::{Form, Group, Place};
use super::names::Listed;
use super::subject::Reporting;

/// Another record that a cut looks into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Through {
    /// The filter's field that leads into it.
    pub field: &'static str,
    /// Its table.
    pub table: &'static str,
    /// The column with its id.
    pub column: &'static str,
}

/// Makes a cut of a table's column.
#[derive(Clone)]
pub struct Cutting<'r> {
    by: String,
    table: &'static str,
    through: Option<Through>,
    period: Option<Period>,
    /// What the report knows of the request.
    pub reporting: &'r Reporting<'r>,
}

impl<'r> Cutting<'r> {
    /// A cut of this table by this name. The period is that of the report, where its moments lie.
    pub fn new(by: String, table: &'static str, reporting: &'r Reporting<'r>, period: Option<Period>) -> Self {
        Self { by, table, through: None, period, reporting }
    }

    /// The same of another record that the rows refer to.
    #[must_use]
    pub fn through(self, through: Through) -> Self {
        Self { table: through.table, through: Some(through), ..self }
    }

    /// By an entry of a list that a column refers to, and the filter's field for it.
    pub fn reference(self, listed: Listed, column: &str, field: &'static str) -> Group {
        self.by_column(column, Form::Id, Place::Reference(listed, field))
    }

    /// By the team of the owner.
    pub fn team(self) -> Group {
        self.by_column("owner_id", Form::Id, Place::Team)
    }

    /// By a text, and the filter's field that has operators for it.
    pub fn text(self, column: &str, field: &'static str) -> Group {
        self.by_column(column, Form::Word, Place::Text(field))
    }

    /// By a word, and the filter's field that takes it as it is.
    pub fn word(self, column: &str, field: &'static str) -> Group {
        self.by_column(column, Form::Word, Place::Word(field))
    }

    /// By whether something holds.
    pub fn flag(self, column: &str, field: &'static str) -> Group {
        let sql = format!("CASE WHEN {}.{column} THEN 'true' ELSE 'false' END", self.table);
        self.sql(sql, Form::Word, Place::Flag(field))
    }

    /// By the piece of the calendar that a day lies in.
    pub fn day(self, unit: Unit, column: &str, field: &'static str) -> Group {
        self.by_column(column, Form::Day, Place::Piece(unit, field, false))
    }

    /// By the piece of the calendar that a moment lies in.
    pub fn moment(self, unit: Unit, column: &str, field: &'static str) -> Group {
        let day = self.reporting.local_day(&format!("{}.{column}", self.table), self.period);
        self.sql(day, Form::Day, Place::Piece(unit, field, true))
    }

    /// By the piece of the calendar that it was created in.
    pub fn created(self, unit: Unit) -> Group {
        self.moment(unit, "created_at", "createdAt")
    }

    /// By whatever the database answers.
    pub fn sql(self, sql: impl Into<String>, form: Form, place: Place) -> Group {
        Group { by: self.by, sql: sql.into(), form, place, through: self.through, several: false }
    }

    fn by_column(self, column: &str, form: Form, place: Place) -> Group {
        let sql = format!("{}.{column}", self.table);
        self.sql(sql, form, place)
    }
}

/// The API's name of an enum's value.
pub fn name_of(value: &impl InputType) -> String {
    value.to_value().into_json().ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}
