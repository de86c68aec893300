//! What figures can be cut by, and how each cut leads back to its records.

use std::collections::HashMap;

use async_graphql::Enum;
use entity::{account, line_item, stage, user};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement};
use sea_orm::{EntityTrait, QuerySelect};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::calendar::{Calendar, Period, Unit};
use super::cube::{Key, moment};
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
    /// Texts, and the filter's field that has operators for them; a dot leads into another record.
    Text(&'static str),
    /// Words, and the filter's field that takes one as it is.
    Word(&'static str),
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
    /// Whether a record may be in several groups.
    pub several: bool,
}

/// What opportunities can be cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum OpportunityGroupBy {
    /// Who sells.
    Owner,
    /// The owner's team.
    Team,
    /// Where it came from.
    Source,
    /// The campaign that it came from.
    Campaign,
    /// The pipeline that it is in.
    Pipeline,
    /// The stage that it is in.
    Stage,
    /// Where its stage counts in the forecast.
    ForecastCategory,
    /// Whom we sell to.
    Account,
    /// The industry of the account.
    Industry,
    /// Why it was won or lost.
    CloseReason,
    /// Who won it instead of us.
    Competitor,
    /// The products that it has lines of: an opportunity counts under each of them, with the sum of these lines as its amount, as they
    /// are today. One without lines, or with a line without a product, counts where the product is missing.
    Product,
    /// The currency of its amount.
    Currency,
    /// The day of its close date.
    CloseDay,
    /// The week of its close date.
    CloseWeek,
    /// The month of its close date.
    CloseMonth,
    /// The fiscal quarter of its close date.
    CloseQuarter,
    /// The fiscal year of its close date.
    CloseYear,
    /// The day on which it was created.
    CreatedDay,
    /// The week in which it was created.
    CreatedWeek,
    /// The month in which it was created.
    CreatedMonth,
    /// The fiscal quarter in which it was created.
    CreatedQuarter,
    /// The fiscal year in which it was created.
    CreatedYear,
}

/// What leads can be cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum LeadGroupBy {
    /// Who works on it.
    Owner,
    /// The owner's team.
    Team,
    /// Where it came from.
    Source,
    /// The campaign that it answered.
    Campaign,
    /// Where it stands.
    Status,
    /// How warm it is.
    Rating,
    /// Its country.
    Country,
    /// Why it is not pursued.
    DisqualificationReason,
    /// The day on which it came in.
    CreatedDay,
    /// The week in which it came in.
    CreatedWeek,
    /// The month in which it came in.
    CreatedMonth,
    /// The fiscal quarter in which it came in.
    CreatedQuarter,
    /// The fiscal year in which it came in.
    CreatedYear,
}

/// What activities can be cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ActivityGroupBy {
    /// Whose activity it is.
    Owner,
    /// The owner's team.
    Team,
    /// What kind of activity it is.
    Kind,
    /// What came of it.
    Outcome,
    /// Who started it.
    Direction,
    /// The day on which it was done.
    CompletedDay,
    /// The week in which it was done.
    CompletedWeek,
    /// The month in which it was done.
    CompletedMonth,
    /// The fiscal quarter in which it was done.
    CompletedQuarter,
}

