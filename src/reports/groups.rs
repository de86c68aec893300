//! What figures can be cut by, and how each cut leads back to its records.

use std::collections::HashMap;

use entity::{line_item, stage, user};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement};
use sea_orm::{EntityTrait, QuerySelect};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::calendar::{Calendar, Period, Unit};
use super::cube::{Key, moment};
use super::cutting::{Cutting, Through, name_of};
use super::names::Listed;
use super::subject::Reporting;
use crate::error::Result;

/// What the database answers for a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An id.
    Id,
    /// A text.
    Word,
    /// A whole number.
    Number,
    /// A day.
    Day,
}

/// What a group's keys are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Entries of a list, and the filter's field that names them.
    Reference(Listed, &'static str),
    /// The teams of owners: the database answers owners.
    Team,
    /// The forecast categories of stages: the database answers stages.
    ForecastCategory,
    /// The statuses of leads: the database answers their numbers.
    LeadStatus,
    /// Texts, and the filter's field that has operators for them.
    Text(&'static str),
    /// Words, and the filter's field that takes one as it is.
    Word(&'static str),
    /// True or false, and the filter's field that takes it.
    Flag(&'static str),
    /// Pieces of the calendar, the filter's field, and whether it is about moments.
    Piece(Unit, &'static str, bool),
}

/// A cut.
#[derive(Debug, Clone)]
pub struct Group {
    /// The name of the cut in the API.
    pub by: String,
    /// What the database groups by.
    pub sql: String,
    /// What it answers.
    pub form: Form,
    /// What its keys are.
    pub place: Place,
    /// The other record that the cut looks into.
    pub through: Option<Through>,
    /// Whether a record may be in several groups.
    pub several: bool,
}

/// A cut by the API's name of it.
pub trait Cut: async_graphql::InputType + Copy + PartialEq {
    /// The table whose rows are cut.
    const TABLE: &'static str;

    /// What it means.
    fn group(self, cutting: Cutting<'_>) -> Group;

    /// Several cuts, each once. The period is that of the report, where its moments lie.
    fn groups(cuts: &[Self], reporting: &Reporting<'_>, period: Option<Period>) -> Vec<Group> {
        let mut once: Vec<Self> = Vec::new();
        cuts.iter().for_each(|cut| {
            if !once.contains(cut) {
                once.push(*cut)
            }
        });
        once.into_iter().map(|cut| cut.group(Cutting::new(name_of(&cut), Self::TABLE, reporting, period))).collect()
    }
}

/// What folding needs to know of small lists.
#[derive(Debug, Default)]
pub struct Lists {
    teams: HashMap<Uuid, Uuid>,
    categories: HashMap<Uuid, String>,
}

impl Lists {
    /// Reads the lists that these groups need.
    pub async fn read(reporting: &Reporting<'_>, groups: &[Group]) -> Result<Self> {
        let mut lists = Self::default();
        if groups.iter().any(|group| group.place == Place::Team) {
            let rows: Vec<(Uuid, Option<Uuid>)> = user::Entity::find()
                .select_only()
                .columns([user::Column::Id, user::Column::TeamId])
                .into_tuple()
                .all(reporting.connection())
                .await?;
            lists.teams = rows.into_iter().filter_map(|(user, team)| Some((user, team?))).collect();
        }
        if groups.iter().any(|group| group.place == Place::ForecastCategory) {
            let stages = reporting.scope.find::<stage::Entity>().all(reporting.connection()).await?;
            lists.categories =
                stages.into_iter().map(|stage| (stage.id.uuid(), stage.forecast_category.as_str().to_owned())).collect();
        }
        Ok(lists)
    }
}

impl Group {
    /// A cut that the API doesn't name.
    pub fn unnamed(sql: impl Into<String>, form: Form, place: Place) -> Self {
        Self { by: String::new(), sql: sql.into(), form, place, through: None, several: false }
    }

    /// The key that the database's answer belongs to.
    pub fn fold(&self, key: Key, lists: &Lists, reporting: &Reporting<'_>) -> Key {
        match (self.place, key) {
            (Place::Team, Key::Id(owner)) => lists.teams.get(&owner).map_or(Key::Missing, |team| Key::Id(*team)),
            (Place::ForecastCategory, Key::Id(stage)) => lists.categories.get(&stage).cloned().map_or(Key::Missing, Key::Word),
            (Place::LeadStatus, Key::Word(number)) => Key::Word(status_word(&number).to_owned()),
            (Place::Piece(unit, ..), Key::Day(day)) => Key::Day(reporting.calendar.beginning(unit, day)),
            (_, key) => key,
        }
    }

    /// The filter that leads to the records of a key.
    pub fn filter(&self, key: &Key, calendar: &Calendar) -> Json {
        let own = self.own_filter(key, calendar);
        match self.through {
            Some(through) => json!({ through.field: own }),
            None => own,
        }
    }

    fn own_filter(&self, key: &Key, calendar: &Calendar) -> Json {
        let missing = || json!({ "isNull": true });
        match (self.place, key) {
            (Place::Reference(listed, field), Key::Id(id)) => json!({ field: { "eq": listed.id(*id) } }),
            (Place::Team, Key::Id(id)) => json!({ "owner": { "teamId": { "eq": Listed::Teams.id(*id) } } }),
            (Place::Team, _) => json!({ "or": [{ "ownerId": missing() }, { "owner": { "teamId": missing() } }] }),
            (Place::ForecastCategory, Key::Word(word)) => json!({ "forecastCategory": [word] }),
            (Place::LeadStatus, Key::Word(word)) => json!({ "status": { "eq": word } }),
            (Place::Word(field), Key::Word(word)) => json!({ field: word }),
            (Place::Flag(field), Key::Word(word)) => json!({ field: word == "true" }),
            (Place::Text(field), Key::Word(word)) => json!({ field: { "eq": word } }),
            (Place::Piece(unit, field, moments), Key::Day(first)) => {
                let next = calendar.later(unit, *first, 1);
                let edge = |day| if moments { moment(calendar.start_of(day)) } else { json!(day) };
                json!({ field: { "gte": edge(*first), "lt": edge(next) } })
            }
            (Place::Reference(_, field) | Place::Text(field) | Place::Piece(_, field, _), _) => json!({ field: missing() }),
            _ => json!({}),
        }
    }

    /// Joins what the cut needs beside the subject.
    pub fn join(&self, select: &mut SelectStatement) {
        if self.several {
            use line_item::Column::{OpportunityId, ProductId};
            let lines = Query::select()
                .columns([OpportunityId, ProductId])
                .expr_as(Expr::cust("CAST(SUM(line_items.total) AS bigint)"), "total")
                .from(line_item::Entity)
                .group_by_columns([OpportunityId, ProductId])
                .take();
            let on = Expr::cust("lines.opportunity_id").eq(Expr::cust("opportunities.id"));
            select.join_subquery(JoinType::LeftJoin, lines, "lines", on);
        }
    }

    /// Joins the other records that cuts look into, each once.
    pub fn join_others(groups: &[Self], select: &mut SelectStatement) {
        let mut joined: Vec<Through> = Vec::new();
        for through in groups.iter().filter_map(|group| group.through) {
            if !joined.contains(&through) {
                let on = Expr::cust(format!("{}.id = {}", through.table, through.column));
                select.join(JoinType::LeftJoin, Alias::new(through.table), on);
                joined.push(through);
            }
        }
    }

    /// What is added up where the subject's amount was asked for: where a record is in several groups, its part in this one.
    pub fn part(&self, amount: &str) -> Option<&'static str> {
        let divided = self.several && amount == "opportunities.amount";
        divided.then_some("CASE WHEN lines.opportunity_id IS NULL THEN opportunities.amount ELSE lines.total END")
    }
}

fn status_word(number: &str) -> &'static str {
    use entity::LeadStatus;
    use sea_orm::{ActiveEnum, Iterable};
    LeadStatus::iter().find(|status| status.to_value().to_string() == number).map_or("", LeadStatus::as_str)
}