/// A cut by the API's name of it.
pub trait Cut: async_graphql::InputType + Copy + PartialEq {
    /// What it means. The period is that of the report, where its moments lie.
    fn group(self, reporting: &Reporting<'_>, period: Option<Period>) -> Group;

    /// Several cuts, each once.
    fn groups(cuts: &[Self], reporting: &Reporting<'_>, period: Option<Period>) -> Vec<Group> {
        let mut once: Vec<Self> = Vec::new();
        cuts.iter().for_each(|cut| {
            if !once.contains(cut) {
                once.push(*cut)
            }
        });
        once.into_iter().map(|cut| cut.group(reporting, period)).collect()
    }
}

pub(super) fn cut(by: &impl async_graphql::InputType, sql: impl Into<String>, form: Form, place: Place) -> Group {
    let by = by.to_value().into_json().ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default();
    Group { by, sql: sql.into(), form, place, several: false }
}

impl Cut for OpportunityGroupBy {
    fn group(self, reporting: &Reporting<'_>, period: Option<Period>) -> Group {
        let column = |name: &str| format!("opportunities.{name}");
        let reference = |listed, name: &str, field| cut(&self, column(name), Form::Id, Place::Reference(listed, field));
        let closed = |unit| cut(&self, column("close_date"), Form::Day, Place::Piece(unit, "closeDate", false));
        let created = |unit| {
            let day = reporting.local_day("opportunities.created_at", period);
            cut(&self, day, Form::Day, Place::Piece(unit, "createdAt", true))
        };
        match self {
            Self::Owner => reference(Listed::Users, "owner_id", "ownerId"),
            Self::Team => cut(&self, column("owner_id"), Form::Id, Place::Team),
            Self::Source => reference(Listed::Sources, "source_id", "sourceId"),
            Self::Campaign => reference(Listed::Campaigns, "campaign_id", "campaignId"),
            Self::Pipeline => reference(Listed::Pipelines, "pipeline_id", "pipelineId"),
            Self::Stage => reference(Listed::Stages, "stage_id", "stageId"),
            Self::ForecastCategory => cut(&self, column("stage_id"), Form::Id, Place::ForecastCategory),
            Self::Account => reference(Listed::Accounts, "account_id", "accountId"),
            Self::Industry => cut(&self, "accounts.industry", Form::Word, Place::Text("account.industry")),
            Self::CloseReason => reference(Listed::CloseReasons, "close_reason_id", "closeReasonId"),
            Self::Competitor => cut(&self, column("lost_to"), Form::Word, Place::Text("lostTo")),
            Self::Product => Group {
                several: true,
                ..cut(&self, "lines.product_id", Form::Id, Place::Reference(Listed::Products, "productId"))
            },
            Self::Currency => cut(&self, column("currency"), Form::Word, Place::Text("currency")),
            Self::CloseDay => closed(Unit::Day),
            Self::CloseWeek => closed(Unit::Week),
            Self::CloseMonth => closed(Unit::Month),
            Self::CloseQuarter => closed(Unit::Quarter),
            Self::CloseYear => closed(Unit::Year),
            Self::CreatedDay => created(Unit::Day),
            Self::CreatedWeek => created(Unit::Week),
            Self::CreatedMonth => created(Unit::Month),
            Self::CreatedQuarter => created(Unit::Quarter),
            Self::CreatedYear => created(Unit::Year),
        }
    }
}

impl Cut for LeadGroupBy {
    fn group(self, reporting: &Reporting<'_>, period: Option<Period>) -> Group {
        let column = |name: &str| format!("leads.{name}");
        let reference = |listed, name: &str, field| cut(&self, column(name), Form::Id, Place::Reference(listed, field));
        let created = |unit| {
            let day = reporting.local_day("leads.created_at", period);
            cut(&self, day, Form::Day, Place::Piece(unit, "createdAt", true))
        };
        match self {
            Self::Owner => reference(Listed::Users, "owner_id", "ownerId"),
            Self::Team => cut(&self, column("owner_id"), Form::Id, Place::Team),
            Self::Source => reference(Listed::Sources, "source_id", "sourceId"),
            Self::Campaign => reference(Listed::Campaigns, "campaign_id", "campaignId"),
            Self::Status => cut(&self, "CAST(leads.status AS bigint)", Form::Number, Place::LeadStatus),
            Self::Rating => cut(&self, column("rating"), Form::Word, Place::Text("rating")),
            Self::Country => cut(&self, column("country"), Form::Word, Place::Text("country")),
            Self::DisqualificationReason => {
                reference(Listed::DisqualificationReasons, "disqualification_reason_id", "disqualificationReasonId")
            }
            Self::CreatedDay => created(Unit::Day),
            Self::CreatedWeek => created(Unit::Week),
            Self::CreatedMonth => created(Unit::Month),
            Self::CreatedQuarter => created(Unit::Quarter),
            Self::CreatedYear => created(Unit::Year),
        }
    }
}

impl Cut for ActivityGroupBy {
    fn group(self, reporting: &Reporting<'_>, period: Option<Period>) -> Group {
        let completed = |unit| {
            let day = reporting.local_day("activities.completed_at", period);
            cut(&self, day, Form::Day, Place::Piece(unit, "completedAt", true))
        };
        match self {
            Self::Owner => cut(&self, "activities.owner_id", Form::Id, Place::Reference(Listed::Users, "ownerId")),
            Self::Team => cut(&self, "activities.owner_id", Form::Id, Place::Team),
            Self::Kind => cut(&self, "activities.kind", Form::Word, Place::Word("kind")),
            Self::Outcome => cut(&self, "activities.outcome", Form::Word, Place::Text("outcome")),
            Self::Direction => cut(&self, "activities.direction", Form::Word, Place::Text("direction")),
            Self::CompletedDay => completed(Unit::Day),
            Self::CompletedWeek => completed(Unit::Week),
            Self::CompletedMonth => completed(Unit::Month),
            Self::CompletedQuarter => completed(Unit::Quarter),
        }
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
        let missing = || json!({ "isNull": true });
        match (self.place, key) {
            (Place::Reference(listed, field), Key::Id(id)) => json!({ field: { "eq": listed.id(*id) } }),
            (Place::Reference(_, field), _) => json!({ field: missing() }),
            (Place::Team, Key::Id(id)) => json!({ "owner": { "teamId": { "eq": Listed::Teams.id(*id) } } }),
            (Place::Team, _) => json!({ "or": [{ "ownerId": missing() }, { "owner": { "teamId": missing() } }] }),
            (Place::ForecastCategory, Key::Word(word)) => json!({ "forecastCategory": [word] }),
            (Place::LeadStatus, Key::Word(word)) => json!({ "status": { "eq": word } }),
            (Place::Word(field), Key::Word(word)) => json!({ field: word }),
            (Place::Text(path), key) => {
                let operator = if let Key::Word(word) = key { json!({ "eq": word }) } else { missing() };
                path.rsplit('.').fold(operator, |inner, field| json!({ field: inner }))
            }
            (Place::Piece(unit, field, moments), Key::Day(first)) => {
                let next = calendar.later(unit, *first, 1);
                let edge = |day| if moments { moment(calendar.start_of(day)) } else { json!(day) };
                json!({ field: { "gte": edge(*first), "lt": edge(next) } })
            }
            _ => json!({}),
        }
    }

    /// Joins what the cut needs beside the subject.
    pub fn join(&self, select: &mut SelectStatement) {
        if self.place == Place::Text("account.industry") {
            let on = Expr::col((account::Entity, account::Column::Id)).eq(Expr::cust("opportunities.account_id"));
            select.join(JoinType::LeftJoin, account::Entity, on);
        }
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
